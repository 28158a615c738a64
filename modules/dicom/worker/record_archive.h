#pragma once

#include "core/result.h"
#include "dicom/worker/record_fields.h"

#include <QByteArray>
#include <QDate>
#include <QDateTime>
#include <QStringList>
#include <array>
#include <cmath>
#include <concepts>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

/// Records as bytes, between two processes of one machine and one build. Numbers in native order; the reader trusts
/// nothing: every length, enumeration and number is checked before it is used.
namespace yz::dicom {

template <typename T>
concept RecordNumber = std::is_arithmetic_v<T> && !std::same_as<T, bool>;

template <typename T>
concept RecordStruct = std::is_class_v<T>;

class RecordWriter {
public:
    template <typename... Fields> void fields(const Fields&... values) { (put(values), ...); }
    template <RecordStruct T> void put(const T& record) { visitFields(record, *this); }

    template <RecordNumber T> void put(T value) { append(&value, sizeof value); }
    void put(bool value) { put(static_cast<quint8>(value ? 1 : 0)); }
    template <typename T>
    requires std::is_enum_v<T>
    void put(T value) { put(static_cast<qint32>(value)); }
    void put(const QByteArray& bytes) {
        put(static_cast<quint64>(bytes.size()));
        append(bytes.constData(), static_cast<size_t>(bytes.size()));
    }
    void put(const QString& text) { put(text.toUtf8()); }
    void put(const QStringList& list) {
        put(static_cast<quint64>(list.size()));
        for (const QString& text : list)
            put(text);
    }
    void put(const QDate& date) { put(date.isValid() ? date.toJulianDay() : kNoDate); }
    /// A local time travels as it was written, so that both ends need not agree on the zone.
    void put(const QDateTime& time) {
        put(time.date());
        put(static_cast<qint32>(time.isValid() ? time.time().msecsSinceStartOfDay() : -1));
        put(time.timeSpec());
        put(static_cast<qint32>(time.timeSpec() == Qt::OffsetFromUTC ? time.offsetFromUtc() : 0));
    }
    template <typename Tag> void put(const StrongId<Tag>& id) { put(id.value()); }
    template <typename Tag> void put(const Triple<Tag>& triple) { fields(triple.x, triple.y, triple.z); }
    template <typename Tag> void put(const Pair<Tag>& pair) { fields(pair.x, pair.y); }
    template <typename A, typename B> void put(const std::pair<A, B>& pair) { fields(pair.first, pair.second); }
    template <typename T, size_t N> void put(const std::array<T, N>& values) {
        for (const T& value : values)
            put(value);
    }
    template <typename T> void put(const std::optional<T>& value) {
        put(value.has_value());
        if (value)
            put(*value);
    }
    template <typename T> void put(const std::shared_ptr<T>& value) {
        put(value != nullptr);
        if (value)
            put(*value);
    }
    template <typename T> void put(const std::vector<T>& values) {
        put(static_cast<quint64>(values.size()));
        if constexpr (RecordNumber<T>) {
            append(values.data(), values.size() * sizeof(T));
        } else {
            for (const T& value : values)
                put(value);
        }
    }

    void reserve(qsizetype bytes) { m_bytes.reserve(bytes); }
    [[nodiscard]] const QByteArray& bytes() const { return m_bytes; }

    static constexpr qint64 kNoDate = std::numeric_limits<qint64>::min();

private:
    void append(const void* data, size_t size) {
        m_bytes.append(static_cast<const char*>(data), static_cast<qsizetype>(size));
    }

    QByteArray m_bytes;
};

/// Reads what RecordWriter wrote. After the first thing that is wrong everything reads as empty and isGood() is false.
class RecordReader {
public:
    explicit RecordReader(std::span<const std::byte> bytes) : m_left(bytes) {}

    template <typename... Fields> void fields(Fields&... values) { (get(values), ...); }
    template <RecordStruct T> void get(T& record) { visitFields(record, *this); }

    template <RecordNumber T> void get(T& value) {
        value = T{};
        const std::span<const std::byte> bytes = take(sizeof value);
        if (!m_isGood)
            return;
        std::memcpy(&value, bytes.data(), sizeof value);
        if constexpr (std::is_floating_point_v<T>) {
            if (!std::isfinite(value)) {
                value = T{};
                m_isGood = false;
            }
        }
    }
    void get(bool& value) {
        quint8 byte = 0;
        get(byte);
        m_isGood = m_isGood && byte <= 1;
        value = byte == 1;
    }
    template <typename T>
    requires std::is_enum_v<T>
    void get(T& value) {
        qint32 number = 0;
        get(number);
        if constexpr (std::same_as<T, Qt::TimeSpec>)
            m_isGood = m_isGood && (number == Qt::LocalTime || number == Qt::UTC || number == Qt::OffsetFromUTC);
        else
            m_isGood = m_isGood && isKnown(static_cast<T>(number));
        value = m_isGood ? static_cast<T>(number) : T{};
    }
    void get(QByteArray& bytes) {
        const std::span<const std::byte> taken = take(count());
        bytes = QByteArray(reinterpret_cast<const char*>(taken.data()), static_cast<qsizetype>(taken.size()));
    }
    void get(QString& text) {
        const std::span<const std::byte> taken = take(count());
        text = QString::fromUtf8(reinterpret_cast<const char*>(taken.data()), static_cast<qsizetype>(taken.size()));
    }
    void get(QStringList& list) {
        list.clear();
        for (quint64 left = count(); left > 0 && m_isGood; --left) {
            QString text;
            get(text);
            list.append(text);
        }
    }
    void get(QDate& date) {
        qint64 day = 0;
        get(day);
        date = day == RecordWriter::kNoDate ? QDate() : QDate::fromJulianDay(day);
        m_isGood = m_isGood && (day == RecordWriter::kNoDate || date.isValid());
    }
    void get(QDateTime& time) {
        constexpr int kDayMs = 24 * 60 * 60 * 1000;
        constexpr int kMostOffset = 16 * 60 * 60;
        QDate date;
        qint32 ms = 0;
        Qt::TimeSpec spec = Qt::LocalTime;
        qint32 offset = 0;
        fields(date, ms, spec, offset);
        m_isGood = m_isGood && ms >= -1 && ms < kDayMs && offset >= -kMostOffset && offset <= kMostOffset;
        time = m_isGood && ms >= 0 && date.isValid()
                   ? QDateTime(date, QTime::fromMSecsSinceStartOfDay(ms), spec, offset)
                   : QDateTime();
    }
    template <typename Tag> void get(StrongId<Tag>& id) {
        QString value;
        get(value);
        id = StrongId<Tag>(value);
    }
    template <typename Tag> void get(Triple<Tag>& triple) { fields(triple.x, triple.y, triple.z); }
    template <typename Tag> void get(Pair<Tag>& pair) { fields(pair.x, pair.y); }
    template <typename A, typename B> void get(std::pair<A, B>& pair) { fields(pair.first, pair.second); }
    template <typename T, size_t N> void get(std::array<T, N>& values) {
        for (T& value : values)
            get(value);
    }
    template <typename T> void get(std::optional<T>& value) {
        bool isThere = false;
        get(isThere);
        value.reset();
        if (isThere)
            get(value.emplace(T())); // clang 14 sees no default constructor of nested types
    }
    template <typename T> void get(std::shared_ptr<T>& value) {
        bool isThere = false;
        get(isThere);
        value.reset();
        if (!isThere)
            return;
        auto made = std::make_shared<std::remove_const_t<T>>();
        get(*made);
        value = std::move(made);
    }
    template <typename T> void get(std::vector<T>& values) {
        values.clear();
        const quint64 number = count();
        if constexpr (RecordNumber<T>) {
            if (number > m_left.size() / sizeof(T)) {
                m_isGood = false;
                return;
            }
            const std::span<const std::byte> bytes = take(number * sizeof(T));
            values.resize(number);
            if (number > 0)
                std::memcpy(values.data(), bytes.data(), bytes.size());
            if constexpr (std::is_floating_point_v<T>) {
                for (const T value : values)
                    m_isGood = m_isGood && std::isfinite(value);
            }
        } else {
            // One by one: the number is only a claim until the elements are there.
            for (quint64 left = number; left > 0 && m_isGood; --left)
                get(values.emplace_back());
        }
    }

    [[nodiscard]] bool isGood() const { return m_isGood; }
    [[nodiscard]] bool isAtEnd() const { return m_left.empty(); }

private:
    /// A number of elements or bytes, none of which is smaller than a byte.
    quint64 count() {
        quint64 number = 0;
        get(number);
        m_isGood = m_isGood && number <= m_left.size();
        return m_isGood ? number : 0;
    }
    std::span<const std::byte> take(size_t size) {
        if (!m_isGood || size > m_left.size()) {
            m_isGood = false;
            return {};
        }
        const std::span<const std::byte> taken = m_left.first(size);
        m_left = m_left.subspan(size);
        return taken;
    }

    std::span<const std::byte> m_left;
    bool m_isGood = true;
};

template <typename Record> [[nodiscard]] QByteArray encodeRecord(const Record& record) {
    RecordWriter writer;
    writer.put(record);
    return writer.bytes();
}

/// `bytes` must not change meanwhile. DecoderFailed.
template <typename Record> [[nodiscard]] Result<Record> decodeRecord(std::span<const std::byte> bytes) {
    RecordReader reader(bytes);
    Record record;
    reader.get(record);
    if (!reader.isGood() || !reader.isAtEnd())
        return fail(ErrorCode::DecoderFailed, QStringLiteral("the decoder's answer is malformed"));
    return record;
}

/// Of a record in an answer: an enhanced image of 10,000 frames takes 5 MB, a report with its PDF a few more.
inline constexpr size_t kMaxRecordBytes = 64 << 20;

/// Out of memory that the other end can still write to. DecoderFailed.
template <typename Record> [[nodiscard]] Result<Record> readSharedRecord(std::span<const std::byte> shared) {
    if (shared.size() > kMaxRecordBytes)
        return fail(ErrorCode::DecoderFailed, QStringLiteral("the decoder's answer is too long"));
    return decodeRecord<Record>(std::vector<std::byte>(shared.begin(), shared.end()));
}

} // namespace yz::dicom
