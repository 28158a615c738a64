#pragma once

#include "core/result.h"
#include "domain/image.h"
#include "imaging/slab.h"

#include <QByteArray>
#include <QDate>
#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

/// Hanging protocols as data, matched by a pure function that gives a score and the reasons.
namespace yz {

/// What a protocol is matched against: one stack of a series of the current study or of a prior.
struct HangingSeries {
    SeriesUid series;
    QString modality, description, bodyPart, laterality, viewPosition;
    QString patientOrientation; ///< (0020,0020) of a projection, "A\\F"
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
/// A screen that pictures may be shown on, as it stands.
struct HangingScreen {
    int widthPx = 0, heightPx = 0;
    bool operator==(const HangingScreen&) const = default;
};
struct HangingInput {
    HangingStudy current;
    std::vector<HangingStudy> priors;
    QString task;                       ///< "report", "review" or "view"; empty: not known
    std::vector<HangingScreen> screens; ///< empty: not known
    bool isWhole = true;                ///< nothing of the current study is still on its way
};

/// A rule on one attribute: required rules must hold, every rule that holds adds its weight. Text attributes may be
/// joined by "|" ("bodyPart|description"): either will do. In `match` a text rule holds when it holds for the study or
/// any of its series. resources/hanging/hanging.schema.json says what each attribute means.
struct HangingRule {
    QString attribute; ///< a word of hanging_terms.h
    /// Text: "equals", "oneOf" (values joined by "|"), "contains", "matches" (regular expression), all without regard
    /// to case. Number: "equals", "atLeast", "atMost".
    QString op;
    QString value;
    double weight = 1.0;
    bool required = false;
    bool operator==(const HangingRule&) const = default;
};

/// Which earlier examinations count as priors: nearest before the current one first.
struct HangingPriors {
    bool sameModality = true; ///< CR, DX and DR are one kind
    bool samePart = true;     ///< not of another region of the body, nor of the other side
    int withinMonths = 0;     ///< 0: however old
    bool operator==(const HangingPriors&) const = default;
};

struct HangingViewport {
    int row = 0, column = 0, rowSpan = 1, columnSpan = 1;
    int study = 0;                   ///< 0: current, 1: nearest prior, ...
    std::vector<HangingRule> select; ///< picks the series; the best score wins, ties: not yet shown, series number
    QString kind = QStringLiteral("stack"); ///< or "mpr-axial", "mpr-coronal", "mpr-sagittal", "mip", "volume"
    QString preset;                         ///< window preset id, empty: from the data
    bool inverted = false;
    QString
        orientation; ///< patient directions wanted to the right and to the bottom of the screen, "P\\F"; empty: as sent
    QString justify; ///< edge of the viewport the picture lies against: "left", "right"; empty: centred
    QString label;   ///< what belongs here; said when it is missing
    std::vector<HangingRule> overlay; ///< picks the series to lay over this one; empty: none
    QString palette;                  ///< of the overlay: id of resources/palettes; empty: the first
    int opacityPercent = 50;          ///< of the overlay
    QString rendering;                ///< of kind "volume": id of resources/rendering; empty: the first
    Slab slab;                        ///< of an MPR viewport
    bool operator==(const HangingViewport&) const = default;
};
struct HangingStage {
    QString name;
    int rows = 1, columns = 1;
    std::vector<HangingViewport> viewports;
    QString link = QStringLiteral("none"); ///< "position", "index", "none"
    bool operator==(const HangingStage&) const = default;
};
struct HangingProtocol {
    QString id, name; ///< name is a Chinese title; the UI shows it as data
    std::vector<HangingRule> match;
    HangingPriors priors;
    std::vector<HangingStage> stages;
    bool operator==(const HangingProtocol&) const = default;
};

/// Parses and checks one protocol file; TemplateBroken with the place and the reason.
[[nodiscard]] Result<HangingProtocol> parseHangingProtocol(const QByteArray& json);
/// The file of a protocol; parsing it gives the protocol back. What has its default value is left out.
[[nodiscard]] QByteArray hangingProtocolJson(const HangingProtocol& protocol);
/// An id by the pattern of the schema: lower-case words joined by "-".
[[nodiscard]] bool isHangingId(const QString& id);

/// What one rule found.
struct HangingReason {
    HangingRule rule;
    bool holds = false;
    QString found; ///< the value that holds, or the values there are; for people
};
struct HangingScore {
    const HangingProtocol* protocol = nullptr;
    bool matches = false;
    double score = 0.0;
    std::vector<HangingReason> reasons; ///< one for each rule of `match`, in its order
    int places = 0, filled = 0;         ///< viewports of the first stage; those of them that have pictures
    /// Most of the screen would stay empty.
    [[nodiscard]] bool isHollow() const { return filled * 2 < places; }
    /// "+2 modality equals CT (found CT)", "- required bodyPart equals HEAD (found CHEST)", in English.
    [[nodiscard]] QStringList texts() const;
};
[[nodiscard]] HangingScore scoreProtocol(const HangingProtocol& protocol, const HangingInput& input);
/// All protocols, best first; those that do not match last. Once the study is whole, a protocol that would leave most
/// of its first stage empty stands behind those that would not.
[[nodiscard]] std::vector<HangingScore> rankProtocols(const std::vector<HangingProtocol>& protocols,
                                                      const HangingInput& input);
/// The priors that count for a protocol, nearest first.
[[nodiscard]] std::vector<const HangingStudy*> countedPriors(const HangingPriors& rule, const HangingInput& input);

/// Where each viewport of a stage gets its pictures from; no series: an empty slot that says what is missing. A stack
/// appears twice only with another kind, preset or inversion; MPR viewports take only series that can form a volume.
struct HangingSlot {
    HangingViewport viewport;
    std::optional<StudyUid> study;
    std::optional<HangingSeries> series;
    std::optional<HangingSeries> overlay; ///< of the same study; none: not wanted, or there is none
    /// Why there is no series: "prior" (no such study), "prior-series" (the prior has none that fits), "series",
    /// "volume" (one fits, but forms no volume); empty when there is one.
    QString missing;
};
[[nodiscard]] std::vector<HangingSlot> assignSeries(const HangingProtocol& protocol, int stage,
                                                    const HangingInput& input);

/// How a picture must be turned (mirror first, then clockwise) so that the patient directions `wanted` ("P\\F": to the
/// right, to the bottom) lie as near as they can; `sent` is the picture's own orientation in the same form. No turn
/// when either is empty or says nothing of the other.
struct HangingTurn {
    int quarterTurns = 0;
    bool mirrored = false;
    bool operator==(const HangingTurn&) const = default;
};
[[nodiscard]] HangingTurn turnTowards(const QString& sent, const QString& wanted);

} // namespace yz
