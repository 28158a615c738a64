#pragma once

#include "core/result.h"
#include "embedded_platform/message.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmnet/assoc.h>

#include <memory>
#include <vector>

namespace yz::platform {

/// An accepted presentation context.
struct Context {
    quint8 id = 0;
    QString abstractSyntax;
    E_TransferSyntax syntax = EXS_Unknown;
    bool peerIsProvider = false; ///< by role negotiation: we may send requests of this class
};

/// What is asked for when we open an association.
struct ProposedContext {
    QString abstractSyntax;
    QStringList transferSyntaxes;
    bool weAreProvider = false; ///< role selection: we send as SCP (event reports)
};

struct PeerAddress {
    QString aeTitle;
    QString host;
    quint16 port = 0;

    bool operator==(const PeerAddress&) const = default;
};

/// DIMSE messages over one DCMTK association. The command set is read here and not by DCMTK's DIMSE layer, which parses
/// whatever depth the peer sends. One thread at a time.
class Association {
public:
    /// Takes an acknowledged association over, and its network where it is ours alone.
    Association(T_ASC_Association* association, T_ASC_Network* network, bool weAccepted);
    ~Association();
    Association(const Association&) = delete;
    Association& operator=(const Association&) = delete;

    /// PlatformUnreachable-like codes as in core/error_codes.h (network group).
    [[nodiscard]] static Result<std::unique_ptr<Association>> open(const PeerAddress& peer, const QString& ourAeTitle,
                                                                   const std::vector<ProposedContext>& contexts,
                                                                   int timeoutSeconds);

    enum class Event { Message, Release, Closed, Timeout };
    /// Waits for a command; its data set is read by receiveDataSet, which must follow when `hasDataSet`.
    [[nodiscard]] Event receive(Message& message, int timeoutSeconds);
    /// LimitExceeded when it is longer than `limit` (it is read to its end all the same), AssociationAborted.
    [[nodiscard]] Result<QByteArray> receiveDataSet(qint64 limit, int timeoutSeconds = 60);
    [[nodiscard]] bool isMessageWaiting();
    /// `dataSet`: encoded in the syntax of the message's context.
    [[nodiscard]] Status send(Message message, const QByteArray* dataSet = nullptr);
    [[nodiscard]] Status send(const Message& message, DcmDataset& dataSet);

    void acknowledgeRelease(); ///< after Event::Release
    void release();            ///< we opened it and are done
    void abort();

    [[nodiscard]] const std::vector<Context>& contexts() const { return m_contexts; }
    [[nodiscard]] const Context* context(quint8 id) const;
    [[nodiscard]] const QString& callingAeTitle() const { return m_callingAeTitle; }
    [[nodiscard]] quint16 nextMessageId();

private:
    [[nodiscard]] Event nextFragment(DUL_PDV& fragment, int timeoutSeconds);
    [[nodiscard]] Status writeFragments(quint8 context, bool isCommand, const QByteArray& bytes);

    T_ASC_Association* m_association;
    T_ASC_Network* m_network;
    bool m_weAccepted;
    bool m_isOpen = true;
    bool m_releaseSeen = false;
    QString m_callingAeTitle;
    std::vector<Context> m_contexts;
};

} // namespace yz::platform
