#include "imaging/suv.h"

#include <cmath>
#include <numbers>

namespace yz {
namespace {

tl::unexpected<Error> missing(const char* name) { return fail(ErrorCode::AttributeMissing, QString::fromLatin1(name)); }

double secondsBetween(const QDateTime& from, const QDateTime& to) {
    return static_cast<double>(from.msecsTo(to)) / 1000.0;
}

/// The moment that a series with DecayCorrection START is corrected to.
Result<QDateTime> scanStart(const PetDescription& pet, double halfLife) {
    if (!pet.acquisitionTime.isValid())
        return missing("AcquisitionTime");
    if (pet.seriesTime.isValid() && pet.seriesTime <= pet.acquisitionTime)
        return pet.seriesTime;
    if (pet.geScanTime.isValid())
        return pet.geScanTime;
    if (!pet.frameReferenceMs || *pet.frameReferenceMs <= 0.0)
        return missing("FrameReferenceTime");
    if (!pet.frameDurationMs)
        return missing("ActualFrameDuration");
    // The average activity within a frame of T seconds lies at ln(lT / (1 - exp(-lT))) / l after its start.
    const double lambda = std::numbers::ln2 / halfLife;
    const double decay = lambda * *pet.frameDurationMs / 1000.0;
    const double average = std::log(decay / -std::expm1(-decay)) / lambda;
    const double back = *pet.frameReferenceMs / 1000.0 - average;
    return pet.acquisitionTime.addMSecs(-std::llround(back * 1000.0));
}

Result<double> factorOfBecquerel(const PetDescription& pet) {
    if (!pet.patientWeightKg)
        return missing("PatientWeight");
    if (!pet.injectedDoseBq)
        return missing("RadionuclideTotalDose");
    double dose = *pet.injectedDoseBq;
    if (pet.decayCorrection == u"START") {
        if (!pet.halfLifeS)
            return missing("RadionuclideHalfLife");
        if (!pet.injectionTime.isValid())
            return missing("RadiopharmaceuticalStartTime");
        const Result<QDateTime> scan = scanStart(pet, *pet.halfLifeS);
        if (!scan)
            return fail(scan.error());
        double elapsed = secondsBetween(pet.injectionTime, *scan);
        if (elapsed < 0.0 && pet.injectionDayIsAssumed)
            elapsed += 86400.0; // injected before midnight
        if (elapsed < 0.0)
            return fail(ErrorCode::DataSetBroken, QStringLiteral("the injection is after the scan"));
        // Dates that were shifted one without the other: after so many half-lives nobody scans.
        constexpr double kMostHalfLives = 20.0;
        if (elapsed > kMostHalfLives * *pet.halfLifeS)
            return fail(ErrorCode::DataSetBroken, QStringLiteral("the injection is too long before the scan"));
        dose *= std::exp2(-elapsed / *pet.halfLifeS);
    } else if (pet.decayCorrection != u"ADMIN") { // NONE: the activity of each moment, no SUV
        return pet.decayCorrection.isEmpty()
                   ? missing("DecayCorrection")
                   : fail(ErrorCode::NotSupported, QStringLiteral("DecayCorrection ") + pet.decayCorrection);
    }
    return *pet.patientWeightKg * 1000.0 / dose;
}

} // namespace

Result<double> suvFactor(const PetDescription& pet) {
    if (pet.units == u"GML") {
        if (!pet.suvType.isEmpty() && pet.suvType != u"BW")
            return fail(ErrorCode::NotSupported, QStringLiteral("SUVType ") + pet.suvType);
        return 1.0;
    }
    for (const char* correction : {"ATTN", "DECY"}) {
        const QString name = QString::fromLatin1(correction);
        if (!pet.corrections.contains(name) && !(name == u"DECY" && pet.corrections.contains(QStringLiteral("DECAY"))))
            return missing(name == u"ATTN" ? "CorrectedImage ATTN" : "CorrectedImage DECY");
    }
    if (pet.units == u"BQML")
        return factorOfBecquerel(pet);
    if (pet.units == u"CNTS") {
        if (pet.philipsSuvFactor)
            return *pet.philipsSuvFactor;
        if (!pet.philipsActivityFactor)
            return fail(ErrorCode::NotSupported, QStringLiteral("Units CNTS without the Philips factors"));
        const Result<double> factor = factorOfBecquerel(pet);
        return factor ? Result<double>(*pet.philipsActivityFactor * *factor) : factor;
    }
    return pet.units.isEmpty() ? missing("Units") : fail(ErrorCode::NotSupported, QStringLiteral("Units ") + pet.units);
}

Result<double> suvFactor(const ImageDescription& image) {
    if (!image.pet)
        return fail(ErrorCode::NotSupported, QStringLiteral("no PET image"));
    return suvFactor(*image.pet);
}

std::optional<VoiWindow> presetWindow(const WindowPreset& preset, const ImageDescription& image) {
    if (!preset.isSuv)
        return preset.window;
    const Result<double> factor = suvFactor(image);
    if (!factor)
        return std::nullopt;
    return VoiWindow{preset.window.center / *factor, preset.window.width / *factor, preset.window.name};
}

} // namespace yz
