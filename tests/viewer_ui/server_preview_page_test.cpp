#include "jobs/jobs.h"
#include "uikit/theme.h"
#include "viewer/viewer_fixture.h"
#include "viewer_ui/viewer_page.h"

#include <QApplication>
#include <QTest>

using namespace yz;
using namespace yz::test;

/// How the server's picture looks: what it shows, and that it is marked for what it is.
class ServerPreviewPageTest : public QObject {
    Q_OBJECT

private:
    std::shared_ptr<SyntheticSource> m_source;
    std::unique_ptr<ViewerController> m_controller;
    std::unique_ptr<ViewerPage> m_page;

    [[nodiscard]] QWidget* viewport() const { return m_page->findChild<QWidget*>(QStringLiteral("viewport0")); }
    [[nodiscard]] QImage grab() const { return viewport()->grab().toImage().convertToFormat(QImage::Format_RGB32); }
    static PreviewPtr preview(const QString& instance) {
        auto pixels = std::make_shared<PixelBuffer>();
        pixels->columns = pixels->rows = 64;
        pixels->type = SampleType::UInt8;
        pixels->data.assign(64 * 64, std::byte{40});
        for (int row = 0; row < 32; ++row) // a light quarter, upper left
            for (int column = 0; column < 32; ++column)
                pixels->data[static_cast<size_t>(row * 64 + column)] = std::byte{200};
        return std::make_shared<const Preview>(Preview{
            StudyUid(QStringLiteral("1.2.50")), SeriesUid(QStringLiteral("1.2.50.1")), InstanceUid(instance), pixels});
    }
    /// Pixels of the plate's and the frame's amber.
    static int amberIn(const QImage& image) {
        int count = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x) {
                const QColor colour = image.pixelColor(x, y);
                count += colour.red() > 200 && colour.green() > 150 && colour.blue() < 140 ? 1 : 0;
            }
        return count;
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(applyTheme(*qApp)); }
    void init() {
        m_source = std::make_shared<SyntheticSource>();
        m_controller = std::make_unique<ViewerController>(
            m_source, std::vector<HangingProtocol>{protocol(QStringLiteral("one"), QStringLiteral("CT"), {row({0})})});
        m_page = std::make_unique<ViewerPage>(*m_controller, DisplayPath::Cpu);
        m_page->resize(1200, 800);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    }
    void cleanup() {
        m_page.reset();
        m_controller.reset();
        jobs::waitForAll();
    }

    void isShownAndMarked() {
        QCOMPARE(amberIn(grab()), 0);
        m_controller->setServerPreview(preview(QStringLiteral("1.2.50.1.11")));
        QCoreApplication::processEvents();
        const QImage picture = grab();
        if (const QString folder = qEnvironmentVariable("YZ_PICTURES"); !folder.isEmpty())
            QVERIFY(picture.save(folder + QStringLiteral("/server-preview.png")));
        const int side = std::min(picture.width(), picture.height());
        const QPoint corner((picture.width() - side) / 2, (picture.height() - side) / 2);
        QCOMPARE(picture.pixelColor(corner + QPoint(side / 4, side / 4)).red(), 200);
        QCOMPARE(picture.pixelColor(corner + QPoint(side * 3 / 4, side / 4)).red(), 40);
        QVERIFY2(amberIn(picture) > 500, qPrintable(QString::number(amberIn(picture))));
    }

    /// In the image's own viewport, with all that is written there; in one of sixteen, too.
    void isMarkedAmongOtherText() {
        const StudyRecord owner = study("1.2.50", QDate(2026, 3, 1));
        const auto series = ct(owner, "1.2.50.1", 1);
        m_source->add(series);
        m_source->setDecodeDelayMs(3000);
        m_controller->setServerPreview(preview(QStringLiteral("1.2.50.1.11")));
        m_controller->open(owner);
        m_controller->setRetrieveProgress({0, 20, 0}, true);
        m_controller->addInstance(SyntheticSource::instance(series, 10));
        QTRY_COMPARE(m_controller->viewport(0)->stack.series, series.record.series);
        QTRY_COMPARE(m_controller->shown(0).count, 1);
        for (const int side : {1, 4}) {
            m_controller->setLayout(side, side);
            QTest::qWait(50);
            const QImage picture = grab();
            if (const QString folder = qEnvironmentVariable("YZ_PICTURES"); !folder.isEmpty())
                QVERIFY(picture.save(QStringLiteral("%1/server-preview-stack-%2.png").arg(folder).arg(side)));
            QVERIFY(m_controller->shown(0).preview);
            QVERIFY2(amberIn(picture) > 300, qPrintable(QString::number(amberIn(picture))));
            // The mark lies above the other text, not under it.
            m_controller->setAnnotationsShown(false);
            QTest::qWait(50);
            QCOMPARE(amberIn(picture), amberIn(grab()));
            m_controller->setAnnotationsShown(true);
        }
    }

    void nothingIsMeasuredOnIt() {
        m_controller->setServerPreview(preview(QStringLiteral("1.2.50.1.11")));
        m_controller->setTool(ViewerTool::Length);
        const QPoint middle = viewport()->rect().center();
        QTest::mousePress(viewport(), Qt::LeftButton, {}, middle);
        QTest::mouseMove(viewport(), middle + QPoint(80, 0));
        QTest::mouseRelease(viewport(), Qt::LeftButton, {}, middle + QPoint(80, 0));
        QVERIFY(m_controller->measurements().all().empty());
        const PreviewPtr before = m_controller->shown(0).preview;
        m_controller->setTool(ViewerTool::Window);
        QTest::mousePress(viewport(), Qt::LeftButton, {}, middle);
        QTest::mouseMove(viewport(), middle + QPoint(80, 40));
        QTest::mouseRelease(viewport(), Qt::LeftButton, {}, middle + QPoint(80, 40));
        QCOMPARE(m_controller->shown(0).preview, before);
    }

    void givesWayToTheImage() {
        const StudyRecord owner = study("1.2.50", QDate(2026, 3, 1));
        const auto series = ct(owner, "1.2.50.1", 1);
        m_source->add(series);
        m_controller->setServerPreview(preview(QStringLiteral("1.2.50.1.11")));
        m_controller->open(owner);
        m_controller->setRetrieveProgress({0, 20, 0}, true);
        m_controller->addInstance(SyntheticSource::instance(series, 10));
        QVERIFY(settles(*m_controller, 0));
        QCoreApplication::processEvents();
        (void)grab();
        QVERIFY(!m_controller->shown(0).preview);
        QTRY_COMPARE(m_controller->seen(series.record.series).seen, 1); // the image, once it is there
    }
};

QTEST_MAIN(ServerPreviewPageTest)
#include "server_preview_page_test.moc"
