#include "dicom/data/dicom_pixel_source.h"
#include "dicom_factory.h"
#include "support/shared_data.h"

#include <QTest>

using namespace yz;

namespace {

DcmItem* child(DcmItem& item, const DcmTagKey& sequence, long index = 0) {
    DcmItem* result = nullptr;
    item.findOrCreateSequenceItem(DcmTag(sequence), result, index);
    return result;
}

} // namespace

class DescriptionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void plainAttributes();
    void frameTimes_data();
    void frameTimes();
    void enhancedPet();
    void functionalGroups();
    void calibrationOfProjections_data();
    void calibrationOfProjections();
    void ultrasoundRegions();
    void lutsAndPalette();
    void segmentedPalette();
    void paddingFollowsTheSign();
    void missingAttributes();
    void positionOfAMultiframeIsNotGuessed();
    void realEnhancedImages();
    void realTiltAndRegions();

private:
    DicomPixelSource m_source;
};

void DescriptionTest::plainAttributes() {
    DcmDataset item;
    test::fillImage(item, 4, 6);
    item.putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 192");
    item.putAndInsertString(DCM_ImageType, "ORIGINAL\\PRIMARY\\AXIAL");
    item.putAndInsertString(DCM_FrameOfReferenceUID, "2.25.99");
    item.putAndInsertString(DCM_InstanceNumber, "17");
    item.putAndInsertString(DCM_ImagePositionPatient, "-10.5\\20\\-300.25");
    item.putAndInsertString(DCM_ImageOrientationPatient, "1\\0\\0\\0\\1\\0");
    item.putAndInsertString(DCM_PixelSpacing, "0.5\\0.75");
    item.putAndInsertString(DCM_SliceThickness, "5");
    item.putAndInsertString(DCM_RescaleSlope, "2");
    item.putAndInsertString(DCM_RescaleIntercept, "-1024");
    item.putAndInsertString(DCM_WindowCenter, "40\\-600");
    item.putAndInsertString(DCM_WindowWidth, "400\\1500");
    item.putAndInsertString(DCM_WindowCenterWidthExplanation, "纵隔窗\\肺窗");
    item.putAndInsertString(DCM_GantryDetectorTilt, "-12.5");
    item.putAndInsertString(DCM_LossyImageCompression, "01");
    item.putAndInsertString(DCM_LossyImageCompressionRatio, "8\\12.5");
    item.putAndInsertString(DCM_LossyImageCompressionMethod, "ISO_10918_1\\ISO_15444_1");
    item.putAndInsertString(DCM_FrameTime, "33.3");
    item.putAndInsertString(DCM_PatientOrientation, "L\\F");
    test::putPixels(item, std::vector<Uint16>(24, 1));
    const auto image = m_source.describe(test::file(item));
    QVERIFY2(image.has_value(), qPrintable(image ? QString() : image.error().toString()));
    const ImageDescription& d = **image;
    QCOMPARE(d.instance.value(), QStringLiteral("2.25.31"));
    QCOMPARE(d.frameOfReference.value(), QStringLiteral("2.25.99"));
    QCOMPARE(d.transferSyntax, QStringLiteral("1.2.840.10008.1.2.1"));
    QCOMPARE(d.imageType.value(2), QStringLiteral("AXIAL"));
    QCOMPARE(d.instanceNumber, 17);
    QCOMPARE(d.rows, 4);
    QCOMPARE(d.columns, 6);
    QCOMPARE(d.patientOrientation, QStringLiteral("L\\F"));
    QCOMPARE(d.gantryTiltDeg, -12.5);
    QCOMPARE(d.frameTimeMs, 33.3);
    QVERIFY(d.lossy);
    QCOMPARE(d.lossyText, QStringLiteral("8:1 ISO_10918_1, 12.5:1 ISO_15444_1"));
    QCOMPARE(d.frames.size(), size_t(1));
    const FrameDescription& f = d.frame(0);
    QVERIFY(f.plane.has_value());
    QCOMPARE(f.plane->position.z, -300.25);
    QCOMPARE(f.plane->normal().z, 1.0);
    QCOMPARE(f.spacing.rowMm, 0.5);
    QCOMPARE(f.spacing.columnMm, 0.75);
    QVERIFY(f.spacing.calibration == Calibration::PixelSpacing);
    QCOMPARE(f.sliceThicknessMm, 5.0);
    QCOMPARE(f.rescaleSlope, 2.0);
    QCOMPARE(f.rescaleIntercept, -1024.0);
    QCOMPARE(f.rescaleUnit, QStringLiteral("HU"));
    QCOMPARE(f.windows.size(), size_t(2));
    QCOMPARE(f.windows[1].name, QStringLiteral("肺窗"));
    QCOMPARE(f.windows[1].center, -600.0);
}

/// PS3.3 C.7.6.5: entry i of the vector is the time from the frame before to frame i.
void DescriptionTest::frameTimes_data() {
    QTest::addColumn<QByteArray>("vector");
    QTest::addColumn<QByteArray>("rate");
    QTest::addColumn<double>("mean");
    QTest::addColumn<QList<double>>("each");
    QTest::newRow("each its own") << QByteArray("0\\40\\200\\60") << QByteArray() << 100.0
                                  << QList<double>{40, 200, 60, 100};
    QTest::newRow("all alike") << QByteArray("0\\40\\40\\40") << QByteArray() << 40.0 << QList<double>();
    QTest::newRow("a rate for display stands above it")
        << QByteArray("0\\40\\200\\60") << QByteArray("25") << 40.0 << QList<double>();
    QTest::newRow("one entry too few") << QByteArray("0\\40\\200") << QByteArray() << 120.0 << QList<double>();
    QTest::newRow("time stands still") << QByteArray("0\\40\\0\\50") << QByteArray() << 30.0 << QList<double>();
    QTest::newRow("backwards") << QByteArray("0\\40\\-20\\50") << QByteArray() << 70.0 / 3 << QList<double>();
}

void DescriptionTest::frameTimes() {
    QFETCH(QByteArray, vector);
    QFETCH(QByteArray, rate);
    QFETCH(double, mean);
    QFETCH(QList<double>, each);
    DcmDataset item;
    test::fillImage(item, 2, 2, "US", UID_UltrasoundMultiframeImageStorage);
    item.putAndInsertString(DCM_NumberOfFrames, "4");
    item.putAndInsertTagKey(DCM_FrameIncrementPointer, DCM_FrameTimeVector);
    item.putAndInsertString(DCM_FrameTimeVector, vector.constData());
    if (!rate.isEmpty())
        item.putAndInsertString(DCM_RecommendedDisplayFrameRate, rate.constData());
    test::putPixels(item, std::vector<Uint16>(16, 1));
    const auto image = m_source.describe(test::file(item));
    QVERIFY2(image.has_value(), qPrintable(image ? QString() : image.error().toString()));
    QCOMPARE((*image)->frameTimeMs, mean);
    QCOMPARE(QList<double>((*image)->frameTimesMs.begin(), (*image)->frameTimesMs.end()), each);
}

/// What SUV needs, from the places of PS3.3 C.8.22.
void DescriptionTest::enhancedPet() {
    for (const bool isAlike : {true, false}) {
        DcmDataset item;
        test::fillImage(item, 2, 2, "PT", UID_EnhancedPETImageStorage);
        item.putAndInsertString(DCM_NumberOfFrames, "2");
        item.putAndInsertString(DCM_PatientWeight, "70");
        item.putAndInsertString(DCM_AttenuationCorrected, "YES");
        item.putAndInsertString(DCM_DecayCorrected, "YES");
        item.putAndInsertString(DCM_DecayCorrectionDateTime, "20260302090000.000");
        DcmItem* dose = child(item, DCM_RadiopharmaceuticalInformationSequence);
        dose->putAndInsertString(DCM_RadiopharmaceuticalStartDateTime, "20260302080000");
        dose->putAndInsertString(DCM_RadionuclideTotalDose, "370000000");
        dose->putAndInsertString(DCM_RadionuclideHalfLife, "6586.2");
        for (int i = 0; i < 2; ++i) {
            DcmItem* frame = child(item, DCM_PerFrameFunctionalGroupsSequence, i);
            DcmItem* value = child(*frame, DCM_PixelValueTransformationSequence);
            value->putAndInsertString(DCM_RescaleSlope, QByteArray::number(1.5 + i).constData());
            value->putAndInsertString(DCM_RescaleIntercept, "0");
            DcmItem* world = child(*frame, DCM_RealWorldValueMappingSequence);
            // The second frame of the other object maps otherwise than its rescale: its values are no activity.
            world->putAndInsertFloat64(DCM_RealWorldValueSlope, isAlike || i == 0 ? 1.5 + i : 9.0);
            world->putAndInsertFloat64(DCM_RealWorldValueIntercept, 0.0);
            child(*world, DCM_MeasurementUnitsCodeSequence)->putAndInsertString(DCM_CodeValue, "Bq/ml");
        }
        test::putPixels(item, std::vector<Uint16>(8, 1));
        const auto image = m_source.describe(test::file(item));
        QVERIFY2(image.has_value(), qPrintable(image ? QString() : image.error().toString()));
        QVERIFY((*image)->pet.has_value());
        const PetDescription& pet = *(*image)->pet;
        QCOMPARE(pet.units, isAlike ? QStringLiteral("BQML") : QString());
        QCOMPARE(pet.corrections, (QStringList{QStringLiteral("ATTN"), QStringLiteral("DECY")}));
        QCOMPARE(pet.decayCorrection, QStringLiteral("START"));
        QCOMPARE(pet.injectionTime, QDateTime(QDate(2026, 3, 2), QTime(8, 0), Qt::UTC));
        QCOMPARE(pet.seriesTime, QDateTime(QDate(2026, 3, 2), QTime(9, 0), Qt::UTC));
        QCOMPARE(pet.injectedDoseBq, 370e6);
        QCOMPARE(pet.halfLifeS, 6586.2);
        QCOMPARE(pet.patientWeightKg, 70.0);
    }
}

void DescriptionTest::functionalGroups() {
    DcmDataset item;
    test::fillImage(item, 2, 2, "MR", UID_EnhancedMRImageStorage);
    item.putAndInsertString(DCM_NumberOfFrames, "3");
    DcmItem* shared = child(item, DCM_SharedFunctionalGroupsSequence);
    child(*shared, DCM_PlaneOrientationSequence)->putAndInsertString(DCM_ImageOrientationPatient, "1\\0\\0\\0\\1\\0");
    DcmItem* measures = child(*shared, DCM_PixelMeasuresSequence);
    measures->putAndInsertString(DCM_PixelSpacing, "1.5\\1.25");
    measures->putAndInsertString(DCM_SliceThickness, "4");
    for (int i = 0; i < 3; ++i) {
        DcmItem* frame = child(item, DCM_PerFrameFunctionalGroupsSequence, i);
        const QByteArray at = QByteArray("0\\0\\").append(QByteArray::number(i * 5));
        child(*frame, DCM_PlanePositionSequence)->putAndInsertString(DCM_ImagePositionPatient, at.constData());
        DcmItem* value = child(*frame, DCM_PixelValueTransformationSequence);
        value->putAndInsertString(DCM_RescaleSlope, QByteArray::number(i + 1).constData());
        value->putAndInsertString(DCM_RescaleIntercept, "-5");
        DcmItem* voi = child(*frame, DCM_FrameVOILUTSequence);
        voi->putAndInsertString(DCM_WindowCenter, QByteArray::number(100 * i).constData());
        voi->putAndInsertString(DCM_WindowWidth, "50");
        DcmItem* content = child(*frame, DCM_FrameContentSequence);
        content->putAndInsertUint32(DCM_TemporalPositionIndex, static_cast<Uint32>(i + 1));
        content->putAndInsertString(DCM_StackID, "S1");
    }
    child(*child(item, DCM_PerFrameFunctionalGroupsSequence, 2), DCM_PixelMeasuresSequence)
        ->putAndInsertString(DCM_PixelSpacing, "3\\3");
    test::putPixels(item, std::vector<Uint16>(12, 1));
    const auto image = m_source.describe(test::file(item));
    QVERIFY2(image.has_value(), qPrintable(image ? QString() : image.error().toString()));
    QCOMPARE((*image)->frames.size(), size_t(3));
    for (int i = 0; i < 3; ++i) {
        const FrameDescription& f = (*image)->frame(i);
        QVERIFY(f.plane.has_value());
        QCOMPARE(f.plane->position.z, 5.0 * i);
        QCOMPARE(f.spacing.rowMm, i == 2 ? 3.0 : 1.5);
        QVERIFY(f.spacing.calibration == Calibration::PixelSpacing);
        QCOMPARE(f.rescaleSlope, i + 1.0);
        QCOMPARE(f.windows.at(0).center, 100.0 * i);
        QCOMPARE(f.temporalIndex, i + 1);
        QCOMPARE(f.stackId, QStringLiteral("S1"));
    }
}

void DescriptionTest::calibrationOfProjections_data() {
    QTest::addColumn<QByteArray>("modality");
    QTest::addColumn<QByteArray>("pixelSpacing");
    QTest::addColumn<QByteArray>("imagerSpacing");
    QTest::addColumn<QByteArray>("calibrationType");
    QTest::addColumn<QByteArray>("magnification");
    QTest::addColumn<int>("expected");
    QTest::addColumn<double>("rowMm");
    const auto row = [](const char* name, const char* modality, const char* pixel, const char* imager, const char* type,
                        const char* magnification, Calibration expected, double mm) {
        QTest::newRow(name) << QByteArray(modality) << QByteArray(pixel) << QByteArray(imager) << QByteArray(type)
                            << QByteArray(magnification) << int(expected) << mm;
    };
    row("nothing", "DX", "", "", "", "", Calibration::None, 1.0);
    row("at the detector", "DX", "", "0.2\\0.2", "", "", Calibration::ImagerSpacing, 0.2);
    row("both the same", "DX", "0.2\\0.2", "0.2\\0.2", "", "", Calibration::ImagerSpacing, 0.2);
    row("corrected by someone", "DX", "0.15\\0.15", "0.2\\0.2", "", "", Calibration::CalibratedSpacing, 0.15);
    row("calibrated with a fiducial", "CR", "0.2\\0.2", "0.2\\0.2", "FIDUCIAL", "", Calibration::CalibratedSpacing,
        0.2);
    row("no word about the plane", "CR", "0.1\\0.1", "", "", "", Calibration::ImagerSpacing, 0.1);
    row("magnification", "MG", "", "0.1\\0.1", "", "1.25", Calibration::Magnification, 0.08);
    row("magnification of nonsense", "MG", "", "0.1\\0.1", "", "0", Calibration::ImagerSpacing, 0.1);
    row("a cross-section", "MR", "0.7\\0.7", "", "", "", Calibration::PixelSpacing, 0.7);
    row("zero spacing", "CT", "0\\0", "", "", "", Calibration::None, 1.0);
    row("negative spacing", "CT", "-1\\1", "", "", "", Calibration::None, 1.0);
    row("one number", "CT", "0.5", "", "", "", Calibration::None, 1.0);
    row("no number", "CT", "abc\\0.5", "", "", "", Calibration::None, 1.0);
}

void DescriptionTest::calibrationOfProjections() {
    QFETCH(QByteArray, modality);
    QFETCH(QByteArray, pixelSpacing);
    QFETCH(QByteArray, imagerSpacing);
    QFETCH(QByteArray, calibrationType);
    QFETCH(QByteArray, magnification);
    QFETCH(int, expected);
    QFETCH(double, rowMm);
    DcmDataset item;
    test::fillImage(item, 2, 2, modality.constData());
    const auto put = [&](const DcmTagKey& tag, const QByteArray& value) {
        if (!value.isEmpty())
            item.putAndInsertString(DcmTag(tag), value.constData());
    };
    put(DCM_PixelSpacing, pixelSpacing);
    put(DCM_ImagerPixelSpacing, imagerSpacing);
    put(DCM_PixelSpacingCalibrationType, calibrationType);
    put(DCM_EstimatedRadiographicMagnificationFactor, magnification);
    test::putPixels(item, {1, 2, 3, 4});
    const auto image = m_source.describe(test::file(item));
    QVERIFY(image.has_value());
    QCOMPARE(int((*image)->frame(0).spacing.calibration), expected);
    QVERIFY(std::abs((*image)->frame(0).spacing.rowMm - rowMm) < 1e-12);
}

void DescriptionTest::ultrasoundRegions() {
    DcmDataset item;
    test::fillImage(item, 2, 2, "US", UID_UltrasoundImageStorage);
    const auto region = [&](long index, Uint16 unitX, Uint16 unitY, double deltaX) {
        DcmItem* r = child(item, DCM_SequenceOfUltrasoundRegions, index);
        r->putAndInsertUint32(DCM_RegionLocationMinX0, 10);
        r->putAndInsertUint32(DCM_RegionLocationMinY0, 20);
        r->putAndInsertUint32(DCM_RegionLocationMaxX1, 300);
        r->putAndInsertUint32(DCM_RegionLocationMaxY1, 400);
        r->putAndInsertUint16(DCM_PhysicalUnitsXDirection, unitX);
        r->putAndInsertUint16(DCM_PhysicalUnitsYDirection, unitY);
        r->putAndInsertFloat64(DCM_PhysicalDeltaX, deltaX);
        r->putAndInsertFloat64(DCM_PhysicalDeltaY, -0.02);
    };
    region(0, 3, 3, 0.05);
    region(1, 4, 3, 0.01); // a time axis: no length can be measured across it
    region(2, 3, 3, 0.0);
    test::putPixels(item, {1, 2, 3, 4});
    const auto image = m_source.describe(test::file(item));
    QVERIFY(image.has_value());
    QCOMPARE((*image)->regions.size(), size_t(3));
    QCOMPARE((*image)->regions[1].columnMm, 0.0);
    QCOMPARE((*image)->regions[2].columnMm, 0.0);
    QCOMPARE((*image)->regions[0].columnMm, 0.5);
    QCOMPARE((*image)->regions[0].rowMm, 0.2);
    QCOMPARE((*image)->regions[0].maxY, 400);
    QVERIFY((*image)->frame(0).spacing.calibration == Calibration::None);
}

void DescriptionTest::lutsAndPalette() {
    DcmDataset item;
    test::fillImage(item, 2, 2);
    item.putAndInsertUint16(DCM_PixelRepresentation, 1);
    const auto lut = [](DcmItem& entry, Uint16 first, const std::vector<Uint16>& values, Uint16 bits) {
        const Uint16 descriptor[] = {static_cast<Uint16>(values.size()), first, bits};
        entry.putAndInsertUint16Array(DcmTag(DCM_LUTDescriptor, DcmVR(EVR_US)), descriptor, 3);
        entry.putAndInsertUint16Array(DcmTag(DCM_LUTData, DcmVR(EVR_OW)), values.data(),
                                      static_cast<unsigned long>(values.size()));
    };
    lut(*child(item, DCM_ModalityLUTSequence), static_cast<Uint16>(-2), {10, 20, 30}, 16);
    child(item, DCM_VOILUTSequence)->putAndInsertString(DCM_LUTExplanation, "BONE");
    lut(*child(item, DCM_VOILUTSequence), 0, {1, 2}, 12);
    test::putPixels(item, {1, 2, 3, 4});
    auto image = m_source.describe(test::file(item));
    QVERIFY(image.has_value());
    const FrameDescription& f = (*image)->frame(0);
    QVERIFY(f.modalityLut.has_value());
    QCOMPARE(f.modalityLut->firstMapped, -2);
    QVERIFY(f.modalityLut->entries == std::vector<std::uint16_t>({10, 20, 30}));
    QCOMPARE(f.voiLuts.size(), size_t(1));
    QCOMPARE(f.voiLuts[0].explanation, QStringLiteral("BONE"));
    QCOMPARE(f.voiLuts[0].bitsPerEntry, 12);

    DcmDataset colour;
    test::fillImage(colour, 2, 2);
    colour.putAndInsertString(DCM_PhotometricInterpretation, "PALETTE COLOR");
    colour.putAndInsertUint16(DCM_BitsAllocated, 8);
    colour.putAndInsertUint16(DCM_BitsStored, 8);
    colour.putAndInsertUint16(DCM_HighBit, 7);
    const Uint16 descriptor[] = {4, 0, 8};
    const Uint16 packed[] = {0x0201, 0x0403}; // 8-bit entries, two a word
    for (const DcmTagKey& tag : {DCM_RedPaletteColorLookupTableDescriptor, DCM_GreenPaletteColorLookupTableDescriptor,
                                 DCM_BluePaletteColorLookupTableDescriptor})
        colour.putAndInsertUint16Array(DcmTag(tag, DcmVR(EVR_US)), descriptor, 3);
    for (const DcmTagKey& tag : {DCM_RedPaletteColorLookupTableData, DCM_GreenPaletteColorLookupTableData,
                                 DCM_BluePaletteColorLookupTableData})
        colour.putAndInsertUint16Array(DcmTag(tag, DcmVR(EVR_OW)), packed, 2);
    test::putBytes(colour, {0, 1, 2, 3});
    image = m_source.describe(test::file(colour));
    QVERIFY2(image.has_value(), qPrintable(image ? QString() : image.error().toString()));
    QVERIFY((*image)->photometric == Photometric::PaletteColor);
    QVERIFY((*image)->paletteGreen.entries == std::vector<std::uint16_t>({1, 2, 3, 4}));
    QCOMPARE((*image)->paletteGreen.bitsPerEntry, 8);
    delete colour.remove(DCM_BluePaletteColorLookupTableData);
    QCOMPARE(m_source.describe(test::file(colour)).error().code, ErrorCode::AttributeMissing);
}

void DescriptionTest::segmentedPalette() {
    DcmDataset item;
    test::fillImage(item, 2, 2);
    item.putAndInsertString(DCM_PhotometricInterpretation, "PALETTE COLOR");
    const Uint16 descriptor[] = {9, 0, 16};
    // discrete 2: 0, 1000; linear 4 to 5000; indirect: the two segments... of one: the discrete one at byte 0;
    // discrete 1.
    const Uint16 segments[] = {0, 2, 0, 1000, 1, 4, 5000, 2, 1, 0, 0, 0, 1, 7};
    for (const DcmTagKey& tag : {DCM_RedPaletteColorLookupTableDescriptor, DCM_GreenPaletteColorLookupTableDescriptor,
                                 DCM_BluePaletteColorLookupTableDescriptor})
        item.putAndInsertUint16Array(DcmTag(tag, DcmVR(EVR_US)), descriptor, 3);
    for (const DcmTagKey& tag :
         {DCM_SegmentedRedPaletteColorLookupTableData, DCM_SegmentedGreenPaletteColorLookupTableData,
          DCM_SegmentedBluePaletteColorLookupTableData})
        item.putAndInsertUint16Array(DcmTag(tag, DcmVR(EVR_OW)), segments, std::size(segments));
    test::putPixels(item, {0, 1, 2, 3});
    const auto image = m_source.describe(test::file(item));
    QVERIFY2(image.has_value(), qPrintable(image ? QString() : image.error().toString()));
    QVERIFY((*image)->paletteRed.entries == std::vector<std::uint16_t>({0, 1000, 2000, 3000, 4000, 5000, 0, 1000, 7}));
}

void DescriptionTest::paddingFollowsTheSign() {
    for (const bool isSigned : {false, true}) {
        DcmDataset item;
        test::fillImage(item, 2, 2);
        item.putAndInsertUint16(DCM_PixelRepresentation, isSigned ? 1 : 0);
        item.putAndInsertUint16(DcmTag(DCM_PixelPaddingValue, DcmVR(EVR_US)), static_cast<Uint16>(-2000));
        test::putPixels(item, {1, 2, 3, static_cast<Uint16>(-2000)});
        const QByteArray file = test::file(item);
        const auto image = m_source.describe(file);
        QVERIFY(image.has_value());
        QCOMPARE((*image)->paddingFirst.value_or(0), isSigned ? -2000.0 : 63536.0);
        QCOMPARE((*image)->paddingLast.value_or(0), isSigned ? -2000.0 : 63536.0);
        const auto frame = m_source.decode(file, 0);
        QVERIFY(frame.has_value());
        QCOMPARE(isSigned ? double((*frame)->as<std::int16_t>()[3]) : double((*frame)->as<std::uint16_t>()[3]),
                 *(*image)->paddingFirst);
    }
}

void DescriptionTest::missingAttributes() {
    const auto without = [&](const DcmTagKey& tag) {
        DcmDataset item;
        test::fillImage(item, 2, 2);
        test::putPixels(item, {1, 2, 3, 4});
        delete item.remove(DcmTagKey(tag));
        return m_source.describe(item.tagExists(DCM_SOPClassUID) ? test::file(item) : QByteArray());
    };
    QCOMPARE(without(DCM_Rows).error().code, ErrorCode::AttributeMissing);
    QCOMPARE(without(DCM_BitsAllocated).error().code, ErrorCode::AttributeMissing);
    QCOMPARE(without(DCM_PhotometricInterpretation).error().code, ErrorCode::AttributeMissing);
    QCOMPARE(without(DCM_PixelData).error().code, ErrorCode::PixelDataMissing);
    QVERIFY(without(DCM_BitsStored).has_value());
    QVERIFY(without(DCM_HighBit).has_value());
    QVERIFY(without(DCM_PixelRepresentation).has_value());
    DcmDataset text;
    text.putAndInsertString(DCM_SOPClassUID, UID_EnhancedSRStorage);
    text.putAndInsertString(DCM_SOPInstanceUID, "2.25.1");
    text.putAndInsertString(DCM_StudyInstanceUID, "2.25.2");
    QCOMPARE(m_source.describe(test::file(text)).error().code, ErrorCode::NotAnImage);
    QCOMPARE(m_source.readHeader(test::file(text)).error().code, ErrorCode::AttributeMissing); // no series
    text.putAndInsertString(DCM_SeriesInstanceUID, "../../etc");
    QCOMPARE(m_source.readHeader(test::file(text)).error().code, ErrorCode::AttributeMissing); // no UID
}

void DescriptionTest::positionOfAMultiframeIsNotGuessed() {
    DcmDataset item;
    test::fillImage(item, 2, 2, "NM");
    item.putAndInsertString(DCM_NumberOfFrames, "2");
    item.putAndInsertString(DCM_ImagePositionPatient, "0\\0\\0");
    item.putAndInsertString(DCM_ImageOrientationPatient, "1\\0\\0\\0\\1\\0");
    test::putPixels(item, std::vector<Uint16>(8, 1));
    const auto image = m_source.describe(test::file(item));
    QVERIFY(image.has_value());
    QVERIFY(!(*image)->frame(0).plane.has_value());
    item.putAndInsertString(DCM_NumberOfFrames, "1");
    item.putAndInsertString(DCM_ImageOrientationPatient, "1\\0\\0\\1\\0\\0"); // no plane
    QVERIFY(!(*m_source.describe(test::file(item)))->frame(0).plane.has_value());
}

void DescriptionTest::realEnhancedImages() {
    if (test::sharedData().isEmpty())
        QSKIP("no third-party studies");
    const auto image =
        m_source.describe(test::sharedData() + QStringLiteral("/dcm_qa_enh/In/Philips/IM_0027_fMAP.dcm"));
    QVERIFY2(image.has_value(), qPrintable(image ? QString() : image.error().toString()));
    QCOMPARE((*image)->frameCount, 64);
    QCOMPARE((*image)->frames.size(), size_t(64));
    for (int i = 0; i < 64; ++i) {
        QVERIFY((*image)->frame(i).plane.has_value());
        QVERIFY((*image)->frame(i).spacing.calibration == Calibration::PixelSpacing);
        QVERIFY(!(*image)->frame(i).windows.empty());
    }
}

void DescriptionTest::realTiltAndRegions() {
    if (test::sharedData().isEmpty())
        QSKIP("no third-party studies");
    const auto tilted = m_source.describe(test::sharedData() + QStringLiteral("/dcm_qa_ct/In/GE/01.dcm"));
    QVERIFY(tilted.has_value());
    QCOMPARE((*tilted)->gantryTiltDeg, 18.5);
    QCOMPARE((*tilted)->paddingFirst.value_or(0), -1500.0);
    QVERIFY((*tilted)->isSigned);
    const auto us = m_source.describe(test::sharedData() +
                                      QStringLiteral("/pydicom/src/pydicom/data/test_files/examples_palette.dcm"));
    QVERIFY(us.has_value());
    QVERIFY((*us)->photometric == Photometric::PaletteColor);
    QCOMPARE((*us)->paletteRed.entries.size(), size_t(256));
    QVERIFY(!(*us)->regions.empty());
    const auto dx = m_source.describe(test::sharedData() + QStringLiteral("/highdicom/data/test_files/dx_image.dcm"));
    QVERIFY(dx.has_value());
    QVERIFY((*dx)->photometric == Photometric::Monochrome1);
    QVERIFY((*dx)->frame(0).spacing.calibration == Calibration::ImagerSpacing);
}

QTEST_GUILESS_MAIN(DescriptionTest)
#include "description_test.moc"
