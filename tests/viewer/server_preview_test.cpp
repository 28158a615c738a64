#include "viewer_fixture.h"

using namespace yz;
using namespace yz::test;

/// The server's picture of an image that is still to come: shown in the image's place and nowhere else.
class ServerPreviewTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void shownBeforeAnythingIsHere();
    void givesWayToTheImage();
    void neverOfAnotherStudy();
    void neverInPlaceOfAnotherImage();
    void goneWithTheCase();
    void isNoImage();
    void ofAnImageWithManyFrames();

private:
    [[nodiscard]] PreviewPtr preview(const char* study, const QString& series, int number) const;
    std::shared_ptr<SyntheticSource> m_source;
    std::unique_ptr<ViewerController> m_controller;
    StudyRecord m_study;
    SyntheticSource::Series m_series;
};

void ServerPreviewTest::init() {
    m_source = std::make_shared<SyntheticSource>();
    m_controller = std::make_unique<ViewerController>(
        m_source, std::vector<HangingProtocol>{protocol(QStringLiteral("one"), QStringLiteral("CT"), {row({0})})});
    m_study = study("1.2.50", QDate(2026, 3, 1));
    m_series = ct(m_study, "1.2.50.1", 1);
    m_source->add(m_series);
    m_source->setDecodeDelayMs(150);
}

PreviewPtr ServerPreviewTest::preview(const char* study, const QString& series, int number) const {
    auto pixels = std::make_shared<PixelBuffer>();
    pixels->columns = 4;
    pixels->rows = 3;
    pixels->type = SampleType::UInt8;
    pixels->data.resize(12);
    return std::make_shared<const Preview>(Preview{StudyUid(QString::fromLatin1(study)), SeriesUid(series),
                                                   InstanceUid(QString(series + QStringLiteral(".%1").arg(number))),
                                                   pixels});
}

void ServerPreviewTest::shownBeforeAnythingIsHere() {
    QCOMPARE(m_controller->shown(0).preview, PreviewPtr());
    const PreviewPtr picture = preview("1.2.50", QStringLiteral("1.2.50.1"), 11);
    m_controller->setServerPreview(picture);
    QCOMPARE(m_controller->shown(0).preview, picture);
    m_controller->setServerPreview(nullptr);
    QCOMPARE(m_controller->shown(0).preview, PreviewPtr());
}

void ServerPreviewTest::givesWayToTheImage() {
    const PreviewPtr picture = preview("1.2.50", QStringLiteral("1.2.50.1"), 11);
    m_controller->setServerPreview(picture);
    m_controller->open(m_study); // the first header is here, as the reading page does it
    m_controller->setRetrieveProgress({0, 20, 0}, true);
    m_controller->addInstance(SyntheticSource::instance(m_series, 10)); // ...50.1.11
    QTRY_COMPARE(m_controller->viewport(0)->stack.series, m_series.record.series);
    const ShownFrame waiting = m_controller->shown(0);
    if (!waiting.pixels)
        QCOMPARE(waiting.preview, picture);
    QVERIFY(settles(*m_controller, 0));
    const ShownFrame there = m_controller->shown(0);
    QVERIFY(there.pixels);
    QCOMPARE(there.image->instance, picture->instance);
    QCOMPARE(there.preview, PreviewPtr());
    // For good: a frame that is not decoded yet has no older picture in its place.
    m_controller->addInstance(SyntheticSource::instance(m_series, 11));
    QTRY_COMPARE(m_controller->shown(0).count, 2);
    m_controller->scrollTo(0, 1);
    QCOMPARE(m_controller->shown(0).preview, PreviewPtr());
}

void ServerPreviewTest::neverOfAnotherStudy() {
    m_controller->open(m_study);
    m_controller->setServerPreview(preview("1.2.51", QStringLiteral("1.2.51.1"), 1));
    QCOMPARE(m_controller->shown(0).preview, PreviewPtr());
    // What was waiting for one study is not shown for the next.
    m_controller->close();
    m_controller->setServerPreview(preview("1.2.51", QStringLiteral("1.2.51.1"), 1));
    QVERIFY(m_controller->shown(0).preview);
    m_controller->open(m_study);
    QCOMPARE(m_controller->shown(0).preview, PreviewPtr());
    m_controller->addInstance(SyntheticSource::instance(m_series, 10));
    QTRY_COMPARE(m_controller->viewport(0)->stack.series, m_series.record.series);
    while (!m_controller->shown(0).pixels) {
        QCOMPARE(m_controller->shown(0).preview, PreviewPtr());
        QTest::qWait(5);
    }
}

void ServerPreviewTest::neverInPlaceOfAnotherImage() {
    m_controller->setServerPreview(preview("1.2.50", QStringLiteral("1.2.50.1"), 3)); // it is asked for, another comes
    m_controller->open(m_study);
    m_controller->addInstance(SyntheticSource::instance(m_series, 10));
    QTRY_VERIFY(m_controller->shown(0).image); // its header is read, its pixels are not
    QVERIFY(!m_controller->shown(0).pixels);
    QCOMPARE(m_controller->shown(0).preview, PreviewPtr());
    // Nor of another series of the study.
    m_controller->setServerPreview(preview("1.2.50", QStringLiteral("1.2.50.2"), 11));
    QCOMPARE(m_controller->shown(0).preview, PreviewPtr());
}

void ServerPreviewTest::goneWithTheCase() {
    m_controller->setServerPreview(preview("1.2.50", QStringLiteral("1.2.50.1"), 11));
    m_controller->close();
    QCOMPARE(m_controller->shown(0).preview, PreviewPtr());
    m_controller->open(m_study);
    QCOMPARE(m_controller->shown(0).preview, PreviewPtr());
}

void ServerPreviewTest::isNoImage() {
    m_controller->setServerPreview(preview("1.2.50", QStringLiteral("1.2.50.1"), 11));
    const ShownFrame shown = m_controller->shown(0);
    QVERIFY(shown.preview && !shown.image && !shown.presented && !shown.drawn());
    m_controller->markSeen(0);
    QCOMPARE(m_controller->seen(m_series.record.series).seen, 0);
    QVERIFY(!m_controller->markKeyImage(0, true));
    m_controller->setWindow(0, 40, 400);
    m_controller->zoomBy(0, 2.0, {10, 10}, 100, 100);
    QCOMPARE(m_controller->shown(0).preview, shown.preview);
    // In one viewport only.
    m_controller->setLayout(1, 2);
    QCOMPARE(m_controller->shown(1).preview, PreviewPtr());
}

/// Which of its frames the server has drawn nobody says: no number stands beside the picture.
void ServerPreviewTest::ofAnImageWithManyFrames() {
    SyntheticSource::Series cine = ct(m_study, "1.2.50.2", 2, 12);
    cine.isColourCine = true;
    m_source->add(cine);
    m_source->setDecodeDelayMs(1000);
    const PreviewPtr picture = preview("1.2.50", QStringLiteral("1.2.50.2"), 1);
    m_controller->setServerPreview(picture);
    m_controller->open(m_study);
    m_controller->addInstance(SyntheticSource::instance(cine, 0));
    QTRY_COMPARE(m_controller->viewport(0)->stack.series, cine.record.series);
    QTRY_VERIFY(m_controller->studies().stack({cine.record.series, 0}));
    m_controller->scrollTo(0, 7);
    const ShownFrame waiting = m_controller->shown(0);
    QVERIFY(!waiting.pixels);
    QCOMPARE(waiting.preview, picture);
    QCOMPARE(waiting.count, 0);
    QCOMPARE(waiting.index, 0);
}

QTEST_GUILESS_MAIN(ServerPreviewTest)
#include "server_preview_test.moc"
