#include "dicom/data/dicom_pixel_source.h"
#include "dicom/presentation/presentation_object_encoder.h"
#include "dicom_factory.h"
#include "imaging/presentation.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

using namespace yz;

namespace {

struct Ran {
    int code = -1;
    QString out;
};
Ran run(const QString& tool, const QStringList& arguments) {
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(tool, arguments);
    if (!process.waitForFinished(60000))
        return {-1, tool + QStringLiteral(" did not run")};
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput())};
}

constexpr int rows = 48, columns = 64;

/// Presentation states and key object selections as they are written: judged by DCMTK's own checkers and by what they
/// make of the picture, and read back.
class PresentationObjectTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    DicomPresentationEncoder m_encoder;

    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }
    static void save(const QString& path, const QByteArray& bytes) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }
    static ObjectOrigin origin() {
        ObjectOrigin origin;
        origin.study.study = StudyUid(QStringLiteral("2.25.11"));
        origin.study.patient.id = PatientId(QStringLiteral("T1"));
        origin.study.patient.name = PersonName::fromDicom(QStringLiteral("Wang^XiaoDong=王^小东"));
        origin.study.patient.sex = Sex::Male;
        origin.study.patient.birthDate = QDate(1968, 5, 17);
        origin.study.accessionNumber = QStringLiteral("A1");
        origin.study.description = QStringLiteral("胸部CT平扫");
        origin.study.time = QDateTime(QDate(2026, 3, 2), QTime(1, 30), Qt::UTC);
        origin.series = SeriesUid(QStringLiteral("2.25.901"));
        origin.instance = InstanceUid(QStringLiteral("2.25.902"));
        origin.createdAt = QDateTime(QDate(2026, 3, 2), QTime(2, 0), Qt::UTC);
        origin.creator = QStringLiteral("张伟");
        origin.institution = QStringLiteral("青川县人民医院");
        return origin;
    }
    static std::vector<ReferencedFrames> images(const char* sopClass = UID_CTImageStorage) {
        return {{SeriesUid(QStringLiteral("2.25.21")),
                 {SopClassUid(QString::fromLatin1(sopClass)), InstanceUid(QStringLiteral("2.25.31"))}}};
    }
    static PresentationState grey() {
        PresentationState state;
        state.instance = origin().instance;
        state.label = QStringLiteral("READING 1");
        state.description = QStringLiteral("右肺结节，肺窗");
        state.modality = StateModality{1.0, -1024.0, QStringLiteral("HU"), {}};
        state.vois = {{{}, {{-600.5, 1500.25, QStringLiteral("lung")}}, VoiFunction::Linear, {}}};
        state.presentationLutShape = QStringLiteral("IDENTITY");
        DisplayedArea area;
        area.right = columns;
        area.bottom = rows;
        area.rowMm = 0.7;
        area.columnMm = 0.35;
        state.areas = {area};
        DisplayShutter shutter;
        shutter.circle = DisplayShutter::Circle{24, 32, 20};
        shutter.colour = 0xff000000u;
        state.shutter = shutter;
        state.layers = {{QStringLiteral("MEASUREMENTS"), 1, 0xffffd84du, QStringLiteral("测量")}};
        GraphicAnnotation annotation;
        annotation.images = {{InstanceUid(QStringLiteral("2.25.31")), {}}};
        annotation.layer = QStringLiteral("MEASUREMENTS");
        annotation.graphics = {
            {GraphicObject::Kind::Polyline, AnnotationUnits::Pixel, {{10.25, 12.5}, {30.0, 20.0}}, false},
            {GraphicObject::Kind::Ellipse,
             AnnotationUnits::Pixel,
             {{10.0, 20.0}, {30.0, 20.0}, {20.0, 15.0}, {20.0, 25.0}},
             false}};
        TextObject text;
        text.text = QStringLiteral("12.3 mm");
        text.hasAnchor = true;
        text.anchorIsShown = true;
        text.anchor = {10.25, 12.5};
        annotation.texts = {text};
        state.annotations = {annotation};
        return state;
    }
    /// A ramp over the whole range of a CT, or of a projection that is white where values are small.
    void saveImage(bool isMonochrome1 = false) {
        DcmDataset item;
        test::fillImage(item, rows, columns);
        item.putAndInsertString(DCM_PhotometricInterpretation, isMonochrome1 ? "MONOCHROME1" : "MONOCHROME2");
        item.putAndInsertUint16(DCM_BitsStored, 12);
        item.putAndInsertUint16(DCM_HighBit, 11);
        item.putAndInsertString(DCM_RescaleSlope, "1");
        item.putAndInsertString(DCM_RescaleIntercept, "-1024");
        item.putAndInsertString(DCM_RescaleType, "HU");
        item.putAndInsertString(DCM_PixelSpacing, "0.7\\0.35");
        std::vector<Uint16> words;
        for (int y = 0; y < rows; ++y)
            for (int x = 0; x < columns; ++x)
                words.push_back(static_cast<Uint16>((y * columns + x) * 4095 / (rows * columns - 1)));
        test::putPixels(item, words);
        save(path(QStringLiteral("image.dcm")), test::file(item));
    }
    void checkWithDcmtk(const QString& file) {
        if (QStandardPaths::findExecutable(QStringLiteral("dcmpschk")).isEmpty())
            QSKIP("dcmpschk is not here");
        const Ran checked = run(QStringLiteral("dcmpschk"), {path(file)});
        QVERIFY2(checked.code == 0, qPrintable(checked.out));
        QVERIFY2(!checked.out.contains(QStringLiteral("Error")) && !checked.out.contains(QStringLiteral("Warning")),
                 qPrintable(checked.out));
    }

private Q_SLOTS:
    void everyFieldComesBack() {
        const PresentationState state = grey();
        const Result<QByteArray> bytes = m_encoder.encodePresentationState(origin(), state, images());
        QVERIFY(bytes);
        save(path(QStringLiteral("state.dcm")), *bytes);
        DicomPixelSource source;
        const Result<PresentationStatePtr> read = source.presentationState(path(QStringLiteral("state.dcm")));
        QVERIFY(read);
        const PresentationState& back = **read;
        QVERIFY(back.kind == PresentationKind::Grayscale);
        QCOMPARE(back.instance, origin().instance);
        QCOMPARE(back.series, origin().series);
        QCOMPARE(back.study, origin().study.study);
        QCOMPARE(back.label, state.label);
        QCOMPARE(back.description, state.description);
        QCOMPARE(back.creator, QStringLiteral("张伟"));
        QCOMPARE(back.created.toUTC(), origin().createdAt);
        QVERIFY(back.covers(InstanceUid(QStringLiteral("2.25.31")), 0));
        QVERIFY(!back.covers(InstanceUid(QStringLiteral("2.25.32")), 0));
        QVERIFY(back.modality);
        QCOMPARE(back.modality->intercept, -1024.0);
        QCOMPARE(back.modality->unit, QStringLiteral("HU"));
        QCOMPARE(back.vois.size(), size_t{1});
        QCOMPARE(back.vois[0].windows[0].center, -600.5);
        QCOMPARE(back.vois[0].windows[0].width, 1500.25);
        QCOMPARE(back.vois[0].windows[0].name, QStringLiteral("lung"));
        QVERIFY(back.shutter && back.shutter->circle);
        QCOMPARE(back.shutter->circle->radius, 20);
        QCOMPARE(back.areas.size(), size_t{1});
        QCOMPARE(back.areas[0].right, columns);
        QCOMPARE(back.areas[0].columnMm, 0.35);
        QCOMPARE(back.layers.size(), size_t{1});
        QCOMPARE(back.layers[0].description, QStringLiteral("测量"));
        for (int shift = 0; shift < 24; shift += 8) // Lab of 16 bits
            QVERIFY(std::abs(int(back.layers[0].colour >> shift & 0xff) - int(0xffffd84du >> shift & 0xff)) <= 1);
        QCOMPARE(back.annotations.size(), size_t{1});
        QCOMPARE(back.annotations[0].graphics.size(), size_t{2});
        QCOMPARE(back.annotations[0].graphics[0].points[0].x, 10.25);
        QCOMPARE(back.annotations[0].graphics[0].points[0].y, 12.5);
        QVERIFY(back.annotations[0].graphics[1].kind == GraphicObject::Kind::Ellipse);
        QCOMPARE(back.annotations[0].texts[0].text, QStringLiteral("12.3 mm"));
        QVERIFY(back.annotations[0].texts[0].anchorIsShown);
    }

    void dcmtkFindsNoFault_data() {
        QTest::addColumn<int>("rotation");
        QTest::addColumn<bool>("flipped");
        QTest::addColumn<bool>("lut");
        QTest::newRow("plain") << 0 << false << false;
        QTest::newRow("turned") << 90 << true << false;
        QTest::newRow("tables") << 180 << false << true;
    }
    void dcmtkFindsNoFault() {
        QFETCH(int, rotation);
        QFETCH(bool, flipped);
        QFETCH(bool, lut);
        PresentationState state = grey();
        state.rotationDeg = rotation;
        state.isFlipped = flipped;
        if (lut) {
            Lut table;
            table.bitsPerEntry = 12;
            table.explanation = QStringLiteral("curve");
            for (int i = 0; i < 256; ++i)
                table.entries.push_back(static_cast<std::uint16_t>(i * 16));
            state.presentationLut = table;
            table.firstMapped = -1024;
            state.vois = {{{}, {}, VoiFunction::Linear, {table}}};
            state.shutter->rectangle = DisplayShutter::Rectangle{2, 60, 3, 40};
            state.shutter->polygon = {{1, 1}, {60, 1}, {30, 40}};
            OverlayPlane plane;
            plane.rows = rows;
            plane.columns = columns;
            plane.group = 0x6002;
            plane.bits = std::make_shared<const QByteArray>(rows * columns / 8, '\x5a');
            state.overlays = {plane};
            state.activations = {{0x6002, QStringLiteral("MEASUREMENTS")}};
        }
        // The checker knows no UTF-8 and takes Chinese letters for faults.
        ObjectOrigin plain = origin();
        plain.study.patient.name = PersonName::fromDicom(QStringLiteral("Wang^XiaoDong"));
        plain.study.description = QStringLiteral("CHEST");
        plain.institution = QStringLiteral("HOSPITAL");
        plain.creator = QStringLiteral("Zhang^Wei");
        state.description = QStringLiteral("nodule");
        state.layers.front().description = QStringLiteral("measured");
        const Result<QByteArray> bytes = m_encoder.encodePresentationState(plain, state, images());
        QVERIFY(bytes);
        save(path(QStringLiteral("state.dcm")), *bytes);
        checkWithDcmtk(QStringLiteral("state.dcm"));
        DicomPixelSource source;
        const Result<PresentationStatePtr> read = source.presentationState(path(QStringLiteral("state.dcm")));
        QVERIFY(read);
        QCOMPARE((*read)->rotationDeg, rotation);
        QCOMPARE((*read)->isFlipped, flipped);
        if (lut) {
            QCOMPARE((*read)->vois[0].luts[0].firstMapped, -1024);
            QCOMPARE((*read)->vois[0].luts[0].entries, state.vois[0].luts[0].entries);
            QVERIFY((*read)->presentationLut);
            QCOMPARE((*read)->overlays.size(), size_t{1});
            QCOMPARE(*(*read)->overlays[0].bits, *state.overlays[0].bits);
            QVERIFY((*read)->shutter->rectangle && (*read)->shutter->circle);
            QCOMPARE((*read)->shutter->polygon.size(), size_t{3});
        }
    }

    /// Another program draws the image under our state; ours draws it under the state it has read back.
    void dcmtkDrawsTheSamePicture_data() {
        QTest::addColumn<bool>("isMonochrome1");
        QTest::addColumn<QString>("shape");
        QTest::newRow("grey") << false << "IDENTITY";
        QTest::newRow("inverse") << false << "INVERSE";
        QTest::newRow("white is small") << true << "INVERSE";
    }
    void dcmtkDrawsTheSamePicture() {
        QFETCH(bool, isMonochrome1);
        QFETCH(QString, shape);
        if (QStandardPaths::findExecutable(QStringLiteral("dcmp2pgm")).isEmpty())
            QSKIP("dcmp2pgm is not here");
        saveImage(isMonochrome1);
        PresentationState state = grey();
        state.presentationLutShape = shape;
        state.annotations.clear(); // the tool draws none, nor shutters
        state.shutter.reset();
        state.layers.clear();
        const Result<QByteArray> bytes = m_encoder.encodePresentationState(origin(), state, images());
        QVERIFY(bytes);
        save(path(QStringLiteral("state.dcm")), *bytes);
        const Ran ran = run(QStringLiteral("dcmp2pgm"), {QStringLiteral("-p"), path(QStringLiteral("state.dcm")),
                                                         path(QStringLiteral("image.dcm")), path(QStringLiteral("o"))});
        QVERIFY2(ran.code == 0, qPrintable(ran.out));
        QFile file(path(QStringLiteral("o")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray pgm = file.readAll();
        const QByteArray samples = pgm.right(rows * columns);
        QVERIFY2(pgm.startsWith("P5"), pgm.left(20).constData());

        DicomPixelSource source;
        const auto read = source.presentationState(path(QStringLiteral("state.dcm")));
        const auto image = source.describe(path(QStringLiteral("image.dcm")));
        const auto pixels = source.decode(path(QStringLiteral("image.dcm")), 0, {});
        QVERIFY(read && image && pixels);
        const auto presented = presentedBy(**image, **read);
        QVERIFY(presented);
        const ScreenPicture ours = renderNative(**presented, 0, **pixels, defaultSettings(**presented, 0, **pixels));
        int worst = 0, light = 0;
        for (int i = 0; i < rows * columns; ++i) {
            const int level = int(ours.argb[static_cast<size_t>(i)] & 0xff);
            worst = std::max(worst, std::abs(level - int(static_cast<unsigned char>(samples[i]))));
            light += level > 100;
        }
        QVERIFY2(worst <= 1, qPrintable(QString::number(worst)));
        QVERIFY(light > 300); // not two black pictures
    }

    void aColourState() {
        PresentationState state = grey();
        state.kind = PresentationKind::Colour;
        state.modality.reset();
        state.vois.clear();
        const Result<QByteArray> bytes =
            m_encoder.encodePresentationState(origin(), state, images(UID_VLEndoscopicImageStorage));
        QVERIFY(bytes);
        save(path(QStringLiteral("colour.dcm")), *bytes);
        DicomPixelSource source;
        const auto read = source.presentationState(path(QStringLiteral("colour.dcm")));
        QVERIFY(read);
        QVERIFY((*read)->kind == PresentationKind::Colour);
        QVERIFY(!(*read)->colours); // what the profile says is sRGB
        QVERIFY((*read)->shutter);
        for (int shift = 0; shift < 24; shift += 8) // Lab of 16 bits
            QVERIFY(((*read)->shutter->colour >> shift & 0xffu) <= 1u);
    }

    void whatCannotBeWrittenIsRefused() {
        PresentationState state = grey();
        QCOMPARE(m_encoder.encodePresentationState(origin(), state, {}).error().code, ErrorCode::ReportIncomplete);
        state.kind = PresentationKind::Blending;
        QCOMPARE(m_encoder.encodePresentationState(origin(), state, images()).error().code, ErrorCode::NotSupported);
        ObjectOrigin nobody = origin();
        nobody.study.patient.id = {};
        QCOMPARE(m_encoder.encodePresentationState(nobody, grey(), images()).error().code, ErrorCode::ReportIncomplete);
        QCOMPARE(m_encoder.encodeKeyObjects(origin(), {}, {}).error().code, ErrorCode::ReportIncomplete);
    }

    void keyObjectsComeBack() {
        KeyObjectSelection selection;
        selection.description = QStringLiteral("右肺上叶结节");
        selection.items = {
            {images()[0], InstanceUid(QStringLiteral("2.25.902"))},
            {{SeriesUid(QStringLiteral("2.25.22")),
              {SopClassUid(QStringLiteral(UID_EnhancedCTImageStorage)), InstanceUid(QStringLiteral("2.25.32"))},
              {2, 5}},
             {}}};
        ObjectOrigin from = origin();
        from.series = SeriesUid(QStringLiteral("2.25.903"));
        from.instance = InstanceUid(QStringLiteral("2.25.904"));
        const std::vector<ReferencedFrames> states{
            {SeriesUid(QStringLiteral("2.25.901")), {kGrayscaleStateClass, InstanceUid(QStringLiteral("2.25.902"))}}};
        const Result<QByteArray> bytes = m_encoder.encodeKeyObjects(from, selection, states);
        QVERIFY2(bytes, bytes ? "" : qPrintable(bytes.error().toString()));
        save(path(QStringLiteral("key.dcm")), *bytes);
        DicomPixelSource source;
        const auto read = source.keyObjects(path(QStringLiteral("key.dcm")));
        QVERIFY(read);
        const KeyObjectSelection& back = **read;
        QCOMPARE(back.title.value, QStringLiteral("113000"));
        QCOMPARE(back.title.meaning, QStringLiteral("Of Interest"));
        QCOMPARE(back.description, selection.description);
        QCOMPARE(back.creator, QStringLiteral("张伟"));
        QCOMPARE(back.instance, from.instance);
        QCOMPARE(back.items.size(), size_t{2});
        QVERIFY(back.items == selection.items);
        QVERIFY(back.covers(InstanceUid(QStringLiteral("2.25.32")), 5));
        QVERIFY(!back.covers(InstanceUid(QStringLiteral("2.25.32")), 4));
        QVERIFY(back.covers(InstanceUid(QStringLiteral("2.25.31")), 9)); // no frames named: all
        QVERIFY(!source.keyObjects(path(QStringLiteral("state.dcm"))));

        if (QStandardPaths::findExecutable(QStringLiteral("dsrdump")).isEmpty())
            QSKIP("dsrdump is not here");
        const Ran dump = run(QStringLiteral("dsrdump"), {QStringLiteral("+Pc"), path(QStringLiteral("key.dcm"))});
        QVERIFY2(dump.code == 0 && !dump.out.contains(QStringLiteral("E: ")), qPrintable(dump.out));
        QVERIFY2(dump.out.contains(QStringLiteral("Of Interest")) && dump.out.contains(selection.description) &&
                     dump.out.contains(QStringLiteral("GSPS")) &&
                     dump.out.count(QRegularExpression(QStringLiteral("contains IMAGE"))) == 2,
                 qPrintable(dump.out));
    }
};

} // namespace

QTEST_GUILESS_MAIN(PresentationObjectTest)
#include "presentation_object_test.moc"
