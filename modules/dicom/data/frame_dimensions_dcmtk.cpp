#include "dicom/data/frame_dimensions_dcmtk.h"

#include <array>
#include <cmath>

namespace yz::dicom {

namespace {

constexpr double kDayMs = 86'400'000.0;

/// "HHMMSS.FFFFFF" with parts left out from the right.
std::optional<double> timeOfDayMs(const QString& text) {
    const QString digits = text.section(u'.', 0, 0);
    const QString fraction = text.section(u'.', 1, 1);
    if (digits.size() < 2 || digits.size() > 6 || digits.size() % 2 != 0)
        return std::nullopt;
    double seconds = 0.0;
    constexpr std::array<double, 3> kWeights{3600.0, 60.0, 1.0};
    for (qsizetype i = 0; i < digits.size() / 2; ++i) {
        bool isNumber = false;
        seconds += digits.mid(2 * i, 2).toInt(&isNumber) * kWeights[static_cast<size_t>(i)];
        if (!isNumber)
            return std::nullopt;
    }
    if (!fraction.isEmpty()) {
        bool isNumber = false;
        const double part = QString(u"0." + fraction).toDouble(&isNumber);
        if (!isNumber)
            return std::nullopt;
        seconds += part;
    }
    return seconds * 1000.0;
}

/// A DT value, its offset from UTC left out: within a series it does not change.
std::optional<double> momentMs(const QString& text) {
    const QDate day = QDate::fromString(text.left(8), QStringLiteral("yyyyMMdd"));
    if (!day.isValid())
        return std::nullopt;
    QString time = text.mid(8);
    for (const QChar sign : {u'+', u'-', u'&'})
        time = time.section(sign, 0, 0);
    return static_cast<double>(day.toJulianDay()) * kDayMs + timeOfDayMs(time).value_or(0.0);
}

std::optional<double> momentOf(DcmItem& item, const DcmTagKey& dateTime, const DcmTagKey& date, const DcmTagKey& time) {
    if (const auto moment = momentMs(code(item, dateTime)))
        return moment;
    const auto ofDay = timeOfDayMs(code(item, time));
    if (!ofDay)
        return std::nullopt;
    const QDate day = yz::dicom::date(item, date);
    return *ofDay + (day.isValid() ? static_cast<double>(day.toJulianDay()) * kDayMs : 0.0);
}

template <typename Value> void take(std::optional<Value>& into, const std::optional<Value>& value) {
    if (value)
        into = value;
}

void take(QString& into, const QString& value) {
    if (!value.isEmpty())
        into = value;
}

/// Element `offset` of a private block, when its creator is there; the block may stand anywhere in 0x10..0x1f.
std::optional<double> privateNumber(DcmItem& item, quint16 group, quint8 offset, QLatin1String creator) {
    for (quint16 block = 0x10; block <= 0x1f; ++block)
        if (code(item, DcmTagKey(group, block)) == creator)
            return number(item, DcmTagKey(group, static_cast<quint16>(block << 8 | offset)));
    return std::nullopt;
}

/// The b-value where the vendors wrote it before (0018,9087) was common in single-frame objects.
std::optional<double> vendorBValue(DcmItem& item) {
    if (const auto siemens = privateNumber(item, 0x0019, 0x0c, QLatin1String("SIEMENS MR HEADER")))
        return siemens;
    if (const auto philips = privateNumber(item, 0x2001, 0x03, QLatin1String("Philips Imaging DD 001")))
        return philips;
    if (const auto ge = privateNumber(item, 0x0043, 0x39, QLatin1String("GEMS_PARM_01")))
        return std::fmod(*ge, 100'000.0); // newer systems add 1e9 as a flag
    return std::nullopt;
}

/// What GE says in a private element instead of (0008,9208).
QString vendorComponent(DcmItem& item) {
    static constexpr std::array<const char*, 4> kNames{"MAGNITUDE", "PHASE", "REAL", "IMAGINARY"};
    const auto kind = privateNumber(item, 0x0043, 0x2f, QLatin1String("GEMS_PARM_01"));
    return kind && *kind >= 0.0 && *kind < 4.0 ? QString::fromLatin1(kNames[static_cast<size_t>(*kind)]) : QString();
}

QString gradient(DcmItem& item) {
    const std::vector<double> direction = numbers(item, DCM_DiffusionGradientOrientation);
    if (direction.size() != 3)
        return {};
    QStringList parts;
    for (const double part : direction)
        parts.append(QString::number(part, 'f', 4));
    return parts.join(u'\\');
}

void readAcquired(DcmItem& item, FrameDimensions& out) {
    take(out.acquiredMs, momentOf(item, DCM_AcquisitionDateTime, DCM_AcquisitionDate, DCM_AcquisitionTime));
}

/// Attributes as single-frame objects have them.
void readAttributes(DcmItem& item, const QString& modality, FrameDimensions& out) {
    if (const QStringList type = codes(item, DCM_ImageType); !type.isEmpty())
        out.frameType = type;
    take(out.complexComponent, code(item, DCM_ComplexImageComponent));
    take(out.acquisitionNumber, integer(item, DCM_AcquisitionNumber));
    readAcquired(item, out);
    take(out.kernel, codes(item, DCM_ConvolutionKernel).join(u'\\'));
    take(out.kiloVolt, number(item, DCM_KVP));
    if (modality == u"PT" || modality == u"NM")
        take(out.temporalOffsetMs, number(item, DCM_FrameReferenceTime));
    take(out.triggerMs, number(item, DCM_NominalCardiacTriggerDelayTime));
    if (!out.triggerMs)
        take(out.triggerMs, number(item, DCM_TriggerTime));
    take(out.phasePercent, number(item, DCM_NominalPercentageOfCardiacPhase));
    if (modality != u"MR")
        return;
    if (out.complexComponent.isEmpty())
        take(out.complexComponent, vendorComponent(item));
    take(out.echoNumber, integer(item, DCM_EchoNumbers));
    take(out.echoTimeMs, number(item, DCM_EchoTime));
    take(out.inversionTimeMs, number(item, DCM_InversionTime));
    take(out.flipAngleDeg, number(item, DCM_FlipAngle));
    take(out.bValue, number(item, DCM_DiffusionBValue));
    if (!out.bValue)
        take(out.bValue, vendorBValue(item));
    take(out.diffusionDirection, gradient(item));
}

void readFrameType(DcmItem& group, FrameDimensions& out) {
    static const std::array<DcmTagKey, 4> kSequences{DCM_MRImageFrameTypeSequence, DCM_CTImageFrameTypeSequence,
                                                     DCM_PETFrameTypeSequence, DCM_XAXRFFrameCharacteristicsSequence};
    for (const DcmTagKey& sequence : kSequences)
        if (DcmItem* macro = firstItem(group, sequence)) {
            if (const QStringList type = codes(*macro, DCM_FrameType); !type.isEmpty())
                out.frameType = type;
            take(out.complexComponent, code(*macro, DCM_ComplexImageComponent));
        }
}

void readContent(DcmItem& content, FrameDimensions& out) {
    take(out.acquisitionNumber, integer(content, DCM_FrameAcquisitionNumber));
    take(out.acquiredMs, momentMs(code(content, DCM_FrameAcquisitionDateTime)));
    out.inStackPosition = integer(content, DCM_InStackPositionNumber).value_or(out.inStackPosition);
    if (const std::vector<double> index = numbers(content, DCM_DimensionIndexValues); !index.empty()) {
        out.dimensionIndex.clear();
        for (const double value : index)
            out.dimensionIndex.push_back(static_cast<std::uint32_t>(std::max(value, 0.0)));
    }
}

void readMr(DcmItem& group, FrameDimensions& out) {
    if (DcmItem* macro = firstItem(group, DCM_MREchoSequence))
        take(out.echoTimeMs, number(*macro, DCM_EffectiveEchoTime));
    if (DcmItem* macro = firstItem(group, DCM_MRModifierSequence))
        take(out.inversionTimeMs, number(*macro, DCM_InversionTimes));
    if (DcmItem* macro = firstItem(group, DCM_MRTimingAndRelatedParametersSequence))
        take(out.flipAngleDeg, number(*macro, DCM_FlipAngle));
    if (DcmItem* macro = firstItem(group, DCM_MRDiffusionSequence)) {
        take(out.bValue, number(*macro, DCM_DiffusionBValue));
        take(out.diffusionDirection, code(*macro, DCM_DiffusionDirectionality));
        if (DcmItem* direction = firstItem(*macro, DCM_DiffusionGradientDirectionSequence))
            take(out.diffusionDirection, gradient(*direction));
    }
}

} // namespace

FrameDimensions readPlainDimensions(DcmItem& item, const QString& modality) {
    FrameDimensions out;
    readAttributes(item, modality, out);
    return out;
}

void readGroupDimensions(DcmItem& group, const QString& modality, FrameDimensions& out) {
    for (const DcmTagKey& sequence :
         {DCM_UnassignedSharedConvertedAttributesSequence, DCM_UnassignedPerFrameConvertedAttributesSequence})
        if (DcmItem* converted = firstItem(group, sequence))
            readAttributes(*converted, modality, out);
    readFrameType(group, out);
    if (DcmItem* content = firstItem(group, DCM_FrameContentSequence))
        readContent(*content, out);
    if (DcmItem* macro = firstItem(group, DCM_TemporalPositionSequence))
        take(out.temporalOffsetMs, number(*macro, DCM_TemporalPositionTimeOffset));
    if (DcmItem* macro = firstItem(group, DCM_CardiacSynchronizationSequence)) {
        take(out.phasePercent, number(*macro, DCM_NominalPercentageOfCardiacPhase));
        take(out.triggerMs, number(*macro, DCM_NominalCardiacTriggerDelayTime));
    }
    if (DcmItem* macro = firstItem(group, DCM_RespiratorySynchronizationSequence))
        take(out.phasePercent, number(*macro, DCM_NominalPercentageOfRespiratoryPhase));
    if (DcmItem* macro = firstItem(group, DCM_SegmentIdentificationSequence))
        out.segment = integer(*macro, DCM_ReferencedSegmentNumber).value_or(out.segment);
    if (DcmItem* macro = firstItem(group, DCM_CTReconstructionSequence))
        take(out.kernel, codes(*macro, DCM_ConvolutionKernel).join(u'\\'));
    if (DcmItem* macro = firstItem(group, DCM_CTXRayDetailsSequence))
        take(out.kiloVolt, number(*macro, DCM_KVP));
    readMr(group, out);
}

} // namespace yz::dicom
