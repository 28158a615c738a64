#pragma once

#include <QByteArray>
#include <QString>
#include <atomic>
#include <cstdint>

namespace yz {

/// Source of new DICOM UIDs; injected so that tests are deterministic. Thread-safe.
class UidSource {
public:
    virtual ~UidSource() = default;
    [[nodiscard]] virtual QString next() = 0;
};

/// UIDs derived from random UUIDs: "2.25." and the UUID as a decimal integer (PS3.5 B.2).
class RandomUidSource final : public UidSource {
public:
    [[nodiscard]] QString next() override;
};

/// prefix.1, prefix.2, ... for tests and for the generated sample studies.
class CountingUidSource final : public UidSource {
public:
    explicit CountingUidSource(QString prefix) : m_prefix(std::move(prefix)) {}
    [[nodiscard]] QString next() override;

private:
    QString m_prefix;
    std::atomic<std::uint64_t> m_count{0};
};

/// The "2.25." form of 16 bytes taken as a big-endian integer.
[[nodiscard]] QString uidFromUuidBytes(const QByteArray& sixteenBytes);

/// UI rules of PS3.5 9.1: 1-64 characters, digits and dots, no empty or zero-led component.
[[nodiscard]] bool isValidUid(const QString& text);

} // namespace yz
