#include "dicom/data/dicom_pixel_source.h"
#include "dicom/net/data_set_dcmtk.h"

#include <dcmtk/dcmdata/dcdeftag.h>

#include <QTest>
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>

namespace {
std::atomic<std::size_t> largest{0};
}

// DCMTK takes the memory for values with the second one, also inside its library.
void* operator new[](std::size_t size) {
    if (void* memory = std::malloc(size))
        return memory;
    throw std::bad_alloc();
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    largest = std::max(largest.load(), size);
    return std::malloc(size);
}
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }

using namespace yz;

namespace {

QByteArray number(quint32 value, int bytes) {
    QByteArray out;
    for (int i = 0; i < bytes; ++i)
        out.append(static_cast<char>(value >> (8 * i) & 0xFF));
    return out;
}
QByteArray implicit(quint16 group, quint16 element, const QByteArray& value) {
    return number(group, 2) + number(element, 2) + number(static_cast<quint32>(value.size()), 4) + value;
}
QByteArray item(const QByteArray& content) { return implicit(0xFFFE, 0xE000, content); }
/// Up to its delimiter, which is missing here: DCMTK then has nothing to hold a length against.
QByteArray openItem(const QByteArray& content) {
    return number(0xFFFE, 2) + number(0xE000, 2) + number(0xFFFFFFFF, 4) + content;
}
/// An element that asks for a gigabyte.
QByteArray bomb() { return number(0x0008, 2) + number(0x0070, 2) + number(0x40000000, 4) + "ab"; }

} // namespace

/// Nothing a data set says makes DCMTK take memory that the data set does not fill.
class AllocationTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void messages_data();
    void messages();
    void metaHeader();
    void lettersOfTheLibrary();
    void honestMessagesAreRead();
};

void AllocationTest::messages_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("in a sequence of the dictionary") << implicit(0x0008, 0x1110, item(bomb()));
    QTest::newRow("in an open item") << implicit(0x0008, 0x1110, openItem(bomb()));
    QTest::newRow("in an open item of a private sequence")
        << implicit(0x2001, 0x0010, "Philips Imaging DD 001") + implicit(0x2001, 0x105F, openItem(bomb()));
    QTest::newRow("in an open sequence and item")
        << number(0x0008, 2) + number(0x1110, 2) + number(0xFFFFFFFF, 4) + openItem(bomb());
    QTest::newRow("in one that starts with no item") << implicit(0x0008, 0x1110, bomb());
    QTest::newRow("in a sequence in a sequence")
        << implicit(0x0040, 0x4018, item(implicit(0x0008, 0x1110, item(bomb()))));
    QTest::newRow("in a sequence shorter than an item")
        << number(0x0008, 2) + number(0x1110, 2) + number(4, 4) + QByteArray("\xFE\xFF\x00\xE0", 4) +
               QByteArray("\x40\x00\x00\x00", 4) + bomb() + QByteArray(64, '\0');
    QTest::newRow("in a private sequence of the dictionary")
        << implicit(0x2001, 0x0010, "Philips Imaging DD 001") + implicit(0x2001, 0x105F, item(bomb()));
    QTest::newRow("at the top") << bomb();
}

void AllocationTest::messages() {
    QFETCH(QByteArray, bytes);
    (void)parseDataSet(QByteArray(), false); // what is loaded on first use
    largest = 0;
    const auto dataset = parseDataSet(bytes, false);
    QVERIFY2(largest < 1 << 20, qPrintable(QString::number(largest)));
    QVERIFY(!dataset.has_value());
}

void AllocationTest::metaHeader() {
    // Two letters that name no VR: DCMTK reads a length of four bytes behind them.
    const QByteArray uid("1.2.840.10008.5.1.4.1.1.2\0", 26);
    const QByteArray file = QByteArray(128, '\0') + "DICM" + QByteArray("\x02\x00\x02\x00", 4) + "BB" +
                            number(static_cast<quint32>(uid.size()), 2) + uid + implicit(0x0008, 0x0016, uid) +
                            implicit(0x0008, 0x0018, "2.25.31") + implicit(0x0020, 0x000D, "2.25.1") +
                            implicit(0x0020, 0x000E, "2.25.2");
    (void)DicomPixelSource().readHeader(QByteArray());
    largest = 0;
    const auto header = DicomPixelSource().readHeader(file);
    QVERIFY2(largest < 1 << 20, qPrintable(QString::number(largest)));
    QVERIFY(header.has_value()); // the data set is good
}

/// Letters that DCMTK has a name of its own for, with a length of four bytes behind them.
void AllocationTest::lettersOfTheLibrary() {
    for (const char* vr : {"lt", "ox", "xs", "na", "up", "px", "zz", "??", "  "}) {
        const QByteArray uid("2.25.31\0", 8);
        const QByteArray dataSet = number(0x0008, 2) + number(0x0018, 2) + "UI" + number(8, 2) + uid +
                                   number(0x0108, 2) + number(0x0128, 2) + QByteArray(vr, 2) + number(0x0010, 2) +
                                   "1.2.826.0.1.3680" + number(0x0110, 2) + number(0x0010, 2) + "LO" + number(2, 2) +
                                   "ab";
        const QByteArray file = QByteArray(128, '\0') + "DICM" + number(0x0002, 2) + number(0x0010, 2) + "UI" +
                                number(20, 2) + QByteArray("1.2.840.10008.1.2.1\0", 20) + dataSet;
        (void)DicomPixelSource().readHeader(QByteArray());
        largest = 0;
        (void)DicomPixelSource().readHeader(file);
        (void)DicomPixelSource().describe(file);
        (void)parseDataSet(dataSet, true);
        QVERIFY2(largest < 1 << 20, vr);
    }
}

void AllocationTest::honestMessagesAreRead() {
    // A private value that only looks like a sequence stays a value.
    const QByteArray good = implicit(0x0008, 0x1110, item(implicit(0x0008, 0x1155, "2.25.7"))) +
                            implicit(0x0008, 0x1140, {}) + implicit(0x0011, 0x0010, "YZ TEST ") +
                            implicit(0x0011, 0x1001, openItem(bomb())) +
                            // The tag of another maker's private sequence.
                            implicit(0x2001, 0x0010, "YZ TEST ") + implicit(0x2001, 0x105F, "2.25.9");
    const auto dataset = parseDataSet(good, false);
    QVERIFY2(dataset.has_value(), qPrintable(dataset ? QString() : dataset.error().toString()));
    QCOMPARE(getText(*firstItem(**dataset, DCM_ReferencedStudySequence), DCM_ReferencedSOPInstanceUID),
             QStringLiteral("2.25.7"));
}

QTEST_GUILESS_MAIN(AllocationTest)
#include "allocation_test.moc"
