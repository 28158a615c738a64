#include "jobs/jobs.h"
#include "viewer/frame_loader.h"
#include "viewer/hanging_catalog.h"
#include "viewer/measurement_list.h"
#include "viewer/viewer_state.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace yz;

namespace {

PixelBufferPtr buffer(size_t bytes) {
    auto pixels = std::make_shared<PixelBuffer>();
    pixels->data.resize(bytes);
    return pixels;
}

FrameKey key(int number) { return {InstanceUid(QString::number(number)), 0}; }

} // namespace

class ViewerPartsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cacheDropsTheLeastRecentlyUsed() {
        FrameCache cache(300);
        cache.insert(key(1), buffer(100));
        cache.insert(key(2), buffer(100));
        cache.insert(key(3), buffer(100));
        QVERIFY(cache.find(key(1))); // touched: 2 is now the oldest
        cache.insert(key(4), buffer(100));
        QVERIFY(!cache.contains(key(2)));
        QVERIFY(cache.contains(key(1)));
        QCOMPARE(cache.bytes(), 300);
        cache.insert(key(5), buffer(1000)); // larger than the whole cache: stays alone
        QVERIFY(cache.contains(key(5)));
        QVERIFY(!cache.contains(key(4)));
        cache.setCapacity(10);
        QVERIFY(cache.contains(key(5)));
    }

    void zoomKeepsThePointUnderTheMouse() {
        const ViewTransform fit = fitTransform(512, 512, {}, 800, 600);
        ViewAdjustment view;
        view.panX = 0.1;
        view.quarterTurns = 0;
        const ViewPoint mouse{610, 120};
        const ImagePoint before = adjustedTransform(fit, view, 800, 600).toImage(mouse);
        for (const double factor : {1.5, 2.0, 0.3}) {
            view = zoomedAt(view, factor, mouse, 800, 600);
            const ImagePoint after = adjustedTransform(fit, view, 800, 600).toImage(mouse);
            QVERIFY(std::abs(after.x - before.x) < 1e-9);
            QVERIFY(std::abs(after.y - before.y) < 1e-9);
        }
        QCOMPARE(view.zoom, 1.5 * 2.0 * 0.3);
    }

    void edgeLettersTurnWithThePicture_data() {
        QTest::addColumn<int>("turns");
        QTest::addColumn<bool>("mirrored");
        QTest::addColumn<QString>("letters"); // top right bottom left
        QTest::newRow("as is") << 0 << false << "A L P R";
        QTest::newRow("clockwise") << 1 << false << "R A L P";
        QTest::newRow("half") << 2 << false << "P R A L";
        QTest::newRow("mirrored") << 0 << true << "A R P L";
        QTest::newRow("mirrored, then clockwise") << 1 << true << "L A R P";
    }
    void edgeLettersTurnWithThePicture() {
        QFETCH(int, turns);
        QFETCH(bool, mirrored);
        QFETCH(QString, letters);
        ImageDescription image;
        FrameDescription frame;
        frame.plane = PlanePosition{{}, {1, 0, 0}, {0, 1, 0}}; // axial: right L, bottom P
        image.frames = {frame};
        const EdgeLetters edges = edgeLetters(image, 0, {1, 0, 0, turns, mirrored});
        QCOMPARE(QStringList({edges.top, edges.right, edges.bottom, edges.left}).join(u' '), letters);
        // A projection says its directions itself.
        ImageDescription projection;
        projection.patientOrientation = QStringLiteral("L\\F");
        const EdgeLetters own = edgeLetters(projection, 0, {});
        QCOMPARE(own.left + own.top, QStringLiteral("RH"));
    }

    void measurementsUndoAndRedo() {
        MeasurementList list;
        QSignalSpy changed(&list, &MeasurementList::changed);
        Measurement length;
        length.points = {{0, 0}, {10, 0}};
        const QString id = list.add(length);
        QVERIFY(!id.isEmpty());
        Measurement moved = *list.find(id);
        moved.points[1] = {20, 0};
        list.change(moved);
        moved.points[1] = {30, 0};
        list.change(moved, true); // the same drag
        QCOMPARE(list.find(id)->points[1].x, 30.0);
        list.undo();
        QCOMPARE(list.find(id)->points[1].x, 10.0);
        list.redo();
        QCOMPARE(list.find(id)->points[1].x, 30.0);
        list.remove(id);
        QVERIFY(list.all().empty());
        list.undo();
        QCOMPARE(list.all().size(), 1u);
        list.undo();
        list.undo();
        QVERIFY(list.all().empty());
        QVERIFY(!list.canUndo());
        QCOMPARE(changed.count(), 9); // each step above is one
    }

    void measurementsKeepTheirIdsThroughJson() {
        MeasurementList list;
        Measurement roi;
        roi.kind = MeasurementKind::EllipseRoi;
        roi.series = SeriesUid(QStringLiteral("1.2"));
        roi.instance = InstanceUid(QStringLiteral("1.2.3"));
        roi.frame = 4;
        roi.points = {{1.5, 2.5}, {8, 9}};
        list.add(roi);
        Measurement plane;
        plane.patientPoints = {{1, 2, 3}, {4, 5, 6}};
        list.add(plane);
        MeasurementList copy;
        copy.load(list.toJson());
        QCOMPARE(copy.all(), list.all());
        const QString fresh = copy.add(roi);
        QCOMPARE(
            std::count_if(copy.all().begin(), copy.all().end(), [&](const Measurement& m) { return m.id == fresh; }),
            1);
    }

    void planeMeasurementShowsOnlyOnItsPlane() {
        Measurement m;
        m.patientPoints = {{10, 0, 5}, {20, 0, 5}};
        SlicePlane plane{{0, 0, 5}, {1, 0, 0}, {0, 1, 0}, 0.5, 100, 100};
        const auto on = onPlane(m, plane, 0.25);
        QVERIFY(on);
        QCOMPARE(on->points[0], (ImagePoint{20, 0}));
        QCOMPARE(on->points[1], (ImagePoint{40, 0}));
        plane.origin.z = 6;
        QVERIFY(!onPlane(m, plane, 0.25));
    }

    void shippedProtocolsAreSound() {
        const HangingCatalog catalog;
        QVERIFY(catalog.protocols().size() >= 5);
        QVERIFY(catalog.problems().empty());
        HangingInput input;
        input.current.modality = QStringLiteral("CT");
        input.current.bodyPart = QStringLiteral("CHEST");
        HangingSeries series;
        series.series = SeriesUid(QStringLiteral("1.1"));
        series.modality = QStringLiteral("CT");
        series.bodyPart = QStringLiteral("CHEST");
        series.frameCount = 150;
        series.canFormVolume = true;
        series.plane = PlanePosition{{}, {1, 0, 0}, {0, 1, 0}};
        input.current.series = {series};
        const auto ranked = rankProtocols(catalog.protocols(), input);
        QVERIFY(ranked.front().matches);
        QCOMPARE(ranked.front().protocol->id, QStringLiteral("ct-chest"));
        const auto filled = assignSeries(*ranked.front().protocol, 0, input);
        QVERIFY(
            std::any_of(filled.begin(), filled.end(), [](const HangingSlot& slot) { return slot.series.has_value(); }));
        // Every window a protocol names exists.
        for (const HangingProtocol& protocol : catalog.protocols())
            for (const HangingStage& stage : protocol.stages)
                for (const HangingViewport& viewport : stage.viewports)
                    QVERIFY2(viewport.preset.isEmpty() ||
                                 std::any_of(windowPresets().begin(), windowPresets().end(),
                                             [&](const WindowPreset& p) { return p.id == viewport.preset; }),
                             qPrintable(protocol.id));
    }

    void siteProtocolReplacesTheShippedOne() {
        const auto write = [](const QString& path, const QByteArray& json) {
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(json);
        };
        const auto json = [](const char* id, const char* name) -> QByteArray {
            return QByteArray("{\"id\":\"") + id + "\",\"name\":\"" + name +
                   "\",\"match\":[{\"attribute\":\"modality\",\"op\":\"equals\",\"value\":\"CT\",\"required\":true}],"
                   "\"stages\":[{\"name\":\"a\",\"rows\":1,\"columns\":1,\"viewports\":[{\"row\":0,\"column\":0,"
                   "\"kind\":\"stack\",\"select\":[]}]}]}";
        };
        QTemporaryDir shipped, site;
        write(shipped.filePath(QStringLiteral("a.json")), json("ct", "shipped"));
        write(shipped.filePath(QStringLiteral("b.json")), json("mr", "other"));
        write(site.filePath(QStringLiteral("x.json")), json("ct", "site"));
        write(site.filePath(QStringLiteral("broken.json")), "{ not json");
        const HangingCatalog catalog(site.path(), {}, shipped.path());
        QCOMPARE(catalog.protocols().size(), 2u);
        QCOMPARE(catalog.protocols()[0].name, QStringLiteral("site"));
        QCOMPARE(catalog.problems().size(), 1u);
        QCOMPARE(catalog.problems()[0].error.code, ErrorCode::TemplateBroken);
    }
};

QTEST_GUILESS_MAIN(ViewerPartsTest)
#include "viewer_parts_test.moc"
