#include "dicom/data/dicom_pixel_source.h"
#include "dicom_factory.h"
#include "imaging/volume.h"

#include <QTest>

using namespace yz;

namespace {

DcmItem* child(DcmItem& item, const DcmTagKey& sequence, long index = 0) {
    DcmItem* result = nullptr;
    item.findOrCreateSequenceItem(DcmTag(sequence), result, index);
    return result;
}

/// An enhanced object of 2 x 4 pixels: three places, `repeats` frames at each, places against the order of frames.
struct Enhanced {
    DcmDataset item;
    int repeats = 2;

    Enhanced(const char* modality, const char* sopClass, int frameRepeats = 2) : repeats(frameRepeats) {
        test::fillImage(item, 2, 4, modality, sopClass);
        const int frames = 3 * repeats;
        item.putAndInsertString(DCM_NumberOfFrames, std::to_string(frames).c_str());
        DcmItem* shared = child(item, DCM_SharedFunctionalGroupsSequence);
        child(*shared, DCM_PlaneOrientationSequence)
            ->putAndInsertString(DCM_ImageOrientationPatient, "1\\0\\0\\0\\1\\0");
        child(*shared, DCM_PixelMeasuresSequence)->putAndInsertString(DCM_PixelSpacing, "2\\2");
        for (int i = 0; i < frames; ++i) {
            const int place = i / repeats;
            const std::string position = "0\\0\\" + std::to_string(40 - 5 * place);
            child(*frame(i), DCM_PlanePositionSequence)->putAndInsertString(DCM_ImagePositionPatient, position.c_str());
            child(*frame(i), DCM_FrameContentSequence)
                ->putAndInsertUint32(DCM_InStackPositionNumber, static_cast<Uint32>(place + 1));
        }
        test::putPixels(item, std::vector<Uint16>(static_cast<size_t>(frames) * 8, 7));
    }
    DcmItem* frame(int index) { return child(item, DCM_PerFrameFunctionalGroupsSequence, index); }
    [[nodiscard]] std::vector<Stack> stacks(DicomPixelSource& source) {
        const auto image = source.describe(test::file(item));
        return image ? assembleStacks({*image}) : std::vector<Stack>();
    }
};

} // namespace

/// Per-frame functional groups and plain attributes become dimensions, and dimensions stacks.
class FrameDimensionsTest : public QObject {
    Q_OBJECT

private:
    DicomPixelSource m_source;

    /// Two volumes, the second with the frames of odd number; first place last in the file.
    static void checkTwo(const std::vector<Stack>& stacks, StackSplit::By by, double second) {
        QCOMPARE(stacks.size(), size_t(2));
        for (size_t s = 0; s < 2; ++s) {
            QCOMPARE(stacks[s].frames.size(), size_t(3));
            QCOMPARE(stacks[s].splits.size(), size_t(1));
            QVERIFY(stacks[s].splits.front().by == by);
            QVERIFY(canFormVolume(stacks[s]));
            for (size_t i = 0; i < 3; ++i) {
                QCOMPARE(stacks[s].frames[i].frame, static_cast<int>(2 * (2 - i) + s));
                QCOMPARE(stacks[s].frames[i].description().plane->position.z, 30.0 + 5.0 * static_cast<double>(i));
            }
        }
        QVERIFY(std::abs(stacks[1].splits.front().value - second) < 1e-6);
    }

private Q_SLOTS:
    void enhancedMrEchoes() {
        Enhanced object("MR", UID_EnhancedMRImageStorage);
        for (int i = 0; i < 6; ++i)
            child(*object.frame(i), DCM_MREchoSequence)
                ->putAndInsertFloat64(DCM_EffectiveEchoTime, 4.92 + 2.46 * (i % 2));
        checkTwo(object.stacks(m_source), StackSplit::By::EchoTime, 7.38);
    }
    void enhancedMrDiffusion() {
        Enhanced object("MR", UID_EnhancedMRImageStorage);
        for (int i = 0; i < 6; ++i) {
            DcmItem* diffusion = child(*object.frame(i), DCM_MRDiffusionSequence);
            diffusion->putAndInsertFloat64(DCM_DiffusionBValue, 800.0 * (i % 2));
            diffusion->putAndInsertString(DCM_DiffusionDirectionality, i % 2 ? "ISOTROPIC" : "NONE");
        }
        checkTwo(object.stacks(m_source), StackSplit::By::BValue, 800.0);
    }
    void enhancedMrFrameType() {
        Enhanced object("MR", UID_EnhancedMRImageStorage);
        for (int i = 0; i < 6; ++i) {
            DcmItem* type = child(*object.frame(i), DCM_MRImageFrameTypeSequence);
            type->putAndInsertString(DCM_FrameType, "ORIGINAL\\PRIMARY\\ANGIO\\NONE");
            type->putAndInsertString(DCM_ComplexImageComponent, i % 2 ? "PHASE" : "MAGNITUDE");
        }
        const auto stacks = object.stacks(m_source);
        checkTwo(stacks, StackSplit::By::Component, 0.0);
        QCOMPARE(stacks[1].splits.front().text, QStringLiteral("PHASE"));
    }
    void enhancedCtCardiacPhase() {
        Enhanced object("CT", UID_EnhancedCTImageStorage);
        for (int i = 0; i < 6; ++i)
            child(*object.frame(i), DCM_CardiacSynchronizationSequence)
                ->putAndInsertFloat32(DCM_NominalPercentageOfCardiacPhase, i % 2 ? 75.0F : 40.0F);
        checkTwo(object.stacks(m_source), StackSplit::By::CyclePhase, 75.0);
    }
    void enhancedCtEnergies() {
        Enhanced object("CT", UID_EnhancedCTImageStorage);
        for (int i = 0; i < 6; ++i)
            child(*object.frame(i), DCM_CTXRayDetailsSequence)->putAndInsertFloat64(DCM_KVP, i % 2 ? 140.0 : 80.0);
        checkTwo(object.stacks(m_source), StackSplit::By::KiloVolt, 140.0);
    }
    void enhancedPetTimes() {
        Enhanced object("PT", UID_EnhancedPETImageStorage);
        for (int i = 0; i < 6; ++i) {
            child(*object.frame(i), DCM_FrameContentSequence)
                ->putAndInsertUint32(DCM_TemporalPositionIndex, static_cast<Uint32>(i % 2 + 1));
            child(*object.frame(i), DCM_TemporalPositionSequence)
                ->putAndInsertFloat64(DCM_TemporalPositionTimeOffset, 60.0 * (i % 2));
        }
        checkTwo(object.stacks(m_source), StackSplit::By::TemporalPosition, 2.0);
    }
    void legacyConvertedKeepsItsAttributes() {
        Enhanced object("MR", UID_LegacyConvertedEnhancedMRImageStorage);
        for (int i = 0; i < 6; ++i)
            child(*object.frame(i), DCM_UnassignedPerFrameConvertedAttributesSequence)
                ->putAndInsertString(DCM_EchoTime, i % 2 ? "80" : "20");
        checkTwo(object.stacks(m_source), StackSplit::By::EchoTime, 80.0);
    }
    void segmentsOfASegmentation() {
        Enhanced object("SEG", UID_SegmentationStorage);
        for (int i = 0; i < 6; ++i)
            child(*object.frame(i), DCM_SegmentIdentificationSequence)
                ->putAndInsertUint16(DCM_ReferencedSegmentNumber, static_cast<Uint16>(i % 2 + 1));
        checkTwo(object.stacks(m_source), StackSplit::By::Segment, 2.0);
    }
    void framesOfOnePlaceByTheirTime() {
        Enhanced object("MR", UID_EnhancedMRImageStorage);
        for (int i = 0; i < 6; ++i) {
            const std::string moment = "202601021200" + std::to_string(10 + i + 20 * (i % 2)) + ".5";
            child(*object.frame(i), DCM_FrameContentSequence)
                ->putAndInsertString(DCM_FrameAcquisitionDateTime, moment.c_str());
        }
        checkTwo(object.stacks(m_source), StackSplit::By::TimeOrder, 2.0);
    }
    void dimensionIndexValues() {
        Enhanced object("MR", UID_EnhancedMRImageStorage);
        for (int i = 0; i < 6; ++i) {
            const Uint32 index[] = {1, static_cast<Uint32>(i / 2 + 1), static_cast<Uint32>(i % 2 + 1)};
            child(*object.frame(i), DCM_FrameContentSequence)
                ->putAndInsertUint32Array(DCM_DimensionIndexValues, index, 3);
        }
        checkTwo(object.stacks(m_source), StackSplit::By::DimensionIndex, 2.0);
        const auto image = m_source.describe(test::file(object.item));
        QCOMPARE((*image)->frame(3).dimensions.dimensionIndex, (std::vector<std::uint32_t>{1, 2, 2}));
        QCOMPARE((*image)->frame(3).dimensions.inStackPosition, 2);
    }
    void plainAttributesOfSingleFrames() {
        DcmDataset item;
        test::fillImage(item, 2, 2, "MR", UID_MRImageStorage);
        item.putAndInsertString(DCM_ImageType, "ORIGINAL\\PRIMARY\\M\\ND");
        item.putAndInsertString(DCM_EchoTime, "4.92");
        item.putAndInsertString(DCM_EchoNumbers, "2");
        item.putAndInsertString(DCM_InversionTime, "900");
        item.putAndInsertString(DCM_FlipAngle, "60");
        item.putAndInsertString(DCM_TriggerTime, "312.5");
        item.putAndInsertString(DCM_AcquisitionNumber, "3");
        item.putAndInsertString(DCM_AcquisitionDate, "20260102");
        item.putAndInsertString(DCM_AcquisitionTime, "000001.250000");
        item.putAndInsertString(DcmTag(0x0019, 0x0010, EVR_LO), "SIEMENS MR HEADER");
        item.putAndInsertString(DcmTag(0x0019, 0x100c, EVR_IS), "1000");
        test::putPixels(item, {1, 2, 3, 4});
        const auto image = m_source.describe(test::file(item));
        QVERIFY(image);
        const FrameDimensions& d = (*image)->frame(0).dimensions;
        QCOMPARE(d.frameType.join(u'/'), QStringLiteral("ORIGINAL/PRIMARY/M/ND"));
        QCOMPARE(d.echoTimeMs, std::optional<double>(4.92));
        QCOMPARE(d.echoNumber, std::optional<int>(2));
        QCOMPARE(d.inversionTimeMs, std::optional<double>(900));
        QCOMPARE(d.flipAngleDeg, std::optional<double>(60));
        QCOMPARE(d.triggerMs, std::optional<double>(312.5));
        QCOMPARE(d.acquisitionNumber, std::optional<int>(3));
        QCOMPARE(d.bValue, std::optional<double>(1000));
        QCOMPARE(std::fmod(*d.acquiredMs, 86'400'000.0), 1250.0);
    }
    void unusableTimesAreNone() {
        DcmDataset item;
        test::fillImage(item, 2, 2);
        item.putAndInsertString(DCM_AcquisitionTime, "12h30");
        item.putAndInsertString(DCM_AcquisitionDateTime, "99999999");
        test::putPixels(item, {1, 2, 3, 4});
        const auto image = m_source.describe(test::file(item));
        QVERIFY(image);
        QVERIFY(!(*image)->frame(0).dimensions.acquiredMs);
    }
};

QTEST_APPLESS_MAIN(FrameDimensionsTest)
#include "frame_dimensions_test.moc"
