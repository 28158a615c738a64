#include "security/chunk_cipher.h"

#include <QTest>
#include <array>
#include <vector>

using namespace yz;

/// Files in chunks. The right bytes were made by pyca/cryptography (HKDF, AESGCM), not by this code.
class ChunkCipherTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void othersMakeTheSameBytes_data();
    void othersMakeTheSameBytes();
    void anyPartOfAChunk();
    void onlyTheRightChunkOpens();
    void saltsDiffer();
};

namespace {

const QByteArray kPlain = "Yuanzhen chunk";

QByteArray counted(int first) {
    QByteArray bytes;
    for (int i = 0; i < 32; ++i)
        bytes += char(first + i);
    return bytes;
}

QByteArray fileKey() { return ChunkCipher::fileKey(counted(0), counted(32)).value_or(QByteArray()); }

std::span<const std::byte> bytes(const QByteArray& array) {
    return std::as_bytes(std::span(array.constData(), size_t(array.size())));
}

QByteArray sealed(quint32 number, bool isLast, const QByteArray& plain, const QByteArray& binding) {
    ChunkCipher cipher(ChunkCipher::Use::Seal, fileKey(), binding);
    QByteArray out(plain.size() + qsizetype(ChunkCipher::kTagBytes), '\0');
    const Status done =
        cipher.seal(number, isLast, bytes(plain), std::as_writable_bytes(std::span(out.data(), size_t(out.size()))));
    return done ? out : QByteArray();
}

} // namespace

void ChunkCipherTest::othersMakeTheSameBytes_data() {
    QTest::addColumn<int>("number");
    QTest::addColumn<bool>("isLast");
    QTest::addColumn<QByteArray>("plain");
    QTest::addColumn<QByteArray>("binding");
    QTest::addColumn<QByteArray>("right");
    QTest::newRow("the only one") << 0 << true << kPlain << QByteArray("binding")
                                  << QByteArray("45ebc34c4b539119b78ae31ffc27429032d4319206c68c2b3c9499ab4a9f");
    QTest::newRow("one of many") << 5 << false << kPlain << QByteArray("binding")
                                 << QByteArray("238fb131f49b95bb61788f911a59db3b12bd9d28693d3e692c4bf2e30d6d");
    QTest::newRow("the last of 259") << 258 << true << kPlain << QByteArray("binding")
                                     << QByteArray("29424e01e6c953d18ae0698981f226483fc45eaeb6c40ef2451c795bca84");
    QTest::newRow("nothing, bound to nothing")
        << 0 << true << QByteArray() << QByteArray() << QByteArray("c0dec413e4c794373f03b0228682665b");
}

void ChunkCipherTest::othersMakeTheSameBytes() {
    QFETCH(const int, number);
    QFETCH(const bool, isLast);
    QFETCH(const QByteArray, plain);
    QFETCH(const QByteArray, binding);
    QFETCH(const QByteArray, right);
    QCOMPARE(fileKey().toHex(), QByteArray("650ce3ed04615cd1630d38cc42129072d75fb7e16446b85dd5a7bbbbee2e7312"));
    QCOMPARE(sealed(quint32(number), isLast, plain, binding).toHex(), right);
    ChunkCipher opener(ChunkCipher::Use::Open, fileKey(), binding);
    QByteArray opened(plain.size(), '?');
    for (int twice = 0; twice < 2; ++twice) {
        QVERIFY(opener.open(quint32(number), isLast, bytes(QByteArray::fromHex(right)), 0,
                            std::as_writable_bytes(std::span(opened.data(), size_t(opened.size())))));
        QCOMPARE(opened, plain);
    }
}

void ChunkCipherTest::anyPartOfAChunk() {
    QByteArray plain;
    for (int i = 0; i < 70'000; ++i)
        plain += char(i * 31 + i / 256);
    const QByteArray chunk = sealed(3, false, plain, "b");
    ChunkCipher opener(ChunkCipher::Use::Open, fileKey(), "b");
    for (const auto& [skip, count] : {std::pair(0, 70'000), std::pair(0, 0), std::pair(70'000, 0), std::pair(1, 1),
                                      std::pair(16'384, 16'384), std::pair(40'000, 30'000), std::pair(33'333, 7)}) {
        QByteArray part(count, '?');
        QVERIFY(opener.open(3, false, bytes(chunk), size_t(skip),
                            std::as_writable_bytes(std::span(part.data(), size_t(count)))));
        QCOMPARE(part, plain.mid(skip, count));
    }
    // A part that was not wanted was changed: nothing of the chunk is believed.
    QByteArray changed = chunk;
    changed[60'000] = char(changed[60'000] ^ 1);
    std::array<std::byte, 4> part{};
    QCOMPARE(opener.open(3, false, bytes(changed), 5, part).error().code, ErrorCode::FileUnreadable);
    QVERIFY(opener.open(3, false, bytes(chunk), 5, part)); // and the next one is again
    QCOMPARE(opener.open(3, false, bytes(chunk), 70'000, part).error().code, ErrorCode::InvalidArgument);
}

void ChunkCipherTest::onlyTheRightChunkOpens() {
    const QByteArray chunk = sealed(1, false, kPlain, "study");
    std::array<std::byte, 14> plain{};
    const auto opens = [&](const QByteArray& key, const char* binding, quint32 number, bool isLast) {
        return ChunkCipher(ChunkCipher::Use::Open, key, binding)
            .open(number, isLast, bytes(chunk), 0, plain)
            .has_value();
    };
    QVERIFY(opens(fileKey(), "study", 1, false));
    QVERIFY(!opens(fileKey(), "study", 2, false));
    QVERIFY(!opens(fileKey(), "study", 1, true)); // the file was cut here
    QVERIFY(!opens(fileKey(), "other", 1, false));
    QVERIFY(!opens(counted(1), "study", 1, false));
    QVERIFY(!opens(QByteArray(), "study", 1, false));
}

void ChunkCipherTest::saltsDiffer() {
    const QByteArray one = ChunkCipher::makeSalt().value_or(QByteArray());
    const QByteArray other = ChunkCipher::makeSalt().value_or(QByteArray());
    QCOMPARE(one.size(), ChunkCipher::kSaltBytes);
    QVERIFY(one != other);
    QVERIFY(*ChunkCipher::fileKey(counted(0), one) != *ChunkCipher::fileKey(counted(0), other));
}

QTEST_GUILESS_MAIN(ChunkCipherTest)
#include "chunk_cipher_test.moc"
