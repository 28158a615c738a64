#include "transfer_text.h"

#include "uikit/format.h"

#include <QCoreApplication>

namespace yz {

namespace {

struct TransferText {
    Q_DECLARE_TR_FUNCTIONS(TransferText)
public:
    static QString text(const AcquireProgress& progress);
    static QString timeLeft(std::chrono::seconds left);
};

QString TransferText::timeLeft(std::chrono::seconds left) {
    // Below a minute to five seconds: a number that jumps says nothing.
    if (left.count() < 60)
        return tr("%1 s left").arg((left.count() + 4) / 5 * 5);
    return tr("%1 left").arg(formatDuration(left.count() + 59));
}

QString TransferText::text(const AcquireProgress& progress) {
    QString text = tr("Images %1 of %2 · %3").arg(progress.have).arg(progress.total).arg(formatBytes(progress.bytes));
    if (progress.isBroken)
        return tr("%1 · the line broke, trying again").arg(text);
    if (progress.rate.bytesPerSecond > 0)
        text = tr("%1 · %2/s", "transfer: what has come, and bytes per second")
                   .arg(text, formatBytes(progress.rate.bytesPerSecond));
    if (progress.rate.left && progress.have < progress.total)
        text = tr("%1 · %2", "transfer: what has come, and the time left").arg(text, timeLeft(*progress.rate.left));
    return text;
}

} // namespace

QString transferText(const AcquireProgress& progress) { return TransferText::text(progress); }

} // namespace yz
