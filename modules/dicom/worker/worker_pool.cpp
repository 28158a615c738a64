#include "dicom/worker/worker_pool.h"

#include "core/log.h"

#include <algorithm>
#include <thread>

namespace yz::dicom {

namespace {

constexpr int kMostWorkers = 8;
constexpr size_t kRecentFiles = 1024;         ///< fewer than a worker keeps
constexpr size_t kRefusedFiles = 1024;        ///< remembered
constexpr size_t kBadFramesOfAFile = 3;       ///< then the others are not tried any more
constexpr std::chrono::minutes kWorkLife{10}; ///< of busy time, well below the worker's own limit of processor time

/// What a decoder may say of a file. Anything else, a network error for one, is no answer of an honest one.
bool mayAnswer(ErrorCode code) {
    switch (code) {
    case ErrorCode::Internal:
    case ErrorCode::InvalidArgument:
    case ErrorCode::NotSupported:
    case ErrorCode::FileUnreadable:
    case ErrorCode::NotDicom:
    case ErrorCode::DataSetBroken:
    case ErrorCode::DataSetTruncated:
    case ErrorCode::AttributeMissing:
    case ErrorCode::LimitExceeded:
    case ErrorCode::TransferSyntaxNotSupported:
    case ErrorCode::PixelDataMissing:
    case ErrorCode::PixelDataBroken:
    case ErrorCode::NotAnImage:
    case ErrorCode::SignatureMissing:
    case ErrorCode::SignedContentChanged:
        return true;
    default:
        return false;
    }
}

} // namespace

WorkerPool::WorkerPool(Options options) : m_options(std::move(options)), m_host(m_options.program) {
    const int cores = static_cast<int>(std::thread::hardware_concurrency());
    const int count = std::clamp(m_options.workers > 0 ? m_options.workers : cores, 1, kMostWorkers);
    for (int i = 0; i < count; ++i)
        m_slots.push_back(std::make_unique<Slot>());
}

WorkerPool::~WorkerPool() = default;

Status WorkerPool::start() {
    if (const Status started = m_host.start(); !started)
        return started;
    Slot* slot = take({}, {});
    const Status alive = revive(*slot);
    giveBack(*slot);
    return alive;
}

std::vector<pid_t> WorkerPool::workerPids() const {
    const std::scoped_lock lock(m_mutex);
    std::vector<pid_t> pids;
    for (const auto& slot : m_slots)
        if (slot->pid > 0)
            pids.push_back(slot->pid);
    return pids;
}

WorkerPool::Slot* WorkerPool::take(const FileKey& key, const CancelToken& token) {
    constexpr std::chrono::milliseconds kStep{20};
    std::unique_lock lock(m_mutex);
    for (;;) {
        Slot* best = nullptr;
        for (const auto& slot : m_slots) {
            if (slot->isTaken)
                continue;
            const bool knowsFile = !key.isEmpty() && slot->recent.contains(key);
            if (!best || knowsFile)
                best = slot.get(); // else the first: its caches are warm
            if (knowsFile)
                break;
        }
        if (best) {
            best->isTaken = true;
            return best;
        }
        if (token.isCancelled())
            return nullptr;
        m_freed.wait_for(lock, kStep);
    }
}

void WorkerPool::giveBack(Slot& slot) {
    {
        const std::scoped_lock lock(m_mutex);
        slot.isTaken = false;
    }
    m_freed.notify_one();
}

Status WorkerPool::revive(Slot& slot) {
    if (slot.client && slot.client->isAlive())
        return {};
    discard(slot, false);
    std::unique_ptr<WorkerClient> client;
    {
        const std::scoped_lock lock(m_mutex);
        client = std::move(m_spare);
    }
    if (!client || !client->waitUntilReady() || !client->isAlive()) {
        Result<std::unique_ptr<WorkerClient>> made = WorkerClient::start(m_host);
        if (!made)
            return fail(made.error());
        client = std::move(*made);
        if (const Status ready = client->waitUntilReady(); !ready)
            return ready;
    }
    {
        const std::scoped_lock lock(m_mutex);
        slot.client = std::move(client);
        slot.pid = slot.client->pid();
    }
    makeSpare();
    return {};
}

void WorkerPool::makeSpare() {
    {
        const std::scoped_lock lock(m_mutex);
        if (m_spare)
            return;
    }
    Result<std::unique_ptr<WorkerClient>> made = WorkerClient::start(m_host);
    const std::scoped_lock lock(m_mutex);
    if (made && !m_spare)
        m_spare = std::move(*made);
}

void WorkerPool::discard(Slot& slot, bool makeAnother) {
    {
        const std::scoped_lock lock(m_mutex);
        slot.pid = 0;
        slot.recent.clear();
    }
    slot.client.reset();
    if (makeAnother)
        if (const Status alive = revive(slot); !alive)
            qCWarning(logDicom) << "no new decoder:" << alive.error().toString();
}

void WorkerPool::retireWhenOld(Slot& slot) {
    if (slot.client && slot.client->busyTime() > kWorkLife)
        discard(slot, true);
}

const Error* WorkerPool::refusalOf(const Question& question) const {
    const auto found = m_refusals.find(question.key);
    if (question.key.isEmpty() || found == m_refusals.end())
        return nullptr;
    const std::vector<Refusal>& refusals = found->second;
    for (const Refusal& refusal : refusals)
        if (refusal.operation == question.operation && refusal.frame == question.frame)
            return &refusal.error;
    return refusals.size() >= kBadFramesOfAFile ? &refusals.back().error : nullptr;
}

void WorkerPool::refuse(const Question& question, const Error& error) {
    if (question.key.isEmpty())
        return;
    const std::scoped_lock lock(m_mutex);
    auto& refusals = m_refusals[question.key];
    if (refusals.empty())
        m_refused.push_back(question.key);
    refusals.push_back({question.operation, question.frame, error});
    if (m_refused.size() > kRefusedFiles) {
        m_refusals.erase(m_refused.front());
        m_refused.pop_front();
    }
}

Status WorkerPool::conclude(const Question& question, const WorkerClient::Answer& answer, Slot& slot,
                            const Taker& take) {
    if (answer.reply.outcome != 0) {
        const auto code = static_cast<ErrorCode>(answer.reply.outcome - 1);
        if (mayAnswer(code))
            return fail(code, answer.detail);
    } else {
        Status taken = take(answer.reply, slot.client->payload(answer.reply));
        slot.client->release(answer.reply);
        if (taken) {
            const std::scoped_lock lock(m_mutex);
            if (!question.key.isEmpty() && slot.recent.insert(question.key).second) {
                slot.recentOrder.push_back(question.key);
                if (slot.recentOrder.size() > kRecentFiles) {
                    slot.recent.erase(slot.recentOrder.front());
                    slot.recentOrder.pop_front();
                }
            }
            return {};
        }
        if (taken.error().code != ErrorCode::DecoderFailed)
            return taken;
    }
    // Nothing an honest decoder says: it was taken over, so it does not live on.
    const Error error{ErrorCode::DecoderFailed, QStringLiteral("the decoder gave an answer that cannot be")};
    refuse(question, error);
    discard(slot, true);
    return fail(error);
}

Status WorkerPool::ask(const Question& question, const Taker& take, const CancelToken& token) {
    {
        const std::scoped_lock lock(m_mutex);
        if (const Error* refused = refusalOf(question))
            return fail(*refused);
    }
    if (token.isCancelled())
        return fail(ErrorCode::Cancelled);
    Slot* const slot = this->take(question.key, token);
    if (!slot)
        return fail(ErrorCode::Cancelled);
    struct Return {
        WorkerPool& pool;
        Slot& slot;
        ~Return() { pool.giveBack(slot); }
    } giveBackLater{*this, *slot};

    WorkerRequest request;
    request.operation = question.operation;
    request.file = question.key;
    request.bytes = question.bytes;
    request.frame = question.frame;
    request.reduction = question.reduction;
    const auto limit = question.operation == WorkerOperation::Decode ? m_options.frameLimit : m_options.headerLimit;
    constexpr int kTries = 2;
    for (int i = 0; i < kTries; ++i) {
        if (const Status alive = revive(*slot); !alive)
            return alive;
        const pid_t pid = slot->pid;
        const WorkerClient::Answer answer = slot->client->ask(request, question.file, limit, token);
        switch (answer.outcome) {
        case WorkerClient::Outcome::Answered: {
            Status concluded = conclude(question, answer, *slot, take);
            retireWhenOld(*slot);
            return concluded;
        }
        case WorkerClient::Outcome::Cancelled:
            discard(*slot, true);
            return fail(ErrorCode::Cancelled);
        case WorkerClient::Outcome::TimedOut: {
            discard(*slot, true);
            const Error error{ErrorCode::DecoderTimedOut, QStringLiteral("no answer in %1 ms").arg(limit.count())};
            refuse(question, error);
            return fail(error);
        }
        case WorkerClient::Outcome::Malformed:
            return conclude(question, {WorkerClient::Outcome::Malformed, {.outcome = ~0u}, {}}, *slot, take);
        case WorkerClient::Outcome::Gone:
            qCWarning(logDicom) << "decoder" << pid << "died";
            discard(*slot, true);
            break;
        }
    }
    const Error error{ErrorCode::DecoderFailed, QStringLiteral("the decoder died of it")};
    refuse(question, error);
    return fail(error);
}

} // namespace yz::dicom
