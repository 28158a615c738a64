#include "dicom/data/dicom_pixel_source.h"
#include "dicom_factory.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <ctime>
#include <thread>

using namespace yz;

class DecodeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void storedValues_data();
    void storedValues();
    void bigEndian();
    void planarAndYbr();
    void fragmentsOfFrames();
    void unknownSyntaxIsNamed();
    void cancelled();
    void aReplacedFileIsReadAnew();
    void framesSideBySide();
    void nativeFrameIsFast();

private:
    DicomPixelSource m_source;
};

void DecodeTest::storedValues_data() {
    QTest::addColumn<int>("stored");
    QTest::addColumn<int>("highBit");
    QTest::addColumn<bool>("isSigned");
    QTest::addColumn<int>("word");
    QTest::addColumn<int>("value");
    QTest::newRow("all bits") << 16 << 15 << false << 0xF123 << 0xF123;
    QTest::newRow("all bits, signed") << 16 << 15 << true << 0xF123 << int(std::int16_t(0xF123));
    QTest::newRow("12 bits, garbage above") << 12 << 11 << false << 0xF123 << 0x123;
    QTest::newRow("12 bits, signed, positive") << 12 << 11 << true << 0xF7FF << 0x7FF;
    QTest::newRow("12 bits, signed, negative") << 12 << 11 << true << 0x0800 << -2048;
    QTest::newRow("12 bits at the top") << 12 << 15 << false << 0xABC5 << 0xABC;
    QTest::newRow("12 bits at the top, signed") << 12 << 15 << true << 0x8005 << -2048;
    QTest::newRow("12 bits in the middle") << 12 << 13 << false << 0xFABF << 0xEAF;
    QTest::newRow("one bit") << 1 << 0 << false << 0xFFFF << 1;
}

void DecodeTest::storedValues() {
    QFETCH(int, stored);
    QFETCH(int, highBit);
    QFETCH(bool, isSigned);
    QFETCH(int, word);
    QFETCH(int, value);
    DcmDataset item;
    test::fillImage(item, 1, 2);
    item.putAndInsertUint16(DCM_BitsStored, static_cast<Uint16>(stored));
    item.putAndInsertUint16(DCM_HighBit, static_cast<Uint16>(highBit));
    item.putAndInsertUint16(DCM_PixelRepresentation, isSigned ? 1 : 0);
    test::putPixels(item, {static_cast<Uint16>(word), 0});
    for (const E_TransferSyntax syntax : {EXS_LittleEndianExplicit, EXS_LittleEndianImplicit, EXS_BigEndianExplicit}) {
        const auto frame = m_source.decode(test::file(item, syntax), 0);
        QVERIFY2(frame.has_value(), qPrintable(frame ? QString() : frame.error().toString()));
        QCOMPARE(isSigned ? int((*frame)->as<std::int16_t>()[0]) : int((*frame)->as<std::uint16_t>()[0]), value);
        QCOMPARE((*frame)->as<std::uint16_t>()[1], std::uint16_t(0));
    }
}

void DecodeTest::bigEndian() {
    DcmDataset item; // three frames of 3 bytes each as OW: a frame starts inside a word
    test::fillImage(item, 1, 3);
    item.putAndInsertUint16(DCM_BitsAllocated, 8);
    item.putAndInsertUint16(DCM_BitsStored, 8);
    item.putAndInsertUint16(DCM_HighBit, 7);
    item.putAndInsertString(DCM_NumberOfFrames, "3");
    const Uint16 words[] = {0x0201, 0x0403, 0x0605, 0x0807, 0x0009};
    item.putAndInsertUint16Array(DCM_PixelData, words, 5);
    for (const E_TransferSyntax syntax : {EXS_LittleEndianExplicit, EXS_BigEndianExplicit}) {
        const QByteArray file = test::file(item, syntax);
        for (int f = 0; f < 3; ++f) {
            const auto frame = m_source.decode(file, f);
            QVERIFY2(frame.has_value(), qPrintable(frame ? QString() : frame.error().toString()));
            for (int i = 0; i < 3; ++i)
                QCOMPARE(int((*frame)->as<std::uint8_t>()[i]), 3 * f + i + 1);
        }
    }
}

void DecodeTest::planarAndYbr() {
    DcmDataset item;
    test::fillImage(item, 1, 2);
    item.putAndInsertUint16(DCM_SamplesPerPixel, 3);
    item.putAndInsertUint16(DCM_BitsAllocated, 8);
    item.putAndInsertUint16(DCM_BitsStored, 8);
    item.putAndInsertUint16(DCM_HighBit, 7);
    item.putAndInsertUint16(DCM_PlanarConfiguration, 1);
    item.putAndInsertString(DCM_PhotometricInterpretation, "RGB");
    test::putBytes(item, {1, 2, 3, 4, 5, 6});
    auto frame = m_source.decode(test::file(item), 0);
    QVERIFY(frame.has_value());
    const auto bytes = [](const PixelBufferPtr& p) {
        return QByteArray(reinterpret_cast<const char*>(p->data.data()), static_cast<qsizetype>(p->data.size()));
    };
    QCOMPARE(bytes(*frame), QByteArray("\1\3\5\2\4\6"));
    item.putAndInsertUint16(DCM_PlanarConfiguration, 0);
    item.putAndInsertString(DCM_PhotometricInterpretation, "YBR_FULL");
    test::putBytes(item, {100, 128, 128, 76, 85, 255}); // grey; pure red (PS3.3 C.7.6.3.1.2)
    frame = m_source.decode(test::file(item), 0);
    QVERIFY(frame.has_value());
    QCOMPARE(bytes(*frame), QByteArray::fromHex("646464fe0000"));
    item.putAndInsertString(DCM_PhotometricInterpretation, "YBR_FULL_422");
    test::putBytes(item, {100, 50, 128, 128}); // two Y, one Cb, one Cr
    frame = m_source.decode(test::file(item), 0);
    QVERIFY2(frame.has_value(), qPrintable(frame ? QString() : frame.error().toString()));
    QCOMPARE(bytes(*frame), QByteArray::fromHex("646464323232"));
    item.putAndInsertString(DCM_PhotometricInterpretation, "CMYK");
    QCOMPARE(m_source.decode(test::file(item), 0).error().code, ErrorCode::NotSupported);
}

void DecodeTest::fragmentsOfFrames() {
    // Two RLE frames of 2x2 bytes; offsets as PS3.5 A.4 counts them.
    const auto rle = [](const char* run) -> QByteArray {
        QByteArray frame(64, '\0');
        frame[0] = 1;
        frame[4] = 64;
        return frame + QByteArray(run, 2);
    };
    const QByteArray first = rle("\xFD\x05"); // four times 5
    const QByteArray second = rle("\xFD\x09");
    DcmDataset item;
    test::fillImage(item, 2, 2);
    item.putAndInsertUint16(DCM_BitsAllocated, 8);
    item.putAndInsertUint16(DCM_BitsStored, 8);
    item.putAndInsertUint16(DCM_HighBit, 7);
    item.putAndInsertString(DCM_NumberOfFrames, "2");
    const QString syntax = QStringLiteral("1.2.840.10008.1.2.5");
    const QByteArray good = QByteArray::fromHex("000000004a000000");
    for (const QByteArray& table :
         {QByteArray(), good, QByteArray::fromHex("0000000001000000")}) { // none, right, wrong
        const QByteArray file = test::encapsulatedFile(item, syntax, {first, second}, table);
        for (int f = 0; f < 2; ++f) {
            const auto frame = m_source.decode(file, f);
            QVERIFY2(frame.has_value(), qPrintable(frame ? QString() : frame.error().toString()));
            QCOMPARE(int((*frame)->as<std::uint8_t>()[3]), f == 0 ? 5 : 9);
        }
    }
    const QByteArray split = test::encapsulatedFile(item, syntax, {first.left(30), first.mid(30), second}, good);
    for (int f = 0; f < 2; ++f) { // the table points between fragments: not believed, the frames' own heads are
        const auto frame = m_source.decode(split, f);
        QVERIFY2(frame.has_value(), qPrintable(frame ? QString() : frame.error().toString()));
        QCOMPARE(int((*frame)->as<std::uint8_t>()[3]), f == 0 ? 5 : 9);
    }
    const QByteArray splitGood = test::encapsulatedFile(item, syntax, {first.left(30), first.mid(30), second},
                                                        QByteArray::fromHex("0000000052000000"));
    QCOMPARE(int((*m_source.decode(splitGood, 1))->as<std::uint8_t>()[0]), 9);
    const QByteArray one = test::encapsulatedFile(item, syntax, {first});
    QCOMPARE(m_source.decode(one, 1).error().code, ErrorCode::PixelDataBroken);
    QCOMPARE(m_source.decode(test::encapsulatedFile(item, syntax, {}), 0).error().code, ErrorCode::PixelDataMissing);
}

void DecodeTest::unknownSyntaxIsNamed() {
    DcmDataset item;
    test::fillImage(item, 2, 2);
    for (const auto& [uid, name] : {std::pair{"1.2.840.10008.1.2.4.102", "H.264"}, std::pair{"1.2.3.4.5", "unknown"}}) {
        const auto frame =
            m_source.decode(test::encapsulatedFile(item, QString::fromLatin1(uid), {QByteArray(8, 'x')}), 0);
        QCOMPARE(frame.error().code, ErrorCode::TransferSyntaxNotSupported);
        QVERIFY2(frame.error().detail.contains(QLatin1String(name)) &&
                     frame.error().detail.contains(QLatin1String(uid)),
                 qPrintable(frame.error().detail));
    }
}

void DecodeTest::cancelled() {
    const CancelToken token;
    token.cancel();
    QCOMPARE(m_source.decode(QStringLiteral("x"), 0, token).error().code, ErrorCode::Cancelled);
}

void DecodeTest::aReplacedFileIsReadAnew() {
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.dcm"));
    for (const Uint16 value : {Uint16(1), Uint16(2), Uint16(3)}) {
        DcmDataset item;
        test::fillImage(item, 2, 2);
        test::putPixels(item, std::vector<Uint16>(4, value));
        QFile::remove(path);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(test::file(item));
        file.close();
        const auto frame = m_source.decode(path, 0, {});
        QVERIFY(frame.has_value());
        QCOMPARE((*frame)->as<std::uint16_t>()[0], value);
    }
    QFile::remove(path);
    QCOMPARE(m_source.decode(path, 0, {}).error().code, ErrorCode::FileNotFound);
}

void DecodeTest::framesSideBySide() {
    constexpr int kFrames = 40;
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("multi.dcm"));
    DcmDataset item;
    test::fillImage(item, 64, 64);
    item.putAndInsertString(DCM_NumberOfFrames, "40");
    std::vector<Uint16> pixels(64 * 64 * kFrames);
    for (size_t i = 0; i < pixels.size(); ++i)
        pixels[i] = static_cast<Uint16>(i / (64 * 64));
    test::putPixels(item, pixels);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(test::file(item));
    file.close();
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int f = t; f < kFrames * 5; f += 4) {
                const auto frame = m_source.decode(path, f % kFrames, {});
                if (!frame || (*frame)->as<std::uint16_t>()[7] != f % kFrames)
                    ++wrong;
            }
        });
    for (std::thread& thread : threads)
        thread.join();
    QCOMPARE(wrong.load(), 0);
}

void DecodeTest::nativeFrameIsFast() {
    const QTemporaryDir folder;
    QStringList paths;
    for (int i = 0; i < 40; ++i) { // more files than the cache holds
        DcmDataset item;
        test::fillImage(item, 512, 512);
        item.putAndInsertUint16(DCM_BitsStored, 12);
        item.putAndInsertUint16(DCM_HighBit, 11);
        item.putAndInsertUint16(DCM_PixelRepresentation, 1);
        test::putPixels(item, std::vector<Uint16>(512 * 512, static_cast<Uint16>(i)));
        paths.append(folder.filePath(QString::number(i)));
        QFile file(paths.back());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(test::file(item));
    }
    double best = 1e9; // processor time: other programs do not count
    for (int round = 0; round < 3; ++round) {
        const std::clock_t start = std::clock();
        for (const QString& path : paths)
            QVERIFY(m_source.decode(path, 0, {}).has_value());
        best = std::min(best, 1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC / paths.size());
    }
    qInfo() << "file not seen before, 512x512x12 signed:" << best << "ms";
#if defined(NDEBUG) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    QVERIFY2(best < 1.0, qPrintable(QString::number(best)));
#endif
}

QTEST_GUILESS_MAIN(DecodeTest)
#include "decode_test.moc"
