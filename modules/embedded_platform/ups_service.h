#pragma once

#include "core/clock.h"
#include "embedded_platform/association.h"
#include "embedded_platform/node_store.h"
#include "embedded_platform/subscription_store.h"
#include "embedded_platform/task_desk.h"
#include "embedded_platform/workitem_store.h"

#include <functional>

namespace yz::platform {

/// Status codes of the UPS services (PS3.4 CC.2).
namespace ups_status {
inline constexpr quint16 kSuccess = 0x0000;
inline constexpr quint16 kInvalidAttributeValue = 0x0106;
inline constexpr quint16 kProcessingFailure = 0x0110;
inline constexpr quint16 kDuplicateInstance = 0x0111;
inline constexpr quint16 kInvalidArgument = 0x0115;
inline constexpr quint16 kMissingAttribute = 0x0120;
inline constexpr quint16 kNoSuchAction = 0x0123;
inline constexpr quint16 kAlreadyCanceled = 0xB304;
inline constexpr quint16 kAlreadyCompleted = 0xB306;
inline constexpr quint16 kMayNoLongerBeUpdated = 0xC300;
inline constexpr quint16 kWrongTransactionUid = 0xC301;
inline constexpr quint16 kAlreadyInProgress = 0xC302;
inline constexpr quint16 kScheduledOnlyByCreate = 0xC303;
inline constexpr quint16 kFinalStateNotMet = 0xC304;
inline constexpr quint16 kNoSuchWorkitem = 0xC307;
inline constexpr quint16 kReceivingAeUnknown = 0xC308;
inline constexpr quint16 kNotScheduledAtCreation = 0xC309;
inline constexpr quint16 kNotInProgress = 0xC310;
inline constexpr quint16 kIsCompleted = 0xC311;
} // namespace ups_status

/// The work item services; each gives the DIMSE status and, where the service has one, a data set. Thread-safe.
class UpsService {
public:
    struct Settings {
        std::chrono::seconds lease = std::chrono::hours(24); ///< an older claim may be taken over
    };
    UpsService(Settings settings, WorkitemStore& workitems, SubscriptionStore& subscriptions, NodeStore& nodes,
               TaskDesk& desk, const Clock& clock, UidSource& uids);

    struct Answer {
        quint16 status = ups_status::kSuccess;
        QString comment;
        QString instance; ///< N-CREATE: the UID when the platform chose it
        DataSetPtr dataSet;
    };
    [[nodiscard]] Answer create(const QString& uid, DataSetPtr attributes);
    [[nodiscard]] Answer get(const QString& uid, const std::vector<DcmTagKey>& attributes);
    [[nodiscard]] Answer set(const QString& uid, DcmDataset& modifications);
    [[nodiscard]] Answer action(const QString& uid, quint16 type, DcmDataset& information,
                                const QString& callingAeTitle);
    /// Calls `found` for each match until it returns false.
    [[nodiscard]] quint16 find(DcmDataset& keys, const std::function<bool(DcmDataset&)>& found);

private:
    [[nodiscard]] Answer changeState(const QString& uid, DcmDataset& information, const QString& holder);
    [[nodiscard]] Answer requestCancel(const QString& uid, DcmDataset& information, const QString& callingAeTitle);
    [[nodiscard]] Answer subscribe(const QString& uid, quint16 type, DcmDataset& information);

    Settings m_settings;
    WorkitemStore& m_workitems;
    SubscriptionStore& m_subscriptions;
    NodeStore& m_nodes;
    TaskDesk& m_desk;
    const Clock& m_clock;
    UidSource& m_uids;
};

} // namespace yz::platform
