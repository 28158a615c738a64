#include "dicom/data/pet_dcmtk.h"

#include <QRegularExpression>
#include <algorithm>
#include <cmath>

namespace yz::dicom {

namespace {

/// The element of a private block, none when its creator has reserved nothing in the group (PS3.5 7.8.1).
std::optional<DcmTagKey> privateTag(DcmItem& item, quint16 group, const char* creator, quint8 element) {
    for (quint16 block = 0x10; block <= 0xFF; ++block)
        if (rawValue(item, DcmTagKey(group, block)).trimmed() == creator)
            return DcmTagKey(group, static_cast<quint16>(block << 8 | element));
    return std::nullopt;
}

/// A private string may have lost its VR (UN).
QString privateText(DcmItem& item, const std::optional<DcmTagKey>& tag) {
    if (!tag)
        return {};
    const QString value = code(item, *tag);
    if (!value.isEmpty())
        return value;
    DcmElement* element = nullptr;
    Uint8* bytes = nullptr;
    if (item.findAndGetElement(*tag, element).bad() || element->getUint8Array(bytes).bad() || !bytes)
        return {};
    return QString::fromLatin1(reinterpret_cast<const char*>(bytes), static_cast<qsizetype>(element->getLength()))
        .remove(QChar(u'\0'))
        .trimmed();
}

std::optional<double> privateNumber(DcmItem& item, const std::optional<DcmTagKey>& tag) {
    bool isNumber = false;
    const double value = privateText(item, tag).toDouble(&isNumber);
    return isNumber ? std::optional<double>(value) : std::nullopt;
}

/// "HHMMSS.FFFFFF" with its fraction; missing parts are zero.
QTime clockOf(const QString& text) {
    if (text.size() < 2)
        return {};
    const int milliseconds = static_cast<int>(std::lround(QStringView(text).mid(6).toDouble() * 1000.0));
    return QTime(text.mid(0, 2).toInt(), text.mid(2, 2).toInt(), text.mid(4, 2).toInt()).addMSecs(milliseconds);
}

/// DT without its zone: every time that SUV compares is of one clock.
QDateTime momentOf(const QString& text) {
    const QDate day = QDate::fromString(text.left(8), QStringLiteral("yyyyMMdd"));
    if (!day.isValid() || text.size() < 12)
        return {};
    QString clock = text.mid(8);
    clock.truncate(clock.indexOf(QRegularExpression(QStringLiteral("[+-]|$"))));
    return {day, clockOf(clock), Qt::UTC};
}

QDateTime momentOf(DcmItem& item, const DcmTagKey& dateTag, const DcmTagKey& timeTag) {
    const QDate day = date(item, dateTag);
    const QTime time = clockOf(code(item, timeTag));
    return day.isValid() && time.isValid() ? QDateTime(day, time, Qt::UTC) : QDateTime();
}

std::optional<double> positive(std::optional<double> value) { return value && *value > 0.0 ? value : std::nullopt; }

/// (0054,1001) of a UCUM code or of a Rescale Type; empty: neither activity nor SUV by weight.
QString unitsOf(const QString& unit) {
    const QString plain = unit.simplified().toLower();
    if (plain == u"bq/ml" || plain == u"bqml")
        return QStringLiteral("BQML");
    if (plain == u"g/ml{suvbw}" || plain == u"{suvbw}g/ml")
        return QStringLiteral("GML");
    return {};
}

/// What the values of one frame's group, or of the shared one, are in; empty when they do not say.
QString unitsOfGroup(DcmItem& group, DcmItem* shared) {
    const auto macro = [&](const DcmTagKey& tag) {
        DcmItem* own = firstItem(group, tag);
        return own || !shared ? own : firstItem(*shared, tag);
    };
    DcmItem* rescale = macro(DCM_PixelValueTransformationSequence);
    const double slope = rescale ? number(*rescale, DCM_RescaleSlope).value_or(1.0) : 1.0;
    const double intercept = rescale ? number(*rescale, DCM_RescaleIntercept).value_or(0.0) : 0.0;
    if (DcmItem* world = macro(DCM_RealWorldValueMappingSequence)) {
        const auto same = [](std::optional<double> a, double b) {
            return a && std::abs(*a - b) <= 1e-6 * std::max(1.0, std::abs(b));
        };
        DcmItem* unit = firstItem(*world, DCM_MeasurementUnitsCodeSequence);
        if (unit && same(number(*world, DCM_RealWorldValueSlope), slope) &&
            same(number(*world, DCM_RealWorldValueIntercept), intercept))
            return unitsOf(code(*unit, DCM_CodeValue));
    }
    return rescale ? unitsOf(code(*rescale, DCM_RescaleType)) : QString();
}

/// PS3.3 C.8.22: what the plain attributes say of other PET objects.
void readEnhanced(DcmItem& item, PetDescription& pet) {
    DcmItem* shared = firstItem(item, DCM_SharedFunctionalGroupsSequence);
    const std::vector<DcmItem*> frames = items(item, DCM_PerFrameFunctionalGroupsSequence);
    if (!shared && frames.empty())
        return;
    if (code(item, DCM_AttenuationCorrected) == u"YES")
        pet.corrections << QStringLiteral("ATTN");
    if (code(item, DCM_DecayCorrected) == u"YES")
        pet.corrections << QStringLiteral("DECY");
    // All frames are corrected to that one time, whenever they were taken: it takes the place of the scan's start.
    if (const QDateTime corrected = momentOf(code(item, DCM_DecayCorrectionDateTime)); corrected.isValid()) {
        pet.decayCorrection = QStringLiteral("START");
        pet.seriesTime = pet.acquisitionTime = corrected;
    }
    if (!pet.units.isEmpty())
        return;
    DcmItem none;
    pet.units = unitsOfGroup(frames.empty() ? none : *frames.front(), shared);
    for (DcmItem* frame : frames)
        if (unitsOfGroup(*frame, shared) != pet.units)
            pet.units.clear();
    if (pet.units == u"GML")
        pet.suvType = QStringLiteral("BW");
}

} // namespace

PetDescription readPet(DcmItem& item) {
    PetDescription pet;
    pet.units = code(item, DCM_Units);
    pet.suvType = code(item, DCM_SUVType);
    pet.decayCorrection = code(item, DCM_DecayCorrection);
    pet.corrections = codes(item, DCM_CorrectedImage);
    pet.patientWeightKg = positive(number(item, DCM_PatientWeight));
    pet.patientHeightM = positive(number(item, DCM_PatientSize));
    pet.seriesTime = momentOf(item, DCM_SeriesDate, DCM_SeriesTime);
    pet.acquisitionTime = momentOf(item, DCM_AcquisitionDate, DCM_AcquisitionTime);
    pet.frameReferenceMs = number(item, DCM_FrameReferenceTime);
    pet.frameDurationMs = positive(number(item, DCM_ActualFrameDuration));
    readEnhanced(item, pet);
    if (DcmItem* dose = firstItem(item, DCM_RadiopharmaceuticalInformationSequence)) {
        const DcmTagKey startTag = DCM_RadiopharmaceuticalStartDateTime;
        pet.injectedDoseBq = positive(number(*dose, DCM_RadionuclideTotalDose));
        pet.halfLifeS = positive(number(*dose, DCM_RadionuclideHalfLife));
        pet.injectionTime = momentOf(code(*dose, startTag));
        const QTime clock = clockOf(code(*dose, DCM_RadiopharmaceuticalStartTime));
        const QDate day = pet.seriesTime.isValid() ? pet.seriesTime.date() : date(item, DCM_SeriesDate);
        if (!pet.injectionTime.isValid() && clock.isValid() && day.isValid())
            pet.injectionTime = QDateTime(day, clock, Qt::UTC);
        pet.injectionDayIsAssumed = pet.injectionTime.isValid() && !dose->tagExistsWithValue(startTag);
    }
    pet.geScanTime = momentOf(privateText(item, privateTag(item, 0x0009, "GEMS_PETD_01", 0x0D)));
    pet.philipsSuvFactor = positive(privateNumber(item, privateTag(item, 0x7053, "Philips PET Private Group", 0x00)));
    pet.philipsActivityFactor =
        positive(privateNumber(item, privateTag(item, 0x7053, "Philips PET Private Group", 0x09)));
    return pet;
}

} // namespace yz::dicom
