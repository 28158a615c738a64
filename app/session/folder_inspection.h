#pragma once

#include "core/cancel.h"
#include "domain/ports.h"
#include "imaging/volume.h"

#include <QStringList>
#include <optional>
#include <vector>

/// What a folder of files holds and everything that is wrong with it. Blocks; any thread.
namespace yz::inspection {

/// A file that could not be used, wholly or in part; paths are relative to the folder.
struct FileProblem {
    QString file;
    Error error;
    int frame = -1; ///< 0-based when one frame is the problem
};

/// Several files with one SOP Instance UID. The first (in order of names) counts, the others are left out.
struct Duplicate {
    InstanceUid instance;
    QStringList files;
    bool isIdentical = false; ///< byte for byte
};

struct SeriesInspection {
    SeriesRecord record; ///< with its instances, paths absolute
    std::vector<Stack> stacks;
    QStringList repairedText; ///< files whose declared character set was wrong
    int otherObjects = 0;     ///< instances that are no images
};

/// Files of one study that say the same about the patient.
struct PatientVariant {
    Patient patient;
    QStringList files;
};

struct StudyInspection {
    StudyRecord record; ///< without series; patient of the first file
    std::vector<SeriesInspection> series;
    std::vector<PatientVariant> patients; ///< more than one: the files contradict each other
};

struct FolderInspection {
    int fileCount = 0;
    std::vector<StudyInspection> studies; ///< in order of their UIDs
    std::vector<Duplicate> duplicates;
    std::vector<FileProblem> problems;
    QStringList notDicom;    ///< files that are no DICOM at all
    QStringList directories; ///< DICOMDIR files (PS3.10 8.6)
    /// Series UIDs that occur in more than one study.
    std::vector<SeriesUid> sharedSeries;

    /// True when there is nothing that a reader would have to know: other files and directories do not count.
    [[nodiscard]] bool isClean() const;
};

struct InspectOptions {
    bool decodeAll = false; ///< decode every frame too, up to the first of a file that cannot be
};

/// Every file below `folder` (links are not followed). A file that cannot be read never ends it. NotFound when there is
/// no such folder, Cancelled, DecoderUnavailable.
[[nodiscard]] Result<FolderInspection> inspectFolder(const QString& folder, PixelSource& source,
                                                     const InspectOptions& options, const CancelToken& token);

/// The same for files and folders named one by one; paths in the answer are as given.
[[nodiscard]] Result<FolderInspection> inspectPaths(const QStringList& paths, PixelSource& source,
                                                    const InspectOptions& options, const CancelToken& token);

} // namespace yz::inspection
