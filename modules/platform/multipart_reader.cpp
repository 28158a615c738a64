#include "platform/multipart_reader.h"

#include <QByteArrayView>
#include <QList>
#include <algorithm>
#include <cstring>

namespace yz {

namespace {

constexpr qsizetype kMaxHeaderBytes = 16 * 1024;
constexpr qsizetype kMaxBoundary = 70; // RFC 2046 5.1.1

// The parameters of a header value; quotes taken off.
QByteArray parameter(const QByteArray& value, const QByteArray& name) {
    qsizetype at = value.indexOf(';');
    while (at >= 0) {
        ++at;
        const qsizetype equals = value.indexOf('=', at);
        if (equals < 0)
            return {};
        const bool isIt = value.mid(at, equals - at).trimmed().toLower() == name;
        QByteArray text;
        qsizetype end = equals + 1;
        while (end < value.size() && value[end] == ' ')
            ++end;
        if (end < value.size() && value[end] == '"') {
            for (++end; end < value.size() && value[end] != '"'; ++end)
                text += value[end];
            end = value.indexOf(';', end);
        } else {
            const qsizetype next = value.indexOf(';', end);
            text = value.mid(end, next < 0 ? -1 : next - end).trimmed();
            end = next;
        }
        if (isIt)
            return text;
        at = end;
    }
    return {};
}

} // namespace

// The first boundary may have no line before it.
MultipartReader::MultipartReader(const QByteArray& boundary, qint64 maxPartBytes, PartSink sink)
    : m_delimiter("\r\n--" + boundary), m_maxPartBytes(maxPartBytes), m_sink(std::move(sink)), m_buffer("\r\n") {}

Result<QByteArray> MultipartReader::boundaryOf(const QByteArray& contentType) {
    const QByteArray type = contentType.split(';').constFirst().trimmed().toLower();
    QByteArray boundary = parameter(contentType, "boundary");
    if (type != "multipart/related" || boundary.isEmpty() || boundary.size() > kMaxBoundary)
        return fail(ErrorCode::AnswerUnexpected, QStringLiteral("no multipart/related with a boundary"));
    return boundary;
}

Status MultipartReader::feed(const QByteArray& bytes) {
    if (m_state == State::Epilogue)
        return {};
    m_buffer.append(bytes);
    while (true) {
        const Result<bool> stepped = step();
        if (!stepped)
            return fail(stepped.error());
        if (!*stepped)
            break;
    }
    m_buffer.remove(0, m_at);
    m_at = 0;
    return {};
}

qsizetype MultipartReader::find(QByteArrayView text, qsizetype from) const {
    const char* begin = m_buffer.constData() + from;
    const void* hit = ::memmem(begin, size_t(m_buffer.size() - from), text.data(), size_t(text.size()));
    return hit == nullptr ? -1 : static_cast<const char*>(hit) - m_buffer.constData();
}

Result<bool> MultipartReader::step() {
    const qsizetype left = m_buffer.size() - m_at;
    switch (m_state) {
    case State::Preamble: {
        const qsizetype found = find(m_delimiter, m_at);
        if (found < 0) {
            if (left > kMaxHeaderBytes)
                return fail(ErrorCode::AnswerUnexpected, QStringLiteral("the answer does not begin with its boundary"));
            return false;
        }
        m_at = found + m_delimiter.size();
        m_state = State::AfterBoundary;
        return true;
    }
    case State::AfterBoundary: { // "--" closes; else white space and the end of the line
        if (left < 2)
            return false;
        if (QByteArrayView(m_buffer).sliced(m_at, 2) == QByteArrayView("--")) {
            m_state = State::Epilogue;
            m_at = m_buffer.size();
            return false;
        }
        const qsizetype line = find("\r\n", m_at);
        if (line < 0 && left <= kMaxHeaderBytes)
            return false;
        if (line < 0 || !QByteArrayView(m_buffer).sliced(m_at, line - m_at).trimmed().isEmpty())
            return fail(ErrorCode::AnswerUnexpected, QStringLiteral("text behind a boundary"));
        m_at = line; // the line break stays: there may be no headers
        m_state = State::Headers;
        return true;
    }
    case State::Headers: {
        const qsizetype end = find("\r\n\r\n", m_at);
        if (end < 0) {
            if (left > kMaxHeaderBytes)
                return fail(ErrorCode::LimitExceeded, QStringLiteral("headers of a part too long"));
            return false;
        }
        if (const Status taken = takeHeaders(m_buffer.mid(m_at, end - m_at)); !taken)
            return fail(taken.error());
        m_at = end + 4;
        m_part.body.reserve(m_lastBody); // parts of one answer are much alike
        m_state = State::Body;
        return true;
    }
    case State::Body: {
        const qsizetype end = find(m_delimiter, m_at);
        // What may be the beginning of a delimiter stays where the rest of it will come.
        const qsizetype size = end >= 0 ? end - m_at : std::max<qsizetype>(0, left - (m_delimiter.size() - 1));
        if (m_part.body.size() + size > m_maxPartBytes)
            return fail(ErrorCode::LimitExceeded, QStringLiteral("a part of more than %1 bytes").arg(m_maxPartBytes));
        m_part.body.append(m_buffer.constData() + m_at, size);
        m_at += size;
        if (end < 0)
            return false;
        m_at += m_delimiter.size();
        m_lastBody = m_part.body.size();
        m_state = State::AfterBoundary;
        if (const Status taken = m_sink(std::move(m_part)); !taken)
            return fail(taken.error());
        m_part = {};
        return true;
    }
    case State::Epilogue:
        return false;
    }
    return false;
}

Status MultipartReader::takeHeaders(const QByteArray& block) {
    m_part = {};
    for (const QByteArray& line : block.split('\n')) {
        const qsizetype colon = line.indexOf(':');
        if (colon < 0)
            continue;
        const QByteArray name = line.left(colon).trimmed().toLower();
        const QByteArray value = line.mid(colon + 1).trimmed();
        if (name == "content-type")
            m_part.contentType = value;
        else if (name == "content-transfer-encoding" && value.toLower() != "binary" && value.toLower() != "8bit")
            return fail(ErrorCode::AnswerUnexpected, QStringLiteral("a part in another transfer encoding than binary"));
    }
    return {};
}

Status MultipartReader::finish() const {
    if (m_state == State::Epilogue)
        return {};
    return fail(ErrorCode::AnswerCutOff, QStringLiteral("the closing boundary did not come"));
}

} // namespace yz
