#include "dicom/data/pet_dcmtk.h"

#include <QRegularExpression>
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
