#pragma once

#include "core/cancel.h"
#include "domain/ports.h"
#include "domain/user.h"
#include "storage/conflict_store.h"

#include <optional>
#include <vector>

namespace yz {

class AcquireService;
class DeskStore;

/// Both sides of a conflict, for a person to compare: what was written here, which stays here, and what another reader
/// signed. Blocking; call from a job. Thread-safe.
class ConflictService {
public:
    ConflictService(DeskStore& store, StudySource& studies, AcquireService& acquire, ReportEncoder& encoder,
                    SignatureVerifier& verifier)
        : m_store(store), m_studies(studies), m_acquire(acquire), m_encoder(encoder), m_verifier(verifier) {}

    /// What a conflict is about, as far as this workstation knows it.
    struct Side {
        ReportContent content;
        QString name; ///< who wrote it
        QDateTime at; ///< signed, or last saved
        bool isSigned = false;
        bool hasReviewer = false;
        QString reviewerName;
    };
    struct Case {
        ConflictStore::Conflict conflict;
        Order order; ///< empty fields where the task is known no more
        Side ours;
    };
    /// Those nobody has seen to yet, oldest first.
    [[nodiscard]] Result<std::vector<Case>> open() const;

    /// The newest report of the study on the platform that is not ours; none: nobody has signed one yet. Errors of the
    /// line; SignedContentChanged when its signature does not hold.
    [[nodiscard]] Result<std::optional<Side>> theirs(const ConflictStore::Conflict& conflict, const CancelToken& token);

    /// The person has compared them: ours stays here and is not sent any more, the conflict is closed. Errors of
    /// ReportStore::setAside.
    [[nodiscard]] Status keepHere(const ConflictStore::Conflict& conflict, const User& user);

private:
    [[nodiscard]] Result<Side> oursOf(const ConflictStore::Conflict& conflict) const;

    DeskStore& m_store;
    StudySource& m_studies;
    AcquireService& m_acquire;
    ReportEncoder& m_encoder;
    SignatureVerifier& m_verifier;
};

} // namespace yz
