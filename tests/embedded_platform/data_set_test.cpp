#include "embedded_platform/data_set.h"
#include "embedded_platform/matching.h"

#include <dcmtk/dcmdata/dctk.h>

#include <QtTest>

using namespace yz;
using namespace yz::platform;

namespace {

QByteArray le16(quint16 value) { return {reinterpret_cast<const char*>(&value), 2}; }
QByteArray le32(quint32 value) { return {reinterpret_cast<const char*>(&value), 4}; }

/// (0040,A730) sequences inside each other, all of undefined length and closed, explicit little endian.
QByteArray nested(int depth, bool isExplicit) {
    QByteArray bytes;
    const QByteArray tag = le16(0x0040) + le16(0xA730);
    for (int i = 0; i < depth; ++i) {
        bytes += isExplicit ? QByteArray(tag + "SQ" + le16(0) + le32(0xFFFFFFFF)) : QByteArray(tag + le32(0xFFFFFFFF));
        bytes += le16(0xFFFE) + le16(0xE000) + le32(0xFFFFFFFF);
    }
    for (int i = 0; i < depth; ++i)
        bytes += le16(0xFFFE) + le16(0xE00D) + le32(0) + le16(0xFFFE) + le16(0xE0DD) + le32(0);
    return bytes;
}

} // namespace

class DataSetTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void acceptsOrdinaryDepth() {
        QVERIFY(scanDataSet(nested(60, true), EXS_LittleEndianExplicit));
        QVERIFY(scanDataSet(nested(60, false), EXS_LittleEndianImplicit));
        QVERIFY(parseDataSet(nested(60, true), EXS_LittleEndianExplicit));
    }

    void refusesDeepNesting() {
        // DCMTK itself overflows the stack at about 6000 levels.
        for (const bool isExplicit : {true, false}) {
            const Result<DataSetPtr> parsed = parseDataSet(
                nested(20000, isExplicit), isExplicit ? EXS_LittleEndianExplicit : EXS_LittleEndianImplicit);
            QVERIFY(!parsed);
            QCOMPARE(parsed.error().code, ErrorCode::LimitExceeded);
        }
    }

    void refusesPrivateNestingOfDefinedLength() {
        // Implicit, private, defined lengths: looks like a value until one looks inside.
        QByteArray bytes;
        for (int i = 0; i < 500; ++i) {
            const QByteArray item = le16(0xFFFE) + le16(0xE000) + le32(static_cast<quint32>(bytes.size())) + bytes;
            bytes = le16(0x0009) + le16(0x1010) + le32(static_cast<quint32>(item.size())) + item;
        }
        const Status scanned = scanDataSet(bytes, EXS_LittleEndianImplicit);
        QVERIFY(!scanned);
        QCOMPARE(scanned.error().code, ErrorCode::LimitExceeded);
        // A private value that only begins like an item is a value.
        const QByteArray value = le16(0xFFFE) + le16(0xE000) + le32(4) + "abcdefgh";
        QVERIFY(scanDataSet(QByteArray(le16(0x0009) + le16(0x1010) + le32(static_cast<quint32>(value.size())) + value),
                            EXS_LittleEndianImplicit));
    }

    void everyTruncationIsFound() {
        DcmDataset whole;
        whole.putAndInsertString(DCM_PatientName, "Wang^Xiao");
        whole.putAndInsertString(DCM_PatientID, "12345678");
        DcmItem& item = addItem(whole, DCM_ReferencedStudySequence);
        putText(item, DCM_ReferencedSOPInstanceUID, QStringLiteral("1.2.3"));
        for (const E_TransferSyntax syntax :
             {EXS_LittleEndianExplicit, EXS_LittleEndianImplicit, EXS_BigEndianExplicit}) {
            const Result<QByteArray> bytes = encodeDataSet(whole, syntax);
            QVERIFY(bytes);
            QVERIFY(scanDataSet(*bytes, syntax));
            int accepted = 0;
            for (qsizetype length = 1; length < bytes->size(); ++length)
                accepted += scanDataSet(bytes->first(length), syntax) ? 1 : 0;
            QCOMPARE(accepted, 2); // only where an element ends
        }
    }

    void randomBytesNeverHurt() {
        quint32 state = 7;
        for (int round = 0; round < 3000; ++round) {
            QByteArray bytes;
            for (int i = 0; i < 200; ++i) {
                state = state * 1664525U + 1013904223U;
                bytes.append(static_cast<char>(state >> 24));
            }
            // Mostly valid beginnings, so that the walk gets somewhere.
            bytes.prepend(nested(round % 5, true).left((round % 5) * 20));
            [[maybe_unused]] const auto a = parseDataSet(bytes, EXS_LittleEndianExplicit);
            [[maybe_unused]] const auto b = parseDataSet(bytes, EXS_LittleEndianImplicit);
        }
    }

    void deflatedBombIsRefused() {
        DcmDataset big;
        const std::vector<Uint8> zeros(64 * 1024 * 1024, 0);
        big.putAndInsertUint8Array(DCM_EncapsulatedDocument, zeros.data(), static_cast<unsigned long>(zeros.size()));
        const Result<QByteArray> deflated = encodeDataSet(big, EXS_DeflatedLittleEndianExplicit);
        QVERIFY(deflated);
        QVERIFY(deflated->size() < 100 * 1024);
        const Result<DataSetPtr> parsed = parseDataSet(*deflated, EXS_DeflatedLittleEndianExplicit);
        QVERIFY(!parsed);
        QCOMPARE(parsed.error().code, ErrorCode::LimitExceeded);
    }

    void deflatedRoundTrip() {
        DcmDataset small;
        putText(small, DCM_PatientID, QStringLiteral("A-1"));
        const Result<QByteArray> deflated = encodeDataSet(small, EXS_DeflatedLittleEndianExplicit);
        QVERIFY(deflated);
        const Result<DataSetPtr> parsed = parseDataSet(*deflated, EXS_DeflatedLittleEndianExplicit);
        QVERIFY2(parsed, parsed ? "" : qPrintable(parsed.error().toString()));
        QCOMPARE(textOf(**parsed, DCM_PatientID), QStringLiteral("A-1"));
    }

    void textOfEveryLabelling_data() {
        QTest::addColumn<QByteArray>("characterSet");
        QTest::addColumn<QByteArray>("bytes");
        const QByteArray gb = QByteArray::fromHex("cdf55ed0a1c3f7"); // 王^小明
        const QByteArray utf8 = QStringLiteral("王^小明").toUtf8();
        QTest::newRow("GB18030") << QByteArray("GB18030") << gb;
        QTest::newRow("GBK") << QByteArray("GBK") << gb;
        QTest::newRow("UTF-8") << QByteArray("ISO_IR 192") << utf8;
        QTest::newRow("unlabelled GB") << QByteArray() << gb;
        QTest::newRow("unlabelled UTF-8") << QByteArray() << utf8;
        QTest::newRow("labelled ASCII, is GB") << QByteArray("ISO_IR 6") << gb;
    }
    void textOfEveryLabelling() {
        QFETCH(QByteArray, characterSet);
        QFETCH(QByteArray, bytes);
        auto dataSet = std::make_unique<DcmDataset>();
        if (!characterSet.isEmpty())
            dataSet->putAndInsertString(DCM_SpecificCharacterSet, characterSet.constData());
        dataSet->putAndInsertString(DCM_PatientName, bytes.constData());
        toUtf8(dataSet);
        QCOMPARE(textOf(*dataSet, DCM_PatientName), QStringLiteral("王^小明"));
        QCOMPARE(textOf(*dataSet, DCM_SpecificCharacterSet), QStringLiteral("ISO_IR 192"));
    }

    void matching_data() {
        QTest::addColumn<int>("vr");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("stored");
        QTest::addColumn<bool>("matches");
        const auto row = [](const char* name, DcmEVR vr, const QString& key, const QString& stored, bool matches) {
            QTest::newRow(name) << static_cast<int>(vr) << key << stored << matches;
        };
        row("universal", EVR_LO, QString(), QStringLiteral("x"), true);
        row("star matches empty", EVR_LO, QStringLiteral("*"), QString(), true);
        row("wildcard", EVR_LO, QStringLiteral("A*C?"), QStringLiteral("ABBCD"), true);
        row("wildcard too short", EVR_LO, QStringLiteral("A*C?"), QStringLiteral("ABBC"), false);
        row("case counts", EVR_LO, QStringLiteral("abc"), QStringLiteral("ABC"), false);
        row("no wildcard in UI", EVR_UI, QStringLiteral("1.2.*"), QStringLiteral("1.2.3"), false);
        row("UID list", EVR_UI, QStringLiteral("1.2\\1.3"), QStringLiteral("1.3"), true);
        row("name ignores case", EVR_PN, QStringLiteral("wang^x*"), QStringLiteral("WANG^XIAOMING=王^小明"), true);
        row("Chinese group", EVR_PN, QStringLiteral("王*"), QStringLiteral("WANG^XIAOMING=王^小明"), true);
        row("Chinese without caret", EVR_PN, QStringLiteral("王小明"), QStringLiteral("WANG^XIAOMING=王^小明"), true);
        row("another name", EVR_PN, QStringLiteral("李*"), QStringLiteral("WANG^XIAOMING=王^小明"), false);
        row("date in range", EVR_DA, QStringLiteral("20260101-20260131"), QStringLiteral("20260131"), true);
        row("date after range", EVR_DA, QStringLiteral("20260101-20260131"), QStringLiteral("20260201"), false);
        row("open range", EVR_DA, QStringLiteral("-20260131"), QStringLiteral("20250201"), true);
        row("range without value", EVR_DA, QStringLiteral("-20260131"), QString(), false);
        row("time prefix", EVR_TM, QStringLiteral("08-0910"), QStringLiteral("091001"), true);
        row("DT range with zone", EVR_DT, QStringLiteral("20260101000000+0000-20260102000000+0000"),
            QStringLiteral("20260101120000+0000"), true);
        // The same moment is written in many zones (PS3.5 6.2); ranges of PS3.4 C.2.2.2.5.
        const QString eight = QStringLiteral("20260302003000+0000");
        row("DT in another zone", EVR_DT, QStringLiteral("20260302083000+0800"), eight, true);
        row("DT in another zone, later", EVR_DT, QStringLiteral("20260302083001+0800"), eight, false);
        row("DT range, another zone", EVR_DT, QStringLiteral("20260302080000+0800-20260302090000+0800"), eight, true);
        row("DT range, another zone, before", EVR_DT, QStringLiteral("20260302090000+0800-"), eight, false);
        row("DT range, zones west", EVR_DT, QStringLiteral("20260301193000-0500-20260301193000-0500"), eight, true);
        row("DT range, zones west, after", EVR_DT, QStringLiteral("-20260301192959-0500"), eight, false);
        row("DT open range, zone west", EVR_DT, QStringLiteral("20260301193000-0500-"), eight, true);
        row("DT of a day there", EVR_DT, QStringLiteral("20260301-0500"), eight, true);
        row("DT of a day here", EVR_DT, QStringLiteral("20260302+0800"), eight, true);
        row("DT of another day", EVR_DT, QStringLiteral("20260303+0800"), eight, false);
        row("DT range of years", EVR_DT, QStringLiteral("2025-2026"), eight, true);
        row("DT range of years before", EVR_DT, QStringLiteral("2024-2025"), eight, false);
        row("DT range to a day", EVR_DT, QStringLiteral("20260301+0000-20260302+0000"), eight, true);
        row("DT fraction", EVR_DT, QStringLiteral("20260302083000.2+0800"), QStringLiteral("20260302003000.25+0000"),
            true);
        row("DT other fraction", EVR_DT, QStringLiteral("20260302083000.25+0800"),
            QStringLiteral("20260302003000.26+0000"), false);
        row("DT without zones", EVR_DT, QStringLiteral("2026030208-2026030209"), QStringLiteral("20260302083000"),
            true);
        row("no DT", EVR_DT, QStringLiteral("today-"), eight, false);
        row("DT against none", EVR_DT, QStringLiteral("2025-"), QString(), false);
        row("any of several values", EVR_CS, QStringLiteral("MR"), QStringLiteral("CT\\MR"), true);
        row("IS as a number", EVR_IS, QStringLiteral("01"), QStringLiteral("1 "), true);
    }
    void matching() {
        QFETCH(int, vr);
        QFETCH(QString, key);
        QFETCH(QString, stored);
        QFETCH(bool, matches);
        QCOMPARE(valueMatches(static_cast<DcmEVR>(vr), key, stored), matches);
    }

    /// A peer may write any VR: the tag of a sequence is not one yet.
    void itemInWhatIsNoSequence() {
        DcmDataset dataSet;
        dataSet.putAndInsertString(DcmTag(DCM_ProcedureStepProgressInformationSequence, EVR_LO), "50 %");
        QVERIFY(itemOf(dataSet, DCM_ProcedureStepProgressInformationSequence) == nullptr);
        putText(addItem(dataSet, DCM_ProcedureStepProgressInformationSequence), DCM_ReasonForCancellation,
                QStringLiteral("图像不全"));
        QCOMPARE(itemCount(dataSet, DCM_ProcedureStepProgressInformationSequence), 1);
        QCOMPARE(textOf(*itemOf(dataSet, DCM_ProcedureStepProgressInformationSequence), DCM_ReasonForCancellation),
                 QStringLiteral("图像不全"));
        addItem(dataSet, DCM_ProcedureStepProgressInformationSequence);
        QCOMPARE(itemCount(dataSet, DCM_ProcedureStepProgressInformationSequence), 2);
    }

    void sequenceMatching() {
        DcmDataset stored;
        for (const char* code : {"READ", "REVIEW"})
            putText(addItem(stored, DCM_ScheduledWorkitemCodeSequence), DCM_CodeValue, QString::fromLatin1(code));
        DcmDataset keys;
        DcmItem& item = addItem(keys, DCM_ScheduledWorkitemCodeSequence);
        putText(item, DCM_CodeValue, QStringLiteral("REVIEW"));
        QVERIFY(dataSetMatches(keys, stored));
        putText(item, DCM_CodeValue, QStringLiteral("CONSULT"));
        QVERIFY(!dataSetMatches(keys, stored));
        DcmDataset empty;
        QVERIFY(!dataSetMatches(keys, empty));
    }
};

QTEST_GUILESS_MAIN(DataSetTest)
#include "data_set_test.moc"
