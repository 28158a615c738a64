#include "platform/multipart_reader.h"
#include "platform/part10_names.h"

#include <QTest>

using namespace yz;

class MultipartTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void partsWhateverTheChunks_data();
    void partsWhateverTheChunks();
    void boundaryLookalikesBelongToThePart();
    void endsAndLimits();
    void contentTypes_data();
    void contentTypes();
    void namesOfAFile();
};

namespace {

const QByteArray kText =
    "a preamble\r\n--B\r\nContent-Type: application/dicom\r\n\r\nfirst\r\n--B \t\r\n\r\n\r\n--B\r\n"
    "content-type:  text/x\r\nContent-Length: 1\r\n\r\nthi\r\nrd\r\n--B--\r\nan epilogue --B";

struct Taken {
    QList<QByteArray> types, bodies;
    Status fed, end;
};

Taken read(const QByteArray& text, qsizetype chunk, qint64 limit = 1000) {
    Taken taken;
    MultipartReader reader("B", limit, [&](MultipartReader::Part&& part) -> Status {
        taken.types.append(part.contentType);
        taken.bodies.append(part.body);
        return {};
    });
    for (qsizetype at = 0; at < text.size() && taken.fed; at += chunk)
        taken.fed = reader.feed(text.mid(at, chunk));
    taken.end = reader.finish();
    return taken;
}

} // namespace

void MultipartTest::partsWhateverTheChunks_data() {
    QTest::addColumn<int>("chunk");
    for (const int chunk : {1, 2, 3, 5, 7, 11, 23, 50, 1000})
        QTest::addRow("%d", chunk) << chunk;
}

void MultipartTest::partsWhateverTheChunks() {
    QFETCH(int, chunk);
    const Taken taken = read(kText, chunk);
    QVERIFY(taken.fed);
    QVERIFY(taken.end);
    const QList<QByteArray> bodies{"first", "", "thi\r\nrd"};
    const QList<QByteArray> types{"application/dicom", "", "text/x"};
    QCOMPARE(taken.bodies, bodies);
    QCOMPARE(taken.types, types);
}

void MultipartTest::boundaryLookalikesBelongToThePart() {
    const Taken taken = read("--B\r\n\r\n--B\r\n-\r\n--\r\n --B\r\n--B--", 4);
    QVERIFY(taken.fed);
    QVERIFY(taken.end);
    QCOMPARE(taken.bodies, QList<QByteArray>{"--B\r\n-\r\n--\r\n --B"});
}

void MultipartTest::endsAndLimits() {
    for (const qsizetype cut : {0, 12, 30, 52, 70, 110, 131, 132}) { // anywhere before the closing boundary
        const Taken taken = read(kText.left(cut), 9);
        QVERIFY(!taken.end);
        QCOMPARE(taken.end.error().code, ErrorCode::AnswerCutOff);
    }
    const Taken large = read("--B\r\n\r\n" + QByteArray(5000, 'x') + "\r\n--B--", 100);
    QVERIFY(!large.fed);
    QCOMPARE(large.fed.error().code, ErrorCode::LimitExceeded);
    QVERIFY(read("--B\r\n\r\n" + QByteArray(1000, 'x') + "\r\n--B--", 100).fed);
    const Taken headers = read("--B\r\n" + QByteArray(20000, 'h'), 100);
    QCOMPARE(headers.fed.error().code, ErrorCode::LimitExceeded);
    const Taken nothing = read(QByteArray(20000, '-'), 1000);
    QCOMPARE(nothing.fed.error().code, ErrorCode::AnswerUnexpected);
    const Taken encoded = read("--B\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--B--", 100);
    QCOMPARE(encoded.fed.error().code, ErrorCode::AnswerUnexpected);
}

void MultipartTest::contentTypes_data() {
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("boundary");
    QTest::newRow("plain") << QByteArray("multipart/related; boundary=abc") << QByteArray("abc");
    QTest::newRow("quoted") << QByteArray("Multipart/Related;type=\"application/dicom\" ; Boundary=\"a;b=c\"")
                            << QByteArray("a;b=c");
    QTest::newRow("not last") << QByteArray("multipart/related; boundary=x-y; type=\"application/dicom\"")
                              << QByteArray("x-y");
    QTest::newRow("none") << QByteArray("multipart/related; type=\"a; boundary=no\"") << QByteArray();
    QTest::newRow("too long") << "multipart/related; boundary=" + QByteArray(71, 'b') << QByteArray();
    QTest::newRow("another type") << QByteArray("text/html; boundary=abc") << QByteArray();
    QTest::newRow("nothing") << QByteArray() << QByteArray();
}

void MultipartTest::contentTypes() {
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, boundary);
    const Result<QByteArray> found = MultipartReader::boundaryOf(type);
    QCOMPARE(found.value_or(QByteArray()), boundary);
    if (boundary.isEmpty())
        QCOMPARE(found.error().code, ErrorCode::AnswerUnexpected);
}

void MultipartTest::namesOfAFile() {
    const QByteArray meta = QByteArray("\x02\x00\x01\x00OB\x00\x00\x02\x00\x00\x00\x00\x01", 14) +
                            QByteArray("\x02\x00\x02\x00UI\x04\x00"
                                       "1.2\0",
                                       12) +
                            QByteArray("\x02\x00\x03\x00UI\x06\x00"
                                       "1.2.33",
                                       14);
    const QByteArray file = QByteArray(128, '\0') + "DICM" + meta;
    const Result<SopReference> names = readPart10Names(file);
    QVERIFY(names);
    QCOMPARE(names->sopClass.value(), QStringLiteral("1.2"));
    QCOMPARE(names->instance.value(), QStringLiteral("1.2.33"));
    for (qsizetype length = 0; length < file.size(); ++length) // cut anywhere: refused, nothing read beyond the end
        QVERIFY(!readPart10Names(file.left(length)));
    QByteArray endless = file;
    endless[132 + 14 + 6] = char(0xff);
    endless[132 + 14 + 7] = char(0xff);
    QCOMPARE(readPart10Names(endless).error().code, ErrorCode::DataSetBroken);
    QByteArray noUid = file;
    noUid[file.size() - 1] = '/';
    QCOMPARE(readPart10Names(noUid).error().code, ErrorCode::AttributeMissing);
}

QTEST_GUILESS_MAIN(MultipartTest)
#include "multipart_test.moc"
