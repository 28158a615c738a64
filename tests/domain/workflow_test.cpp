#include "domain/workflow.h"

#include <QTest>
#include <array>

using namespace yz;

namespace {

using S = ReadingState;
using M = ReadingMove;

constexpr std::array<S, 10> kStates{S::Waiting,  S::Reading,   S::Submitted, S::Reviewing, S::Returned,
                                    S::Approved, S::Published, S::Amended,   S::Withdrawn, S::Rejected};
constexpr std::array<M, 12> kMoves{M::Claim,         M::Release, M::Submit,   M::TakeForReview,
                                   M::ReleaseReview, M::Return,  M::Approve,  M::UndoApproval,
                                   M::Publish,       M::Amend,   M::Withdraw, M::RejectStudy};

// The rule book, written again by hand from the workflow's words; every pair not here is refused.
std::optional<S> expected(S from, M move) {
    if (move == M::Claim && (from == S::Waiting || from == S::Returned))
        return S::Reading;
    if (from == S::Reading)
        return move == M::Release       ? std::optional(S::Waiting)
               : move == M::Submit      ? std::optional(S::Submitted)
               : move == M::RejectStudy ? std::optional(S::Rejected)
                                        : std::nullopt;
    if (from == S::Submitted && move == M::TakeForReview)
        return S::Reviewing;
    if (from == S::Reviewing)
        return move == M::ReleaseReview ? std::optional(S::Submitted)
               : move == M::Return      ? std::optional(S::Returned)
               : move == M::Approve     ? std::optional(S::Approved)
                                        : std::nullopt;
    if (from == S::Approved)
        return move == M::UndoApproval ? std::optional(S::Reviewing)
               : move == M::Publish    ? std::optional(S::Published)
                                       : std::nullopt;
    if (from == S::Published)
        return move == M::Amend      ? std::optional(S::Amended)
               : move == M::Withdraw ? std::optional(S::Withdrawn)
                                     : std::nullopt;
    return std::nullopt;
}

User everyRole() {
    User user;
    user.roles = {Role::Reader, Role::Reviewer};
    return user;
}

} // namespace

class WorkflowTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyPairOfStateAndMove() {
        const User user = everyRole();
        for (S from : kStates)
            for (M move : kMoves) {
                MoveRequest request{from, move, &user, false, false, QStringLiteral("reason")};
                if (move == M::Publish)
                    request.actor = nullptr;
                const Result<S> result = applyMove(request);
                const std::optional<S> wanted = expected(from, move);
                const QByteArray where = stateName(from).toLatin1() + " move " + QByteArray::number(int(move));
                QCOMPARE(result.has_value(), wanted.has_value());
                if (wanted)
                    QVERIFY2(*result == *wanted, where.constData());
                else
                    QVERIFY2(result.error().code == ErrorCode::TaskStateForbids, where.constData());
            }
    }

    void rolesAreAskedFor() {
        User administrator;
        administrator.roles = {Role::Administrator, Role::QaSupervisor};
        for (const Transition& t : transitions()) {
            if (!t.role)
                continue;
            const Result<S> result = applyMove({t.from, t.move, &administrator, false, false, QStringLiteral("r")});
            QVERIFY(!result);
            QCOMPARE(result.error().code, ErrorCode::RoleForbids);
        }
    }

    void nobodyReviewsTheirOwnReportUnlessTheSiteAllowsIt() {
        const User user = everyRole();
        const Result<S> refused = applyMove({S::Reviewing, M::Approve, &user, true, false, {}});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::SelfReviewForbidden);
        const Result<S> allowed = applyMove({S::Reviewing, M::Approve, &user, true, true, {}});
        QVERIFY(allowed.has_value());
    }

    void returnNeedsAReason() {
        const User user = everyRole();
        const Result<S> silent = applyMove({S::Reviewing, M::Return, &user, false, false, QStringLiteral("  ")});
        QVERIFY(!silent);
        QCOMPARE(silent.error().code, ErrorCode::ReasonRequired);
    }

    void onlyTheSystemPublishes() {
        const User user = everyRole();
        QCOMPARE(applyMove({S::Approved, M::Publish, &user, false, false, {}}).error().code, ErrorCode::RoleForbids);
    }

    void namesRoundTrip() {
        for (S state : kStates) {
            S back = S::Waiting;
            QVERIFY(stateFromName(stateName(state), back));
            QVERIFY(back == state);
        }
    }
};

QTEST_GUILESS_MAIN(WorkflowTest)
#include "workflow_test.moc"
