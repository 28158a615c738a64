#include "dicom/worker/worker_client.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <linux/falloc.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

namespace yz::dicom {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kHelloLimit{5'000};
constexpr milliseconds kCancelGrace{100}; ///< an answer that comes this soon saves a worker
constexpr milliseconds kPollStep{20};     ///< how soon a cancelled token is seen
constexpr quint64 kReleaseBytes = 4 << 20;

/// Nobody knows what a worker that was taken over writes there.
QString printable(const char* text, size_t size) {
    QString out;
    for (size_t i = 0; i < size; ++i)
        if (text[i] >= ' ' && text[i] <= '~')
            out += QLatin1Char(text[i]);
    return out;
}

} // namespace

Result<std::unique_ptr<WorkerClient>> WorkerClient::start(WorkerHostClient& host) {
    std::unique_ptr<WorkerClient> worker(new WorkerClient(host));
    if (const Status opened = worker->open(); !opened)
        return fail(opened.error());
    return worker;
}

Status WorkerClient::open() {
    const auto refused = [](const char* what) {
        return fail(ErrorCode::DecoderUnavailable,
                    QString::fromLatin1(what) + u": " + QString::fromLocal8Bit(std::strerror(errno)));
    };
    m_memory = Descriptor(::memfd_create("yuanzhen-frames", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (!m_memory.isOpen() || ::ftruncate(m_memory.number(), kAnswerBytes) != 0)
        return refused("memory for answers");
    // Sealed in its size: a worker that cut it would make the desk's reads fault.
    if (::fcntl(m_memory.number(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0)
        return refused("sealing the memory for answers");
    void* mapped = ::mmap(nullptr, kAnswerBytes, PROT_READ, MAP_SHARED, m_memory.number(), 0);
    if (mapped == MAP_FAILED)
        return refused("memory for answers");
    m_answer = {static_cast<const std::byte*>(mapped), static_cast<size_t>(kAnswerBytes)};
    std::array<int, 2> ends{-1, -1};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return refused("a socket pair");
    m_socket = Descriptor(ends[0]);
    Descriptor theirs(ends[1]);
    const Result<pid_t> pid = m_host.spawn(theirs.number(), m_memory.number(), kAnswerBytes);
    if (!pid)
        return fail(pid.error());
    m_pid = *pid;
    theirs.reset(); // or its death would not be seen
    return {};
}

Status WorkerClient::waitUntilReady() {
    if (m_isReady)
        return {};
    const Answer hello = receive(0, kHelloLimit, {});
    if (hello.outcome != Outcome::Answered)
        return fail(ErrorCode::DecoderUnavailable, QStringLiteral("the worker does not come up"));
    if (hello.reply.outcome != 0)
        return fail(ErrorCode::DecoderUnavailable,
                    QStringLiteral("the worker cannot lock itself down: ") + hello.detail);
    m_isReady = true;
    return {};
}

WorkerClient::~WorkerClient() {
    m_socket.reset();
    if (m_pid > 0)
        m_host.end(m_pid);
    if (!m_answer.empty())
        ::munmap(const_cast<std::byte*>(m_answer.data()), m_answer.size());
}

bool WorkerClient::isAlive() const {
    pollfd state{m_socket.number(), POLLIN, 0};
    return ::poll(&state, 1, 0) == 0; // nobody asked: anything to read is the end, or out of turn
}

WorkerClient::Answer WorkerClient::ask(WorkerRequest request, int file, milliseconds limit, const CancelToken& token) {
    request.mark = kProtocolMark;
    request.sequence = ++m_sequence;
    const auto start = Clock::now();
    Answer answer;
    if (sendMessage(m_socket.number(), &request, sizeof request, {file}))
        answer = receive(request.sequence, limit, token);
    m_busy += std::chrono::duration_cast<milliseconds>(Clock::now() - start) + milliseconds(1);
    return answer;
}

WorkerClient::Answer WorkerClient::receive(quint64 sequence, milliseconds limit, const CancelToken& token) const {
    auto end = Clock::now() + limit;
    bool isCancelled = false;
    for (;;) {
        pollfd waiting{m_socket.number(), POLLIN, 0};
        const int ready = ::poll(&waiting, 1, static_cast<int>(kPollStep.count()));
        if (ready < 0 && errno != EINTR)
            return {Outcome::Gone, {}, {}};
        if (ready > 0)
            break;
        if (!isCancelled && token.isCancelled()) {
            isCancelled = true;
            end = std::min(end, Clock::now() + kCancelGrace);
        }
        if (Clock::now() >= end)
            return {isCancelled ? Outcome::Cancelled : Outcome::TimedOut, {}, {}};
    }
    std::array<char, kMaxMessageBytes> message{};
    const ReceivedMessage received = receiveMessage(m_socket.number(), message.data(), message.size());
    if (received.size == 0)
        return {Outcome::Gone, {}, {}};
    Answer answer{Outcome::Malformed, {}, {}};
    WorkerReply& reply = answer.reply;
    if (received.size < sizeof reply || received.first.isOpen())
        return answer;
    std::memcpy(&reply, message.data(), sizeof reply);
    if (reply.mark != kProtocolMark || reply.sequence != sequence ||
        reply.detailBytes != received.size - sizeof reply || reply.payloadBytes > m_answer.size())
        return answer;
    answer.detail = printable(message.data() + sizeof reply, reply.detailBytes);
    answer.outcome = Outcome::Answered;
    return answer;
}

std::span<const std::byte> WorkerClient::payload(const WorkerReply& reply) const {
    return m_answer.first(std::min<size_t>(reply.payloadBytes, m_answer.size()));
}

void WorkerClient::release(const WorkerReply& reply) {
    if (reply.payloadBytes < kReleaseBytes)
        return;
    ::fallocate(m_memory.number(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
                static_cast<off_t>(std::min<size_t>(reply.payloadBytes, m_answer.size())));
}

} // namespace yz::dicom
