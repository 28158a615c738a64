#pragma once

#include "core/patience.h"
#include "dicom/net/node.h"
#include "dicom/net/retrieval_intake.h"
#include "dicom/net/storage_contexts.h"
#include "domain/ports.h"
#include "domain/retrieval_order.h"

#include <atomic>

namespace yz {

class Association;
class AssociationKeeper;
struct AcceptedContext;

/// One retrieval by C-GET over as many associations as help. Each takes a few objects at a time from what is missing;
/// when its association breaks, what it did not bring goes back, and it comes again after a pause. The first one goes
/// on until nothing came for as often as the settings say; the others stay away where the peer does not take them.
/// Small requests, and those of which it is not known what they name, go over one association. The first object comes
/// over an association that the queries before left open, where there is one and it can carry it.
class RetrievalRun {
public:
    /// `wanted`: in the order they are wanted; empty: not known, the whole study or series is asked for.
    RetrievalRun(const NetworkSettings& settings, AssociationKeeper& keeper, const RetrieveRequest& request,
                 std::vector<InstanceRecord> wanted);

    /// Both sinks are called on the calling thread. Errors as StudySource::retrieve() and DicomStudyClient have them.
    Status run(const StudySource::ObjectSink& sink, const StudySource::ProgressSink& progress,
               const CancelToken& token);

private:
    /// What one association asks for next.
    struct Job {
        SeriesUid series;
        std::vector<InstanceUid> instances;  ///< empty: the whole study or series
        std::vector<InstanceRecord> objects; ///< of them, those that are known
        int failed = 0;                      ///< sub-operations, as the peer counts them
    };
    enum class AfterBreak { GoOn, Leave };

    Status pass(const std::vector<ContextProposal>& storage, int associations);
    /// `association`: one that is open already, or none.
    void work(const std::vector<ContextProposal>& storage, bool isLead, std::unique_ptr<Association> association);
    /// Asks for the first object over a kept association, which is returned where it can carry the others as well.
    std::unique_ptr<Association> begin(std::unique_ptr<Association> kept);
    /// A kept association for what comes behind that, where it can carry all of it.
    std::unique_ptr<Association> join();
    Status ask(Job& job, Association& association, const AcceptedContext& context);
    std::optional<Job> next(bool isLead);
    Job makeJob();
    void giveBack(Job&& job);
    void finish(Job&& job);
    bool mayJoin();
    bool isSettled() const; ///< nobody asks for anything, and nothing is left to ask for
    void conclude(const Error& error);
    AfterBreak afterBreak(const Error& error, bool isLead, size_t& seen, Patience& patience);

    Status deliver();
    void tell();

    const NetworkSettings& m_settings;
    AssociationKeeper& m_keeper;
    const RetrieveRequest& m_request;
    const bool m_isNamed;
    std::vector<InstanceRecord> m_all;
    RetrievalIntake m_intake;
    RetrievalOrder m_order; ///< m_mutex guards it
    CancelToken m_stop;

    mutable std::mutex m_mutex; ///< of what follows
    std::condition_variable m_changed;
    std::vector<InstanceRecord> m_missing; ///< nobody asks for them now; in the order they are wanted
    std::vector<InstanceRecord> m_lost;    ///< the peer did not give them
    std::optional<Error> m_error;          ///< ends everything
    bool m_asksWhole = false;              ///< the next job is the whole study or series
    bool m_bySeries = false;               ///< the peer does not take single instances
    int m_workers = 1;
    int m_jobsOut = 0;
    int m_jobsMade = 0;
    std::chrono::steady_clock::time_point m_firstAsked; ///< when the first job was made
    struct {
        std::chrono::steady_clock::time_point at;
        qint64 bytes = 0; ///< of objects that are arriving
    } m_sampled;          ///< while the first job is alone
    int m_running = 0;
    int m_failed = 0; ///< of finished jobs
    std::atomic<int> m_breaks = 0;

    // The caller's, on its thread.
    const StudySource::ObjectSink* m_sink = nullptr;
    const StudySource::ProgressSink* m_progressSink = nullptr;
    CancelToken m_token;
    RetrieveProgress m_progress;
    std::chrono::steady_clock::time_point m_told;
    int m_breaksTold = 0;
};

} // namespace yz
