#include "dicom/data/dicom_pixel_source.h"
#include "dicom/worker/received_answer.h"
#include "dicom/worker/record_archive.h"
#include "dicom/worker/request_service.h"
#include "support/shared_data.h"

#include <QDirIterator>
#include <QTest>
#include <atomic>

using namespace yz;

namespace {

/// Gives every field of a record a value of its own that is not the one it starts with.
class Filler {
public:
    template <typename... Fields> void fields(Fields&... values) { (fill(values), ...); }

    template <dicom::RecordStruct T> void fill(T& record) { dicom::visitFields(record, *this); }
    template <dicom::RecordNumber T> void fill(T& value) { value = static_cast<T>(next()); }
    void fill(bool& value) { value = !value; }
    void fill(double& value) { value = next() + 0.1; }
    template <typename T>
    requires std::is_enum_v<T>
    void fill(T& value) {
        const int first = static_cast<int>(value);
        for (int i = 1; i < 100; ++i)
            if (i != first && dicom::isKnown(static_cast<T>(i))) {
                value = static_cast<T>(i);
                return;
            }
    }
    void fill(QByteArray& bytes) { bytes = QByteArray::number(next()) + '\0' + "\xFF"; }
    void fill(QString& text) { text = QStringLiteral("文%1 é").arg(next()); }
    void fill(QStringList& list) { list = {QString::number(next()), QString(), QString::number(next())}; }
    void fill(QDate& date) { date = QDate(2001, 2, 3).addDays(next()); }
    void fill(QDateTime& time) {
        const QDate date = QDate(2011, 2, 3).addDays(next());
        const QTime clock(7, 8, 9, 123);
        switch (next() % 3) {
        case 0:
            time = QDateTime(date, clock);
            break;
        case 1:
            time = QDateTime(date, clock, Qt::UTC);
            break;
        default:
            time = QDateTime(date, clock, Qt::OffsetFromUTC, 8 * 3600);
        }
    }
    template <typename Tag> void fill(StrongId<Tag>& id) { id = StrongId<Tag>(QStringLiteral("1.2.%1").arg(next())); }
    template <typename Tag> void fill(Triple<Tag>& triple) { fields(triple.x, triple.y, triple.z); }
    template <typename Tag> void fill(Pair<Tag>& pair) { fields(pair.x, pair.y); }
    template <typename A, typename B> void fill(std::pair<A, B>& pair) { fields(pair.first, pair.second); }
    template <typename T, size_t N> void fill(std::array<T, N>& values) {
        for (T& value : values)
            fill(value);
    }
    template <typename T> void fill(std::optional<T>& value) { fill(value.emplace()); }
    template <typename T> void fill(std::shared_ptr<T>& value) {
        auto made = std::make_shared<std::remove_const_t<T>>();
        fill(*made);
        value = std::move(made);
    }
    template <typename T> void fill(std::vector<T>& values) {
        values.clear();
        for (int i = 0; i < 2; ++i)
            fill(values.emplace_back());
    }

private:
    int next() { return ++m_count % 250 + 1; }
    int m_count = 0;
};

template <typename Record> Record filled() {
    Record record{};
    Filler().fill(record);
    return record;
}

std::span<const std::byte> spanOf(const QByteArray& bytes) { return std::as_bytes(std::span(bytes)); }

template <typename Record> void checkRoundTrip() {
    const auto record = filled<Record>();
    const QByteArray bytes = dicom::encodeRecord(record);
    const Result<Record> back = dicom::decodeRecord<Record>(spanOf(bytes));
    QVERIFY(back.has_value());
    QCOMPARE(dicom::encodeRecord(*back), bytes);
    QVERIFY(bytes != dicom::encodeRecord(Record{}));
    QVERIFY(dicom::decodeRecord<Record>(spanOf(dicom::encodeRecord(Record{}))).has_value());
    // Cut anywhere, or with something behind it, it is no record.
    for (qsizetype size = 0; size < bytes.size(); ++size)
        QCOMPARE(dicom::decodeRecord<Record>(spanOf(bytes.left(size))).error().code, ErrorCode::DecoderFailed);
    QVERIFY(!dicom::decodeRecord<Record>(spanOf(bytes + '\0')).has_value());
    // Damaged anywhere it is read or refused, and what is read can be written again.
    for (qsizetype i = 0; i < bytes.size(); ++i)
        for (const int mask : {0x01, 0x80, 0xFF}) {
            QByteArray damaged = bytes;
            damaged[i] = static_cast<char>(damaged[i] ^ mask);
            if (const Result<Record> read = dicom::decodeRecord<Record>(spanOf(damaged)))
                (void)dicom::encodeRecord(*read);
        }
}

/// A file in memory that counts how often it is read.
class CountingSource final : public dicom::ByteSource {
public:
    CountingSource(QByteArray bytes, std::atomic<int>& reads)
        : m_source(dicom::memorySource(std::move(bytes))), m_reads(reads) {}
    [[nodiscard]] qint64 size() const override { return m_source->size(); }
    [[nodiscard]] Result<size_t> read(qint64 offset, std::span<std::byte> target) const override {
        ++m_reads;
        return m_source->read(offset, target);
    }

private:
    dicom::ByteSourcePtr m_source;
    std::atomic<int>& m_reads;
};

} // namespace

class RecordsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void headersRoundTrip() { checkRoundTrip<DataSetHeader>(); }
    void descriptionsRoundTrip() { checkRoundTrip<ImageDescription>(); }
    void textListingsRoundTrip() { checkRoundTrip<dicom::TextListing>(); }
    void hangingObjectsRoundTrip() { checkRoundTrip<HangingObject>(); }
    void presentationStatesRoundTrip() { checkRoundTrip<PresentationState>(); }
    void reportsRoundTrip() { checkRoundTrip<OpenedReportFile>(); }

    void valuesArriveUnchanged() {
        const auto image = filled<ImageDescription>();
        const auto back = dicom::decodeRecord<ImageDescription>(spanOf(dicom::encodeRecord(image)));
        QVERIFY(back.has_value());
        QCOMPARE(back->series, image.series);
        QCOMPARE(back->imageType, image.imageType);
        QCOMPARE(back->photometric, image.photometric);
        QCOMPARE(back->paddingLast, image.paddingLast);
        QCOMPARE(back->frames.size(), size_t(2));
        QCOMPARE(back->frames[1].windows, image.frames[1].windows);
        QCOMPARE(back->frames[1].voiLuts[1].entries, image.frames[1].voiLuts[1].entries);
        QCOMPARE(back->frames[1].plane->column, image.frames[1].plane->column);
        const auto header = filled<DataSetHeader>();
        const auto same = dicom::decodeRecord<DataSetHeader>(spanOf(dicom::encodeRecord(header)));
        QVERIFY(same.has_value());
        QCOMPARE(same->study, header.study);
        QCOMPARE(same->series, header.series);
        QCOMPARE(same->instance, header.instance);
        QCOMPARE(same->textWasRepaired, header.textWasRepaired);
    }

    /// The number of elements is a claim: it must not be allocated before they are there.
    void claimedLengthsTakeNoMemory() {
        dicom::RecordWriter writer;
        writer.put(quint64(1) << 60);
        dicom::RecordReader reader(spanOf(writer.bytes()));
        std::vector<double> numbers;
        reader.get(numbers);
        QVERIFY(!reader.isGood());
        QVERIFY(numbers.capacity() == 0);
        dicom::RecordReader text(spanOf(writer.bytes()));
        QString string;
        text.get(string);
        QVERIFY(!text.isGood());
    }

    void descriptionsThatCannotBe() {
        ImageDescription good;
        good.columns = 4;
        good.rows = 3;
        QVERIFY(dicom::checkDescription(good).has_value());
        const auto refused = [&](auto change) {
            ImageDescription bad = good;
            change(bad);
            const Status checked = dicom::checkDescription(bad);
            return !checked && checked.error().code == ErrorCode::DecoderFailed;
        };
        QVERIFY(refused([](ImageDescription& i) { i.columns = 0; }));
        QVERIFY(refused([](ImageDescription& i) { i.rows = 70000; }));
        QVERIFY(refused([](ImageDescription& i) { i.frameCount = 0; }));
        QVERIFY(refused([](ImageDescription& i) { i.samplesPerPixel = -1; }));
        QVERIFY(refused([](ImageDescription& i) { i.bitsStored = 70000; }));
        QVERIFY(refused([](ImageDescription& i) { i.frames.resize(2); })); // of one frame
        QVERIFY(refused([](ImageDescription& i) { i.paletteRed.bitsPerEntry = 99; }));
        QVERIFY(refused([](ImageDescription& i) {
            i.frames.resize(1);
            i.frames[0].voiLuts.resize(1);
            i.frames[0].voiLuts[0].entries.resize(70000);
        }));
    }

    void headersThatCannotBe() {
        DataSetHeader good;
        good.study.study = StudyUid(QStringLiteral("1.2"));
        good.series.series = SeriesUid(QStringLiteral("1.3"));
        good.instance.study = good.study.study;
        good.instance.series = good.series.series;
        good.instance.instance = InstanceUid(QStringLiteral("1.4"));
        good.instance.sopClass = SopClassUid(QStringLiteral("1.5"));
        QVERIFY(dicom::checkHeader(good).has_value());
        DataSetHeader bad = good;
        bad.instance.path = QStringLiteral("/etc/passwd");
        QVERIFY(!dicom::checkHeader(bad).has_value());
        bad = good;
        bad.study.study = StudyUid(QStringLiteral("../../home"));
        bad.instance.study = bad.study.study;
        QVERIFY(!dicom::checkHeader(bad).has_value());
        bad = good;
        bad.instance.series = SeriesUid(QStringLiteral("1.99"));
        QVERIFY(!dicom::checkHeader(bad).has_value());
    }

    void framesThatCannotBe() {
        const dicom::FrameShape shape{4, 3, 1, 2, 1};
        dicom::WorkerReply reply;
        reply.columns = 4;
        reply.rows = 3;
        reply.samplesPerPixel = 1;
        reply.sampleType = static_cast<qint32>(SampleType::UInt16);
        const std::vector<std::byte> samples(24, std::byte{7});
        QVERIFY(dicom::takeFrame(reply, samples, shape).has_value());
        QVERIFY(!dicom::takeFrame(reply, std::span(samples).first(23), shape).has_value());
        for (auto change : std::vector<std::function<void(dicom::WorkerReply&)>>{
                 [](auto& r) { r.columns = 5; }, [](auto& r) { r.rows = -3; }, [](auto& r) { r.samplesPerPixel = 3; },
                 [](auto& r) { r.sampleType = 77; },
                 [](auto& r) { r.sampleType = static_cast<qint32>(SampleType::Float64); },
                 [](auto& r) { r.columns = 0x40000000; }}) {
            dicom::WorkerReply bad = reply;
            change(bad);
            QCOMPARE(dicom::takeFrame(bad, samples, shape).error().code, ErrorCode::DecoderFailed);
        }
    }

    /// The frames of one file: its header is parsed for the first one only.
    void framesOfAFileAreDecodedWithoutParsingItAgain() {
        if (test::sharedData().isEmpty())
            QSKIP("no third-party studies");
        QFile file(test::sharedData() + QStringLiteral("/cwil/testImages/CTImage.dcm"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        std::vector<std::byte> answer(1 << 20);
        dicom::RequestService service(answer);
        dicom::WorkerRequest request;
        request.operation = dicom::WorkerOperation::Decode;
        request.file.node = 1;
        request.bytes = bytes.size();
        std::atomic<int> reads{0};
        dicom::WorkerReply reply;
        QVERIFY(service.serve(request, std::make_shared<CountingSource>(bytes, reads), reply).has_value());
        QCOMPARE(reply.payloadBytes, quint64(512 * 512 * 2));
        std::atomic<int> again{0};
        QVERIFY(service.serve(request, std::make_shared<CountingSource>(bytes, again), reply).has_value());
        QCOMPARE(again.load(), 1); // the frame, not the header
    }
};

QTEST_GUILESS_MAIN(RecordsTest)
#include "records_test.moc"
