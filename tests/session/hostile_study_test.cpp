#include "../dicom/data/dicom_factory.h"
#include "../dicom/data/hostile_files.h"
#include "../dicom/net/hostile_scp.h"
#include "../dicom/worker/worker_fixture.h"

#include "signed_reports.h"

#include "core/uid.h"
#include "dicom/net/study_client.h"
#include "dicom/worker/worker_pool.h"
#include "session/acquire_service.h"
#include "session/demo_site.h"
#include "session/desk_services.h"
#include "storage/desk_store.h"
#include "uikit/error_text.h"

#include "support/fake_clock.h"
#include "support/shared_data.h"

#include <QTemporaryDir>
#include <QTest>
#include <malloc.h>
#include <set>

using namespace yz;
using namespace yz::test;

namespace {

constexpr double kMostGrowthMb = 64.0;
const CancelToken kNever;
const QString kCt = QStringLiteral("1.2.840.10008.5.1.4.1.1.2");
const QString kExplicit = QStringLiteral("1.2.840.10008.1.2.1");
const QString kImplicit = QStringLiteral("1.2.840.10008.1.2");

template <typename T> QByteArray said(const Result<T>& result) {
    return result ? QByteArray("no error") : result.error().toString().toUtf8();
}

/// Most memory this process has had since resetPeak(), MB: the desk's and that of the platform in this process.
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

/// The bytes of a UI element where they stand, by nobody's parser: explicit or implicit VR, little endian.
QString uidIn(const QByteArray& file, quint16 group, quint16 element) {
    const QByteArray tag = tagBytes(group, element);
    for (qsizetype at = file.indexOf(tag); at >= 0; at = file.indexOf(tag, at + 1)) {
        const QByteArray head = file.mid(at + 4, 4);
        if (head.size() < 4)
            break;
        const bool isExplicit = head.startsWith("UI");
        const int length = static_cast<quint8>(head[isExplicit ? 2 : 0]);
        const QByteArray value = file.mid(at + 8, length);
        QByteArray text = value;
        while (text.endsWith('\0') || text.endsWith(' '))
            text.chop(1);
        if (isValidUid(QString::fromLatin1(text)) && value.size() == length)
            return QString::fromLatin1(text);
    }
    return {};
}

/// Patient ID (LO) where it stands, as uidIn().
QByteArray patientIdIn(const QByteArray& file) {
    const qsizetype at = file.indexOf(tagBytes(0x0010, 0x0020));
    const QByteArray head = file.mid(at + 4, 4);
    if (at < 0 || head.size() < 4)
        return {};
    const auto* length = reinterpret_cast<const uchar*>(head.constData()) + (head.startsWith("LO") ? 2 : 0);
    return file.mid(at + 8, length[0] | length[1] << 8).trimmed();
}

/// What stands behind group 0002 as far as its lengths can be believed, else the whole file.
QByteArray dataSetIn(const QByteArray& file) {
    if (file.mid(128, 4) != "DICM")
        return file;
    const auto* bytes = reinterpret_cast<const uchar*>(file.constData());
    qint64 at = 132;
    while (at + 12 <= file.size() && bytes[at] == 2 && bytes[at + 1] == 0) {
        const bool isLong = QByteArray("OB OW UN UT SQ").contains(file.mid(at + 4, 2));
        const uchar* p = bytes + at + (isLong ? 8 : 6);
        const qint64 length = isLong ? p[0] | p[1] << 8 | p[2] << 16 | qint64(p[3]) << 24 : p[0] | p[1] << 8;
        at += (isLong ? 12 : 8) + length;
    }
    return at < file.size() ? file.mid(at) : file;
}

} // namespace

/// Objects made to hurt arrive at a desk by C-STORE, as a platform would send them with a study: the desk lives, says
/// what is wrong with each and reads the rest.
class HostileStudyTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { m_home = std::make_unique<QTemporaryDir>(); }
    void generatedBombs();
    void everyTruncation();
    void corpus();

private:
    [[nodiscard]] std::unique_ptr<DeskServices> newDesk();
    /// An image of that study that can be read, its values `number` and up.
    [[nodiscard]] static HostileScp::Object innocent(const QString& study, int number,
                                                     const QByteArray& patient = "T1");
    /// Every frame and code of what arrived; what was set aside with its code.
    struct Outcome {
        std::map<QString, Error> refused; ///< by instance, at the door or in its pixels
        std::set<QString> read;
    };
    /// As often as the platform has something left: it can send one syntax of those that share a context at a time.
    [[nodiscard]] Result<StudyRecord> acquireAll(DeskServices& desk, const QString& study);
    [[nodiscard]] static Outcome readAll(DeskServices& desk, const StudyUid& study,
                                         const std::set<QString>& instances = {}); ///< empty: all of them

    HostileScp m_scp;
    FakeClock m_clock;
    RandomUidSource m_uids;
    std::shared_ptr<dicom::WorkerPool> m_decoder;
    std::unique_ptr<QTemporaryDir> m_home;
};

void HostileStudyTest::initTestCase() {
    m_decoder = launchDecoder();
    QVERIFY(m_decoder->start().has_value());
}

std::unique_ptr<DeskServices> HostileStudyTest::newDesk() {
    Site site;
    site.isDemo = true;
    site.diagnosingHospital = demo::users().front().hospital;
    if (const Status made = makeDemoDesk(m_home->path(), site); !made)
        qFatal("desk: %s", said(made).constData());
    DeskServices::Options options{m_home->path(), site, false};
    options.decoder = m_decoder;
    auto opened = DeskServices::open(options, m_clock, m_uids);
    if (!opened)
        qFatal("desk: %s", said(opened).constData());
    return std::move(*opened);
}

HostileScp::Object HostileStudyTest::innocent(const QString& study, int number, const QByteArray& patient) {
    DcmDataset item;
    fillImage(item, 4, 4);
    const QString instance = QStringLiteral("2.25.72001.%1").arg(number);
    item.putAndInsertString(DCM_PatientID, patient.constData());
    item.putAndInsertString(DCM_StudyInstanceUID, study.toLatin1().constData());
    item.putAndInsertString(DCM_SOPInstanceUID, instance.toLatin1().constData());
    const QString series = QStringLiteral("2.25.72002.%1").arg(number); // a series lies in one study
    item.putAndInsertString(DCM_SeriesInstanceUID, series.toLatin1().constData());
    std::vector<Uint16> words(16);
    for (size_t i = 0; i < words.size(); ++i)
        words[i] = static_cast<Uint16>(100 * static_cast<size_t>(number) + i);
    putPixels(item, words);
    return {series, instance, kCt, kExplicit, dataSetIn(file(item))};
}

HostileStudyTest::Outcome HostileStudyTest::readAll(DeskServices& desk, const StudyUid& study,
                                                    const std::set<QString>& instances) {
    Outcome outcome;
    const auto aside = desk.store().studies().setAsideOf(study);
    if (!aside)
        qFatal("%s", said(aside).constData());
    const auto isAsked = [&](const InstanceUid& instance) {
        return instances.empty() || instances.contains(instance.value());
    };
    for (const StudyStore::SetAside& object : *aside)
        if (isAsked(object.instance))
            outcome.refused[object.instance.value()] = object.reason;
    const auto record = desk.store().studies().study(study);
    if (!record)
        return outcome;
    for (const SeriesRecord& series : record->series)
        for (const InstanceRecord& instance : series.instances) {
            if (!isAsked(instance.instance))
                continue;
            const auto image = desk.pixels().describe(instance.path);
            const auto frame = desk.pixels().decode(instance.path, 0, kNever);
            if (frame)
                outcome.read.insert(instance.instance.value());
            else
                outcome.refused[instance.instance.value()] = image ? frame.error() : image.error();
        }
    return outcome;
}

Result<StudyRecord> HostileStudyTest::acquireAll(DeskServices& desk, const QString& study) {
    DicomStudyClient client(m_scp.settings());
    AcquireService acquire(desk.store(), client, desk.pixels());
    Result<StudyRecord> record = fail(ErrorCode::Internal);
    for (int round = 0; round < 6 && !record; ++round) {
        record = acquire.acquire(StudyUid(study), {}, {}, kNever);
        if (!record && record.error().code != ErrorCode::StudyIncomplete)
            break;
    }
    return record;
}

void HostileStudyTest::generatedBombs() {
    const auto desk = newDesk();
    const QString study = QStringLiteral("2.25.72");
    std::vector<HostileScp::Object> objects;
    const auto identity = [&](DcmDataset& item, const QString& instance) {
        item.putAndInsertString(DCM_StudyInstanceUID, study.toLatin1().constData());
        item.putAndInsertString(DCM_SOPInstanceUID, instance.toLatin1().constData());
    };
    int number = 0;
    const auto add = [&](const QString& syntax, const QByteArray& dataSet, const QString& instance = {}) {
        ++number;
        objects.push_back({QStringLiteral("2.25.21"),
                           instance.isEmpty() ? QStringLiteral("2.25.72000.%1").arg(number) : instance, kCt, syntax,
                           dataSet});
    };
    objects.push_back(innocent(study, 1));
    for (const bool isExplicit : {true, false})
        for (const bool isCounted : {true, false}) {
            DcmDataset head;
            const QString instance = QStringLiteral("2.25.72000.9%1%2").arg(isExplicit).arg(isCounted);
            fillImage(head, 2, 2);
            identity(head, instance);
            const QByteArray start =
                dicom::encodeDataSet(head, isExplicit ? EXS_LittleEndianExplicit : EXS_LittleEndianImplicit)
                    .value_or(QByteArray());
            add(isExplicit ? kExplicit : kImplicit, start + nestedSequences(100'000, isExplicit, isCounted), instance);
        }
    for (const ShortFragment& fragment : shortFragments())
        for (const int side : {65535, 10000}) {
            DcmDataset item;
            const QString instance = QStringLiteral("2.25.72000.8%1").arg(++number);
            fillImage(item, side, side);
            identity(item, instance);
            if (fragment.syntax.isEmpty()) {
                putPixels(item, std::vector<Uint16>(50));
                add(kExplicit, dataSetIn(file(item)), instance);
            } else {
                add(fragment.syntax, dataSetIn(encapsulatedFile(item, fragment.syntax, {fragment.bytes})), instance);
            }
            QVERIFY(objects.back().dataSet.size() < 1000);
        }
    objects.push_back(innocent(study, 2));
    {
        const QByteArray head = tagBytes(0x0008, 0x0016) + "UI" + littleEndian(2, 2) + "1." + tagBytes(0x0040, 0xA160) +
                                QByteArray("UT\0\0", 4) + littleEndian(400u << 20);
        // The desk does not offer the deflated syntax on the network: the bytes can only come under another.
        add(kExplicit, deflated(head, 400 << 20));
    }
    for (const auto& [side, runs] : {std::pair{8192, 8192 * 8192 / 128}, {2, 1 << 20}}) {
        DcmDataset item;
        const QString instance = QStringLiteral("2.25.72000.7%1").arg(side);
        fillImage(item, side, side);
        identity(item, instance);
        add(QStringLiteral("1.2.840.10008.1.2.5"),
            dataSetIn(encapsulatedFile(item, QStringLiteral("1.2.840.10008.1.2.5"), {rleFragment(runs)})), instance);
    }
    objects.push_back(innocent(study, 3));
    const size_t count = objects.size();
    m_scp.serve(study, QStringLiteral("T1"), objects);
    objects.clear();

    resetPeak();
    const double before = peakMb();
    const auto record = acquireAll(*desk, study);
    const double received = peakMb() - before;
    QVERIFY2(record, said(record));
    std::set<QString> sent; // over the wire, and answered
    for (const HostileScp::Sent& object : m_scp.sent())
        if (object.status >= 0)
            sent.insert(object.instance);
    QCOMPARE(sent.size(), count);

    const Outcome outcome = readAll(*desk, StudyUid(study));
    const double grown = peakMb() - before;
    for (int i = 1; i <= 3; ++i)
        QVERIFY(outcome.read.contains(QStringLiteral("2.25.72001.%1").arg(i)));
    // The 8192 x 8192 picture of zeros is a large one, not a lie; 2 x 2 pixels are read from the start of many.
    const size_t large =
        outcome.read.count(QStringLiteral("2.25.72000.78192")) + outcome.read.count(QStringLiteral("2.25.72000.72"));
    QCOMPARE(outcome.read.size(), 3 + large);
    QCOMPARE(outcome.refused.size(), count - 3 - large);
    QMap<QString, int> codes;
    for (const auto& [instance, error] : outcome.refused) {
        ++codes[errorName(error.code)];
        QVERIFY2(error.code == ErrorCode::LimitExceeded || error.code == ErrorCode::PixelDataBroken ||
                     error.code == ErrorCode::DataSetTruncated || error.code == ErrorCode::DataSetBroken ||
                     error.code == ErrorCode::AttributeMissing,
                 qPrintable(instance + u' ' + error.toString()));
        QVERIFY(!errorSentence(error).isEmpty());
    }
    qInfo().noquote()
        << count << "objects" << codes
        << QStringLiteral("peak +%1 MB receiving, +%2 MB with reading").arg(received, 0, 'f', 1).arg(grown, 0, 'f', 1);
    QVERIFY2(received < kMostGrowthMb, qPrintable(QString::number(received)));
}

/// Ten seeds, each cut at every byte of its data set, under their own identity.
void HostileStudyTest::everyTruncation() {
    const auto desk = newDesk();
    const QString study = QStringLiteral("2.25.11"); // of the seeds
    std::vector<HostileScp::Object> objects;
    int number = 0;
    for (const QByteArray& seed : hostileSeeds()) {
        // Big endian and deflated are not offered on the network: such bytes can only come under another syntax.
        QString syntax = uidIn(seed, 0x0002, 0x0010);
        if (syntax == u"1.2.840.10008.1.2.2" || syntax == u"1.2.840.10008.1.2.1.99")
            syntax = kExplicit;
        const QByteArray whole = dataSetIn(seed);
        for (qsizetype size = 1; size < whole.size(); ++size) {
            const QString instance =
                QStringLiteral("2.%1").arg(100'000 + ++number); // as long as the seeds' own, padded
            QByteArray cut = whole.left(size);
            cut.replace(QByteArray("2.25.31\0", 8), instance.toLatin1());
            objects.push_back({QStringLiteral("2.25.21"), instance, kCt, syntax, cut});
        }
    }
    objects.push_back(innocent(study, 1));
    const size_t count = objects.size();
    m_scp.serve(study, QStringLiteral("T1"), std::move(objects));
    resetPeak();
    const double before = peakMb();
    const auto record = acquireAll(*desk, study);
    QVERIFY2(record, said(record));
    const Outcome outcome = readAll(*desk, StudyUid(study));
    const double grown = peakMb() - before;
    // A cut behind the first frame leaves that one to be read.
    QVERIFY2(outcome.read.size() < count / 10, qPrintable(QString::number(outcome.read.size())));
    QVERIFY(outcome.read.contains(QStringLiteral("2.25.72001.1")));
    QCOMPARE(outcome.refused.size() + outcome.read.size(), count);
    QMap<QString, int> codes;
    for (const auto& [instance, error] : outcome.refused) {
        ++codes[errorName(error.code)];
        QVERIFY2(error.code != ErrorCode::DecoderFailed && error.code != ErrorCode::DecoderTimedOut &&
                     error.code != ErrorCode::Internal,
                 qPrintable(error.toString()));
        QVERIFY(!errorSentence(error).isEmpty());
    }
    qInfo().noquote() << count << "objects" << codes << QStringLiteral("peak +%1 MB").arg(grown, 0, 'f', 1);
    QVERIFY2(grown < kMostGrowthMb, qPrintable(QString::number(grown)));
}

void HostileStudyTest::corpus() {
    const QStringList paths = hostileCorpus();
    if (paths.isEmpty())
        QSKIP("no third-party studies");
    const auto desk = newDesk();
    QMap<QString, int> answers;
    double most = 0.0;
    int number = 100, others = 0;
    for (const QString& path : paths) {
        QFile in(path);
        QVERIFY(in.open(QIODevice::ReadOnly));
        const QByteArray bytes = in.readAll();
        QString study = uidIn(bytes, 0x0020, 0x000D), instance = uidIn(bytes, 0x0008, 0x0018),
                syntax = uidIn(bytes, 0x0002, 0x0010);
        if (study.isEmpty())
            study = QStringLiteral("2.25.74.%1").arg(++number);
        // Fuzzed files have the identity of their seed, which the desk has from the first of them: each gets one of its
        // own of the same length, where it stands.
        QByteArray dataSet = dataSetIn(bytes);
        const QString own =
            instance.left(std::max<qsizetype>(instance.size() - 6, 0)) + QString::number(100'000 + ++number);
        if (instance.size() >= 8 && isValidUid(own)) {
            dataSet.replace(instance.toLatin1(), own.toLatin1());
            instance = own;
        } else {
            instance = QStringLiteral("2.25.74000.%1").arg(number);
        }
        if (syntax.isEmpty())
            syntax = kImplicit;
        HostileScp::Object good = innocent(study, ++number, patientIdIn(bytes));
        const QString goodInstance = good.instance;
        const auto serve = [&](const QString& transferSyntax) {
            m_scp.serve(study, {}, {{QStringLiteral("2.25.21"), instance, kCt, transferSyntax, dataSet}, good});
        };
        serve(syntax);
        resetPeak();
        const double start = peakMb();
        auto record = acquireAll(*desk, study);
        if (!record && record.error().code == ErrorCode::StudyIncomplete) {
            serve(kExplicit); // nobody negotiates that syntax: the bytes come under another
            record = acquireAll(*desk, study);
        }
        QVERIFY2(record, qPrintable(path + u' ' + QString::fromUtf8(said(record))));
        const Outcome outcome = readAll(*desk, StudyUid(study), {instance, goodInstance});
        most = std::max(most, peakMb() - start);
        if (!outcome.read.contains(goodInstance)) {
            // The one thing that may keep it out: the hostile object came first and made the study another patient's.
            const auto kept = outcome.refused.find(goodInstance);
            QVERIFY2(kept != outcome.refused.end() && kept->second.code == ErrorCode::PatientMismatch,
                     qPrintable(path));
            ++others;
        }
        const auto refused = outcome.refused.find(instance);
        if (refused == outcome.refused.end()) {
            QVERIFY2(outcome.read.contains(instance), qPrintable(path));
            ++answers[QStringLiteral("read")];
            continue;
        }
        ++answers[errorName(refused->second.code)];
        QVERIFY2(refused->second.code != ErrorCode::DecoderFailed && refused->second.code != ErrorCode::DecoderTimedOut,
                 qPrintable(path + u' ' + refused->second.toString()));
        QVERIFY(!errorSentence(refused->second).isEmpty());
    }
    qInfo().noquote() << paths.size() << "files," << others << "of another patient" << answers
                      << QStringLiteral("peak +%1 MB").arg(most, 0, 'f', 1);
    QVERIFY2(answers[QStringLiteral("read")] > 100, "most of them are to reach the pixels");
    QVERIFY2(others < paths.size() / 8, qPrintable(QString::number(others)));
    QVERIFY2(most < kMostGrowthMb, qPrintable(QString::number(most)));
}

QTEST_GUILESS_MAIN(HostileStudyTest)
#include "hostile_study_test.moc"
