#pragma once

#include "core/cancel.h"
#include "core/result.h"
#include "dicom/net/dimse_message_dcmtk.h"
#include "dicom/net/node.h"

#include <QDateTime>
#include <QStringList>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

struct T_ASC_Association;
struct T_ASC_Network;

namespace yz {

struct TransportState;

struct ContextProposal {
    QString abstractSyntax;
    QStringList transferSyntaxes;
    bool scpRole = false; ///< we want to be the one that receives (C-GET sub-operations)
};

struct AcceptedContext {
    quint8 id = 0;
    QString abstractSyntax;
    QString transferSyntax;
    bool scpRole = false;
};

/// What the line under an association is like.
struct LineFacts {
    bool isEncrypted = false;
    QString certificateName;   ///< common name of the peer's certificate
    QDateTime certificateEnds; ///< UTC
};

/// Explicit and Implicit VR Little Endian: what every message that is parsed here is exchanged in.
[[nodiscard]] QStringList messageTransferSyntaxes();

/// One DICOM association with one owner thread. Every failure is an ErrorCode; the token ends any wait within 50 ms
/// (the TCP connect: within its time-out). The destructor aborts an association that was not released.
class Association {
public:
    /// PlatformUnreachable, AssociationRefused, CalledAeTitleRefused, CallingAeTitleRefused, PresentationContextRefused
    /// (not one context was accepted), NetworkTimeout, AssociationAborted, Cancelled, InvalidArgument; with TLS
    /// ServerCertificateRefused and TlsFailed, before anything was said to the peer.
    static Result<std::unique_ptr<Association>>
    open(const NetworkSettings& settings, const std::vector<ContextProposal>& proposals, const CancelToken& token);
    /// Takes over an association that was acknowledged by an acceptor.
    static std::unique_ptr<Association> adopt(T_ASC_Association* accepted, std::shared_ptr<TransportState> state,
                                              std::chrono::seconds dimseTimeout);
    ~Association();
    Association(const Association&) = delete;
    Association& operator=(const Association&) = delete;

    [[nodiscard]] const std::vector<AcceptedContext>& contexts() const { return m_contexts; }
    [[nodiscard]] LineFacts line() const;
    /// First accepted context of an abstract syntax (and transfer syntax unless empty); null when there is none.
    [[nodiscard]] const AcceptedContext* find(const QString& abstractSyntax, const QString& transferSyntax = {}) const;
    [[nodiscard]] const AcceptedContext* find(quint8 id) const;
    /// The first of several abstract syntaxes; PresentationContextRefused.
    [[nodiscard]] Result<AcceptedContext> require(const QStringList& abstractSyntaxes) const;

    [[nodiscard]] quint16 nextMessageId() { return ++m_messageId; }

    Status send(const DimseMessage& message);
    /// The next message whole. LimitExceeded when its data set is larger than `maxBytes` (the association is then
    /// aborted).
    Result<DimseMessage> receive(qint64 maxBytes = kMaxMessageBytes);
    /// Sends a request (its message id is set here) and waits for its response. A request of the peer that comes in
    /// between goes to `onRequest`, whose return value is the status sent back; without it 0x0211.
    Result<DimseMessage> exchange(DimseMessage request);
    std::function<int(const DimseMessage&)> onRequest;
    /// Told the size of each part of a data set while receive() waits for the whole.
    std::function<void(qint64 bytes)> onData;
    /// Answers a request with a status.
    Status respond(const DimseMessage& request, int status);
    /// True when a message can be read; false after `limit`. Errors: Cancelled.
    Result<bool> waitForMessage(std::chrono::milliseconds limit);

    /// After a cancelled operation: lets C-CANCEL and the final response through for at most `limit`.
    void allowAfterCancel(std::chrono::milliseconds limit);
    [[nodiscard]] bool releasedByPeer() const { return m_releasedByPeer; }
    /// For another operation with a token of its own. False: the peer closed or said something meanwhile; of no more
    /// use.
    [[nodiscard]] bool renew(const CancelToken& token);
    /// Aborts where the peer does not agree in time; without a limit that of association requests.
    void release(std::optional<std::chrono::milliseconds> limit = {});
    void abort();

    /// Identifiers and attribute lists: a work item that names 5,000 objects has 1 MB.
    static constexpr qint64 kMaxMessageBytes = 8LL * 1024 * 1024;
    static constexpr qint64 kMaxObjectBytes = 2LL * 1024 * 1024 * 1024; ///< a stored object

private:
    struct Pdv;

    Association() = default;
    void readContexts();
    Status sendBytes(quint8 context, bool isCommand, const QByteArray& bytes);
    Result<Pdv> nextPdv();
    [[nodiscard]] Error lastError(unsigned short condition, const char* text) const;
    void close();

    T_ASC_Network* m_network = nullptr;
    T_ASC_Association* m_association = nullptr;
    std::shared_ptr<TransportState> m_state;
    std::vector<AcceptedContext> m_contexts;
    std::chrono::seconds m_dimseTimeout{60};
    quint16 m_messageId = 0;
    bool m_releasedByPeer = false;
};

/// Does a C-ECHO.
Status echo(const NetworkSettings& settings, const CancelToken& token);

/// Error of a failed DIMSE status: PeerOutOfResources (0xA7xx), PeerRefusedObject (0xA9xx, 0xCxxx), else PeerError; the
/// detail has the status in hex. `what` names the operation.
[[nodiscard]] Error statusError(int status, const QString& what);
[[nodiscard]] QString statusText(int status); ///< "0xC301"

/// A message's data set, parsed. `what` as above.
Result<std::unique_ptr<DcmDataset>> dataSetOf(const Association& association, const DimseMessage& message);
/// Sets a message's data set in the transfer syntax of its context.
Status setDataSet(const AcceptedContext& context, DcmDataset& dataset, DimseMessage& message);

} // namespace yz
