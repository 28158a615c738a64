#pragma once

#include "core/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <functional>

namespace yz {

/// multipart/related (RFC 2046 5.1, PS3.18 8.6.1.2) as it comes in, part by part. A part ends at its boundary, whatever
/// its header says about its length.
class MultipartReader {
public:
    struct Part {
        QByteArray contentType;
        QByteArray body;
    };
    using PartSink = std::function<Status(Part&&)>;

    /// maxPartBytes: of one part's body.
    MultipartReader(const QByteArray& boundary, qint64 maxPartBytes, PartSink sink);

    /// The boundary of a multipart/related content type; AnswerUnexpected for any other type, and without a boundary.
    [[nodiscard]] static Result<QByteArray> boundaryOf(const QByteArray& contentType);

    /// AnswerUnexpected (no multipart), LimitExceeded, what the sink returns.
    [[nodiscard]] Status feed(const QByteArray& bytes);
    /// After the last byte. AnswerCutOff when the closing boundary did not come.
    [[nodiscard]] Status finish() const;

private:
    enum class State { Preamble, AfterBoundary, Headers, Body, Epilogue };

    [[nodiscard]] Status takeHeaders(const QByteArray& block);
    [[nodiscard]] Result<bool> step(); ///< false: more bytes are needed
    [[nodiscard]] qsizetype find(QByteArrayView text, qsizetype from) const;

    QByteArray m_delimiter; ///< CR LF "--" boundary
    qint64 m_maxPartBytes;
    PartSink m_sink;
    State m_state = State::Preamble;
    QByteArray m_buffer;
    qsizetype m_at = 0; ///< what lies before is done with
    qsizetype m_lastBody = 0;
    Part m_part;
};

} // namespace yz
