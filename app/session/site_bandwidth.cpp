#include "session/site_bandwidth.h"

#include <QJsonArray>
#include <array>
#include <utility>

namespace yz {

namespace {

constexpr qint64 kBytesPerKbit = 125;
constexpr qint64 kMostKbit = 100'000'000; // 100 Gbit/s
const QString kTimeForm = QStringLiteral("HH:mm");
constexpr QLatin1String kRate("kbitPerSecond");

/// Whole numbers only: a limit that cannot be read is not "no limit".
bool takeRate(const QJsonValue& json, qint64& bytesPerSecond) {
    const qint64 kbit = json.toInteger(-1);
    bytesPerSecond = kbit * kBytesPerKbit;
    return kbit >= 0 && kbit <= kMostKbit;
}

} // namespace

Result<BandwidthPlan> bandwidthFromJson(const QJsonValue& json) {
    BandwidthPlan plan;
    if (json.isUndefined())
        return plan;
    const QJsonObject object = json.toObject();
    const QJsonValue rate = object[kRate], windows = object[QLatin1String("windows")];
    if (!json.isObject() || (!rate.isUndefined() && !takeRate(rate, plan.bytesPerSecond)) ||
        (!windows.isUndefined() && !windows.isArray()))
        return fail(ErrorCode::InvalidArgument, QStringLiteral("bandwidth"));
    for (const QJsonValue& value : windows.toArray()) {
        const QJsonObject one = value.toObject();
        BandwidthWindow window;
        window.from = QTime::fromString(one[QLatin1String("from")].toString(), kTimeForm);
        window.to = QTime::fromString(one[QLatin1String("to")].toString(), kTimeForm);
        if (!window.from.isValid() || !window.to.isValid() || !takeRate(one[kRate], window.bytesPerSecond))
            return fail(ErrorCode::InvalidArgument, QStringLiteral("bandwidth.windows[%1]").arg(plan.windows.size()));
        plan.windows.push_back(window);
    }
    return plan;
}

QJsonObject toJson(const BandwidthPlan& plan) {
    QJsonArray windows;
    for (const BandwidthWindow& window : plan.windows)
        windows.append(QJsonObject{{"from", window.from.toString(kTimeForm)},
                                   {"to", window.to.toString(kTimeForm)},
                                   {"kbitPerSecond", window.bytesPerSecond / kBytesPerKbit}});
    return {{"kbitPerSecond", plan.bytesPerSecond / kBytesPerKbit}, {"windows", windows}};
}

std::vector<size_t> idleWindows(const BandwidthPlan& plan) {
    constexpr int kMinutes = 24 * 60;
    std::array<bool, kMinutes> isTaken{};
    std::vector<size_t> idle;
    for (size_t i = 0; i < plan.windows.size(); ++i) {
        const auto minute = [](QTime time) { return time.hour() * 60 + time.minute(); };
        const int from = minute(plan.windows[i].from);
        const int length = (minute(plan.windows[i].to) - from + kMinutes - 1) % kMinutes + 1; // the same twice: a day
        bool isIdle = true;
        for (int m = from; m < from + length; ++m)
            if (!std::exchange(isTaken[static_cast<size_t>(m % kMinutes)], true))
                isIdle = false;
        if (isIdle)
            idle.push_back(i);
    }
    return idle;
}

} // namespace yz
