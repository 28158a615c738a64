#include "../data/hostile_files.h"
#include "../worker/worker_fixture.h"
#include "dicom/net/study_client.h"
#include "dicom/net/ups_client.h"
#include "hostile_scp.h"
#include "sample_objects.h"
#include "support/fake_clock.h"

#include <QtTest>
#include <malloc.h>

using namespace yz;
using namespace yz::test;

namespace {

constexpr double kMostGrowthMb = 64.0;
const CancelToken kNever;

QByteArray element(quint16 group, quint16 number, const char* vr, const QByteArray& value) {
    const bool isLong = QByteArray("OB OW UN UT SQ UC UR").contains(QByteArray(vr, 2));
    QByteArray bytes = tagBytes(group, number) + QByteArray(vr, 2);
    bytes += isLong ? QByteArray(2, '\0') + littleEndian(static_cast<quint32>(value.size()))
                    : littleEndian(static_cast<quint32>(value.size()), 2);
    return bytes + value;
}

/// Most memory this process has had, MB; reset by resetPeak().
double peakMb() {
    QFile file(QStringLiteral("/proc/self/status"));
    if (!file.open(QIODevice::ReadOnly))
        return 0.0;
    for (const QByteArray& line : file.readAll().split('\n'))
        if (line.startsWith("VmHWM:"))
            return line.mid(6).trimmed().split(' ').value(0).toDouble() / 1024.0;
    return 0.0;
}
void resetPeak() {
    ::malloc_trim(0);
    QFile file(QStringLiteral("/proc/self/clear_refs"));
    if (!file.open(QIODevice::WriteOnly) || file.write("5") != 1)
        qFatal("the peak cannot be reset");
}

QString said(const Error& error) { return error.toString(); }

} // namespace

/// What is parsed in the desk itself - identifiers, attribute lists, command sets - is limited before DCMTK sees it: a
/// platform that answers with bombs gets an error, costs little memory and can be asked again.
class HostileAnswersTest : public QObject {
    Q_OBJECT

private:
    HostileScp m_scp;
    FakeClock m_clock;
    const StudyUid m_study{QStringLiteral("2.25.71")};

    [[nodiscard]] Error askStudies() {
        const auto answer = DicomStudyClient(m_scp.settings()).findStudies({}, kNever);
        return answer ? Error{ErrorCode::Cancelled, QStringLiteral("no error")} : answer.error();
    }
    [[nodiscard]] Error askInstances() {
        const auto answer = DicomStudyClient(m_scp.settings()).findInstances(m_study, kNever);
        return answer ? Error{ErrorCode::Cancelled, QStringLiteral("no error")} : answer.error();
    }
    [[nodiscard]] Error askWorklist() {
        const auto answer = DicomWorklistClient(m_scp.settings(), m_clock).query({}, kNever);
        return answer ? Error{ErrorCode::Cancelled, QStringLiteral("no error")} : answer.error();
    }
    [[nodiscard]] Error askTask() {
        const auto answer =
            DicomWorklistClient(m_scp.settings(), m_clock).get(WorkitemUid(QStringLiteral("2.25.9")), kNever);
        return answer ? Error{ErrorCode::Cancelled, QStringLiteral("no error")} : answer.error();
    }

private Q_SLOTS:
    void initTestCase() {
        HostileScp::Object object{QStringLiteral("2.25.71.1"),
                                  QStringLiteral("2.25.71.1.1"),
                                  QStringLiteral("1.2.840.10008.5.1.4.1.1.2"),
                                  QStringLiteral("1.2.840.10008.1.2.1"),
                                  {}};
        m_scp.serve(m_study.value(), QStringLiteral("T1"), {object});
        QCOMPARE(said(askStudies()), said({ErrorCode::Cancelled, QStringLiteral("no error")}));
    }
    void cleanup() {
        // The platform in its right mind is understood again.
        m_scp.behave();
        const auto records = DicomStudyClient(m_scp.settings()).findInstances(m_study, kNever);
        QVERIFY2(records, qPrintable(records ? QString() : said(records.error())));
        QCOMPARE(records->size(), size_t(1));
    }

    void dataSets_data() {
        QTest::addColumn<std::vector<QByteArray>>("answers");
        QTest::addColumn<bool>("isImplicit");
        QTest::addColumn<QList<int>>("codes");
        const int limit = static_cast<int>(ErrorCode::LimitExceeded);
        const int truncated = static_cast<int>(ErrorCode::DataSetTruncated);
        const int broken = static_cast<int>(ErrorCode::DataSetBroken);
        const auto row = [](const char* name, std::vector<QByteArray> answers, bool isImplicit, QList<int> codes) {
            QTest::newRow(name) << std::move(answers) << isImplicit << std::move(codes);
        };
        row("nested 100,000 deep, explicit", {nestedSequences(100'000, true, false)}, false, {limit});
        row("nested 100,000 deep, explicit, counted", {nestedSequences(100'000, true, true)}, false, {limit});
        row("nested 100,000 deep, implicit", {nestedSequences(100'000, false, false)}, true, {limit});
        row("nested 100,000 deep, implicit, counted", {nestedSequences(100'000, false, true)}, true, {limit});
        row("a value of 4 GB in 20 bytes",
            {tagBytes(0x0040, 0xA160) + QByteArray("UT\0\0", 4) + littleEndian(0xFFFFFFFE)}, false, {truncated});
        row("a name of 4 GB in 8 bytes", {tagBytes(0x0010, 0x0010) + littleEndian(0xFFFFFFF0)}, true, {truncated});
        QByteArray empty;
        for (int i = 0; i < 900'000; ++i)
            empty += tagBytes(0x0009, 0x1000) + littleEndian(0);
        row("900,000 empty elements", {empty}, true, {limit});
        QByteArray items = tagBytes(0x0008, 0x1199) + littleEndian(0xFFFFFFFF);
        for (int i = 0; i < 400'000; ++i)
            items += tagBytes(0xFFFE, 0xE000) + littleEndian(0);
        row("400,000 empty items", {items + tagBytes(0xFFFE, 0xE0DD) + littleEndian(0)}, true, {limit});
        row("a text of 7 MB", {element(0x0040, 0xA160, "UT", QByteArray(7 << 20, '\xC3'))}, false, {limit});
        row("a message of 60 MB", {element(0x0040, 0xA160, "UT", QByteArray(60 << 20, 'a'))}, false, {limit});
        std::vector<QByteArray> many;
        for (int i = 0; i < 200; ++i)
            many.push_back(element(0x0008, 0x1030, "LO", QByteArray(2, 'a')) +
                           element(0x0020, 0x000D, "UI", "2.25." + QByteArray::number(1000 + i)) +
                           element(0x0040, 0xA160, "UT", QByteArray(1'000'000, 'a')));
        row("answers without an end", many, false, {limit});
        row("no data set at all", {QByteArray(5000, '\xFF')}, false, {truncated, broken, limit});
        row("explicit where implicit was agreed", {nestedSequences(50, true, false)}, true, {truncated, broken, limit});
        row("an end of nothing", {tagBytes(0xFFFE, 0xE00D) + littleEndian(40) + QByteArray(40, '\0')}, false, {broken});
    }
    void dataSets() {
        QFETCH(std::vector<QByteArray>, answers);
        QFETCH(bool, isImplicit);
        QFETCH(QList<int>, codes);
        m_scp.answer(Dimse::CFindRq, answers, isImplicit);
        m_scp.answer(Dimse::NGetRq, answers, isImplicit);
        resetPeak();
        const double before = peakMb();
        QList<Error> errors{askStudies(), askInstances(), askWorklist()};
        if (answers.size() == 1)
            errors << askTask();
        for (const Error& error : std::as_const(errors))
            QVERIFY2(codes.contains(static_cast<int>(error.code)), qPrintable(said(error)));
        const double grown = peakMb() - before;
        qInfo().noquote() << said(errors.first()) << QStringLiteral("peak +%1 MB").arg(grown, 0, 'f', 1);
        QVERIFY2(grown < kMostGrowthMb, qPrintable(QString::number(grown)));
    }

    /// What a large study's work item needs is far below the limits, implicit and counted too.
    void largeWorkItemIsNoBomb() {
        constexpr int count = 12'000;
        QByteArray items;
        for (int i = 0; i < count; ++i) {
            const QByteArray uid = "1.2.826.0.1.3680043.9.71.1." + QByteArray::number(10'000'000 + i) + ".1.2.3.4.5.67";
            QByteArray item;
            for (const auto& [number, value] :
                 {std::pair<quint16, QByteArray>{0x1150, "1.2.840.10008.5.1.4.1.1.2\0"}, {0x1155, uid}})
                item += tagBytes(0x0008, number) + littleEndian(static_cast<quint32>((value.size() + 1) / 2 * 2)) +
                        value + QByteArray(value.size() % 2, '\0');
            items += tagBytes(0xFFFE, 0xE000) + littleEndian(static_cast<quint32>(item.size())) + item;
        }
        const QByteArray whole = tagBytes(0x0008, 0x1199) + littleEndian(static_cast<quint32>(items.size())) + items +
                                 tagBytes(0x0020, 0x000D) + littleEndian(8) + QByteArray("2.25.71\0", 8);
        QVERIFY(items.size() > 1 << 20);
        m_scp.answer(Dimse::CFindRq, {whole}, true);
        const auto studies = DicomStudyClient(m_scp.settings()).findStudies({}, kNever);
        QVERIFY2(studies, qPrintable(studies ? QString() : said(studies.error())));
        QCOMPARE(studies->front().reference.studyUid, m_study);
    }

    void everyTruncation() {
        const QByteArray whole =
            element(0x0008, 0x0005, "CS", "ISO_IR 192") + element(0x0010, 0x0010, "PN", "Wang^X") +
            tagBytes(0x0040, 0x4021) + QByteArray("SQ\0\0", 4) + littleEndian(0xFFFFFFFF) + tagBytes(0xFFFE, 0xE000) +
            littleEndian(0xFFFFFFFF) + element(0x0020, 0x000D, "UI", "2.25.71.1.") + tagBytes(0xFFFE, 0xE00D) +
            littleEndian(0) + tagBytes(0xFFFE, 0xE0DD) + littleEndian(0) + element(0x0074, 0x1000, "CS", "SCHEDULED ");
        for (qsizetype size = 1; size < whole.size(); ++size) {
            m_scp.answer(Dimse::CFindRq, {whole.left(size)});
            // A cut between two elements is a shorter data set; anything else is said.
            const Error error = askStudies();
            QVERIFY2(error.code == ErrorCode::Cancelled || error.code == ErrorCode::DataSetTruncated ||
                         error.code == ErrorCode::DataSetBroken,
                     qPrintable(QStringLiteral("%1: %2").arg(size).arg(said(error))));
        }
    }

    void commandSets_data() {
        QTest::addColumn<QByteArray>("pdus");
        const auto good = [](const QByteArray& more) -> QByteArray {
            const auto number = [](quint16 tag, quint16 value) -> QByteArray {
                return tagBytes(0x0000, tag) + littleEndian(2) + littleEndian(value, 2);
            };
            return number(0x0100, 0x8020) + number(0x0120, 1) + number(0x0800, 0x0101) + more;
        };
        QTest::newRow("nested") << HostileScp::pduOfCommand(nestedSequences(3000, false, false).left(60'000));
        QTest::newRow("nested under a good head")
            << HostileScp::pduOfCommand(good({}) + nestedSequences(3000, false, true).left(50'000));
        QTest::newRow("a value that is not there")
            << HostileScp::pduOfCommand(tagBytes(0x0000, 0x0002) + littleEndian(0xFFFFFFF0));
        QTest::newRow("8,000 empty elements") << HostileScp::pduOfCommand([] {
            QByteArray bytes;
            for (int i = 0; i < 8000; ++i)
                bytes += tagBytes(0x0000, 0x0002) + littleEndian(0);
            return bytes;
        }());
        QTest::newRow("nothing in it") << HostileScp::pduOfCommand({});
        QTest::newRow("text for numbers")
            << HostileScp::pduOfCommand(tagBytes(0x0000, 0x0100) + littleEndian(2) + "zz");
        QByteArray endless;
        for (int i = 0; i < 40; ++i) {
            QByteArray part = HostileScp::pduOfCommand(QByteArray(100'000, 'a'));
            part[11] = 1; // not the last
            endless += part;
        }
        QTest::newRow("a command without an end") << endless;
        QByteArray longer = HostileScp::pduOfCommand(good({}));
        longer[2] = '\x7F'; // 2 GB are promised
        QTest::newRow("a PDU of 2 GB") << longer + QByteArray(1 << 20, 'a');
        QByteArray inner = HostileScp::pduOfCommand(good({}));
        inner[6] = '\x7F';
        QTest::newRow("a fragment longer than its PDU") << inner;
        QTest::newRow("an association request in between")
            << QByteArray("\x01\x00\x00\x00\x00\x44", 6) + QByteArray(68, '\0');
        QTest::newRow("no PDU") << QByteArray(300, '\xEE');
    }
    void commandSets() {
        QFETCH(QByteArray, pdus);
        m_scp.answerRaw(Dimse::CFindRq, pdus);
        m_scp.answerRaw(Dimse::NGetRq, pdus);
        resetPeak();
        const double before = peakMb();
        QElapsedTimer clock;
        clock.start();
        for (const Error& error : {askStudies(), askTask()}) {
            QVERIFY2(error.code == ErrorCode::AssociationAborted || error.code == ErrorCode::DataSetBroken ||
                         error.code == ErrorCode::DataSetTruncated || error.code == ErrorCode::LimitExceeded ||
                         error.code == ErrorCode::PeerError || error.code == ErrorCode::NetworkTimeout,
                     qPrintable(said(error)));
            qInfo().noquote() << said(error);
        }
        QVERIFY2(peakMb() - before < kMostGrowthMb, qPrintable(QString::number(peakMb() - before)));
    }
};

QTEST_GUILESS_MAIN(HostileAnswersTest)
#include "hostile_answers_test.moc"
