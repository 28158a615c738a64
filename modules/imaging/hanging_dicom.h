#pragma once

#include "domain/hanging_object.h"
#include "imaging/hanging.h"

/// Hanging protocols to and from DICOM objects: what both can express is carried, the rest is named.
namespace yz {

/// Something that could not be carried.
struct HangingLoss {
    enum class What {
        Name,          ///< cut to what the attribute holds
        Rule,          ///< a rule that has no counterpart
        Weight,        ///< a rule is carried, its weight is not
        Optional,      ///< a rule that only adds to the score is carried as one that must hold, or the other way
        Priors,        ///< how priors are chosen
        Link,          ///< linking by index, or of one viewport alone
        Preset,        ///< window preset or VOI type
        Orientation,   ///< patient orientation of the display
        Grid,          ///< rows and columns, or boxes that form no grid
        Label,         ///< cut
        Definition,    ///< modalities, parts and sides that belong together in the object only
        Anatomy,       ///< a code that names no body part known here
        Codes,         ///< procedure and reason codes
        ImageSet,      ///< which examination an image set means
        Selector,      ///< an image set selector
        Filter,        ///< a filter operation
        Sorting,       ///< order within a display set
        Blending,      ///< fusion
        Reformatting,  ///< other than orthogonal MPR
        Boxes,         ///< several or tiled image boxes of one display set
        Colour,        ///< pseudo-colour
        Justification, ///< vertical
        Navigation,    ///< navigation indicators
    };
    What what = What::Rule;
    QString where;  ///< "match[1]", "stages[0].viewports[2]", "display set 3"; empty: the whole
    QString detail; ///< the thing itself, "description matches ^T2"
    bool operator==(const HangingLoss&) const = default;
};
/// One line in English.
[[nodiscard]] QString lossText(const HangingLoss& loss);

struct HangingExport {
    HangingObject object;    ///< without instance, creator and time
    HangingProtocol carried; ///< what importing the object gives
    std::vector<HangingLoss> losses;
};
/// InvalidArgument where the standard requires what the protocol does not say: a modality or a part of the body
/// (PS3.3 C.23.1).
[[nodiscard]] Result<HangingExport> toHangingObject(const HangingProtocol& protocol);

struct HangingImport {
    HangingProtocol protocol;
    std::vector<HangingLoss> losses;
};
/// TemplateBroken when nothing that could be hung is left.
[[nodiscard]] Result<HangingImport> fromHangingObject(const HangingObject& object);

} // namespace yz
