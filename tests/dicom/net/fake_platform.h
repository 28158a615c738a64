#pragma once

#include "dicom/net/node.h"
#include "domain/reading_task.h"

#include <QByteArray>
#include <QList>
#include <QStringList>
#include <atomic>
#include <map>
#include <memory>
#include <thread>

namespace yz::test {

/// A platform in the test process, built on DCMTK's own SCP classes: UPS with the state machine of PS3.4 table
/// CC.1.1-2, storage with chosen answers, storage commitment, and retrievals that misbehave.
class FakePlatform {
public:
    FakePlatform();
    ~FakePlatform();

    [[nodiscard]] NetworkSettings settings() const;

    void add(const ReadingTask& task);
    [[nodiscard]] UpsState state(const QString& workitem) const;
    /// First value of an attribute of the work item: "0074,1216/0040,4035/0040,4037" walks first items.
    [[nodiscard]] QString attribute(const QString& workitem, const QString& path) const;

    /// Answers the next requests of a kind ("C-STORE", "N-SET", "N-GET", "N-ACTION", "C-FIND", "C-GET") with a status.
    void force(const QString& operation, int status);
    static constexpr int kAbort = -1; ///< instead of a status: the association is aborted (C-STORE, commitment)
    void unforce();

    /// C-GET: these objects are sent, then comes the end as told.
    enum class End { Success, Abort, Silence, SomeFailed };
    void serve(const QList<QByteArray>& part10Files, End end);

    /// Where the commitment result goes: the request's association, or one of its own to that port.
    enum class CommitmentAnswer { SameAssociation, OwnAssociation, OwnAssociationTwice, Never };
    void setCommitment(CommitmentAnswer answer, int listenerPort, const QStringList& failing);

    /// "N-ACTION 1 context=<uid> class=<uid> instance=<uid>" and so on, in order.
    [[nodiscard]] QStringList log() const;
    /// Data sets of the C-STORE requests that were taken; C-FIND tells them from then on.
    [[nodiscard]] int storedCount() const;
    /// How often an instance was taken.
    [[nodiscard]] int storedCount(const QString& instance) const;
    /// Presentation contexts of this abstract syntax are refused. Before the first settings().
    void refuseContexts(const QString& abstractSyntax);

private:
    class Scp;
    struct Shared;

    void start();
    std::shared_ptr<Shared> m_shared;
    std::unique_ptr<Scp> m_scp;
    std::thread m_thread;
};

} // namespace yz::test
