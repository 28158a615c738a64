#pragma once

#include "core/clock.h"
#include "core/uid.h"
#include "embedded_platform/archive_store.h"
#include "embedded_platform/event_sender.h"
#include "embedded_platform/subscription_store.h"
#include "embedded_platform/workitem_store.h"

namespace yz::platform {

/// The task manager: which work item follows from what happened, and who is told.
class TaskDesk {
public:
    struct Settings {
        bool review = true; ///< a completed reading makes a review
    };
    TaskDesk(Settings settings, ArchiveStore& archive, WorkitemStore& workitems, SubscriptionStore& subscriptions,
             EventSender& sender, const Clock& clock, UidSource& uids);

    /// No more objects came for a while: the study becomes a reading task, or its waiting tasks learn of new priors.
    [[nodiscard]] Status studySettled(const QString& studyUid);
    /// A study of an archive elsewhere is whole. The same as `studySettled`, but nothing of it is in our index:
    /// `others` are the patient's other studies there, `archive` is the AE title that has the images.
    [[nodiscard]] Status studyFound(const ArchivedStudy& study, const std::vector<ArchivedStudy>& others,
                                    const QString& archive);
    /// Cancels what is waiting, asks holders to stop. NotFound when there is no such study.
    [[nodiscard]] Status withdrawStudy(const QString& studyUid, const QString& reason);
    /// Follows a performer's COMPLETED or CANCELED. The UID of what is made depends on the item alone, so repeating it
    /// after a crash makes nothing twice.
    [[nodiscard]] Status workFinished(Workitem& item);
    /// Items that ended just before the last run did, or with a platform that was killed; at least `age` ago, so that
    /// who is at it can finish.
    [[nodiscard]] Status resumeFollowUps(std::chrono::milliseconds age);

    /// To one subscriber, at the beginning of its subscription.
    void announceStateTo(const QString& aeTitle, Workitem& item);
    void announceStart(); ///< SCP Status Change: restarted

private:
    [[nodiscard]] ReadingTask taskFor(const ArchivedStudy& study, const std::vector<StudyReference>& priors);
    [[nodiscard]] Result<std::vector<StudyReference>> priorsOf(const ArchivedStudy& study) const;
    [[nodiscard]] Status refreshPriors(const ArchivedStudy& arrived);
    [[nodiscard]] Status setPriorsOf(const Workitem& waiting, const std::vector<StudyReference>& priors);
    [[nodiscard]] Status addAndAnnounce(DataSetPtr workitem, const QString& origin = {});
    [[nodiscard]] Status makeSuccessor(Workitem& item);
    [[nodiscard]] Status makeReview(Workitem& reading);
    [[nodiscard]] Status makeAgain(Workitem& ended, TaskKind kind, const QString& reason, const QString& forWhom);

    Settings m_settings;
    ArchiveStore& m_archive;
    WorkitemStore& m_workitems;
    SubscriptionStore& m_subscriptions;
    EventSender& m_sender;
    const Clock& m_clock;
    UidSource& m_uids;
};

/// The first modality of the study that is not one of reports and the like; empty: there is nothing to read.
[[nodiscard]] QString imageModality(const ArchivedStudy& study);

} // namespace yz::platform
