#include "viewer/study_set.h"

#include "core/log.h"
#include "jobs/jobs.h"

#include <QTimer>
#include <algorithm>

namespace yz {

namespace {

constexpr int firstPriority = 60; // one picture of each series, for hanging and thumbnails
constexpr int currentPriority = 50;
constexpr int priorPriority = 40;
constexpr int assemblyIntervalMs = 80;

bool isHan(const QString& text) {
    return std::any_of(text.begin(), text.end(), [](QChar c) { return c.script() == QChar::Script_Han; });
}

QString plainLatin(QString name) {
    name.replace(u'^', u' ');
    return name.simplified().remove(u' ').toLower();
}

} // namespace

int LoadedSeries::announcedFrames() const {
    int count = 0;
    for (const InstanceRecord& instance : record.instances)
        count += instance.frameCount;
    return count;
}

FrameKey keyOf(const FrameRef& frame) { return {frame.image->instance, frame.frame}; }

int initialIndex(const Stack& stack) {
    const bool isCine = stack.frames.front().image->frameCount > 1 && !stack.sortedByGeometry;
    return isCine || stack.frames.size() < 3 ? 0 : static_cast<int>(stack.frames.size() / 2);
}

bool isSamePatient(const Patient& a, const Patient& b) {
    const QString idA = a.id.value().trimmed(), idB = b.id.value().trimmed();
    if (!idA.isEmpty() && !idB.isEmpty() && idA != idB)
        return false;
    const QString shownA = a.name.display(), shownB = b.name.display();
    if (isHan(shownA) && isHan(shownB))
        return QString(shownA).remove(u' ') == QString(shownB).remove(u' ');
    const QString latinA = plainLatin(isHan(a.name.alphabetic) ? QString() : a.name.alphabetic);
    const QString latinB = plainLatin(isHan(b.name.alphabetic) ? QString() : b.name.alphabetic);
    return latinA.isEmpty() || latinB.isEmpty() || latinA == latinB;
}

StudySet::StudySet(std::shared_ptr<PixelSource> source, QObject* parent)
    : QObject(parent), m_source(std::move(source)) {}

StudySet::~StudySet() { m_token.cancel(); }

void StudySet::close() {
    m_token.cancel();
    m_token = CancelToken();
    m_studies.clear();
    m_series.clear();
    m_paths.clear();
    m_seriesOf.clear();
    m_patients.clear();
    m_dirty.clear();
    m_later.clear();
    m_waiting = 0;
}

void StudySet::open(const StudyRecord& current, const std::vector<StudyRecord>& priors) {
    close();
    std::vector<StudyRecord> sorted = priors;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const StudyRecord& a, const StudyRecord& b) { return a.time > b.time; });
    addStudy(current, false);
    for (const StudyRecord& prior : sorted)
        addStudy(prior, true);
}

void StudySet::addStudy(const StudyRecord& record, bool isPrior) {
    LoadedStudy study;
    study.record = record;
    study.record.series.clear();
    study.isPrior = isPrior;
    m_studies.push_back(study);
    for (const SeriesRecord& series : record.series) {
        ensureSeries(record.study, series);
        // The middle instance first: a stack's first picture then shows anatomy, and a thumbnail is there at once.
        std::vector<InstanceRecord> instances = series.instances;
        std::stable_sort(instances.begin(), instances.end(), [](const InstanceRecord& a, const InstanceRecord& b) {
            return a.instanceNumber < b.instanceNumber;
        });
        if (instances.size() > 2)
            std::rotate(instances.begin(), instances.begin() + static_cast<long>(instances.size() / 2),
                        instances.begin() + static_cast<long>(instances.size() / 2) + 1);
        for (const InstanceRecord& instance : instances)
            announce(instance);
        // The others wait for it, so that it is sure to be the first.
        const auto first = std::find_if(instances.begin(), instances.end(),
                                        [](const InstanceRecord& instance) { return instance.frameCount > 0; });
        if (first == instances.end())
            continue;
        m_later.insert(series.series, {std::next(first), instances.end()});
        read({*first}, isPrior ? priorPriority : firstPriority);
    }
}

LoadedSeries& StudySet::ensureSeries(const StudyUid& study, const SeriesRecord& record) {
    const auto known = m_series.find(record.series);
    if (known != m_series.end())
        return *known;
    auto owner =
        std::find_if(m_studies.begin(), m_studies.end(), [&](const LoadedStudy& s) { return s.record.study == study; });
    if (owner == m_studies.end()) {
        LoadedStudy unknown;
        unknown.record.study = study;
        unknown.isPrior = !m_studies.empty();
        m_studies.push_back(unknown);
        owner = std::prev(m_studies.end());
    }
    owner->series.push_back(record.series);
    LoadedSeries series;
    series.record = record;
    series.record.instances.clear();
    series.study = study;
    LoadedSeries& stored = *m_series.insert(record.series, series);
    Q_EMIT seriesAdded(record.series);
    return stored;
}

void StudySet::addInstance(const InstanceRecord& instance) {
    SeriesRecord record;
    record.series = instance.series;
    ensureSeries(instance.study, record);
    const LoadedStudy* owner = study(instance.study);
    if (announce(instance))
        read({instance}, owner && owner->isPrior ? priorPriority : currentPriority);
}

bool StudySet::announce(const InstanceRecord& instance) {
    if (m_paths.contains(instance.instance))
        return false;
    m_paths.insert(instance.instance, instance.path);
    m_seriesOf.insert(instance.instance, instance.series);
    LoadedSeries& series = m_series[instance.series];
    series.record.instances.push_back(instance);
    if (instance.frameCount <= 0)
        return false;
    ++series.waiting;
    ++m_waiting;
    return true;
}

void StudySet::read(const std::vector<InstanceRecord>& instances, int priority) {
    if (instances.empty())
        return;
    const CancelToken token = m_token;
    QStringList paths;
    for (const InstanceRecord& instance : instances)
        paths.append(instance.path);
    auto future = jobs::start(
        jobs::Lane::Decode, [source = m_source, paths, token]() { return source->describeFiles(paths, token); }, token,
        priority);
    jobs::whenDone(std::move(future), this, [this, instances, token](const std::vector<DescribedFile>& files) {
        for (size_t i = 0; i < instances.size() && !token.isCancelled(); ++i)
            take(instances[i], files[i]);
    });
}

void StudySet::take(const InstanceRecord& instance, const DescribedFile& result) {
    LoadedSeries& series = m_series[instance.series];
    --series.waiting;
    --m_waiting;
    const auto refuse = [&](Error error, std::optional<Patient> patient = {}) {
        qCWarning(logViewer).noquote() << "not shown:" << error.toString();
        series.refused.push_back({instance.instance, std::move(error), std::move(patient)});
        Q_EMIT instanceRefused(instance.series);
    };
    auto owner = std::find_if(m_studies.begin(), m_studies.end(),
                              [&](const LoadedStudy& s) { return s.record.study == series.study; });
    if (!result.header) {
        refuse(result.header.error());
    } else if (!result.image) {
        refuse(result.image.error());
    } else {
        const DataSetHeader& header = *result.header;
        StudyRecord& study = owner->record;
        if (study.patient.id.isEmpty() && study.patient.name.isEmpty()) {
            study.patient = header.study.patient;
            study.time = study.time.isValid() ? study.time : header.study.time;
            study.institution = study.institution.isEmpty() ? header.study.institution : study.institution;
            study.description = study.description.isEmpty() ? header.study.description : study.description;
        }
        if (series.record.modality.isEmpty()) {
            auto instances = std::move(series.record.instances);
            series.record = header.series;
            series.record.instances = std::move(instances);
        }
        if (!isSamePatient(header.study.patient, study.patient)) {
            refuse({ErrorCode::PatientMismatch, QStringLiteral("data set of another patient inside the study")},
                   header.study.patient);
        } else if (!(*result.image)->study.isEmpty() && (*result.image)->study != series.study) {
            refuse({ErrorCode::StudyMismatch, QStringLiteral("data set of another study inside the study")});
        } else {
            m_patients.insert(instance.instance, std::make_shared<Patient>(header.study.patient));
            series.images.push_back(*result.image);
            if (series.stacks.empty()) {
                assemble(instance.series);
            } else {
                m_dirty.insert(instance.series);
                if (!m_assemblyPending) {
                    m_assemblyPending = true;
                    QTimer::singleShot(assemblyIntervalMs, this, &StudySet::assembleDirty);
                }
            }
        }
    }
    readLater(instance.series, owner->isPrior ? priorPriority : currentPriority);
    if (m_waiting == 0) {
        assembleDirty();
        Q_EMIT allRead();
    }
}

void StudySet::readLater(const SeriesUid& series, int priority) {
    constexpr size_t kFilesAJob = 32; // a few milliseconds: what the reader looks at next does not wait long behind it
    std::vector<InstanceRecord> some;
    for (const InstanceRecord& later : m_later.take(series)) {
        if (later.frameCount <= 0)
            continue;
        some.push_back(later);
        if (some.size() == kFilesAJob)
            read(std::exchange(some, {}), priority);
    }
    read(some, priority);
}

void StudySet::assembleDirty() {
    m_assemblyPending = false;
    const QSet<SeriesUid> dirty = std::exchange(m_dirty, {});
    for (const SeriesUid& uid : dirty)
        assemble(uid);
}

void StudySet::assemble(const SeriesUid& uid) {
    const auto series = m_series.find(uid);
    if (series == m_series.end())
        return;
    m_dirty.remove(uid);
    series->stacks = assembleStacks(series->images);
    Q_EMIT stacksChanged(uid);
}

const LoadedStudy* StudySet::study(const StudyUid& uid) const {
    const auto found =
        std::find_if(m_studies.begin(), m_studies.end(), [&](const LoadedStudy& s) { return s.record.study == uid; });
    return found == m_studies.end() ? nullptr : &*found;
}

const LoadedSeries* StudySet::series(const SeriesUid& uid) const {
    const auto found = m_series.constFind(uid);
    return found == m_series.constEnd() ? nullptr : &*found;
}

const Stack* StudySet::stack(const StackKey& key) const {
    const LoadedSeries* owner = series(key.series);
    if (!owner || key.stack < 0 || key.stack >= static_cast<int>(owner->stacks.size()))
        return nullptr;
    return &owner->stacks[static_cast<size_t>(key.stack)];
}

Patient StudySet::patientOf(const InstanceUid& instance, const StudyUid& studyUid) const {
    if (const auto patient = m_patients.value(instance))
        return *patient;
    const LoadedStudy* owner = study(studyUid);
    return owner ? owner->record.patient : Patient{};
}

bool StudySet::locate(const SeriesUid& seriesUid, const FrameKey& frame, int& stackIndex, int& index) const {
    const LoadedSeries* owner = series(seriesUid);
    if (!owner || frame.instance.isEmpty())
        return false;
    for (size_t s = 0; s < owner->stacks.size(); ++s) {
        const auto& frames = owner->stacks[s].frames;
        for (size_t i = 0; i < frames.size(); ++i) {
            if (frames[i].frame == frame.frame && frames[i].image->instance == frame.instance) {
                stackIndex = static_cast<int>(s);
                index = static_cast<int>(i);
                return true;
            }
        }
    }
    return false;
}

namespace {

HangingSeries hangingBase(const SeriesRecord& record) {
    HangingSeries base;
    base.series = record.series;
    base.modality = record.modality;
    base.description = record.description;
    base.bodyPart = record.bodyPart;
    base.laterality = record.laterality;
    base.viewPosition = record.viewPosition;
    base.seriesNumber = record.seriesNumber;
    return base;
}

} // namespace

std::vector<HangingSeries> hangingSeriesOf(const SeriesRecord& record, const std::vector<Stack>& stacks) {
    const HangingSeries base = hangingBase(record);
    std::vector<HangingSeries> list;
    for (size_t s = 0; s < stacks.size(); ++s) {
        const Stack& stack = stacks[s];
        if (stack.frames.empty())
            continue;
        HangingSeries entry = base;
        const FrameRef& middle = stack.frames[stack.frames.size() / 2];
        entry.stackIndex = static_cast<int>(s);
        entry.frameCount = static_cast<int>(stack.frames.size());
        entry.canFormVolume = canFormVolume(stack).has_value();
        entry.imageType = middle.image->imageType;
        entry.plane = middle.description().plane;
        if (entry.modality.isEmpty())
            entry.modality = middle.image->modality;
        // The series' record speaks of its first instance only.
        if (!middle.image->laterality.isEmpty())
            entry.laterality = middle.image->laterality;
        if (!middle.image->viewPosition.isEmpty())
            entry.viewPosition = middle.image->viewPosition;
        entry.patientOrientation = middle.image->patientOrientation;
        list.push_back(std::move(entry));
    }
    return list;
}

namespace {

void addHangingSeries(const LoadedSeries& loaded, std::vector<HangingSeries>& list) {
    for (HangingSeries& entry : hangingSeriesOf(loaded.record, loaded.stacks))
        list.push_back(std::move(entry));
    // Not read yet: hung by what the index says. None could be read: hung all the same, the viewport says why.
    if (loaded.stacks.empty() && (loaded.waiting > 0 || !loaded.refused.empty())) {
        HangingSeries base = hangingBase(loaded.record);
        base.frameCount = loaded.announcedFrames();
        list.push_back(std::move(base));
    }
}

} // namespace

HangingInput StudySet::hangingInput() const {
    HangingInput input;
    for (const LoadedStudy& loaded : m_studies) {
        HangingStudy study;
        study.study = loaded.record.study;
        study.date = loaded.record.time.date();
        study.description = loaded.record.description;
        for (const SeriesUid& uid : loaded.series) {
            if (const LoadedSeries* owner = series(uid)) {
                addHangingSeries(*owner, study.series);
                if (owner->announcedFrames() == 0 && owner->stacks.empty())
                    continue; // reports and presentation states say nothing of the kind of examination
                if (study.modality.isEmpty())
                    study.modality = owner->record.modality;
                if (study.bodyPart.isEmpty())
                    study.bodyPart = owner->record.bodyPart;
            }
        }
        if (loaded.isPrior)
            input.priors.push_back(std::move(study));
        else
            input.current = std::move(study);
    }
    return input;
}

} // namespace yz
