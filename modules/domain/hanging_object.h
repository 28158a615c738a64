#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>
#include <QStringList>
#include <vector>

/// A DICOM Hanging Protocol object (PS3.3 A.44, modules C.23) as far as this program understands one: what it reads and
/// what it writes. Only counted is what cannot be used, so that it can be said.
namespace yz {

inline constexpr char kHangingProtocolStorage[] = "1.2.840.10008.5.1.4.38.1";

struct HangingCode {
    QString value, scheme, meaning;
    bool operator==(const HangingCode&) const = default;
};

/// An item of (0072,000C).
struct HangingObjectDefinition {
    QString modality;
    QString laterality;
    HangingCode anatomy;
    int otherCodes = 0; ///< procedures, reasons, and anatomy after the first
    bool operator==(const HangingObjectDefinition&) const = default;
};

/// An image set selector or a filter operation.
struct HangingObjectSelector {
    quint32 attribute = 0; ///< tag as group << 16 | element; 0 when it goes by category
    QString vr;
    QStringList values;
    int valueNumber = 0;     ///< 0: any value of a multi-valued attribute
    QString op;              ///< filter: (0072,0406); selector: empty
    QString category;        ///< filter: (0072,0402)
    bool isNested = false;   ///< inside a sequence, a functional group or private
    bool isOptional = false; ///< selector: NO_MATCH, holds where the attribute is absent too
    bool operator==(const HangingObjectSelector&) const = default;
};

/// An item of (0072,0030) with the selectors of the item of (0072,0020) it stands in.
struct HangingObjectImageSet {
    int number = 0;
    std::vector<HangingObjectSelector> selectors;
    QString category;        ///< RELATIVE_TIME or ABSTRACT_PRIOR
    int first = 0, last = 0; ///< relative time in `units`, or the abstract prior values
    QString units;
    QString label;
    bool operator==(const HangingObjectImageSet&) const = default;
};

/// An item of (0072,0300): place in the display environment, 0 to 1 from the lower left corner.
struct HangingObjectBox {
    double left = 0.0, top = 1.0, right = 1.0, bottom = 0.0;
    QString layout; ///< STACK, TILED, CINE, PROCESSED, SINGLE
    int tileColumns = 1, tileRows = 1;
    bool operator==(const HangingObjectBox&) const = default;
};

struct HangingObjectDisplaySet {
    int number = 0;
    QString label;
    int group = 1; ///< displayed at the same time; ascending
    QString groupName;
    int imageSet = 1;
    std::vector<HangingObjectBox> boxes;
    std::vector<HangingObjectSelector> filters;
    int sortings = 0;
    QString blending, reformatting, viewDirection, rendering;
    double thicknessMm = 0.0; ///< of the reformatting
    QString orientation;      ///< (0072,0700) "P\\F"
    QString voiType, pseudoColour;
    bool inverted = false;
    QString horizontal, vertical; ///< justification
    bool operator==(const HangingObjectDisplaySet&) const = default;
};

struct HangingObject {
    QString instance; ///< SOP Instance UID
    QString name, description, level, creator;
    QDateTime created;
    std::vector<HangingObjectDefinition> definitions;
    std::vector<HangingObjectImageSet> imageSets;
    int priors = 0;  ///< Number of Priors Referenced
    int screens = 0; ///< 0: not given
    std::vector<HangingObjectDisplaySet> displaySets;
    std::vector<std::vector<int>> scrollingGroups; ///< numbers of display sets
    int navigationIndicators = 0;
    bool operator==(const HangingObject&) const = default;
};

/// Hanging protocol objects as files. Blocks; thread-safe.
class HangingObjectFiles {
public:
    virtual ~HangingObjectFiles() = default;
    /// NotSupported for an object of another class, and the errors of PixelSource::readHeader.
    virtual Result<HangingObject> readHangingObject(const QString& path) = 0;
    /// A Part 10 file; InvalidArgument when a value does not fit its attribute.
    virtual Result<QByteArray> encodeHangingObject(const HangingObject& object) = 0;
};

} // namespace yz
