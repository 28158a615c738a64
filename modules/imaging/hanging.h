#pragma once

#include "core/result.h"
#include "domain/image.h"

#include <QByteArray>
#include <QDate>
#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

/// Hanging protocols as data, matched by a pure function that gives a score and the reasons.
namespace yz {

/// What a protocol is matched against: one series of the current study or of a prior.
struct HangingSeries {
    SeriesUid series;
    QString modality, description, bodyPart, laterality, viewPosition;
    QStringList imageType;
    int stackIndex = 0; ///< stack within the series
    int frameCount = 0;
    bool canFormVolume = false;
    std::optional<PlanePosition> plane; ///< of the middle frame
    int seriesNumber = 0;
};
struct HangingStudy {
    StudyUid study;
    QDate date;
    QString modality, bodyPart, description;
    std::vector<HangingSeries> series;
};
struct HangingInput {
    HangingStudy current;
    std::vector<HangingStudy> priors; ///< newest first
};

/// A rule on one attribute: required rules must hold, every rule that holds adds its weight. Text attributes may be
/// joined by
/// "|" ("bodyPart|description"): either will do. In `match` a text rule holds when it holds for the study or any of its
/// series. "plane" is axial, coronal, sagittal or oblique; "priorCount" counts the priors of the same kind of
/// examination (CR, DX and DR are one) that are not of another region of the body. docs/hanging-protocol.schema.json
/// says it for files.
struct HangingRule {
    QString attribute; ///< "modality", "bodyPart", "description", "viewPosition", "laterality", "imageType", "plane",
                       ///< "priorCount", "seriesCount", "frameCount"
    QString op;        ///< "equals", "contains", "matches" (case-insensitive regular expression), "atLeast", "atMost"
    QString value;
    double weight = 1.0;
    bool required = false;
};

struct HangingViewport {
    int row = 0, column = 0, rowSpan = 1, columnSpan = 1;
    int study = 0;                   ///< 0: current, 1: nearest prior of those that priorCount counts, ...
    std::vector<HangingRule> select; ///< picks the series; the best score wins, ties: not yet shown, series number
    QString kind;                    ///< "stack", "mpr-axial", "mpr-coronal", "mpr-sagittal"
    QString preset;                  ///< window preset id, empty: from the data
    bool inverted = false;
    QString emptyText; ///< code of what is missing: "prior", "series"
};
struct HangingStage {
    QString name;
    int rows = 1, columns = 1;
    std::vector<HangingViewport> viewports;
    QString link; ///< "position", "index", "none"
};
struct HangingProtocol {
    QString id, name; ///< name is a Chinese title; the UI shows it as data
    std::vector<HangingRule> match;
    std::vector<HangingStage> stages;
};

/// Parses and checks one protocol file; TemplateBroken with the place and the reason.
[[nodiscard]] Result<HangingProtocol> parseHangingProtocol(const QByteArray& json);

struct HangingScore {
    const HangingProtocol* protocol = nullptr;
    bool matches = false;
    double score = 0.0;
    QStringList reasons; ///< "+2 modality equals CT", "- required bodyPart equals HEAD"
};
/// All protocols, best first; those that do not match last.
[[nodiscard]] std::vector<HangingScore> rankProtocols(const std::vector<HangingProtocol>& protocols,
                                                      const HangingInput& input);

/// Where each viewport of a stage gets its pictures from; no series: an empty slot that says what is missing. A stack
/// appears twice only with another kind, preset or inversion; MPR viewports take only series that can form a volume.
struct HangingSlot {
    HangingViewport viewport;
    std::optional<StudyUid> study;
    std::optional<HangingSeries> series;
};
[[nodiscard]] std::vector<HangingSlot> assignSeries(const HangingStage& stage, const HangingInput& input);

} // namespace yz
