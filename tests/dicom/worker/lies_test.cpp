#include "worker_fixture.h"

#include <QCoreApplication>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace yz;

/// The desk against a decoder that was taken over (fake_decoder.cpp): every lie ends in a code, never in the desk.
class LiesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() {
        m_path = m_folder.filePath(QStringLiteral("any.dcm"));
        QFile file(m_path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(file.write("anything") > 0);
    }

    void honestFake() {
        // Else the lies below prove nothing.
        WorkerPixelSource source(pool("honest"));
        QVERIFY(source.readHeader(m_path).has_value());
        QVERIFY(source.describe(m_path).has_value());
        const auto frame = source.decode(m_path, 0, {});
        QVERIFY(frame.has_value());
        QCOMPARE((*frame)->data.size(), size_t(24));
        WorkerPixelSource cut(pool("cut")); // the memory is sealed in its size
        QVERIFY(cut.decode(m_path, 0, {}).has_value());
    }

    void lies_data() {
        QTest::addColumn<QString>("header");
        QTest::addColumn<QString>("image");
        QTest::addColumn<QString>("frame");
        const QString failed = QStringLiteral("DecoderFailed");
        const QString gone = QStringLiteral("DecoderUnavailable");
        for (const char* mode : {"mark", "sequence", "payload", "empty", "whole", "detail", "outcome", "othercode",
                                 "descriptor", "short", "long", "crash", "truncate"})
            QTest::newRow(mode) << failed << failed << failed;
        for (const char* mode : {"exit", "unlocked", "nopid", "hostnoise"})
            QTest::newRow(mode) << gone << gone << gone;
        for (const char* mode : {"path", "uid"})
            QTest::newRow(mode) << failed << QString() << QString();
        for (const char* mode :
             {"frames", "enum", "size", "plainform", "plainplace", "plainbefore", "plainmany", "plainbits"})
            QTest::newRow(mode) << QString() << failed << failed;
        for (const char* mode : {"frame", "type"})
            QTest::newRow(mode) << QString() << QString() << failed;
        QTest::newRow("escape") << "PixelDataBroken"
                                << "PixelDataBroken"
                                << "PixelDataBroken";
    }

    void lies() {
        QFETCH(QString, header);
        QFETCH(QString, image);
        QFETCH(QString, frame);
        const auto nameOf = [](const auto& result) { return result ? QString() : errorName(result.error().code); };
        WorkerPixelSource source(pool(QTest::currentDataTag()));
        const auto readHeader = source.readHeader(m_path);
        QCOMPARE(nameOf(readHeader), header);
        QCOMPARE(nameOf(source.describe(m_path)), image);
        const auto decoded = source.decode(m_path, 0, {});
        QCOMPARE(nameOf(decoded), frame);
        if (!decoded)
            for (const QChar c : decoded.error().detail)
                QVERIFY(c >= u' ' && c <= u'~'); // no control characters into a log
    }

    /// A lie in a batch costs the batch: the file is asked for alone, and judged by that.
    void liesInBatches() {
        WorkerPixelSource honest(pool("honest"));
        QVERIFY(honest.readHeaders({m_path}, {}).front().has_value());
        for (const char* mode : {"heads", "uid", "path", "mark", "payload", "empty", "whole", "crash", "long"}) {
            WorkerPixelSource source(pool(mode));
            const auto headers = source.readHeaders({m_path}, {});
            QCOMPARE(headers.size(), size_t(1));
            // Asked alone, this one tells the truth.
            const bool isHonestAlone = qstrcmp(mode, "heads") == 0;
            QCOMPARE(headers.front().has_value(), isHonestAlone);
            if (!isHonestAlone)
                QCOMPARE(headers.front().error().code, ErrorCode::DecoderFailed);
            const std::vector<DescribedFile> files = source.describeFiles({m_path}, {});
            QCOMPARE(files.size(), size_t(1));
            QCOMPARE(files.front().header.has_value(), isHonestAlone);
        }
    }

    void unaskedAnswersEndTheWorker() {
        const auto chatty = pool("chatty");
        WorkerPixelSource source(chatty);
        std::vector<pid_t> before;
        for (int i = 0; i < 5; ++i) {
            const auto image = source.describe("file " + QByteArray::number(i));
            QVERIFY(image.has_value() || image.error().code == ErrorCode::DecoderFailed);
            QVERIFY(chatty->workerPids() != before);
            before = chatty->workerPids();
            QTest::qWait(20); // for what it says without being asked
        }
    }

    void noise() {
        for (const char* mode : {"noise", "damage"}) {
            const auto liars = pool(mode);
            WorkerPixelSource source(liars);
            int refused = 0;
            for (int i = 0; i < 300; ++i) {
                // Another file each time: a file that was answered wrongly is not asked for again.
                const QByteArray bytes = "file " + QByteArray::number(i);
                refused += source.readHeader(bytes).has_value() ? 0 : 1;
                refused += source.describe(bytes).has_value() ? 0 : 1;
                refused += source.decode(bytes, 0).has_value() ? 0 : 1;
            }
            qInfo() << mode << "refused" << refused << "of 900";
            QVERIFY(refused > 100);
        }
        QVERIFY2(test::residentMb() < 200, qPrintable(QString::number(test::residentMb())));
    }

private:
    std::shared_ptr<dicom::WorkerPool> pool(const char* mode) {
        const QString link = m_folder.filePath(QStringLiteral("decoder-") + QLatin1String(mode));
        if (!QFile::exists(link))
            QFile::link(QCoreApplication::applicationDirPath() + QStringLiteral("/fake_decoder"), link);
        dicom::WorkerPool::Options options = test::poolOptions(1);
        options.program = link;
        return std::make_shared<dicom::WorkerPool>(options);
    }

    QTemporaryDir m_folder;
    QString m_path;
};

QTEST_GUILESS_MAIN(LiesTest)
#include "lies_test.moc"
