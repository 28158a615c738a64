#include "embedded_platform/samples/sample_studies.h"

#include "embedded_platform/samples/chest_phantom.h"
#include "embedded_platform/samples/head_phantom.h"
#include "embedded_platform/samples/pet_phantom.h"
#include "embedded_platform/samples/radiograph.h"
#include "embedded_platform/samples/sample_dataset.h"
#include "embedded_platform/samples/ultrasound_phantom.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <array>
#include <cmath>

namespace yz::samples {

namespace {

struct SampleCase {
    QString folder;
    Order order;
    Priority priority = Priority::Routine;
    bool wantsReading = true; ///< a prior is only there to be compared with
};

Patient person(const char* id, const QString& name, Sex sex, QDate birth) {
    Patient patient;
    patient.id = PatientId(QString::fromLatin1(id));
    patient.issuerOfId = QStringLiteral("YZDEMO");
    patient.name = PersonName::fromDicom(name);
    patient.sex = sex;
    patient.birthDate = birth;
    return patient;
}

std::array<SampleCase, 7> sampleCases(const QDateTime& reference) {
    std::array<SampleCase, 7> cases;
    const auto fill = [&](int i, const char* folder, Patient patient, const char* accession, const QString& hospital,
                          const QString& department, const QString& physician, const QString& item,
                          const char* modality, const char* part, const QString& diagnosis, const QString& history,
                          int minutesAgo, Priority priority) {
        SampleCase& c = cases[static_cast<size_t>(i)];
        c.folder = QString::fromLatin1(folder);
        c.order.patient = std::move(patient);
        c.order.accessionNumber = QString::fromLatin1(accession);
        c.order.requestingHospital = hospital;
        c.order.requestingDepartment = department;
        c.order.requestingPhysician = physician;
        c.order.item = item;
        c.order.modality = QString::fromLatin1(modality);
        c.order.bodyPart = QString::fromLatin1(part);
        c.order.clinicalDiagnosis = diagnosis;
        c.order.history = history;
        c.order.examTime = reference.addSecs(-60LL * minutesAgo);
        c.order.study = StudyUid(sampleUid(c.folder));
        c.priority = priority;
    };
    const QString east = QStringLiteral("青川县东河镇中心卫生院");
    const QString west = QStringLiteral("青川县西坪乡卫生院");
    const QString south = QStringLiteral("青川县南岭镇卫生院");
    fill(0, "ct-chest", person("YZD0001", QStringLiteral("Zhang^Jianguo=张^建国"), Sex::Male, QDate(1958, 5, 12)),
         "DH26110001", east, QStringLiteral("内科"), QStringLiteral("周敏"), QStringLiteral("胸部CT平扫"), "CT",
         "CHEST", QStringLiteral("咳嗽待查"), QStringLiteral("反复咳嗽3月，吸烟40年，无发热。"), 95, Priority::Routine);
    fill(1, "ct-head", person("YZD0002", QStringLiteral("Li^Xiumei=李^秀梅"), Sex::Female, QDate(1949, 11, 3)),
         "XP26110002", west, QStringLiteral("急诊科"), QStringLiteral("赵强"), QStringLiteral("头颅CT平扫"), "CT",
         "HEAD", QStringLiteral("脑出血？"), QStringLiteral("突发头痛伴左侧肢体无力1小时，高血压病史10年。"), 12,
         Priority::Emergency);
    fill(2, "mr-brain", person("YZD0003", QStringLiteral("Wang^Lihua=王^丽华"), Sex::Female, QDate(1967, 2, 20)),
         "NL26110003", south, QStringLiteral("神经内科"), QStringLiteral("孙伟"), QStringLiteral("颅脑MR平扫"), "MR",
         "BRAIN", QStringLiteral("头晕待查"), QStringLiteral("头晕半年，加重1周，无外伤史。"), 140, Priority::Routine);
    fill(3, "dx-chest", person("YZD0004", QStringLiteral("Chen^Zhiqiang=陈^志强"), Sex::Male, QDate(1981, 8, 30)),
         "DH26110004", east, QStringLiteral("呼吸科"), QStringLiteral("周敏"), QStringLiteral("胸部正位DR"), "DX",
         "CHEST", QStringLiteral("肺炎？"), QStringLiteral("发热伴咳嗽咳痰4天，体温38.6℃。"), 48, Priority::Urgent);
    fill(4, "us-abdomen", person("YZD0005", QStringLiteral("Liu^Fang=刘^芳"), Sex::Female, QDate(1975, 12, 9)),
         "XP26110005", west, QStringLiteral("外科"), QStringLiteral("何静"), QStringLiteral("肝胆胰脾彩超"), "US",
         "ABDOMEN", QStringLiteral("胆囊结石？"), QStringLiteral("右上腹隐痛2周，餐后加重。"), 30, Priority::Routine);
    fill(5, "dx-chest-prior", cases[3].order.patient, "DH26020077", east, QStringLiteral("体检科"),
         QStringLiteral("周敏"), QStringLiteral("胸部正位DR"), "DX", "CHEST", QStringLiteral("健康体检"), QString(),
         60 * 24 * 270, Priority::Routine);
    cases[5].wantsReading = false;
    fill(6, "pet-ct", person("YZD0006", QStringLiteral("Zhao^Mingde=赵^明德"), Sex::Male, QDate(1955, 9, 18)),
         "NL26110006", south, QStringLiteral("肿瘤科"), QStringLiteral("孙伟"), QStringLiteral("胸部PET/CT"), "PT",
         "CHEST", QStringLiteral("肺结节性质待定"), QStringLiteral("体检发现左肺结节，伴咳嗽2周。"), 75,
         Priority::Routine);
    return cases;
}

void putImagePixel(DcmDataset& data, int columns, int rows, int bitsStored, bool isSigned, const char* photometric) {
    data.putAndInsertUint16(DCM_SamplesPerPixel, 1);
    data.putAndInsertString(DCM_PhotometricInterpretation, photometric);
    data.putAndInsertUint16(DCM_Rows, static_cast<Uint16>(rows));
    data.putAndInsertUint16(DCM_Columns, static_cast<Uint16>(columns));
    data.putAndInsertUint16(DCM_BitsAllocated, 16);
    data.putAndInsertUint16(DCM_BitsStored, static_cast<Uint16>(bitsStored));
    data.putAndInsertUint16(DCM_HighBit, static_cast<Uint16>(bitsStored - 1));
    data.putAndInsertUint16(DCM_PixelRepresentation, isSigned ? 1 : 0);
}

struct SliceLook {
    const char* sopClass;
    int offset = 0; ///< stored = value + offset
    int highest = 4095;
    double windowCenter = 0, windowWidth = 1;
    const char* imageType = "ORIGINAL\\PRIMARY\\AXIAL";
    E_TransferSyntax syntax = EXS_LittleEndianExplicit;
};

/// One file a slice of a grid, axial, head-first supine.
Status writeSlices(const Grid& grid, const SampleSeries& series, const SliceLook& look, const QString& folder,
                   const std::function<void(DcmDataset&)>& addModality, const std::function<void()>& written) {
    for (int s = 0; s < grid.slices; ++s) {
        const std::unique_ptr<DcmFileFormat> file = newSample(series, look.sopClass, s + 1);
        DcmDataset& data = *file->getDataset();
        data.putAndInsertString(DCM_ImageType, look.imageType);
        data.putAndInsertString(DCM_PatientPosition, "HFS");
        putNumbers(data, DCM_ImageOrientationPatient, {1, 0, 0, 0, 1, 0});
        putNumbers(data, DCM_ImagePositionPatient, {grid.origin.x, grid.origin.y, grid.origin.z + s * grid.sliceMm});
        putNumbers(data, DCM_SliceLocation, {grid.origin.z + s * grid.sliceMm});
        putNumbers(data, DCM_PixelSpacing, {grid.rowMm, grid.columnMm});
        putNumbers(data, DCM_SliceThickness, {grid.sliceMm});
        putNumbers(data, DCM_WindowCenter, {look.windowCenter});
        putNumbers(data, DCM_WindowWidth, {look.windowWidth});
        putImagePixel(data, grid.columns, grid.rows, 12, false, "MONOCHROME2");
        addModality(data);
        std::vector<Uint16> stored(static_cast<size_t>(grid.columns) * grid.rows);
        const float* values = grid.slice(s);
        for (size_t i = 0; i < stored.size(); ++i)
            stored[i] = static_cast<Uint16>(
                std::clamp(static_cast<int>(std::lround(values[i])) + look.offset, 0, look.highest));
        data.putAndInsertUint16Array(DCM_PixelData, stored.data(), static_cast<unsigned long>(stored.size()));
        const QString path =
            QStringLiteral("%1/%2_%3.dcm").arg(folder).arg(series.seriesNumber).arg(s + 1, 4, 10, QChar(u'0'));
        if (Status saved = writeSample(*file, path, look.syntax); !saved)
            return saved;
        written();
    }
    return {};
}

SampleSeries seriesOf(const SampleCase& sample, const QString& description, int number, const char* maker,
                      const char* model) {
    SampleSeries series;
    series.order = sample.order;
    series.studyDescription = sample.order.item;
    series.seriesDescription = description;
    series.protocol = sample.order.item;
    series.seriesNumber = number;
    series.seriesUid = sampleUid(sample.folder + u'/' + QString::number(number));
    series.manufacturer = QString::fromLatin1(maker);
    series.model = QString::fromLatin1(model);
    return series;
}

Status writeChestCt(const SampleCase& sample, const QString& folder, const std::function<void()>& written) {
    constexpr int size = 512;
    constexpr double pixel = 376.0 / size;
    Grid grid(size, size, 160, {-188 + pixel / 2, -188 + pixel / 2, -152}, pixel, pixel, 1.9);
    ChestFindings findings;
    findings.nodules = {{{-74, -26, 52}, 8.0, 34}, {{82, 34, -24}, 14.0, 28}};
    paintChest(grid, findings);
    addGrain(grid, 13, 7);
    SampleSeries series = seriesOf(sample, QStringLiteral("胸部 1.9mm 平扫"), 2, "YZ Phantom", "CT-16");
    series.text = SampleText::Gb18030;
    series.frameOfReferenceUid = sampleUid(sample.folder + QStringLiteral("/frame"));
    const SliceLook look{UID_CTImageStorage, 1024, 4095, 40, 400, "ORIGINAL\\PRIMARY\\AXIAL", EXS_LittleEndianExplicit};
    return writeSlices(
        grid, series, look, folder,
        [](DcmDataset& data) {
            putNumbers(data, DCM_RescaleIntercept, {-1024});
            putNumbers(data, DCM_RescaleSlope, {1});
            data.putAndInsertString(DCM_RescaleType, "HU");
            putNumbers(data, DCM_KVP, {120});
            data.putAndInsertString(DCM_ConvolutionKernel, "B31f");
        },
        written);
}

Status writeHeadCt(const SampleCase& sample, const QString& folder, const std::function<void()>& written) {
    constexpr int size = 512;
    constexpr double pixel = 230.0 / size;
    Grid grid(size, size, 52, {-115 + pixel / 2, -118 + pixel / 2, -66}, pixel, pixel, 3.0);
    HeadFindings findings;
    findings.bleed = true;
    paintHeadCt(grid, findings);
    addGrain(grid, 3.2F, 9);
    SampleSeries series = seriesOf(sample, QStringLiteral("头颅 3mm"), 2, "YZ Phantom", "CT-16");
    series.frameOfReferenceUid = sampleUid(sample.folder + QStringLiteral("/frame"));
    const SliceLook look{UID_CTImageStorage, 1024, 4095, 40, 90, "ORIGINAL\\PRIMARY\\AXIAL", EXS_JPEGProcess14SV1};
    return writeSlices(
        grid, series, look, folder,
        [](DcmDataset& data) {
            putNumbers(data, DCM_RescaleIntercept, {-1024});
            putNumbers(data, DCM_RescaleSlope, {1});
            data.putAndInsertString(DCM_RescaleType, "HU");
            putNumbers(data, DCM_KVP, {120});
        },
        written);
}

Status writeBrainMr(const SampleCase& sample, const QString& folder, const std::function<void()>& written) {
    struct Sequence {
        MrSequence sequence;
        QString description;
        double repetitionMs, echoMs, inversionMs;
        double center, width;
    };
    const std::array<Sequence, 3> sequences{
        {{MrSequence::T1, QStringLiteral("T1WI TRA"), 1800, 9, 0, 420, 900},
         {MrSequence::T2, QStringLiteral("T2WI TRA"), 4500, 98, 0, 480, 1000},
         {MrSequence::Flair, QStringLiteral("T2 FLAIR TRA"), 8000, 110, 2400, 420, 900}}};
    HeadFindings findings;
    findings.whiteMatterLesions = true;
    int number = 2;
    for (const Sequence& s : sequences) {
        constexpr int size = 320;
        constexpr double pixel = 230.0 / size;
        Grid grid(size, size, 24, {-115 + pixel / 2, -118 + pixel / 2, -58}, pixel, pixel, 5.8);
        paintHeadMr(grid, findings, s.sequence);
        addGrain(grid, 14, static_cast<unsigned>(20 + number));
        SampleSeries series = seriesOf(sample, s.description, number++, "YZ Phantom", "MR-1.5T");
        series.frameOfReferenceUid = sampleUid(sample.folder + QStringLiteral("/frame"));
        SliceLook look{UID_MRImageStorage,      0, 4095, s.center, s.width, "ORIGINAL\\PRIMARY\\M\\NORM",
                       EXS_LittleEndianExplicit};
        const Status done = writeSlices(
            grid, series, look, folder,
            [&s](DcmDataset& data) {
                data.putAndInsertString(DCM_ScanningSequence, s.inversionMs > 0 ? "IR" : "SE");
                data.putAndInsertString(DCM_SequenceVariant, "SK");
                data.putAndInsertString(DCM_MRAcquisitionType, "2D");
                putNumbers(data, DCM_RepetitionTime, {s.repetitionMs});
                putNumbers(data, DCM_EchoTime, {s.echoMs});
                if (s.inversionMs > 0)
                    putNumbers(data, DCM_InversionTime, {s.inversionMs});
                putNumbers(data, DCM_MagneticFieldStrength, {1.5});
                putNumbers(data, DCM_SpacingBetweenSlices, {5.8});
            },
            written);
        if (!done)
            return done;
    }
    return {};
}

/// One frame of reference; the PET's times and dose make SUV 1 equal `becquerelPerSuv`.
Status writePetCt(const SampleCase& sample, const QString& folder, const std::function<void()>& written) {
    const HotBall ball{{82, 34, -24}, 28.0, 8.0F};
    ChestFindings findings;
    findings.nodules = {{ball.centre, ball.diameterMm, 35}};
    const QString frame = sampleUid(sample.folder + QStringLiteral("/frame"));

    constexpr int ctSize = 256;
    constexpr double ctPixel = 376.0 / ctSize;
    Grid ct(ctSize, ctSize, 76, {-188 + ctPixel / 2, -188 + ctPixel / 2, -150}, ctPixel, ctPixel, 4.0);
    paintChest(ct, findings);
    addGrain(ct, 15, 11);
    SampleSeries ctSeries = seriesOf(sample, QStringLiteral("CT 4mm 平扫"), 2, "YZ Phantom", "PETCT-64");
    ctSeries.frameOfReferenceUid = frame;
    const SliceLook ctLook{UID_CTImageStorage,      1024, 4095, 40, 400, "ORIGINAL\\PRIMARY\\AXIAL",
                           EXS_LittleEndianExplicit};
    const Status ctWritten = writeSlices(
        ct, ctSeries, ctLook, folder,
        [](DcmDataset& data) {
            data.putAndInsertString(DCM_Modality, "CT");
            putNumbers(data, DCM_RescaleIntercept, {-1024});
            putNumbers(data, DCM_RescaleSlope, {1});
            data.putAndInsertString(DCM_RescaleType, "HU");
            putNumbers(data, DCM_KVP, {120});
        },
        written);
    if (!ctWritten)
        return ctWritten;

    constexpr int petSize = 94;
    constexpr double petPixel = 4.0, storedPerSuv = 400.0;
    constexpr double weightKg = 70.0, doseBq = 296e6, halfLifeS = 6586.2, waitS = 3600.0;
    const double becquerelPerSuv = doseBq * std::exp2(-waitS / halfLifeS) / (weightKg * 1000.0);
    Grid pet(petSize, petSize, 76, {-188 + petPixel / 2, -188 + petPixel / 2, -150}, petPixel, petPixel, 4.0);
    paintUptake(pet, findings, ball);
    for (float& value : pet.values)
        value *= static_cast<float>(storedPerSuv);
    SampleSeries petSeries = seriesOf(sample, QStringLiteral("PET AC"), 3, "YZ Phantom", "PETCT-64");
    petSeries.frameOfReferenceUid = frame;
    const SliceLook petLook{UID_PositronEmissionTomographyImageStorage,
                            0,
                            4095,
                            2.5 * becquerelPerSuv,
                            5.0 * becquerelPerSuv,
                            "ORIGINAL\\PRIMARY",
                            EXS_LittleEndianExplicit};
    const QByteArray injected = sample.order.examTime.toLocalTime()
                                    .addSecs(-static_cast<qint64>(waitS))
                                    .toString(QStringLiteral("yyyyMMddHHmmss"))
                                    .toLatin1();
    return writeSlices(
        pet, petSeries, petLook, folder,
        [&](DcmDataset& data) {
            data.putAndInsertString(DCM_Modality, "PT");
            putNumbers(data, DCM_RescaleIntercept, {0});
            putNumbers(data, DCM_RescaleSlope, {becquerelPerSuv / storedPerSuv});
            data.putAndInsertString(DCM_Units, "BQML");
            data.putAndInsertString(DCM_CountsSource, "EMISSION");
            data.putAndInsertString(DCM_DecayCorrection, "START");
            data.putAndInsertString(DCM_CorrectedImage, "DECY\\ATTN\\SCAT");
            putNumbers(data, DCM_PatientWeight, {weightKg});
            DcmItem* dose = nullptr;
            data.findOrCreateSequenceItem(DCM_RadiopharmaceuticalInformationSequence, dose, -2);
            dose->putAndInsertString(DCM_Radiopharmaceutical, "FDG");
            dose->putAndInsertString(DCM_RadiopharmaceuticalStartDateTime, injected.constData());
            putNumbers(*dose, DCM_RadionuclideTotalDose, {doseBq});
            putNumbers(*dose, DCM_RadionuclideHalfLife, {halfLifeS});
        },
        written);
}

Status writeChestDx(const SampleCase& sample, bool opacity, unsigned seed, const QString& folder,
                    const std::function<void()>& written) {
    ChestFindings findings;
    findings.rightLowerOpacity = opacity;
    const Radiograph picture = chestRadiograph(findings, seed);
    const SampleSeries series = seriesOf(sample, QStringLiteral("胸部正位 PA"), 1, "YZ Phantom", "DR-43");
    const std::unique_ptr<DcmFileFormat> file = newSample(series, UID_DigitalXRayImageStorageForPresentation, 1);
    DcmDataset& data = *file->getDataset();
    data.putAndInsertString(DCM_ImageType, "ORIGINAL\\PRIMARY");
    data.putAndInsertString(DCM_PresentationIntentType, "FOR PRESENTATION");
    data.putAndInsertString(DCM_ViewPosition, "PA");
    data.putAndInsertString(DCM_PatientOrientation, "L\\F");
    data.putAndInsertString(DCM_ImageLaterality, "U");
    data.putAndInsertString(DCM_PixelIntensityRelationship, "LOG");
    data.putAndInsertString(DCM_PresentationLUTShape, "IDENTITY");
    data.putAndInsertString(DCM_BurnedInAnnotation, "NO");
    data.putAndInsertString(DCM_LossyImageCompression, "00");
    putNumbers(data, DCM_ImagerPixelSpacing, {picture.pixelMm, picture.pixelMm});
    putNumbers(data, DCM_EstimatedRadiographicMagnificationFactor, {1.08});
    putNumbers(data, DCM_WindowCenter, {2040});
    putNumbers(data, DCM_WindowWidth, {3900});
    putNumbers(data, DCM_RescaleIntercept, {0});
    putNumbers(data, DCM_RescaleSlope, {1});
    data.putAndInsertString(DCM_RescaleType, "US");
    putImagePixel(data, picture.columns, picture.rows, 12, false, "MONOCHROME2");
    data.putAndInsertUint16Array(DCM_PixelData, picture.values.data(),
                                 static_cast<unsigned long>(picture.values.size()));
    const Status saved = writeSample(*file, folder + QStringLiteral("/1_0001.dcm"), EXS_JPEGProcess14SV1);
    written();
    return saved;
}

Status writeAbdomenUs(const SampleCase& sample, const QString& folder, const std::function<void()>& written) {
    const UltrasoundCine cine = abdomenCine(24);
    const SampleSeries series = seriesOf(sample, QStringLiteral("肝胆 动态"), 1, "YZ Phantom", "US-20");
    const std::unique_ptr<DcmFileFormat> file = newSample(series, UID_UltrasoundMultiframeImageStorage, 1);
    DcmDataset& data = *file->getDataset();
    data.putAndInsertString(DCM_ImageType, "ORIGINAL\\PRIMARY\\ABDOMINAL\\0001");
    data.putAndInsertUint16(DCM_SamplesPerPixel, 3);
    data.putAndInsertString(DCM_PhotometricInterpretation, "RGB");
    data.putAndInsertUint16(DCM_PlanarConfiguration, 0);
    data.putAndInsertUint16(DCM_Rows, static_cast<Uint16>(cine.rows));
    data.putAndInsertUint16(DCM_Columns, static_cast<Uint16>(cine.columns));
    data.putAndInsertUint16(DCM_BitsAllocated, 8);
    data.putAndInsertUint16(DCM_BitsStored, 8);
    data.putAndInsertUint16(DCM_HighBit, 7);
    data.putAndInsertUint16(DCM_PixelRepresentation, 0);
    data.putAndInsertString(DCM_NumberOfFrames, QByteArray::number(cine.frames).constData());
    putNumbers(data, DCM_FrameTime, {66.7});
    data.putAndInsertTagKey(DCM_FrameIncrementPointer, DCM_FrameTime);
    putNumbers(data, DCM_RecommendedDisplayFrameRate, {15});
    DcmItem* region = nullptr;
    data.findOrCreateSequenceItem(DCM_SequenceOfUltrasoundRegions, region, -2);
    region->putAndInsertUint16(DCM_RegionSpatialFormat, 1); // 2D
    region->putAndInsertUint16(DCM_RegionDataType, 1);      // tissue
    region->putAndInsertUint32(DCM_RegionFlags, 0);
    region->putAndInsertUint32(DCM_RegionLocationMinX0, static_cast<Uint32>(cine.regionMinX));
    region->putAndInsertUint32(DCM_RegionLocationMinY0, static_cast<Uint32>(cine.regionMinY));
    region->putAndInsertUint32(DCM_RegionLocationMaxX1, static_cast<Uint32>(cine.regionMaxX));
    region->putAndInsertUint32(DCM_RegionLocationMaxY1, static_cast<Uint32>(cine.regionMaxY));
    region->putAndInsertUint16(DCM_PhysicalUnitsXDirection, 3); // cm
    region->putAndInsertUint16(DCM_PhysicalUnitsYDirection, 3);
    region->putAndInsertFloat64(DCM_PhysicalDeltaX, cine.mmPerPixel / 10);
    region->putAndInsertFloat64(DCM_PhysicalDeltaY, cine.mmPerPixel / 10);
    data.putAndInsertUint8Array(DCM_PixelData, cine.rgb.data(), static_cast<unsigned long>(cine.rgb.size()));
    const Status saved = writeSample(*file, folder + QStringLiteral("/1_0001.dcm"), EXS_JPEGProcess1);
    written();
    return saved;
}

} // namespace

Status writeSampleStudies(const QString& folder, const QDateTime& reference, const SampleProgress& progress) {
    const std::array<SampleCase, 7> cases = sampleCases(reference);
    constexpr int total = 160 + 52 + 72 + 1 + 1 + 1 + 152;
    int done = 0;
    for (size_t i = 0; i < cases.size(); ++i) {
        const SampleCase& sample = cases[i];
        const QString target = folder + u'/' + sample.folder;
        if (!QDir().mkpath(target))
            return fail(ErrorCode::FileUnwritable, target);
        const auto written = [&] {
            ++done;
            if (progress)
                progress(sample.folder, done, total);
        };
        Status status;
        switch (i) {
        case 0:
            status = writeChestCt(sample, target, written);
            break;
        case 1:
            status = writeHeadCt(sample, target, written);
            break;
        case 2:
            status = writeBrainMr(sample, target, written);
            break;
        case 3:
            status = writeChestDx(sample, true, 5, target, written);
            break;
        case 4:
            status = writeAbdomenUs(sample, target, written);
            break;
        case 6:
            status = writePetCt(sample, target, written);
            break;
        default:
            status = writeChestDx(sample, false, 6, target, written);
            break;
        }
        if (!status)
            return status;
        QJsonObject json = toJson(sample.order);
        json["priority"] = priorityName(sample.priority);
        json["wantsReading"] = sample.wantsReading;
        QFile file(target + QStringLiteral("/order.json"));
        if (!file.open(QIODevice::WriteOnly) || file.write(QJsonDocument(json).toJson()) < 0)
            return fail(ErrorCode::FileUnwritable, file.fileName());
    }
    return {};
}

} // namespace yz::samples
