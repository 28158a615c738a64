#pragma once

#include "core/cancel.h"
#include "domain/ports.h"
#include "domain/study.h"
#include "imaging/hanging.h"
#include "imaging/volume.h"
#include "viewer/viewer_state.h"

#include <QHash>
#include <QObject>
#include <QSet>
#include <memory>
#include <optional>
#include <vector>

namespace yz {

/// A file that is not among the pictures of its series, and why.
struct RefusedInstance {
    InstanceUid instance;
    Error error;
    std::optional<Patient> patient; ///< whose it is, when that is the reason
};

struct LoadedSeries {
    SeriesRecord record; ///< instances: all that were announced, images or not
    StudyUid study;
    std::vector<ImageDescriptionPtr> images;
    std::vector<Stack> stacks;
    std::vector<RefusedInstance> refused;
    int waiting = 0; ///< announced images whose headers are not read yet

    [[nodiscard]] int announcedFrames() const;
};

struct LoadedStudy {
    StudyRecord record; ///< without series
    bool isPrior = false;
    std::vector<SeriesUid> series;
};

[[nodiscard]] FrameKey keyOf(const FrameRef& frame);
/// Where a stack opens: its middle; the start of a cine.
[[nodiscard]] int initialIndex(const Stack& stack);
/// What hanging protocols see of a series: one entry a stack.
[[nodiscard]] std::vector<HangingSeries> hangingSeriesOf(const SeriesRecord& record, const std::vector<Stack>& stacks);

/// True when two data sets may belong to one person: same identifier (where both have one) and same name (in a script
/// both have).
[[nodiscard]] bool isSamePatient(const Patient& a, const Patient& b);

/// The studies on the page: reads each instance's header off the GUI thread, keeps foreign patients and studies out,
/// and assembles stacks again as instances arrive.
class StudySet : public QObject {
    Q_OBJECT

public:
    explicit StudySet(std::shared_ptr<PixelSource> source, QObject* parent = nullptr);
    ~StudySet() override;

    void open(const StudyRecord& current, const std::vector<StudyRecord>& priors);
    /// Known instances are passed over.
    void addInstance(const InstanceRecord& instance);
    void close();

    [[nodiscard]] const std::vector<LoadedStudy>& studies() const { return m_studies; }
    [[nodiscard]] const LoadedStudy* study(const StudyUid& uid) const;
    [[nodiscard]] const LoadedSeries* series(const SeriesUid& uid) const;
    [[nodiscard]] const Stack* stack(const StackKey& key) const;
    [[nodiscard]] QString pathOf(const InstanceUid& instance) const { return m_paths.value(instance); }
    [[nodiscard]] SeriesUid seriesOf(const InstanceUid& instance) const { return m_seriesOf.value(instance); }
    /// As the data set itself says; the study's patient while its header is not read.
    [[nodiscard]] Patient patientOf(const InstanceUid& instance, const StudyUid& study) const;
    /// Where a frame is now; false when it is in no stack.
    [[nodiscard]] bool locate(const SeriesUid& series, const FrameKey& frame, int& stack, int& index) const;
    [[nodiscard]] HangingInput hangingInput() const;
    [[nodiscard]] bool isReading() const { return m_waiting > 0; }

Q_SIGNALS:
    void seriesAdded(const yz::SeriesUid& series);
    void stacksChanged(const yz::SeriesUid& series);
    void instanceRefused(const yz::SeriesUid& series);
    void allRead();

private:
    void addStudy(const StudyRecord& record, bool isPrior);
    LoadedSeries& ensureSeries(const StudyUid& study, const SeriesRecord& record);
    bool announce(const InstanceRecord& instance); ///< true when it is new and an image
    void read(const std::vector<InstanceRecord>& instances, int priority);
    void take(const InstanceRecord& instance, const DescribedFile& result);
    void readLater(const SeriesUid& series, int priority);
    void assemble(const SeriesUid& series);
    void assembleDirty();

    std::shared_ptr<PixelSource> m_source;
    std::vector<LoadedStudy> m_studies;
    QHash<SeriesUid, LoadedSeries> m_series;
    QHash<InstanceUid, QString> m_paths;
    QHash<InstanceUid, SeriesUid> m_seriesOf;
    QHash<InstanceUid, std::shared_ptr<const Patient>> m_patients;
    QSet<SeriesUid> m_dirty;
    QHash<SeriesUid, std::vector<InstanceRecord>> m_later; ///< read once the first of their series is
    bool m_assemblyPending = false;
    int m_waiting = 0;
    CancelToken m_token;
};

} // namespace yz
