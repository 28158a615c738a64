#include "signed_reports.h"

#include "dicom/net/study_client.h"
#include "fake_web_server.h"
#include "orthanc_process.h"
#include "platform/http_exchange.h"
#include "platform/web_study_client.h"
#include "session/series_order.h"
#include "storage/desk_store.h"
#include "support/fault_proxy.h"
#include "support/small_study.h"

#include <QBuffer>
#include <QDirIterator>
#include <QElapsedTimer>
#include <QFile>
#include <QImage>
#include <QTemporaryDir>
#include <QTest>

using namespace yz;
using namespace yz::test;
using std::chrono::milliseconds;

namespace {

const QString kStudy = QStringLiteral("2.25.99301");
const CancelToken kNever;
constexpr int kSize = 512;

QByteArray read(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray jpeg(int width, int height, const QColor& colour, QImage::Format format = QImage::Format_RGB32) {
    QImage image(width, height, format);
    image.fill(colour);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "JPG", 90);
    return bytes;
}

/// A study of two series on a scripted DICOMweb server; `rendered` answers for the preview.
class Server {
public:
    explicit Server(const QString& folder, std::function<ScriptedAnswer()> rendered)
        : m_rendered(std::move(rendered)), web([this](const SeenRequest& request) { return answer(request); }) {
        QDirIterator files(folder, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString path = files.next();
            const int series = path.contains(u"scout") ? 1 : 2;
            const int number = path.right(8).left(4).toInt();
            m_files.insert(QStringLiteral("%1.%2.%3").arg(kStudy).arg(series).arg(number).toUtf8(), read(path));
        }
    }
    /// What the platform holds under the name of that object.
    void setObject(const QString& name, const QByteArray& file) {
        m_files.insert((kStudy + u'.' + name).toUtf8(), file);
    }
    [[nodiscard]] ScriptedAnswer answer(const SeenRequest& request) const {
        const QByteArray path = request.path.split('?').constFirst();
        if (path.endsWith("/rendered"))
            return m_rendered();
        if (path.endsWith("/studies"))
            return jsonAnswer(R"([{"0020000D":{"vr":"UI","Value":["2.25.99301"]},)"
                              R"("00100020":{"vr":"LO","Value":["T1"]}}])");
        if (!path.endsWith("/instances"))
            return multipartAnswer({m_files.value(path.mid(path.lastIndexOf('/') + 1))});
        QByteArray list;
        for (auto it = m_files.cbegin(); it != m_files.cend(); ++it) {
            const QList<QByteArray> parts = it.key().split('.');
            const QByteArray series = parts[3];
            list += (list.isEmpty() ? "[" : ",") + QByteArray(R"({"00080016":{"vr":"UI","Value":[)") +
                    R"("1.2.840.10008.5.1.4.1.1.2"]},"00080018":{"vr":"UI","Value":[")" + it.key() +
                    R"("]},"0020000E":{"vr":"UI","Value":[")" + kStudy.toUtf8() + '.' + series +
                    R"("]},"00200011":{"vr":"IS","Value":[)" + series + R"(]},"00200013":{"vr":"IS","Value":[)" +
                    parts[4] + R"(]},"00080060":{"vr":"CS","Value":["CT"]},"0008103E":{"vr":"LO","Value":[")" +
                    (series == "1" ? "Scout" : "Axial") + R"("]},"00280010":{"vr":"US","Value":[512]},)" +
                    R"("00280011":{"vr":"US","Value":[512]},"00280100":{"vr":"US","Value":[16]}})";
        }
        return jsonAnswer(list + ']');
    }
    /// Objects and pictures that were asked for: ".../rendered", or the number of the instance.
    [[nodiscard]] QStringList asked() const {
        QStringList names;
        for (const SeenRequest& request : web.requests()) {
            const QString path = QString::fromLatin1(request.path.split('?').constFirst());
            if (path.contains(u"/instances/"))
                names.append(path.section(QStringLiteral("/instances/"), 1).remove(kStudy + u'.'));
        }
        return names;
    }

private:
    std::function<ScriptedAnswer()> m_rendered;
    QMap<QByteArray, QByteArray> m_files;

public:
    FakeWebServer web; ///< last: it answers with what is above
};

WebNode nodeAt(int port) {
    WebNode node;
    node.root = QUrl(QStringLiteral("http://127.0.0.1:%1").arg(port));
    node.plainAllowed = true;
    return node;
}

ScriptedAnswer picture(const QByteArray& bytes, const QByteArray& type = "image/jpeg") {
    ScriptedAnswer answer;
    answer.headers = {{"Content-Type", type}};
    answer.body = bytes;
    return answer;
}

} // namespace

/// What a reader sees first over a bad line, and in which order the rest comes.
class FirstPictureTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void previewComesBeforeTheObjects();
    void pictureOfTheSeriesThatHangsFirst();
    void whatIsNoPreview_data();
    void whatIsNoPreview();
    void goesWithAnObjectThatIsRefused();
    void noneWhereTheLineIsFast();
    void noneOfWhatIsHere();
    void readersSeriesComesBeforeTheRest();
    void firstObjectHasTheLine();
    void orthanc_data();
    void orthanc();

private:
    [[nodiscard]] std::unique_ptr<DeskServices> newDesk();
    [[nodiscard]] QString study() const { return m_folder.filePath(QStringLiteral("study")); }
    QTemporaryDir m_folder;
    SystemClock m_clock;
    RandomUidSource m_uids;
    int m_desks = 0;
};

void FirstPictureTest::initTestCase() {
    SmallStudyOptions options;
    options.size = kSize;
    options.noise = 64;
    options.series = 2;
    writeSmallStudy(study() + QStringLiteral("/axial"), kStudy, 5, options);
    options.series = 1;
    writeSmallStudy(study() + QStringLiteral("/scout"), kStudy, 1, options);
}

std::unique_ptr<DeskServices> FirstPictureTest::newDesk() {
    Site site;
    site.isDemo = true;
    site.eventPort = 0;
    const QString home = m_folder.filePath(QStringLiteral("desk%1").arg(++m_desks));
    if (!makeDemoDesk(home, site))
        return nullptr;
    auto desk = DeskServices::open({home, site, false}, m_clock, m_uids);
    return desk ? std::move(*desk) : nullptr;
}

void FirstPictureTest::previewComesBeforeTheObjects() {
    const Server server(study(), [] { return picture(jpeg(512, 384, Qt::red)); });
    const auto desk = newDesk();
    QVERIFY(desk);
    WebStudyClient client(nodeAt(server.web.port()));
    AcquireService acquire(desk->store(), client, desk->pixels());
    QList<PreviewPtr> previews;
    int objects = 0;
    ReaderWishes wishes;
    wishes.onPreview = [&](const PreviewPtr& preview) {
        QCOMPARE(objects, 0);
        previews.append(preview);
    };
    const auto record = acquire.acquire(
        StudyUid(kStudy), [&](const DataSetHeader&) { ++objects; }, {}, kNever, wishes);
    QVERIFY2(record, record ? "" : qPrintable(record.error().toString()));
    QCOMPARE(objects, 6);
    // The middle of the first series listed, then the middle of the other, then the rest in order.
    const QStringList asked = server.asked();
    QCOMPARE(asked.mid(0, 3), (QStringList{"1.1/rendered", "1.1", "2.3"}));
    QCOMPARE(asked.size(), 7);
    QCOMPARE(previews.size(), 1);
    const Preview& shown = *previews.constFirst();
    QCOMPARE(shown.study.value(), kStudy);
    QCOMPARE(shown.series.value(), kStudy + QStringLiteral(".1"));
    QCOMPARE(shown.instance.value(), kStudy + QStringLiteral(".1.1"));
    QCOMPARE(shown.pixels->columns, 512);
    QCOMPARE(shown.pixels->rows, 384);
    QCOMPARE(shown.pixels->samplesPerPixel, 3);
    const auto* sample = shown.pixels->as<quint8>();
    QVERIFY(sample[0] > 240 && sample[1] < 12 && sample[2] < 12); // red, not the YBR of the stream
    const QByteArray query = server.web.requests().at(2).path.split('?').value(1);
    QCOMPARE(query, QByteArray("viewport=512,512&quality=75"));
    QCOMPARE(server.web.requests().at(2).headers.value("accept"), QByteArray("image/jpeg"));
    // It is not among what is kept: the vault has the six objects and nothing else.
    int kept = 0;
    QDirIterator vault(desk->home() + QStringLiteral("/vault"), QDir::Files | QDir::Hidden,
                       QDirIterator::Subdirectories);
    while (vault.hasNext()) {
        ++kept;
        QVERIFY(!read(vault.next()).startsWith("\xff\xd8"));
    }
    QCOMPARE(kept, 6);
}

void FirstPictureTest::pictureOfTheSeriesThatHangsFirst() {
    const Server server(study(), [] { return picture(jpeg(64, 64, Qt::gray, QImage::Format_Grayscale8)); });
    const auto desk = newDesk();
    QVERIFY(desk);
    WebStudyClient client(nodeAt(server.web.port()));
    AcquireService acquire(desk->store(), client, desk->pixels());
    HangingRule axial{QStringLiteral("description"), QStringLiteral("contains"), QStringLiteral("axial"), 2.0, true};
    HangingViewport viewport;
    viewport.select = {axial};
    HangingStage stage;
    stage.viewports = {viewport};
    HangingProtocol protocol;
    protocol.id = QStringLiteral("axial-first");
    protocol.match = {{QStringLiteral("modality"), QStringLiteral("equals"), QStringLiteral("CT"), 2.0, true}};
    protocol.stages = {stage};
    PreviewPtr shown;
    ReaderWishes wishes;
    wishes.order = [&](const std::vector<ListedSeries>& listed) {
        return seriesInHangingOrder({protocol}, {}, listed);
    };
    wishes.onPreview = [&](const PreviewPtr& preview) { shown = preview; };
    QVERIFY(acquire.acquire(StudyUid(kStudy), {}, {}, kNever, wishes));
    QCOMPARE(server.asked().mid(0, 3), (QStringList{"2.3/rendered", "2.3", "1.1"}));
    QVERIFY(shown);
    QCOMPARE(shown->instance.value(), kStudy + QStringLiteral(".2.3"));
    QCOMPARE(shown->pixels->samplesPerPixel, 1);
}

void FirstPictureTest::whatIsNoPreview_data() {
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<int>("status");
    const QByteArray good = jpeg(512, 512, Qt::white, QImage::Format_Grayscale8);
    QByteArray huge = good; // its frame header says 65535 x 65535
    const qsizetype frame = huge.indexOf("\xff\xc0");
    huge.replace(frame + 5, 4, "\xff\xff\xff\xff");
    QTest::newRow("not there") << QByteArray() << QByteArray("text/plain") << 404;
    QTest::newRow("not done") << QByteArray() << QByteArray("text/plain") << 501;
    QTest::newRow("no JPEG, by its type") << good << QByteArray("image/png") << 200;
    QTest::newRow("no JPEG, by its bytes") << QByteArray(2000, 'x') << QByteArray("image/jpeg") << 200;
    QTest::newRow("empty") << QByteArray() << QByteArray("image/jpeg") << 200;
    QTest::newRow("too large on a side") << jpeg(2000, 20, Qt::white) << QByteArray("image/jpeg") << 200;
    QTest::newRow("65535 on a side") << huge << QByteArray("image/jpeg") << 200;
    QTest::newRow("too many bytes") << good + QByteArray(2 << 20, '\0') << QByteArray("image/jpeg") << 200;
    QTest::newRow("cut off") << good.left(good.size() / 2) << QByteArray("image/jpeg") << 200;
}

void FirstPictureTest::whatIsNoPreview() {
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, type);
    QFETCH(int, status);
    const Server server(study(), [&] {
        ScriptedAnswer answer = picture(body, type);
        answer.status = status;
        return answer;
    });
    const auto desk = newDesk();
    QVERIFY(desk);
    WebStudyClient client(nodeAt(server.web.port()));
    AcquireService acquire(desk->store(), client, desk->pixels());
    int previews = 0;
    ReaderWishes wishes;
    wishes.onPreview = [&](const PreviewPtr&) { ++previews; };
    const auto record = acquire.acquire(StudyUid(kStudy), {}, {}, kNever, wishes);
    QVERIFY2(record, record ? "" : qPrintable(record.error().toString())); // the study comes all the same
    QCOMPARE(previews, 0);
    QCOMPARE(server.asked().filter(QStringLiteral("rendered")).size(), 1); // asked for once
}

/// A platform that keeps another patient's image in the study draws that one, too.
void FirstPictureTest::goesWithAnObjectThatIsRefused() {
    SmallStudyOptions options;
    options.size = kSize;
    options.series = 1;
    options.patientId = QStringLiteral("T2");
    const QString others = m_folder.filePath(QStringLiteral("others"));
    writeSmallStudy(others, kStudy, 1, options);
    Server server(study(), [] { return picture(jpeg(64, 64, Qt::gray)); });
    QDirIterator files(others, QDir::Files, QDirIterator::Subdirectories);
    server.setObject(QStringLiteral("1.1"), read(files.next()));
    const auto desk = newDesk();
    QVERIFY(desk);
    WebStudyClient client(nodeAt(server.web.port()));
    AcquireService acquire(desk->store(), client, desk->pixels());
    QStringList seen;
    ReaderWishes wishes;
    wishes.onPreview = [&](const PreviewPtr& preview) {
        seen.append(preview ? preview->instance.value() : QStringLiteral("gone"));
    };
    const auto record = acquire.acquire(
        StudyUid(kStudy), [&](const DataSetHeader&) { seen.append(QStringLiteral("object")); }, {}, kNever, wishes);
    QVERIFY2(record, record ? "" : qPrintable(record.error().toString()));
    QCOMPARE(desk->store().studies().setAsideOf(StudyUid(kStudy))->size(), size_t(1));
    QCOMPARE(seen.count(QStringLiteral("object")), 5);
    seen.removeAll(QStringLiteral("object"));
    QCOMPARE(seen, (QStringList{kStudy + QStringLiteral(".1.1"), QStringLiteral("gone")}));
}

void FirstPictureTest::noneWhereTheLineIsFast() {
    const Server server(study(), [] { return picture(jpeg(64, 64, Qt::gray)); });
    const auto desk = newDesk();
    QVERIFY(desk);
    WebStudyClient client(nodeAt(server.web.port()));
    AcquireService acquire(desk->store(), client, desk->pixels());
    QVERIFY(acquire.acquire(StudyUid(kStudy), {}, {}, kNever));           // now it knows the line
    QVERIFY(server.asked().filter(QStringLiteral("rendered")).isEmpty()); // nobody waited for that one
    const Result<StudyRecord> known = desk->store().studies().study(StudyUid(kStudy));
    QVERIFY(known);
    for (const SeriesRecord& series : known->series)
        for (const InstanceRecord& instance : series.instances)
            QVERIFY(desk->store().studies().forget(instance.instance));
    int previews = 0;
    ReaderWishes wishes;
    wishes.onPreview = [&](const PreviewPtr&) { ++previews; };
    QVERIFY(acquire.acquire(StudyUid(kStudy), {}, {}, kNever, wishes));
    QCOMPARE(previews, 0);
    QVERIFY(server.asked().filter(QStringLiteral("rendered")).isEmpty());
}

void FirstPictureTest::noneOfWhatIsHere() {
    const Server server(study(), [] { return picture(jpeg(64, 64, Qt::gray)); });
    const auto desk = newDesk();
    QVERIFY(desk);
    WebStudyClient client(nodeAt(server.web.port()));
    {
        AcquireService before(desk->store(), client, desk->pixels());
        QVERIFY(before.acquire(StudyUid(kStudy), {}, {}, kNever));
    }
    QVERIFY(desk->store().studies().forget(InstanceUid(kStudy + QStringLiteral(".2.4"))));
    AcquireService acquire(desk->store(), client, desk->pixels()); // it does not know the line
    int previews = 0;
    ReaderWishes wishes;
    wishes.onPreview = [&](const PreviewPtr&) { ++previews; };
    QVERIFY(acquire.acquire(StudyUid(kStudy), {}, {}, kNever, wishes));
    QCOMPARE(previews, 0); // pictures of that series are on the screen already
}

void FirstPictureTest::readersSeriesComesBeforeTheRest() {
    const QTemporaryDir folder;
    SmallStudyOptions options;
    options.series = 1;
    writeSmallStudy(folder.filePath(QStringLiteral("scout")), kStudy, 12, options);
    options.series = 2;
    writeSmallStudy(folder.filePath(QStringLiteral("axial")), kStudy, 12, options);
    const Server server(folder.path(), [] { return picture({}); });
    const auto desk = newDesk();
    QVERIFY(desk);
    WebNode node = nodeAt(server.web.port());
    node.connections = 1;
    WebStudyClient client(node);
    AcquireService acquire(desk->store(), client, desk->pixels());
    ReaderWishes wishes;
    const auto focus = std::make_shared<ReadingFocus>();
    wishes.focus = focus;
    QStringList came;
    const auto record = acquire.acquire(
        StudyUid(kStudy),
        [&](const DataSetHeader& header) {
            came.append(header.instance.instance.value().mid(kStudy.size() + 1));
            if (came.size() == 5) // he goes to the other series
                focus->set({SeriesUid(kStudy + QStringLiteral(".2"))});
        },
        {}, kNever, wishes);
    QVERIFY2(record, record ? "" : qPrintable(record.error().toString()));
    QCOMPARE(came.mid(0, 5), (QStringList{"1.7", "2.7", "1.1", "1.2", "1.3"}));
    // One request may have been on its way; then his series to its end, then the rest.
    QStringList his = came.mid(5);
    if (his.constFirst() == u"1.4")
        his.removeFirst();
    for (int i = 0; i < 11; ++i)
        QVERIFY2(his[i].startsWith(u"2."), qPrintable(came.join(u' ')));
    QCOMPARE(came.size(), 24);
}

/// Four requests at a time would give each object a quarter of the line.
void FirstPictureTest::firstObjectHasTheLine() {
    const Server server(study(), [] { return picture({}); });
    LineRules rules;
    rules.bytesPerSecond = 250'000;
    rules.delay = milliseconds(150);
    FaultProxy proxy(server.web.port(), rules);
    const auto desk = newDesk();
    QVERIFY(desk);
    WebStudyClient client(nodeAt(proxy.port()));
    AcquireService acquire(desk->store(), client, desk->pixels());
    QElapsedTimer timer;
    timer.start();
    const CancelToken token;
    qint64 first = 0;
    (void)acquire.acquire(
        StudyUid(kStudy),
        [&](const DataSetHeader&) {
            first = timer.elapsed();
            token.cancel();
        },
        {}, token);
    qInfo("first object over 2 Mbit/s, 300 ms: %lld ms", first);
    QVERIFY2(first > 2000 && first < 5000, qPrintable(QString::number(first))); // 524 KB take 2.1 s
}

void FirstPictureTest::orthanc_data() {
    QTest::addColumn<bool>("isWeb");
    QTest::addColumn<long long>("bytesPerSecond");
    QTest::addColumn<int>("delayMs");
    QTest::newRow("DICOMweb, 2 Mbit/s 300 ms") << true << 250'000LL << 150;
    QTest::newRow("DICOMweb, 20 Mbit/s 100 ms") << true << 2'500'000LL << 50;
    QTest::newRow("C-GET, 2 Mbit/s 300 ms") << false << 250'000LL << 150;
    QTest::newRow("C-GET, 20 Mbit/s 100 ms") << false << 2'500'000LL << 50;
}

/// A server that nobody here made: the picture of what was asked for, the right way round, in time.
void FirstPictureTest::orthanc() {
    QFETCH(bool, isWeb);
    QFETCH(long long, bytesPerSecond);
    QFETCH(int, delayMs);
    if (const QString why = OrthancProcess::whyNot(); !why.isEmpty())
        QSKIP(qPrintable(why));
    OrthancProcess orthanc(1, false);
    QVERIFY2(orthanc.isRunning(), qPrintable(orthanc.log()));
    {
        HttpExchange rest(nodeAt(orthanc.httpPort()));
        QDirIterator files(study(), QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            HttpRequest put;
            put.method = "POST";
            put.path = QStringLiteral("instances");
            put.body = read(files.next());
            const auto stored = rest.send(put, kNever);
            QVERIFY2(stored, stored ? "" : qPrintable(stored.error().toString()));
        }
    }
    LineRules rules;
    rules.bytesPerSecond = bytesPerSecond;
    rules.delay = milliseconds(delayMs);
    FaultProxy proxy(isWeb ? orthanc.httpPort() : orthanc.dicomPort(), rules);
    const auto desk = newDesk();
    QVERIFY(desk);
    std::unique_ptr<StudySource> source;
    if (isWeb) {
        WebNode node = nodeAt(proxy.port());
        node.root = QUrl(QStringLiteral("http://127.0.0.1:%1/dicom-web").arg(proxy.port()));
        source = std::make_unique<WebStudyClient>(node);
    } else {
        NetworkSettings settings;
        settings.callingAeTitle = QStringLiteral("YUANZHEN");
        settings.platform = {QStringLiteral("ORTHANC"), QStringLiteral("127.0.0.1"), proxy.port()};
        source = std::make_unique<DicomStudyClient>(settings);
    }
    AcquireService acquire(desk->store(), *source, desk->pixels());
    QElapsedTimer timer;
    qint64 atPreview = -1, atObject = -1;
    PreviewPtr preview;
    QString first;
    ReaderWishes wishes;
    wishes.order = [](const std::vector<ListedSeries>& listed) { return seriesInHangingOrder({}, {}, listed); };
    wishes.onPreview = [&](const PreviewPtr& picture) {
        atPreview = timer.elapsed();
        preview = picture;
    };
    const CancelToken token;
    timer.start();
    (void)acquire.acquire(
        StudyUid(kStudy),
        [&](const DataSetHeader& header) {
            if (atObject < 0) {
                atObject = timer.elapsed();
                first = header.instance.instance.value();
            }
            token.cancel();
        },
        {}, token, wishes);
    qInfo("%s: preview after %lld ms, image after %lld ms", QTest::currentDataTag(), atPreview, atObject);
    QCOMPARE(first, kStudy + QStringLiteral(".1.1")); // series 1 hangs first; it has one image
    QVERIFY(atObject > 0);
    if (!isWeb)
        return;
    QVERIFY(preview);
    QCOMPARE(preview->instance.value(), first);
    QCOMPARE(preview->pixels->columns, kSize);
    QCOMPARE(preview->pixels->rows, kSize);
    // Values grow by one a column and two a row: so does what Orthanc makes of them, within its window.
    const auto* samples = preview->pixels->as<quint8>();
    const auto at = [&](int row, int column) { // mean of 16 x 16
        int sum = 0;
        for (int r = row; r < row + 16; ++r)
            for (int c = column; c < column + 16; ++c)
                sum += samples[(r * kSize + c) * preview->pixels->samplesPerPixel];
        return sum / 256;
    };
    QVERIFY(at(kSize - 20, kSize - 20) > at(8, 8) + 50);
    QVERIFY(at(200, 8) > at(8, 200) + 10); // the right way round: rows count twice
    if (bytesPerSecond == 250'000)
        QVERIFY2(atPreview < 3000, qPrintable(QString::number(atPreview)));
    QVERIFY(atPreview < atObject);
}

QTEST_GUILESS_MAIN(FirstPictureTest)
#include "first_picture_test.moc"
