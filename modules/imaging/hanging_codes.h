#pragma once

#include "domain/hanging_object.h"
#include "imaging/hanging_dicom.h"

#include <QLatin1String>
#include <array>
#include <span>

/// Words of protocol files beside those of the standard. Inside the imaging target only.
namespace yz::hanging {

/// Body Part Examined (PS3.16 Annex L) and its code (SCT).
struct BodyPart {
    QLatin1String name, code, meaning;
};
[[nodiscard]] std::span<const BodyPart> bodyParts();

struct WordPair {
    QLatin1String file, standard;
};
/// Window preset - VOI Type (0072,0702).
[[nodiscard]] std::span<const WordPair> voiTypes();
/// MPR kind - (0072,0516).
[[nodiscard]] std::span<const WordPair> viewDirections();
/// Plane - value of the filter category IMAGE_PLANE (C.23.3.1.1).
[[nodiscard]] std::span<const WordPair> planes();

/// The standard's word for the file's; empty when there is none.
[[nodiscard]] QString toStandard(std::span<const WordPair> words, const QString& word);
[[nodiscard]] QString fromStandard(std::span<const WordPair> words, const QString& word);

/// Attributes of a series that a selector or filter can name.
struct Attribute {
    QLatin1String name;
    quint32 tag;
    QLatin1String vr;
    int valueNumber; ///< 0: any of several values
};
[[nodiscard]] std::span<const Attribute> attributes();

[[nodiscard]] QString ruleText(const HangingRule& rule);
/// Thickness that stands for "one voxel thick": the standard wants a number, the planes here have none.
inline constexpr double kThinMm = 1.0;
/// Value of a CS attribute: upper case, at most 16 characters.
[[nodiscard]] bool isCodeString(const QString& value);
/// Value of an LO attribute of one value: at most 64 characters, no backslash, no control character.
[[nodiscard]] bool isLongString(const QString& value);

} // namespace yz::hanging
