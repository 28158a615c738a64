#include "imaging/hanging_codes.h"

#include <QRegularExpression>
#include <algorithm>

namespace yz::hanging {

std::span<const BodyPart> bodyParts() {
    using L = QLatin1String;
    static constexpr std::array<BodyPart, 39> parts{{
        {L("ABDOMEN"), L("818981001"), L("Abdomen")},
        {L("ABDOMENPELVIS"), L("818982008"), L("Abdomen and Pelvis")},
        {L("ANKLE"), L("70258002"), L("Ankle joint")},
        {L("ARM"), L("40983000"), L("Upper arm")},
        {L("BRAIN"), L("12738006"), L("Brain")},
        {L("BREAST"), L("76752008"), L("Breast")},
        {L("CALCANEUS"), L("80144004"), L("Calcaneus")},
        {L("CHEST"), L("816094009"), L("Chest")},
        {L("CHESTABDOMEN"), L("416550000"), L("Chest and Abdomen")},
        {L("CHESTABDPELVIS"), L("416775004"), L("Chest, Abdomen and Pelvis")},
        {L("CLAVICLE"), L("51299004"), L("Clavicle")},
        {L("CSPINE"), L("122494005"), L("Cervical spine")},
        {L("ELBOW"), L("16953009"), L("Elbow joint")},
        {L("EXTREMITY"), L("66019005"), L("Extremity")},
        {L("FEMUR"), L("71341001"), L("Femur")},
        {L("FINGER"), L("7569003"), L("Finger")},
        {L("FOOT"), L("56459004"), L("Foot")},
        {L("FOREARM"), L("14975008"), L("Forearm")},
        {L("HAND"), L("85562004"), L("Hand")},
        {L("HEAD"), L("69536005"), L("Head")},
        {L("HEADNECK"), L("774007"), L("Head and Neck")},
        {L("HEART"), L("80891009"), L("Heart")},
        {L("HIP"), L("29836001"), L("Hip")},
        {L("HUMERUS"), L("85050009"), L("Humerus")},
        {L("KNEE"), L("72696002"), L("Knee")},
        {L("LEG"), L("30021000"), L("Lower leg")},
        {L("LSPINE"), L("122496007"), L("Lumbar spine")},
        {L("NECK"), L("45048000"), L("Neck")},
        {L("PANCREAS"), L("15776009"), L("Pancreas")},
        {L("PELVIS"), L("816092008"), L("Pelvis")},
        {L("SCAPULA"), L("79601000"), L("Scapula")},
        {L("SHOULDER"), L("16982005"), L("Shoulder")},
        {L("SKULL"), L("89546000"), L("Skull")},
        {L("SPINE"), L("421060004"), L("Spine")},
        {L("THIGH"), L("68367000"), L("Thigh")},
        {L("TOE"), L("29707007"), L("Toe")},
        {L("TSPINE"), L("122495006"), L("Thoracic spine")},
        {L("WHOLEBODY"), L("38266002"), L("Entire body")},
        {L("WRIST"), L("74670003"), L("Wrist joint")},
    }};
    return parts;
}

std::span<const WordPair> voiTypes() {
    using L = QLatin1String;
    static constexpr std::array<WordPair, 6> words{{
        {L("ct-lung"), L("LUNG")},
        {L("ct-mediastinum"), L("MEDIASTINUM")},
        {L("ct-abdomen"), L("ABDO_PELVIS")},
        {L("ct-liver"), L("LIVER")},
        {L("ct-bone"), L("BONE")},
        {L("ct-brain"), L("BRAIN")},
    }};
    return words;
}

std::span<const WordPair> viewDirections() {
    using L = QLatin1String;
    static constexpr std::array<WordPair, 3> words{{
        {L("mpr-axial"), L("TRANSVERSE")},
        {L("mpr-coronal"), L("CORONAL")},
        {L("mpr-sagittal"), L("SAGITTAL")},
    }};
    return words;
}

std::span<const WordPair> planes() {
    using L = QLatin1String;
    static constexpr std::array<WordPair, 4> words{{
        {L("axial"), L("TRANSVERSE")},
        {L("coronal"), L("CORONAL")},
        {L("sagittal"), L("SAGITTAL")},
        {L("oblique"), L("OBLIQUE")},
    }};
    return words;
}

QString toStandard(std::span<const WordPair> words, const QString& word) {
    const auto found = std::find_if(words.begin(), words.end(), [&](const WordPair& w) { return word == w.file; });
    return found == words.end() ? QString() : QString(found->standard);
}

QString fromStandard(std::span<const WordPair> words, const QString& word) {
    const auto found = std::find_if(words.begin(), words.end(), [&](const WordPair& w) { return word == w.standard; });
    return found == words.end() ? QString() : QString(found->file);
}

std::span<const Attribute> attributes() {
    using L = QLatin1String;
    static constexpr std::array<Attribute, 6> all{{
        {L("imageType"), 0x00080008, L("CS"), 0},
        {L("modality"), 0x00080060, L("CS"), 1},
        {L("description"), 0x0008103E, L("LO"), 1},
        {L("bodyPart"), 0x00180015, L("CS"), 1},
        {L("viewPosition"), 0x00185101, L("CS"), 1},
        {L("laterality"), 0x00200062, L("CS"), 1},
    }};
    return all;
}

QString ruleText(const HangingRule& rule) { return QString(rule.attribute + u' ' + rule.op + u' ' + rule.value); }

bool isCodeString(const QString& value) {
    static const QRegularExpression pattern(QStringLiteral("^[A-Z0-9_ ]{1,16}$"));
    return pattern.match(value).hasMatch() && value.trimmed() == value;
}

bool isLongString(const QString& value) {
    return !value.isEmpty() && value.size() <= 64 && value.trimmed() == value &&
           std::none_of(value.begin(), value.end(), [](QChar c) { return c == u'\\' || c < u' '; });
}

} // namespace yz::hanging

namespace yz {

QString lossText(const HangingLoss& loss) {
    using What = HangingLoss::What;
    const auto sentence = [&] {
        switch (loss.what) {
        case What::Name:
            return "a name is cut";
        case What::Rule:
            return "a rule has no counterpart";
        case What::Weight:
            return "the weight of a rule";
        case What::Optional:
            return "whether a rule must hold";
        case What::Priors:
            return "which earlier examinations count";
        case What::Link:
            return "what scrolls together";
        case What::Preset:
            return "a window";
        case What::Orientation:
            return "the direction of a picture";
        case What::Grid:
            return "rows and columns";
        case What::Label:
            return "a label is cut";
        case What::Definition:
            return "modalities, parts and sides that only belong together in pairs";
        case What::Anatomy:
            return "a part of the body whose code is not known";
        case What::Codes:
            return "codes of procedures or reasons";
        case What::ImageSet:
            return "which examination an image set means";
        case What::Selector:
            return "a selector of an image set";
        case What::Filter:
            return "a filter";
        case What::Sorting:
            return "the order of pictures";
        case What::Blending:
            return "a fusion";
        case What::Reformatting:
            return "a reformatting";
        case What::Boxes:
            return "several or tiled image boxes";
        case What::Colour:
            return "a colour table";
        case What::Justification:
            return "the vertical place of a picture";
        case What::Navigation:
            return "navigation indicators";
        }
        return "";
    };
    QString text = QLatin1String(sentence());
    if (!loss.where.isEmpty())
        text = loss.where + QStringLiteral(": ") + text;
    return loss.detail.isEmpty() ? text : QString(text + QStringLiteral(" (") + loss.detail + u')');
}

} // namespace yz
