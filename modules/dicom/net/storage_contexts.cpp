#include "dicom/net/storage_contexts.h"

#include <dcmtk/dcmdata/dcuid.h>

#include <algorithm>

namespace yz {

namespace {

constexpr size_t kMaxContexts = 127;

// By how often the archives of the region use them: the first ones keep a context of their own longest.
const QStringList kSyntaxGroups[] = {
    {UID_LittleEndianExplicitTransferSyntax, UID_LittleEndianImplicitTransferSyntax},
    {UID_JPEGProcess14SV1TransferSyntax, UID_JPEGProcess14TransferSyntax},
    {UID_JPEG2000LosslessOnlyTransferSyntax},
    {UID_JPEGLSLosslessTransferSyntax},
    {UID_JPEGProcess1TransferSyntax},
    {UID_RLELosslessTransferSyntax},
    {UID_JPEG2000TransferSyntax},
    {"1.2.840.10008.1.2.4.201"}, // HTJ2K lossless
    {UID_JPEGProcess2_4TransferSyntax},
    {UID_JPEGLSLossyTransferSyntax},
    {"1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203"}, // HTJ2K RPCL, HTJ2K
    {UID_MPEG4HighProfileLevel4_1TransferSyntax, UID_MPEG4BDcompatibleHighProfileLevel4_1TransferSyntax,
     UID_MPEG2MainProfileAtMainLevelTransferSyntax, UID_MPEG2MainProfileAtHighLevelTransferSyntax},
};

const char* const kCommonClasses[] = {
    UID_CTImageStorage,
    UID_EnhancedCTImageStorage,
    UID_MRImageStorage,
    UID_EnhancedMRImageStorage,
    UID_ComputedRadiographyImageStorage,
    UID_DigitalXRayImageStorageForPresentation,
    UID_DigitalXRayImageStorageForProcessing,
    UID_DigitalMammographyXRayImageStorageForPresentation,
    UID_DigitalMammographyXRayImageStorageForProcessing,
    UID_BreastTomosynthesisImageStorage,
    UID_DigitalIntraOralXRayImageStorageForPresentation,
    UID_UltrasoundImageStorage,
    UID_UltrasoundMultiframeImageStorage,
    UID_XRayAngiographicImageStorage,
    UID_EnhancedXAImageStorage,
    UID_XRayRadiofluoroscopicImageStorage,
    UID_EnhancedXRFImageStorage,
    UID_XRay3DAngiographicImageStorage,
    UID_NuclearMedicineImageStorage,
    UID_PositronEmissionTomographyImageStorage,
    UID_EnhancedPETImageStorage,
    UID_SecondaryCaptureImageStorage,
    UID_MultiframeSingleBitSecondaryCaptureImageStorage,
    UID_MultiframeGrayscaleByteSecondaryCaptureImageStorage,
    UID_MultiframeGrayscaleWordSecondaryCaptureImageStorage,
    UID_MultiframeTrueColorSecondaryCaptureImageStorage,
    UID_SegmentationStorage,
    UID_BasicTextSRStorage,
    UID_EnhancedSRStorage,
    UID_ComprehensiveSRStorage,
    UID_Comprehensive3DSRStorage,
    UID_MammographyCADSRStorage,
    UID_ChestCADSRStorage,
    UID_XRayRadiationDoseSRStorage,
    UID_KeyObjectSelectionDocumentStorage,
    UID_GrayscaleSoftcopyPresentationStateStorage,
    UID_ColorSoftcopyPresentationStateStorage,
    UID_PseudoColorSoftcopyPresentationStateStorage,
    UID_BlendingSoftcopyPresentationStateStorage,
    UID_EncapsulatedPDFStorage,
    UID_EncapsulatedCDAStorage,
    UID_TwelveLeadECGWaveformStorage,
    UID_GeneralECGWaveformStorage,
    UID_AmbulatoryECGWaveformStorage,
    UID_HemodynamicWaveformStorage,
    UID_VLEndoscopicImageStorage,
    UID_VideoEndoscopicImageStorage,
    UID_VLMicroscopicImageStorage,
    UID_VLSlideCoordinatesMicroscopicImageStorage,
    UID_VLWholeSlideMicroscopyImageStorage,
    UID_VLPhotographicImageStorage,
    UID_OphthalmicPhotography8BitImageStorage,
    UID_OphthalmicTomographyImageStorage,
    UID_RTImageStorage,
    UID_RTStructureSetStorage,
    UID_RTDoseStorage,
    UID_RTPlanStorage,
    UID_RawDataStorage,
};

const char* const kReadyClasses[] = {
    UID_CTImageStorage,
    UID_MRImageStorage,
    UID_ComputedRadiographyImageStorage,
    UID_DigitalXRayImageStorageForPresentation,
    UID_DigitalMammographyXRayImageStorageForPresentation,
    UID_UltrasoundImageStorage,
    UID_UltrasoundMultiframeImageStorage,
    UID_SecondaryCaptureImageStorage,
};

QStringList distinctNames(const std::vector<SopClassUid>& classes) {
    QStringList names;
    for (const SopClassUid& name : classes)
        if (!names.contains(name.value()))
            names.append(name.value());
    if (names.isEmpty())
        for (const char* name : kCommonClasses)
            names.append(QLatin1String(name));
    if (size_t(names.size()) > kMaxContexts)
        names.resize(qsizetype(kMaxContexts));
    return names;
}

} // namespace

std::vector<ContextProposal> storageContexts(const std::vector<SopClassUid>& classes) {
    const QStringList names = distinctNames(classes);

    constexpr size_t groups = std::size(kSyntaxGroups);
    const size_t perClass = std::clamp<size_t>(kMaxContexts / size_t(names.size()), 1, groups);
    std::vector<ContextProposal> proposals;
    for (const QString& name : names)
        for (size_t i = 0; i < perClass; ++i) {
            QStringList syntaxes = kSyntaxGroups[i];
            for (size_t rest = perClass; i + 1 == perClass && rest < groups; ++rest)
                syntaxes += kSyntaxGroups[rest]; // the last context takes what has none of its own
            proposals.push_back({name, syntaxes, true});
        }
    return proposals;
}

std::vector<ContextProposal> storageContextsOfOneSyntax(const std::vector<SopClassUid>& classes, size_t index) {
    std::vector<ContextProposal> proposals;
    if (index < std::size(kSyntaxGroups))
        for (const QString& name : distinctNames(classes))
            proposals.push_back({name, kSyntaxGroups[index], true});
    return proposals;
}

std::vector<ContextProposal> readyStorageContexts() {
    std::vector<SopClassUid> classes;
    for (const char* name : kReadyClasses)
        classes.emplace_back(QLatin1String(name));
    return storageContexts(classes);
}

bool isReadyClass(const SopClassUid& name) {
    return std::any_of(std::begin(kReadyClasses), std::end(kReadyClasses),
                       [&](const char* ready) { return name.value() == QLatin1String(ready); });
}

} // namespace yz
