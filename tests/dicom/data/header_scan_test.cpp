#include "dicom/data/header_dcmtk.h"
#include "dicom/data/header_scan.h"
#include "dicom/worker/record_archive.h"
#include "dicom_factory.h"
#include "support/shared_data.h"

#include <dcmtk/dcmdata/dcistrmb.h>

#include <QDirIterator>
#include <QTest>
#include <atomic>

using namespace yz;

namespace {

using HeaderResult = Result<DataSetHeader>;

HeaderResult byFullParse(const dicom::ByteSourcePtr& source) {
    const auto parsed = dicom::parseHeader(source);
    return parsed ? dicom::buildHeader(*parsed) : HeaderResult(fail(parsed.error()));
}

/// The header as bytes, or the error's name: equal answers are equal strings.
QByteArray said(const HeaderResult& header) {
    return header ? dicom::encodeRecord(*header) : errorName(header.error().code).toLatin1();
}

/// Whether the transfer syntax is the one DCMTK finds in group 0002, where it finds one.
bool isDcmtksSyntax(const dicom::ByteSource& source) {
    const auto meta = dicom::readFileMeta(source);
    constexpr qint64 kStart = 132;
    if (!meta || meta->dataSetOffset <= kStart)
        return true;
    const auto group = dicom::readExactly(source, kStart, meta->dataSetOffset - kStart);
    if (!group || !dicom::outlineDataSet(*dicom::memorySource(*group), 0, dicom::Encoding::ExplicitLittle))
        return true; // not safe to be given to it
    DcmDataset dataSet;
    DcmInputBufferStream stream;
    stream.setBuffer(group->constData(), group->size());
    stream.setEos();
    dataSet.transferInit();
    OFString uid;
    if (dataSet.read(stream, EXS_LittleEndianExplicit).bad() ||
        dataSet.findAndGetOFString(DCM_TransferSyntaxUID, uid).bad())
        return true;
    const QString found = QString::fromLatin1(uid.c_str()).trimmed();
    return found.isEmpty() || found == meta->transferSyntax;
}

/// A source that counts how far it is read.
class CountingSource final : public dicom::ByteSource {
public:
    explicit CountingSource(dicom::ByteSourcePtr source) : m_source(std::move(source)) {}
    [[nodiscard]] qint64 size() const override { return m_source->size(); }
    [[nodiscard]] Result<size_t> read(qint64 offset, std::span<std::byte> target) const override {
        m_bytes += static_cast<qint64>(target.size());
        return m_source->read(offset, target);
    }
    [[nodiscard]] qint64 bytes() const { return m_bytes; }

private:
    dicom::ByteSourcePtr m_source;
    mutable std::atomic<qint64> m_bytes = 0;
};

QByteArray element(quint16 group, quint16 number, const char* vr, const QByteArray& value) {
    QByteArray out;
    const auto put16 = [&out](size_t v) {
        out.append(static_cast<char>(v & 0xFF));
        out.append(static_cast<char>(v >> 8 & 0xFF));
    };
    put16(group);
    put16(number);
    out.append(vr, 2);
    put16(static_cast<size_t>(value.size()));
    return out + value;
}

QByteArray uids() {
    return element(0x0008, 0x0016, "UI", "1.2.840.10008.5.1.4.1.1.7") + element(0x0008, 0x0018, "UI", "1.2.34");
}
QByteArray studyUids() { return element(0x0020, 0x000D, "UI", "1.2.3.44") + element(0x0020, 0x000E, "UI", "1.2.3.55"); }

} // namespace

/// The walk that keeps the index's elements says what the full parse says, whatever the file.
class HeaderScanTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everySharedFile() {
        if (test::sharedData().isEmpty())
            QSKIP("no third-party studies");
        QDirIterator it(test::sharedData(), QDir::Files, QDirIterator::Subdirectories);
        int files = 0;
        int headers = 0;
        QStringList different;
        while (it.hasNext()) {
            const QString path = it.next();
            const auto source = dicom::openFileSource(path);
            if (!source)
                continue;
            const HeaderResult scanned = dicom::scanHeader(*source);
            ++files;
            headers += scanned ? 1 : 0;
            if (said(scanned) != said(byFullParse(*source)) || !isDcmtksSyntax(**source))
                different.append(path);
        }
        qInfo() << files << "files," << headers << "headers";
        QVERIFY2(different.isEmpty(), qPrintable(different.join(u'\n')));
        QVERIFY(headers > 600);
    }

    /// Each byte of a plain file set to something else, and the file cut at each byte.
    void everyByteOfAFile() {
        DcmDataset item;
        test::fillImage(item, 2, 2);
        item.putAndInsertString(DCM_SpecificCharacterSet, "GB18030");
        item.putAndInsertString(DCM_PatientName, "Wang^Wu=\xCD\xF5^\xCE\xE5");
        item.putAndInsertString(DCM_StudyDescription, "\xD0\xD8\xB2\xBF");
        item.putAndInsertString(DCM_StudyDate, "20240131");
        item.putAndInsertString(DCM_StudyTime, "101112.5");
        item.putAndInsertString(DCM_InstanceNumber, "7");
        DcmItem* reference = nullptr;
        item.findOrCreateSequenceItem(DCM_ReferencedStudySequence, reference);
        reference->putAndInsertString(DCM_ReferencedSOPInstanceUID, "1.2.3");
        test::putPixels(item, std::vector<Uint16>(4));
        const QByteArray file = test::file(item);
        QVERIFY(dicom::scanHeader(dicom::memorySource(file)).has_value());
        for (qsizetype i = 128; i < file.size(); ++i) {
            for (const char other : {'\0', '\1', ' ', 'A', '\\', '\x7F', '\x80', '\xFE', '\xFF'}) {
                QByteArray changed = file;
                changed[i] = other;
                const auto source = dicom::memorySource(changed);
                if (said(dicom::scanHeader(source)) != said(byFullParse(source)) || !isDcmtksSyntax(*source))
                    QFAIL(qPrintable(QStringLiteral("byte %1 set to %2").arg(i).arg(uchar(other))));
            }
            const auto cut = dicom::memorySource(file.first(i));
            if (said(dicom::scanHeader(cut)) != said(byFullParse(cut)))
                QFAIL(qPrintable(QStringLiteral("cut at %1").arg(i)));
        }
    }

    void oddValues_data() {
        QTest::addColumn<QByteArray>("dataSet");
        const QByteArray head = uids();
        const QByteArray tail = studyUids();
        const QByteArray undefined("\xFF\xFF\xFF\xFF", 4);
        const auto row = [&](const char* name, const QByteArray& middle, const QByteArray& end = {}) {
            QTest::newRow(name) << head + middle + tail + end;
        };
        row("nothing more", {});
        row("UID with a space", element(0x0008, 0x0050, "SH", "A "), element(0x0020, 0x0052, "UI", "1.2 "));
        row("empty values", element(0x0008, 0x0060, "CS", {}) + element(0x0010, 0x0010, "PN", {}));
        row("another VR", element(0x0008, 0x0060, "LO", "CT") + element(0x0010, 0x0020, "UN", "A1"));
        row("a number in text", {}, element(0x0020, 0x0013, "LO", "12"));
        row("numbers of other forms", {}, element(0x0020, 0x0011, "IS", "+5") + element(0x0020, 0x0013, "IS", "1.5 "));
        row("several numbers", {}, element(0x0020, 0x0011, "IS", "5\\6 ") + element(0x0020, 0x0013, "IS", " 7"));
        row("a number too large", {}, element(0x0020, 0x0013, "IS", "99999999999 "));
        row("several values", element(0x0008, 0x0060, "CS", "CT\\MR ") + element(0x0010, 0x0010, "PN", "A^B\\C "));
        row("NUL inside", element(0x0010, 0x0010, "PN", QByteArray("A^B\0C ", 6)));
        row("padded by NUL", element(0x0010, 0x0010, "PN", QByteArray("A^B\0", 4)));
        row("leading spaces", element(0x0008, 0x1030, "LO", "  A B   "));
        row("control characters", element(0x0008, 0x1030, "LO", "A\tB\r\nC "));
        row("twice", element(0x0010, 0x0010, "PN", "A^B ") + element(0x0010, 0x0010, "PN", "C^D "));
        row("not in order", element(0x0010, 0x0020, "LO", "ID") + element(0x0010, 0x0010, "PN", "C^D "));
        row("dates of old", element(0x0008, 0x0020, "DA", "2001.02.03") + element(0x0008, 0x0030, "TM", "10:11:12"));
        row("no dates", element(0x0008, 0x0020, "DA", "2001023 ") + element(0x0008, 0x0021, "DA", "99999999"));
        row("a zone", element(0x0008, 0x0020, "DA", "20010203") + element(0x0008, 0x0030, "TM", "10 ") +
                          element(0x0008, 0x0201, "SH", "+0800 "));
        row("Chinese without a label",
            element(0x0008, 0x1030, "LO", "\xD0\xD8\xB2\xBF") + element(0x0010, 0x0010, "PN", "\xCD\xF5^\xCE\xE5 "));
        row("Chinese that a long text explains",
            element(0x0010, 0x0010, "PN", "\xCD\xF5") +
                element(0x0010, 0x4000, "LT", "\xBB\xBC\xD5\xDF\xD0\xD8\xB2\xBF\xCC\xDB\xCD\xB4\xC8\xFD\xCC\xEC"));
        row("Chinese beside unknown bytes",
            element(0x0010, 0x0010, "PN", "\xCD\xF5") +
                element(0x0010, 0x4000, "UN", "\xBB\xBC\xD5\xDF\xD0\xD8\xB2\xBF")); // UN has a long length: broken
        row("escapes", element(0x0008, 0x0005, "CS", "\\ISO 2022 IR 58") +
                           element(0x0010, 0x0010, "PN", "A^B=\x1B$)A\xCD\xF5^\x1B$)A\xCE\xE5"));
        row("Latin", element(0x0008, 0x0005, "CS", "ISO_IR 100") + element(0x0010, 0x0010, "PN", "M\xFCller^J "));
        row("a sequence before",
            QByteArray("\x08\x00\x10\x11SQ\x00\x00", 8) + undefined + QByteArray("\xFE\xFF\x00\xE0", 4) + undefined +
                element(0x0008, 0x0018, "UI", "9.9.9.99") + QByteArray("\xFE\xFF\x0D\xE0\0\0\0\0", 8) +
                QByteArray("\xFE\xFF\xDD\xE0\0\0\0\0", 8) + element(0x0010, 0x0010, "PN", "C^D "));
        row("rows of the wrong length", {},
            element(0x0028, 0x0010, "US", QByteArray("\2\0\2\0", 4)) + element(0x0028, 0x0011, "IS", "2 "));
        row("an odd length", element(0x0010, 0x0010, "PN", "A^B"));
        for (const char* modality : {"MG", "DX"})
            row(qPrintable(QStringLiteral("a coded view of ") + QLatin1String(modality)),
                element(0x0008, 0x0060, "CS", modality),
                QByteArray("\x54\x00\x20\x02SQ\x00\x00", 8) + undefined + QByteArray("\xFE\xFF\x00\xE0", 4) +
                    undefined + element(0x0008, 0x0100, "SH", "399162004 ") + element(0x0008, 0x0102, "SH", "SCT ") +
                    QByteArray("\xFE\xFF\x0D\xE0\0\0\0\0", 8) + QByteArray("\xFE\xFF\xDD\xE0\0\0\0\0", 8));
        row("garbage at the end", {}, QByteArray("\0\0\0", 3));
    }

    void oddValues() {
        QFETCH(QByteArray, dataSet);
        const auto source = dicom::memorySource(dicom::part10FromBytes(QStringLiteral("1.2.840.10008.5.1.4.1.1.7"),
                                                                       QStringLiteral("1.2.34"),
                                                                       QStringLiteral("1.2.840.10008.1.2.1"), dataSet));
        QCOMPARE(said(dicom::scanHeader(source)), said(byFullParse(source)));
        if (QByteArray(QTest::currentDataTag()).startsWith("a coded view")) // else it proves nothing
            QCOMPARE(dicom::scanHeader(source)->series.viewPosition, QStringLiteral("CC"));
    }

    /// A plain header needs its first kilobytes and nothing behind them, however large the file is.
    void readsTheHeadAlone() {
        DcmDataset item;
        test::fillImage(item, 512, 512);
        test::putPixels(item, std::vector<Uint16>(512 * 512));
        const auto source = std::make_shared<const CountingSource>(dicom::memorySource(test::file(item)));
        QVERIFY(dicom::scanHeader(source).has_value());
        QVERIFY2(source->bytes() <= 12 * 1024, qPrintable(QString::number(source->bytes())));
    }
};

QTEST_GUILESS_MAIN(HeaderScanTest)
#include "header_scan_test.moc"
