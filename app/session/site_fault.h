#pragma once

#include <QString>
#include <vector>

namespace yz {

/// What is wrong with a value of a site.
enum class FaultReason {
    NotJson,            ///< detail: what the reader of JSON says
    WrongType,          ///< text where a number belongs, and the like
    Missing,            ///< may not be empty
    TooLong,            ///< detail: most characters
    NotPlainText,       ///< an AE title is printable ASCII without a backslash (PS3.5 table 6.2-1)
    OutOfRange,         ///< detail: lowest and highest
    UnknownValue,       ///< none of the words the key knows
    Taken,              ///< another one is called so
    BadName,            ///< detail: what a name may have
    BadAddress,         ///< no address, or a user, a query or another scheme in it
    PlainRefused,       ///< without TLS, and nobody said that this is meant
    NodeUnknown,        ///< no node is called so
    NodeWithoutDimse,   ///< the role needs AE title and host
    NodeWithoutWeb,     ///< the role needs a DICOMweb address
    MoveInTheClear,     ///< C-MOVE from a node with TLS: what it sends would come without
    SecretMissing,      ///< a password or token was never entered
    FileUnreadable,     ///< detail: its path
    NoCertificate,      ///< no certificate (PEM) in it
    CertificateExpired, ///< detail: its last day, ISO
    KeyMissing,         ///< a certificate of ours without its key
    KeyDoesNotFit,      ///< a key that is not that of the certificate, or none that can be read
    CertificateMissing, ///< a key without a certificate
    FolderMissing,      ///< detail: its path
    BadWindow,          ///< no two times of day with a limit
    NeverApplies,       ///< earlier rows have all of its time
};

/// `key` is the place in site.json ("nodes[1].url", "roles.images.node"); secrets have the keys they would have there
/// ("nodes[1].secret"), the prefetch policy "prefetch.".
struct SiteFault {
    QString key;
    FaultReason reason = FaultReason::Missing;
    QString detail;

    bool operator==(const SiteFault&) const = default;
};

/// One fault a key: the first that was found.
class SiteFaults {
public:
    void add(const QString& key, FaultReason reason, const QString& detail = {});
    void add(const SiteFaults& others);
    [[nodiscard]] bool isEmpty() const { return m_list.empty(); }
    [[nodiscard]] const std::vector<SiteFault>& list() const { return m_list; }
    /// Null when the key is right.
    [[nodiscard]] const SiteFault* of(const QString& key) const;
    /// Of all keys that begin so.
    [[nodiscard]] int countBelow(const QString& prefix) const;

    bool operator==(const SiteFaults&) const = default;

private:
    std::vector<SiteFault> m_list;
};

/// Whether a text can be an AE title; a fault under `key` when not. `mayBeEmpty`: the node has none.
void checkAeTitle(const QString& title, const QString& key, bool mayBeEmpty, SiteFaults& faults);
void checkRange(qint64 value, qint64 lowest, qint64 highest, const QString& key, SiteFaults& faults);

} // namespace yz
