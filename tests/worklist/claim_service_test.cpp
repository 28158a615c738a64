#include "domain/cancel_reason.h"
#include "worklist/desk_fixture.h"

#include <QtTest>

using namespace yz;
using namespace yz::test;

class ClaimServiceTest final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void claimIsHeldOnBothSides();
    void transactionIsStoredBeforeTheCall();
    void lostRaceNamesTheHolder();
    void unansweredClaimIsRepeatedWithTheSameUid_data();
    void unansweredClaimIsRepeatedWithTheSameUid();
    void unansweredClaimMayTurnOutLost();
    void notAskedLeavesNothing_data();
    void notAskedLeavesNothing();
    void notReachedNowMayStillHaveBeenHeardBefore();
    void provisionalClaimNeedsTheImages();
    void claimSurvivesARestart();
    void rolesAreChecked();
    void otherUserOfTheSameDesk();
    void releaseLetsGo();
    void releaseOfAClaimThePlatformNeverHad();
    void failedReleaseKeepsTheClaim();
    void rejectNeedsAReason();
    void settleAsksAfterHeldClaims_data();
    void settleAsksAfterHeldClaims();
    void settleIsCancelled();
    void aDeadLineIsAskedOnce();
    void lostWorkBecomesAConflict();
    void auditIsKept();
};

namespace {

ReadingTask taskOf(Desk& desk, const char* uid) { return desk.source.at(WorkitemUid(uid))->task; }

void fill(Desk& desk) { desk.source.putAll(morningTasks(desk.clock.nowUtc())); }

std::optional<ClaimStore::Claim> stored(Desk& desk, const char* uid) {
    return desk.store->claims().find(WorkitemUid(uid)).value();
}

const char* const kHead = "2.25.101";
const char* const kReview = "2.25.103";

} // namespace

void ClaimServiceTest::claimIsHeldOnBothSides() {
    Desk desk;
    fill(desk);
    const auto claim = desk.claims->claim({taskOf(desk, kHead), reader()}, {});
    QVERIFY(claim);
    QCOMPARE(claim->settled, ClaimStore::Settled::Held);
    const auto there = desk.source.at(WorkitemUid(kHead));
    QCOMPARE(there->task.state, UpsState::InProgress);
    QCOMPARE(there->transaction, claim->transaction);
    QCOMPARE(there->task.holderName, "=张伟"); // Chinese in the ideographic group
    QCOMPARE(there->task.holderStation, "DESK1");
    QCOMPARE(stored(desk, kHead)->settled, ClaimStore::Settled::Held);
    QCOMPARE(desk.store->tasks().get(WorkitemUid(kHead))->state, UpsState::InProgress);
    // Claiming what we hold asks nobody.
    const size_t calls = desk.source.calls.size();
    QCOMPARE(desk.claims->claim({taskOf(desk, kHead), reader()}, {})->transaction, claim->transaction);
    QCOMPARE(desk.source.calls.size(), calls);
}

void ClaimServiceTest::transactionIsStoredBeforeTheCall() {
    Desk desk;
    fill(desk);
    QString seen;
    bool wasAsked = false;
    desk.source.beforeClaim = [&] {
        // A second connection sees what a restart after kill -9 would see.
        const auto other = DeskStore::open(desk.folder.path(), desk.clock);
        const auto claim = (*other)->claims().find(WorkitemUid(kHead)).value();
        seen = claim ? claim->transaction.value() : QString();
        wasAsked = claim && claim->settled == ClaimStore::Settled::Asked;
    };
    const auto claim = desk.claims->claim({taskOf(desk, kHead), reader()}, {});
    QVERIFY(claim);
    QVERIFY(!seen.isEmpty());
    QCOMPARE(seen, claim->transaction.value());
    QVERIFY(wasAsked);
}

void ClaimServiceTest::lostRaceNamesTheHolder() {
    Desk desk;
    fill(desk);
    const ReadingTask seen = taskOf(desk, kHead);
    desk.source.beforeClaim = [&] {
        ReadingTask taken = seen;
        taken.state = UpsState::InProgress;
        taken.holderName = "=王^芳";
        taken.holderStation = "DESK2";
        desk.source.put(taken, TransactionUid("9.9"));
    };
    const auto claim = desk.claims->claim({seen, reader()}, {});
    QVERIFY(!claim);
    QCOMPARE(claim.error().code, ErrorCode::TaskClaimedByOther);
    QVERIFY(!stored(desk, kHead));
    const auto cached = desk.store->tasks().get(WorkitemUid(kHead));
    QCOMPARE(cached->holderName, "=王^芳");
    QCOMPARE(cached->holderStation, "DESK2");
}

void ClaimServiceTest::unansweredClaimIsRepeatedWithTheSameUid_data() {
    QTest::addColumn<int>("code");
    QTest::addColumn<bool>("hasActed");
    QTest::newRow("time-out, heard") << static_cast<int>(ErrorCode::NetworkTimeout) << true;
    QTest::newRow("time-out, not heard") << static_cast<int>(ErrorCode::NetworkTimeout) << false;
    QTest::newRow("broken off, heard") << static_cast<int>(ErrorCode::AssociationAborted) << true;
    QTest::newRow("peer error") << static_cast<int>(ErrorCode::PeerError) << false;
    QTest::newRow("cancelled, heard") << static_cast<int>(ErrorCode::Cancelled) << true;
}

void ClaimServiceTest::unansweredClaimIsRepeatedWithTheSameUid() {
    QFETCH(int, code);
    QFETCH(bool, hasActed);
    Desk desk;
    fill(desk);
    desk.source.nextClaim = {{static_cast<ErrorCode>(code), {}}, hasActed};
    const auto claim = desk.claims->claim({taskOf(desk, kHead), reader()}, {});
    QVERIFY(!claim);
    QCOMPARE(claim.error().code, static_cast<ErrorCode>(code));
    const auto asked = stored(desk, kHead);
    QVERIFY(asked);
    QCOMPARE(asked->settled, ClaimStore::Settled::Asked);
    const auto outcome = desk.claims->settleAll({});
    QVERIFY(outcome);
    QCOMPARE(outcome->held.size(), 1u);
    QCOMPARE(outcome->held[0].transaction, asked->transaction);
    QCOMPARE(desk.source.at(WorkitemUid(kHead))->transaction, asked->transaction);
    QCOMPARE(stored(desk, kHead)->settled, ClaimStore::Settled::Held);
}

void ClaimServiceTest::unansweredClaimMayTurnOutLost() {
    Desk desk;
    fill(desk);
    desk.source.nextClaim = {{ErrorCode::NetworkTimeout, {}}, false};
    QVERIFY(!desk.claims->claim({taskOf(desk, kHead), reader()}, {}));
    ReadingTask taken = taskOf(desk, kHead);
    taken.state = UpsState::InProgress;
    desk.source.put(taken, TransactionUid("9.9"));
    const auto outcome = desk.claims->settleAll({});
    QCOMPARE(outcome->lost.size(), 1u);
    QCOMPARE(outcome->lost[0].reason.code, ErrorCode::TaskClaimedByOther);
    QVERIFY(!stored(desk, kHead));
    QVERIFY(desk.claims->settleAll({})->lost.empty());
}

void ClaimServiceTest::notAskedLeavesNothing_data() {
    QTest::addColumn<int>("code");
    for (const ErrorCode code : {ErrorCode::PlatformUnreachable, ErrorCode::AssociationRefused,
                                 ErrorCode::CalledAeTitleRefused, ErrorCode::CallingAeTitleRefused,
                                 ErrorCode::PresentationContextRefused, ErrorCode::TaskGone, ErrorCode::TaskWithdrawn})
        QTest::newRow(qPrintable(errorName(code))) << static_cast<int>(code);
}

void ClaimServiceTest::notAskedLeavesNothing() {
    QFETCH(int, code);
    Desk desk;
    fill(desk);
    desk.source.nextClaim = {{static_cast<ErrorCode>(code), {}}, false};
    const auto claim = desk.claims->claim({taskOf(desk, kHead), reader()}, {});
    QVERIFY(!claim);
    QCOMPARE(claim.error().code, static_cast<ErrorCode>(code));
    QVERIFY(!stored(desk, kHead));
}

void ClaimServiceTest::notReachedNowMayStillHaveBeenHeardBefore() {
    Desk desk;
    fill(desk);
    const ReadingTask task = taskOf(desk, kHead);
    desk.source.nextClaim = {{ErrorCode::NetworkTimeout, {}}, true}; // heard, the answer is lost
    QVERIFY(!desk.claims->claim({task, reader()}, {}));
    const TransactionUid first = stored(desk, kHead)->transaction;
    desk.source.nextClaim = {{ErrorCode::PlatformUnreachable, {}}, false};
    QVERIFY(!desk.claims->claim({task, reader()}, {}));
    QCOMPARE(stored(desk, kHead)->transaction, first); // must not be forgotten
    QVERIFY(desk.claims->claim({task, reader()}, {}));
    QCOMPARE(desk.source.at(WorkitemUid(kHead))->transaction, first);
}

void ClaimServiceTest::provisionalClaimNeedsTheImages() {
    Desk desk;
    fill(desk);
    ClaimRequest request{taskOf(desk, kHead), reader()};
    request.imagesHere = true;
    desk.source.nextClaim = {{ErrorCode::PlatformUnreachable, {}}, false};
    const auto claim = desk.claims->claim(request, {});
    QVERIFY(claim);
    QCOMPARE(claim->settled, ClaimStore::Settled::Asked);
    // Another reader's claim is a no, images or not.
    desk.source.nextClaim = {{ErrorCode::TaskClaimedByOther, {}}, false};
    request.task = taskOf(desk, "2.25.104");
    QVERIFY(!desk.claims->claim(request, {}));
    QCOMPARE(desk.claims->settleAll({})->held.size(), 1u);
}

void ClaimServiceTest::claimSurvivesARestart() {
    Desk desk;
    fill(desk);
    const auto claim = desk.claims->claim({taskOf(desk, kHead), reader()}, {});
    QVERIFY(claim);
    const auto again = DeskStore::open(desk.folder.path(), desk.clock);
    ClaimService service(
        {desk.source, (*again)->tasks(), (*again)->claims(), (*again)->users(), desk.uids, (*again)->audit(), "DESK1"});
    const auto outcome = service.settleAll({});
    QCOMPARE(outcome->held.size(), 1u);
    QCOMPARE(outcome->held[0].transaction, claim->transaction);
    QVERIFY(service.release(taskOf(desk, kHead), reader(), {}, {}));
}

void ClaimServiceTest::rolesAreChecked() {
    Desk desk;
    fill(desk);
    User administrator = reader();
    administrator.roles = {Role::Administrator};
    QCOMPARE(desk.claims->claim({taskOf(desk, kHead), administrator}, {}).error().code, ErrorCode::RoleForbids);
    QCOMPARE(desk.claims->claim({taskOf(desk, kReview), reader()}, {}).error().code, ErrorCode::RoleForbids);
    QVERIFY(!stored(desk, kReview));
    QVERIFY(desk.source.calls.empty());
    QVERIFY(desk.claims->claim({taskOf(desk, kReview), reviewer()}, {}));
    // The author does not review.
    ReadingTask own = taskOf(desk, "2.25.118");
    own.authorName = "=李^静";
    QCOMPARE(desk.claims->claim({own, reviewer()}, {}).error().code, ErrorCode::SelfReviewForbidden);
    ClaimRequest allowed{own, reviewer()};
    allowed.selfReviewAllowed = true;
    QVERIFY(desk.claims->claim(allowed, {}));
    // Finished is finished.
    QCOMPARE(desk.claims->claim({taskOf(desk, "2.25.122"), reader()}, {}).error().code, ErrorCode::TaskStateForbids);
    QCOMPARE(desk.claims->claim({taskOf(desk, "2.25.102"), reader()}, {}).error().code, ErrorCode::TaskClaimedByOther);
}

void ClaimServiceTest::otherUserOfTheSameDesk() {
    Desk desk;
    fill(desk);
    QVERIFY(desk.claims->claim({taskOf(desk, kHead), reader()}, {}));
    QCOMPARE(desk.claims->claim({taskOf(desk, kHead), reviewer()}, {}).error().code, ErrorCode::TaskClaimedByOther);
    QCOMPARE(desk.claims->release(taskOf(desk, kHead), reviewer(), {}, {}).error().code, ErrorCode::TaskClaimedByOther);
    QVERIFY(stored(desk, kHead));
}

void ClaimServiceTest::releaseLetsGo() {
    Desk desk;
    fill(desk);
    QVERIFY(desk.claims->claim({taskOf(desk, kHead), reader()}, {}));
    QVERIFY(desk.claims->release(taskOf(desk, kHead), reader(), " 交班 ", {}));
    QVERIFY(!stored(desk, kHead));
    const auto there = desk.source.at(WorkitemUid(kHead));
    QCOMPARE(there->task.state, UpsState::Canceled);
    QCOMPARE(cancelReasonFromText(there->task.reason), (CancelReason{ReadingMove::Release, "交班"}));
    QCOMPARE(desk.claims->release(taskOf(desk, kHead), reader(), {}, {}).error().code, ErrorCode::TaskNotClaimed);
}

void ClaimServiceTest::releaseOfAClaimThePlatformNeverHad() {
    Desk desk;
    fill(desk);
    ClaimRequest request{taskOf(desk, kHead), reader()};
    request.imagesHere = true;
    desk.source.nextClaim = {{ErrorCode::PlatformUnreachable, {}}, false};
    QVERIFY(desk.claims->claim(request, {}));
    QVERIFY(desk.claims->release(taskOf(desk, kHead), reader(), {}, {}));
    QVERIFY(!stored(desk, kHead));
    QCOMPARE(taskOf(desk, kHead).state, UpsState::Scheduled);
}

void ClaimServiceTest::failedReleaseKeepsTheClaim() {
    Desk desk;
    fill(desk);
    QVERIFY(desk.claims->claim({taskOf(desk, kHead), reader()}, {}));
    desk.source.nextCancel = Error{ErrorCode::PlatformUnreachable, {}};
    QCOMPARE(desk.claims->release(taskOf(desk, kHead), reader(), {}, {}).error().code, ErrorCode::PlatformUnreachable);
    QCOMPARE(stored(desk, kHead)->settled, ClaimStore::Settled::Held);
    QVERIFY(desk.claims->release(taskOf(desk, kHead), reader(), {}, {}));
}

void ClaimServiceTest::rejectNeedsAReason() {
    Desk desk;
    fill(desk);
    QVERIFY(desk.claims->claim({taskOf(desk, kHead), reader()}, {}));
    QCOMPARE(desk.claims->rejectStudy(taskOf(desk, kHead), reader(), "  ", {}).error().code, ErrorCode::ReasonRequired);
    QCOMPARE(taskOf(desk, kHead).state, UpsState::InProgress);
    QVERIFY(desk.claims->rejectStudy(taskOf(desk, kHead), reader(), "运动伪影", {}));
    QCOMPARE(cancelReasonFromText(taskOf(desk, kHead).reason), (CancelReason{ReadingMove::RejectStudy, "运动伪影"}));
}

void ClaimServiceTest::settleAsksAfterHeldClaims_data() {
    QTest::addColumn<QString>("change");
    QTest::addColumn<QString>("outcome");
    QTest::newRow("still ours") << ""
                                << "held";
    QTest::newRow("completed") << "completed"
                               << "finished";
    QTest::newRow("cancelled") << "cancelled"
                               << "lost TaskWithdrawn";
    QTest::newRow("taken over and finished") << "taken and completed"
                                             << "lost TaskClaimedByOther";
    QTest::newRow("taken over") << "taken"
                                << "lost TaskClaimedByOther";
    QTest::newRow("gone") << "gone"
                          << "lost TaskGone";
    QTest::newRow("no answer") << "silent"
                               << "unanswered";
}

void ClaimServiceTest::settleAsksAfterHeldClaims() {
    QFETCH(QString, change);
    Desk desk;
    fill(desk);
    const auto claim = desk.claims->claim({taskOf(desk, kHead), reader()}, {});
    ReadingTask task = taskOf(desk, kHead);
    if (change == u"completed")
        task.state = UpsState::Completed;
    if (change == u"cancelled")
        task.state = UpsState::Canceled;
    if (change == u"taken and completed")
        task.state = UpsState::Completed;
    if (change.startsWith(u"taken"))
        task.holderStation = "DESK3";
    desk.source.put(task, claim->transaction);
    if (change == u"gone")
        desk.source.remove(task.uid);
    if (change == u"silent")
        desk.source.getError = Error{ErrorCode::NetworkTimeout, {}};
    const auto outcome = desk.claims->settleAll({});
    QVERIFY(outcome);
    QString said;
    if (!outcome->held.empty())
        said = "held";
    if (!outcome->finished.empty())
        said += "finished";
    if (!outcome->lost.empty())
        said += u"lost " + errorName(outcome->lost[0].reason.code);
    if (!outcome->unanswered.empty())
        said += "unanswered";
    QTEST(said, "outcome");
    QCOMPARE(stored(desk, kHead).has_value(), said == u"held" || said == u"unanswered");
}

void ClaimServiceTest::settleIsCancelled() {
    Desk desk;
    fill(desk);
    QVERIFY(desk.claims->claim({taskOf(desk, kHead), reader()}, {}));
    const CancelToken token;
    token.cancel();
    QCOMPARE(desk.claims->settleAll(token).error().code, ErrorCode::Cancelled);
}

void ClaimServiceTest::aDeadLineIsAskedOnce() {
    Desk desk;
    fill(desk);
    for (const char* uid : {kHead, "2.25.104", "2.25.105"}) {
        desk.source.nextClaim = {{ErrorCode::PlatformUnreachable, {}}, false};
        ClaimRequest request{taskOf(desk, uid), reader()};
        request.imagesHere = true;
        const auto claim = desk.claims->claim(request, {});
        QVERIFY(claim);
        QCOMPARE(claim->settled, ClaimStore::Settled::Asked);
    }
    desk.source.calls.clear();
    desk.source.nextClaim = {{ErrorCode::PlatformUnreachable, {}}, false};
    const auto outcome = desk.claims->settleAll({});
    QVERIFY(outcome);
    QCOMPARE(desk.source.calls.size(), size_t(1));
    QCOMPARE(outcome->unanswered.size(), size_t(3));
    QVERIFY(outcome->away && outcome->away->code == ErrorCode::PlatformUnreachable);
    // Only some of them.
    const auto some = desk.claims->settleAll({}, [](const ClaimStore::Claim& c) { return c.task.value() == kHead; });
    QVERIFY(some);
    QCOMPARE(some->held.size(), size_t(1));
    QVERIFY(!some->away);
    QCOMPARE(desk.claims->settleAll({})->held.size(), size_t(3));
}

void ClaimServiceTest::lostWorkBecomesAConflict() {
    Desk desk;
    fill(desk);
    ClaimService service({desk.source, desk.store->tasks(), desk.store->claims(), desk.store->users(), desk.uids,
                          desk.store->audit(), "DESK1", &desk.store->conflicts()});
    // Three tasks taken without the platform, something written for two of them.
    const char* const tasks[] = {kHead, "2.25.104", "2.25.105"};
    for (const char* uid : tasks) {
        desk.source.nextClaim = {{ErrorCode::PlatformUnreachable, {}}, false};
        ClaimRequest request{taskOf(desk, uid), reader()};
        request.imagesHere = true;
        QVERIFY(service.claim(request, {}));
    }
    ReportContent content;
    content.findings = "右肺结节";
    QVERIFY(desk.store->drafts().save(WorkitemUid(kHead), reader().id, content, {}));
    QVERIFY(desk.store->drafts().save(WorkitemUid("2.25.104"), reader().id, content, {}));
    for (const char* uid : tasks) {
        ReadingTask taken = taskOf(desk, uid);
        taken.state = UpsState::InProgress;
        taken.holderName = "=王^芳";
        taken.holderStation = "DESK2";
        desk.source.put(taken, TransactionUid("9.9"));
    }
    ReadingTask gone = taskOf(desk, "2.25.104");
    gone.state = UpsState::Canceled;
    desk.source.put(gone, {});
    const auto outcome = service.settleAll({});
    QVERIFY(outcome);
    QCOMPARE(outcome->lost.size(), size_t(3));
    const auto conflicts = desk.store->conflicts().open();
    QVERIFY(conflicts);
    QCOMPARE(conflicts->size(), size_t(2)); // of the third nothing is lost
    QCOMPARE((*conflicts)[0].task.value(), QString(kHead));
    QCOMPARE((*conflicts)[0].reason, ErrorCode::TaskClaimedByOther);
    QCOMPARE((*conflicts)[0].holderStation, "DESK2");
    QCOMPARE((*conflicts)[0].holderName, "=王^芳");
    QVERIFY((*conflicts)[0].srInstance.isEmpty());
    QCOMPARE((*conflicts)[1].reason, ErrorCode::TaskWithdrawn);
    // Seen to once, it does not come up again.
    QVERIFY(desk.store->conflicts().close((*conflicts)[0].number));
    QVERIFY(desk.store->conflicts().note((*conflicts)[0]));
    QCOMPARE(desk.store->conflicts().open()->size(), size_t(1));
    QCOMPARE(desk.store->conflicts().close((*conflicts)[0].number).error().code, ErrorCode::NotFound);
    QCOMPARE(desk.store->drafts().find(WorkitemUid(kHead), reader().id).value()->content.findings, "右肺结节");
}

void ClaimServiceTest::auditIsKept() {
    Desk desk;
    fill(desk);
    QVERIFY(desk.claims->claim({taskOf(desk, kHead), reader()}, {}));
    QVERIFY(desk.claims->release(taskOf(desk, kHead), reader(), {}, {}));
    const auto rows = desk.store->audit().latest(10);
    QStringList events;
    for (const AuditStore::Row& row : *rows)
        events.append(row.entry.event);
    QVERIFY(events.contains("task.claimed"));
    QVERIFY(events.contains("task.released"));
}

QTEST_GUILESS_MAIN(ClaimServiceTest)
#include "claim_service_test.moc"
