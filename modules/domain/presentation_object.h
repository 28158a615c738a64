#pragma once

#include "core/result.h"
#include "domain/measurement_report.h"
#include "domain/presentation_state.h"
#include "domain/study.h"

#include <QByteArray>
#include <QDateTime>
#include <algorithm>
#include <memory>
#include <vector>

/// Objects that a reader adds to a study about its images: softcopy presentation states (PS3.3 A.33) and key object
/// selections (PS3.3 A.35.4).
namespace yz {

inline const SopClassUid kKeyObjectClass{QStringLiteral("1.2.840.10008.5.1.4.1.1.88.59")};
inline const SopClassUid kGrayscaleStateClass{QStringLiteral("1.2.840.10008.5.1.4.1.1.11.1")};
inline const SopClassUid kColourStateClass{QStringLiteral("1.2.840.10008.5.1.4.1.1.11.2")};

/// An image of a study as other objects name it.
struct ReferencedFrames {
    SeriesUid series;
    SopReference object;
    std::vector<int> frames{}; ///< 0-based; empty: all of them

    bool operator==(const ReferencedFrames&) const = default;
};

/// What an object made at this desk says about itself and the study it joins (PS3.3 C.7.1 to C.7.5).
struct ObjectOrigin {
    StudyRecord study; ///< without series
    SeriesUid series;
    InstanceUid instance;
    int instanceNumber = 1;
    QDateTime createdAt;
    QString creator;     ///< name of the reader
    QString institution; ///< where the desk stands
    bool isDemo = false; ///< said in the series description
};

/// A Key Object Selection Document (PS3.16 TID 2010).
struct KeyObjectSelection {
    struct Item {
        ReferencedFrames image;
        InstanceUid presentation{}; ///< state to show it under; empty: none
        bool operator==(const Item&) const = default;
    };
    StudyUid study;
    SeriesUid series;
    InstanceUid instance;
    CodedText title{QStringLiteral("113000"), QStringLiteral("DCM"), QStringLiteral("Of Interest")};
    QString description; ///< (113012, DCM)
    QString creator;
    QDateTime created;
    std::vector<Item> items;

    [[nodiscard]] bool covers(const InstanceUid& image, int frame) const {
        for (const Item& item : items)
            if (item.image.object.instance == image &&
                (item.image.frames.empty() ||
                 std::find(item.image.frames.begin(), item.image.frames.end(), frame) != item.image.frames.end()))
                return true;
        return false;
    }
    bool operator==(const KeyObjectSelection&) const = default;
};
using KeyObjectSelectionPtr = std::shared_ptr<const KeyObjectSelection>;

/// Reads received key object selections. A source of pixels that can, is one of these as well. NotSupported for other
/// objects. Thread-safe.
class KeyObjectSource {
public:
    virtual ~KeyObjectSource() = default;
    virtual Result<KeyObjectSelectionPtr> keyObjects(const QString& path) = 0;
};

/// Makes them, as Part 10 files. Errors: ReportIncomplete (an identifier, an image or a time is missing), NotSupported
/// (a kind of state that is not made here). Thread-safe.
class PresentationObjectWriter {
public:
    virtual ~PresentationObjectWriter() = default;
    /// Grayscale or Colour. `images`: what the state is about, with classes and series; state.images is not looked at.
    virtual Result<QByteArray> encodePresentationState(const ObjectOrigin& origin, const PresentationState& state,
                                                       const std::vector<ReferencedFrames>& images) = 0;
    /// `presentations`: series of the states that items name (by instance), as ReferencedFrames without frames.
    virtual Result<QByteArray> encodeKeyObjects(const ObjectOrigin& origin, const KeyObjectSelection& selection,
                                                const std::vector<ReferencedFrames>& presentations) = 0;
};

} // namespace yz
