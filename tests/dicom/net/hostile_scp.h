#pragma once

#include "core/cancel.h"
#include "dicom/net/association.h"

#include <QByteArray>
#include <QString>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

struct T_ASC_Network;

namespace yz {
class QuickTransportLayer;
}

namespace yz::test {

/// A platform that sends whatever bytes it is given: objects that no parser has seen, answers that are no data sets.
class HostileScp {
public:
    struct Object {
        QString series, instance, sopClass, transferSyntax;
        QByteArray dataSet; ///< as it follows the file meta information
    };

    HostileScp();
    ~HostileScp();
    HostileScp(const HostileScp&) = delete;
    HostileScp& operator=(const HostileScp&) = delete;
    [[nodiscard]] NetworkSettings settings() const;

    /// One study: found, listed and sent by C-GET in the contexts of their transfer syntaxes.
    void serve(const QString& study, const QString& patient, std::vector<Object> objects);
    /// Answers each request of a kind (C-FIND: pending answers before the end; N-GET, N-ACTION: the first) with these
    /// data sets instead.
    void answer(Dimse request, std::vector<QByteArray> dataSets, bool isImplicit = false);
    /// Sends these bytes of the upper layer instead of an answer to a request of that kind.
    void answerRaw(Dimse request, const QByteArray& pdus);
    /// A P-DATA-TF PDU with one whole command set for any context (set to the request's when it is sent).
    [[nodiscard]] static QByteArray pduOfCommand(const QByteArray& command);
    void behave(); ///< undoes both
    /// Association requests with more presentation contexts than that are rejected.
    void takeContextsUpTo(int count);
    [[nodiscard]] int rejections() const;

    struct Sent {
        QString instance;
        int status = -1; ///< of the C-STORE answer; -1: no context for it, not sent
    };
    [[nodiscard]] std::vector<Sent> sent() const;

private:
    void run();
    void acceptOne();
    void converse(Association& association, int socket);
    bool find(Association& association, const DimseMessage& request);
    bool get(Association& association, const DimseMessage& request);
    bool respond(Association& association, const DimseMessage& request, int status, const QByteArray* dataSet);

    mutable std::mutex m_mutex;
    QString m_study, m_patient;
    std::vector<Object> m_objects;
    std::map<Dimse, std::vector<QByteArray>> m_answers;
    std::map<Dimse, QByteArray> m_raw;
    int m_mostContexts = 128;
    int m_rejections = 0;
    bool m_isImplicit = false;
    std::vector<Sent> m_sent;

    int m_port = 0;
    T_ASC_Network* m_network = nullptr;
    QuickTransportLayer* m_layer = nullptr; // owned by m_network
    CancelToken m_stop;
    std::thread m_thread;
};

} // namespace yz::test
