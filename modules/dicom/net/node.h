#pragma once

#include "core/patience.h"

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <chrono>
#include <memory>
#include <optional>

namespace yz {

class BandwidthLimiter;

/// A DICOM application entity on the network.
struct DicomNode {
    QString aeTitle; ///< 1-16 characters
    QString host;
    int port = 104;

    bool operator==(const DicomNode&) const = default;
};

/// TLS under an association (PS3.15 B.9, BCP 195). PEM. The server's certificate and its name are always checked.
struct DicomTls {
    QByteArray authorities; ///< who may have signed the server's certificate; empty: those the system trusts
    QByteArray certificate; ///< ours with its chain, where the server asks for one; empty: none
    QByteArray key;         ///< its private key, not encrypted

    bool operator==(const DicomTls&) const = default;
};

/// How this workstation talks to the platform.
struct NetworkSettings {
    QString callingAeTitle = QStringLiteral("YUANZHEN"); ///< ours
    DicomNode platform;
    std::chrono::seconds connectTimeout{5};    ///< TCP
    std::chrono::seconds acseTimeout{15};      ///< answer to an association request or release
    std::chrono::seconds dimseTimeout{60};     ///< silence inside an association
    int maxPdu = 131072;                       ///< bytes, 4096-131072
    int eventPort = 0;                         ///< where the platform reports events; 0: chosen by the system
    QStringList eventSenders;                  ///< AE titles besides the platform's that may report events
    std::optional<DicomTls> tls;               ///< none: the line is not encrypted
    int associations = 4;                      ///< at a time, of one retrieval by C-GET; 1-6
    RetryRules retry;                          ///< of a retrieval
    std::shared_ptr<Pauser> pauser;            ///< waits between its tries; null: in real time
    std::shared_ptr<BandwidthLimiter> limiter; ///< what is received draws on it; null: no limit

    bool operator==(const NetworkSettings&) const = default;
};

} // namespace yz
