#pragma once

#include "embedded_platform/ups_service.h"

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <vector>

namespace yz::platform {

/// A request below the service root, percent-decoded.
struct WebRequest {
    QByteArray method;
    QStringList path; ///< {"workitems", "1.2.3", "state"}
    std::vector<std::pair<QString, QString>> query;
    QByteArray contentType, accept;
    QByteArray body;
};

struct WebAnswer {
    int status = 200;
    QByteArray body;         ///< application/dicom+json; empty: none
    QString warning;         ///< of the Warning header, without its code; empty: none
    QString location;        ///< below the root; empty: none
    QString contentLocation; ///< the same
};

/// The work items over the web: UPS-RS (PS3.18 chapter 11), all of it but filtered subscriptions and the notification
/// connection: who subscribes here gets its events as after a subscription over DIMSE, if its address is known. The
/// services are those of the DIMSE door, so a claim through either is the same one compare-and-set. Thread-safe.
class WebWorklist {
public:
    explicit WebWorklist(UpsService& ups) : m_ups(ups) {}
    [[nodiscard]] WebAnswer answer(const WebRequest& request);

private:
    [[nodiscard]] WebAnswer search(const WebRequest& request);
    [[nodiscard]] WebAnswer create(const WebRequest& request);
    [[nodiscard]] WebAnswer retrieve(const QString& uid);
    [[nodiscard]] WebAnswer update(const QString& uid, const WebRequest& request);
    [[nodiscard]] WebAnswer changeState(const QString& uid, const WebRequest& request);
    [[nodiscard]] WebAnswer requestCancel(const QString& uid, const WebRequest& request);
    [[nodiscard]] WebAnswer subscription(const QString& uid, const WebRequest& request);

    UpsService& m_ups;
};

} // namespace yz::platform
