#pragma once

#include "core/clock.h"
#include "core/ids.h"
#include "core/result.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>
#include <memory>
#include <vector>

namespace yz {

enum class KeyType { Sm2, P256, Rsa3072 };

struct CertificateSubject {
    QString commonName;
    QString organization;
    QString unit;
};

struct Validity {
    QDateTime notBefore, notAfter; ///< UTC, whole seconds
};

/// Cost of opening a key file: rounds of PBKDF2 (OWASP 2023). Tests take less.
inline constexpr int keyFileIterations = 600'000;

/// What a doctor gets.
struct IssuedKey {
    QByteArray certificatePem;
    QByteArray keyPem; ///< PKCS#8, encrypted with the PIN
    QString serial;    ///< hex
};

/// A certification authority in memory, a root with one intermediate, for the demo set-up and for tests. It lives as
/// long as the object: its keys are never written. Not thread-safe.
class CertificateAuthority {
public:
    /// The names of root and intermediate are the subject's with " Root" and " CA" behind.
    [[nodiscard]] static Result<CertificateAuthority> create(KeyType type, const CertificateSubject& subject,
                                                             const Validity& validity);
    ~CertificateAuthority();
    CertificateAuthority(CertificateAuthority&&) noexcept;
    CertificateAuthority& operator=(CertificateAuthority&&) noexcept;

    /// A new key of the authority's kind with a certificate for signatures, signed by the intermediate.
    [[nodiscard]] Result<IssuedKey> issue(const CertificateSubject& subject, const Validity& validity,
                                          const QString& pin, int iterations = keyFileIterations);
    /// From `at` on, in the lists made after this call.
    void revoke(const QString& serial, const QDateTime& at);
    /// Root and intermediate, for trust/ca.pem.
    [[nodiscard]] Result<QByteArray> certificatesPem() const;
    /// The lists of root and intermediate, for trust/crl.pem.
    [[nodiscard]] Result<QByteArray> revocationListsPem(const QDateTime& thisUpdate, const QDateTime& nextUpdate);

private:
    struct State;
    explicit CertificateAuthority(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

struct DemoSigner {
    UserId user;
    QString name; ///< 张伟; the certificate's common name
    QString pin;
};

/// Writes trust/ and keys/ with SM2 keys for the demo users; each certificate's organization says "DEMO 演示". Does
/// nothing when all of them have keys with valid certificates; else issues the missing ones from a new authority that
/// is trusted beside the earlier ones. FileUnwritable.
[[nodiscard]] Status createDemoTrust(const QString& folder, const std::vector<DemoSigner>& signers, const Clock& clock,
                                     int iterations = keyFileIterations);

} // namespace yz
