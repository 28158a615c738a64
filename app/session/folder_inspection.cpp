#include "session/folder_inspection.h"

#include "viewer/study_set.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <algorithm>
#include <map>

namespace yz::inspection {

namespace {

constexpr qint64 kCompareBytes = 1 << 20;

bool isSameFile(const QString& a, const QString& b) {
    QFile first(a);
    QFile second(b);
    if (!first.open(QIODevice::ReadOnly) || !second.open(QIODevice::ReadOnly) || first.size() != second.size())
        return false;
    while (!first.atEnd())
        if (first.read(kCompareBytes) != second.read(kCompareBytes))
            return false;
    return true;
}

/// A DICOMDIR says so in its meta header (PS3.10 7.1), which stands within the first bytes.
bool isMediaDirectory(const QString& path) {
    constexpr qint64 kMetaBytes = 1024;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return false;
    const QByteArray head = file.read(kMetaBytes);
    return head.mid(128, 4) == "DICM" && head.contains(QByteArrayView("1.2.840.10008.1.3.10"));
}

QStringList filesBelow(const QString& folder) {
    QStringList files;
    QDirIterator walk(folder, QDir::Files | QDir::Hidden | QDir::NoSymLinks, QDirIterator::Subdirectories);
    while (walk.hasNext())
        files.append(walk.next());
    files.sort();
    return files;
}

bool agrees(const Patient& a, const Patient& b) {
    const bool isBirthSame = !a.birthDate.isValid() || !b.birthDate.isValid() || a.birthDate == b.birthDate;
    return isBirthSame && isSamePatient(a, b);
}

/// Gathers headers and descriptions file by file.
class Inspector {
public:
    /// `folder`: what the names in the answer are relative to; empty: as given.
    Inspector(const QString& folder, PixelSource& source, const InspectOptions& options)
        : m_folder(folder), m_source(source), m_options(options) {}

    void take(const QString& path, const Result<DataSetHeader>& header, const CancelToken& token) {
        ++m_result.fileCount;
        const QString name = nameOf(path);
        if (!header) {
            if (isMediaDirectory(path))
                m_result.directories.append(name);
            else if (header.error().code == ErrorCode::NotDicom)
                m_result.notDicom.append(name);
            else
                m_result.problems.push_back({name, header.error()});
            return;
        }
        const auto [known, isNew] = m_first.emplace(header->instance.instance.value(), path);
        if (!isNew) {
            m_duplicates[header->instance.instance.value()].append(path);
            return;
        }
        StudyInspection& study = studyOf(*header);
        addPatient(study, header->study.patient, name);
        SeriesInspection& series = seriesOf(study, header->series);
        InstanceRecord record = header->instance;
        record.path = path;
        series.record.instances.push_back(record);
        if (header->textWasRepaired)
            series.repairedText.append(name);
        if (record.frameCount == 0) {
            ++series.otherObjects;
            return;
        }
        const Result<ImageDescriptionPtr> image = m_source.describe(path);
        if (!image) {
            m_result.problems.push_back({name, image.error()});
            return;
        }
        m_images[series.record.series.value()].push_back(*image);
        for (int frame = 0; m_options.decodeAll && frame < (*image)->frameCount && !token.isCancelled(); ++frame)
            if (const Result<PixelBufferPtr> pixels = m_source.decode(path, frame, token); !pixels) {
                m_result.problems.push_back({name, pixels.error(), frame});
                break; // a header may promise a million frames
            }
    }

    [[nodiscard]] const Error* lastProblem() const {
        return m_result.problems.empty() ? nullptr : &m_result.problems.back().error;
    }

    FolderInspection finish() {
        std::map<QString, int> studiesOfSeries;
        for (auto& [uid, study] : m_studies) {
            for (SeriesInspection& series : study.series) {
                series.stacks = assembleStacks(m_images[series.record.series.value()]);
                if (++studiesOfSeries[series.record.series.value()] == 2)
                    m_result.sharedSeries.push_back(series.record.series);
            }
            m_result.studies.push_back(std::move(study));
        }
        for (const auto& [uid, paths] : m_duplicates) {
            Duplicate duplicate;
            duplicate.instance = InstanceUid(uid);
            const QString first = m_first[uid];
            duplicate.files.append(nameOf(first));
            duplicate.isIdentical = true;
            for (const QString& path : paths) {
                duplicate.files.append(nameOf(path));
                duplicate.isIdentical = duplicate.isIdentical && isSameFile(first, path);
            }
            m_result.duplicates.push_back(std::move(duplicate));
        }
        return std::move(m_result);
    }

private:
    [[nodiscard]] QString nameOf(const QString& path) const {
        return m_folder.isEmpty() ? path : QDir(m_folder).relativeFilePath(path);
    }

    StudyInspection& studyOf(const DataSetHeader& header) {
        const auto [study, isNew] = m_studies.try_emplace(header.study.study.value());
        if (isNew)
            study->second.record = header.study;
        return study->second;
    }

    static SeriesInspection& seriesOf(StudyInspection& study, const SeriesRecord& record) {
        const auto known = std::find_if(study.series.begin(), study.series.end(), [&](const SeriesInspection& series) {
            return series.record.series == record.series;
        });
        if (known != study.series.end())
            return *known;
        SeriesInspection series;
        series.record = record;
        study.series.push_back(std::move(series));
        return study.series.back();
    }

    static void addPatient(StudyInspection& study, const Patient& patient, const QString& file) {
        const auto known = std::find_if(study.patients.begin(), study.patients.end(),
                                        [&](const PatientVariant& v) { return agrees(v.patient, patient); });
        if (known != study.patients.end())
            known->files.append(file);
        else
            study.patients.push_back({patient, {file}});
    }

    QString m_folder;
    PixelSource& m_source;
    InspectOptions m_options;
    FolderInspection m_result;
    std::map<QString, StudyInspection> m_studies;
    std::map<QString, std::vector<ImageDescriptionPtr>> m_images; ///< by series
    std::map<QString, QString> m_first;                           ///< instance -> path
    std::map<QString, QStringList> m_duplicates;
};

} // namespace

bool FolderInspection::isClean() const {
    const auto isSeriesClean = [](const SeriesInspection& series) {
        return series.repairedText.isEmpty() &&
               std::all_of(series.stacks.begin(), series.stacks.end(), [](const Stack& stack) {
                   return std::all_of(stack.findings.begin(), stack.findings.end(), [](const GeometryFinding& f) {
                       return f.kind == GeometryFinding::Kind::TooFewSlices;
                   });
               });
    };
    return problems.empty() && duplicates.empty() && sharedSeries.empty() &&
           std::all_of(studies.begin(), studies.end(), [&](const StudyInspection& study) {
               return study.patients.size() <= 1 &&
                      std::all_of(study.series.begin(), study.series.end(), isSeriesClean);
           });
}

namespace {

Result<FolderInspection> inspectAll(const QStringList& files, PixelSource& source, Inspector inspector,
                                    const CancelToken& token) {
    constexpr qsizetype kAtOnce = 512;
    for (qsizetype first = 0; first < files.size(); first += kAtOnce) {
        const QStringList some = files.mid(first, kAtOnce);
        const std::vector<Result<DataSetHeader>> headers = source.readHeaders(some, token);
        for (qsizetype i = 0; i < some.size(); ++i) {
            if (token.isCancelled())
                return fail(ErrorCode::Cancelled);
            inspector.take(some[i], headers[static_cast<size_t>(i)], token);
            // Not the file's fault, and the same for every file.
            if (const Error* last = inspector.lastProblem(); last && last->code == ErrorCode::DecoderUnavailable)
                return fail(*last);
        }
    }
    return inspector.finish();
}

} // namespace

Result<FolderInspection> inspectFolder(const QString& folder, PixelSource& source, const InspectOptions& options,
                                       const CancelToken& token) {
    if (!QDir(folder).exists())
        return fail(ErrorCode::NotFound, QStringLiteral("no such folder"));
    const QString absolute = QDir(folder).absolutePath();
    return inspectAll(filesBelow(absolute), source, Inspector(absolute, source, options), token);
}

Result<FolderInspection> inspectPaths(const QStringList& paths, PixelSource& source, const InspectOptions& options,
                                      const CancelToken& token) {
    QStringList files;
    for (const QString& path : paths) {
        if (QFileInfo(path).isDir())
            files.append(filesBelow(path));
        else
            files.append(path);
    }
    return inspectAll(files, source, Inspector(QString(), source, options), token);
}

} // namespace yz::inspection
