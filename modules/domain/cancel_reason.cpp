#include "domain/cancel_reason.h"

#include <array>
#include <utility>

namespace yz {

namespace {

constexpr std::array<std::pair<ReadingMove, const char*>, 4> kWords{{
    {ReadingMove::Release, "RELEASED"},
    {ReadingMove::ReleaseReview, "RELEASED"},
    {ReadingMove::Return, "RETURNED"},
    {ReadingMove::RejectStudy, "REJECTED"},
}};

} // namespace

QString toText(const CancelReason& reason) {
    QString word = QStringLiteral("RELEASED");
    for (const auto& [move, name] : kWords)
        if (move == reason.move)
            word = QString::fromLatin1(name);
    return reason.why.isEmpty() ? word : word + u": " + reason.why;
}

CancelReason cancelReasonFromText(const QString& text) {
    for (const auto& [move, name] : kWords) {
        const QLatin1String word(name);
        if (text == word)
            return {move, {}};
        if (text.startsWith(word) && text.mid(word.size(), 2) == u": ")
            return {move, text.mid(word.size() + 2)};
    }
    return {ReadingMove::RejectStudy, text};
}

} // namespace yz
