#pragma once

#include "core/cancel.h"
#include "core/clock.h"
#include "core/result.h"
#include "domain/ports.h"
#include "domain/reading_task.h"
#include "domain/study.h"
#include "domain/transfer_meter.h"

#include <atomic>
#include <functional>
#include <memory>

namespace yz {

class DeskStore;

/// What somebody who waits at the screen for a study wants of it first.
struct ReaderWishes {
    /// The series in the order in which the hanging protocol shows them, by what the platform lists of them and their
    /// objects; those it leaves out come after them as listed. On the thread of the retrieval. Null: as listed.
    std::function<std::vector<SeriesUid>(const std::vector<ListedSeries>&)> order;
    /// A picture the platform made, of the first image that is fetched, when that one will be long in coming. Called
    /// once, before any object of its series is here, on the thread of the retrieval; again, with null, when the image
    /// came and was set aside: then the picture must go. Null: none is asked for.
    std::function<void(const PreviewPtr&)> onPreview;
    /// Where he looks while the rest comes.
    std::shared_ptr<const ReadingFocus> focus;
};

struct AcquireProgress {
    int have = 0;     ///< objects on this workstation
    int total = 0;    ///< objects the platform says the study has
    qint64 bytes = 0; ///< received in this run
    int setAside = 0;
    int damaged = 0; ///< files here that were lost or changed on the disk: they count as missing and are fetched again
    TransferRate rate = {};
    bool isBroken = false; ///< the line broke and is tried again
};

/// Brings a study to this workstation: asks the platform what it has, fetches only what is missing, checks each object
/// before it is indexed. Resuming is calling it again. The middle image of each series comes first, then the series the
/// reader looks at, then series after series in the order of their images.
class AcquireService {
public:
    /// The clock measures the rate; none: the system's.
    AcquireService(DeskStore& store, StudySource& source, PixelSource& pixels, const Clock* clock = nullptr)
        : m_store(store), m_source(source), m_pixels(pixels), m_clock(clock != nullptr ? *clock : m_ownClock) {}

    using InstanceSink = std::function<void(const DataSetHeader&)>; ///< called on the calling thread, object indexed
    using ProgressSink = std::function<void(const AcquireProgress&)>;

    /// The whole study. Objects of another study or patient and broken ones are set aside with the reason and do not
    /// end it. Files that changed on the disk since they came are never used: they are fetched again. Cancelled keeps
    /// what has arrived. StudyIncomplete when the platform could not give everything. Without the platform: success
    /// only when the study was complete here already.
    [[nodiscard]] Result<StudyRecord> acquire(const StudyUid& study, const InstanceSink& onInstance,
                                              const ProgressSink& onProgress, const CancelToken& token,
                                              const ReaderWishes& wishes = {});

    /// One report object (SR or encapsulated PDF) as the platform holds it.
    [[nodiscard]] Result<QByteArray> fetchReportObject(const StudyUid& study, const SeriesUid& series,
                                                       const InstanceUid& instance, const CancelToken& token);

private:
    /// How many there were.
    [[nodiscard]] Result<int> forgetDamagedFiles(const StudyUid& study);
    /// True when there is one.
    bool showPreview(const InstanceRecord& object, const std::vector<ListedSeries>& series, const ReaderWishes& wishes,
                     const CancelToken& token);
    void rememberRate(qint64 bytes, std::chrono::steady_clock::duration took);

    DeskStore& m_store;
    StudySource& m_source;
    PixelSource& m_pixels;
    const SystemClock m_ownClock;
    const Clock& m_clock;
    std::atomic<qint64> m_bytesPerSecond = 0; ///< of the last transfer that says anything; 0: none yet
};

} // namespace yz
