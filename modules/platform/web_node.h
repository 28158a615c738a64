#pragma once

#include "core/patience.h"

#include <QByteArray>
#include <QString>
#include <QUrl>
#include <chrono>
#include <memory>

namespace yz {

class BandwidthLimiter;

/// How we say who we are in the HTTP header; the certificate of mutual TLS is told apart from it, by its presence.
enum class WebAuthorization { None, Basic, Bearer };

/// A DICOMweb server (PS3.18) and how to talk to it. Certificates are PEM. The server's certificate is always checked.
struct WebNode {
    QUrl root;                 ///< service root, "https://pacs.example/dicom-web"
    bool plainAllowed = false; ///< http:// is refused without it: pictures and passwords would go over the line openly
    WebAuthorization authorization = WebAuthorization::None;
    QString user;           ///< Basic
    QString secret;         ///< Basic: password; Bearer: token
    QByteArray authorities; ///< who may have signed the server's certificate; empty: those the system trusts
    QByteArray certificate; ///< ours (with its chain), for mutual TLS
    QByteArray key;         ///< its private key, not encrypted
    int connections = 4;    ///< requests at a time, 1-6
    qint64 maxObjectBytes = 2LL * 1024 * 1024 * 1024; ///< one received object
    qint64 maxAnswerBytes = 64LL * 1024 * 1024;       ///< any other answer
    std::chrono::milliseconds silenceTimeout{60000};  ///< without a byte either way, from the first on
    int tries = 3;    ///< of a request that only reads, when the server fails, or the line outside a retrieval
    RetryRules retry; ///< of a retrieval whose line breaks
    std::shared_ptr<BandwidthLimiter> limiter; ///< what is received draws on it; null: no limit

    bool operator==(const WebNode&) const = default;
};

} // namespace yz
