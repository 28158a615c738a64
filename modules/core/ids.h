#pragma once

#include <QHashFunctions>
#include <QString>
#include <compare>

namespace yz {

/// A string that means one kind of thing, so that a series UID cannot be passed where a study UID is wanted.
template <typename Tag> class StrongId {
public:
    StrongId() = default;
    explicit StrongId(QString value) : m_value(std::move(value)) {}

    [[nodiscard]] const QString& value() const { return m_value; }
    [[nodiscard]] bool isEmpty() const { return m_value.isEmpty(); }

    friend bool operator==(const StrongId& a, const StrongId& b) { return a.m_value == b.m_value; }
    friend bool operator<(const StrongId& a, const StrongId& b) { return a.m_value < b.m_value; }
    friend size_t qHash(const StrongId& id, size_t seed = 0) { return ::qHash(id.m_value, seed); }

private:
    QString m_value;
};

using StudyUid = StrongId<struct StudyUidTag>;
using SeriesUid = StrongId<struct SeriesUidTag>;
using InstanceUid = StrongId<struct InstanceUidTag>;              ///< SOP Instance UID (0008,0018)
using SopClassUid = StrongId<struct SopClassUidTag>;              ///< SOP Class UID (0008,0016)
using FrameOfReferenceUid = StrongId<struct FrameOfReferenceTag>; ///< (0020,0052)
using WorkitemUid = StrongId<struct WorkitemUidTag>;              ///< SOP Instance UID of a UPS
using TransactionUid = StrongId<struct TransactionUidTag>;        ///< (0008,1195): the lock of a claim
using PatientId = StrongId<struct PatientIdTag>;                  ///< (0010,0020)
using UserId = StrongId<struct UserIdTag>;                        ///< local user, stable, not the log-in name
using ReportId = StrongId<struct ReportIdTag>;                    ///< one report through all its versions

} // namespace yz

template <typename Tag> struct std::hash<yz::StrongId<Tag>> {
    size_t operator()(const yz::StrongId<Tag>& id) const noexcept { return qHash(id); }
};
