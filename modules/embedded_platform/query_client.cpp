#include "embedded_platform/query_client.h"

#include <dcmtk/dcmdata/dcuid.h>

namespace yz::platform {

namespace {

constexpr qint64 kMostAnswerBytes = 1024 * 1024;
constexpr int kConnectSeconds = 5;

// PS3.4 table C.4-1
constexpr quint16 kSuccess = 0x0000;
constexpr quint16 kPending = 0xFF00;
constexpr quint16 kPendingKeysIgnored = 0xFF01;
constexpr quint16 kCancelled = 0xFE00; ///< nobody asked for it: Orthanc says so when its limit of results is reached
constexpr quint16 kOutOfResources = 0xA700;

} // namespace

QueryClient::QueryClient(Settings settings, std::function<bool()> isStopping)
    : m_settings(std::move(settings)), m_isStopping(std::move(isStopping)) {}

QueryClient::~QueryClient() { hangUp(); }

void QueryClient::hangUp() {
    if (m_association != nullptr)
        m_association->release();
    m_association.reset();
}

Status QueryClient::open() {
    if (m_association != nullptr)
        return {};
    const std::vector<ProposedContext> contexts{{m_settings.model,
                                                 {QStringLiteral(UID_LittleEndianExplicitTransferSyntax),
                                                  QStringLiteral(UID_LittleEndianImplicitTransferSyntax)},
                                                 false}};
    Result<std::unique_ptr<Association>> opened =
        Association::open(m_settings.peer, m_settings.aeTitle, contexts, kConnectSeconds);
    if (!opened)
        return fail(opened.error());
    m_association = std::move(*opened);
    return {};
}

Status QueryClient::ask(DcmDataset& keys, quint16& id) {
    if (Status opened = open(); !opened)
        return opened;
    Message request;
    request.context = m_association->contexts().front().id;
    request.command = Command::CFind;
    request.id = id = m_association->nextMessageId();
    request.sopClass = m_settings.model;
    return m_association->send(request, keys);
}

Result<Message> QueryClient::nextAnswer(quint16 id) {
    for (int waited = 0; waited < m_settings.timeoutSeconds; ++waited) {
        if (m_isStopping())
            return fail(ErrorCode::Cancelled);
        Message answer;
        const Association::Event event = m_association->receive(answer, 1);
        if (event == Association::Event::Timeout)
            continue;
        if (event != Association::Event::Message)
            return fail(ErrorCode::AssociationAborted, QStringLiteral("no answer to C-FIND"));
        if (!answer.isResponse || answer.command != Command::CFind || answer.id != id)
            return fail(ErrorCode::PeerError, QStringLiteral("another answer than to this C-FIND"));
        return answer;
    }
    return fail(ErrorCode::NetworkTimeout, QStringLiteral("no answer to C-FIND"));
}

Result<Matches> QueryClient::collect(quint16 id) {
    Matches matches;
    size_t pending = 0;
    qint64 received = 0;
    for (;;) {
        const Result<Message> answer = nextAnswer(id);
        if (!answer)
            return fail(answer.error());
        Result<QByteArray> bytes = QByteArray();
        if (answer->hasDataSet) {
            bytes = m_association->receiveDataSet(kMostAnswerBytes, m_settings.timeoutSeconds);
            if (!bytes && bytes.error().code != ErrorCode::LimitExceeded)
                return fail(bytes.error());
        }
        switch (answer->status) {
        case kPending:
        case kPendingKeysIgnored: {
            Result<DataSetPtr> row =
                bytes ? parseDataSet(*bytes, m_association->context(answer->context)->syntax) : fail(bytes.error());
            if (!row || !answer->hasDataSet) {
                ++matches.unreadable;
            } else {
                toUtf8(*row);
                matches.rows.push_back(std::move(*row));
            }
            received += bytes ? bytes->size() : kMostAnswerBytes;
            if (++pending < m_settings.mostMatches && received < m_settings.mostBytes)
                break;
            m_association.reset(); // aborted: it has more to say than we take
            matches.isCut = true;
            return matches;
        }
        case kSuccess:
            return matches;
        case kCancelled:
        case kOutOfResources:
            matches.isCut = true;
            return matches;
        default:
            return fail(ErrorCode::PeerError,
                        QStringLiteral("C-FIND status 0x%1").arg(answer->status, 4, 16, QChar(u'0')));
        }
    }
}

Result<Matches> QueryClient::find(DcmDataset& keys) {
    const bool wasOpen = m_association != nullptr;
    quint16 id = 0;
    Status asked = ask(keys, id);
    if (!asked && wasOpen) { // it may have ended while nothing was said
        m_association.reset();
        asked = ask(keys, id);
    }
    Result<Matches> matches = asked ? collect(id) : fail(asked.error());
    if (!matches)
        m_association.reset(); // aborted; the next question begins anew
    return matches;
}

} // namespace yz::platform
