#include "uikit/theme.h"

#include "uikit/fonts.h"

#include <QApplication>
#include <QFile>
#include <QHash>
#include <QPalette>
#include <QRegularExpression>
#include <QStyle>
#include <QStyleFactory>
#include <algorithm>
#include <cmath>

namespace yz {

namespace {

const QHash<QString, QColor>& namedColours() {
    static const QHash<QString, QColor> colours = [] {
        const Theme& t = theme();
        return QHash<QString, QColor>{
            {QStringLiteral("viewport"), t.viewport},
            {QStringLiteral("window"), t.window},
            {QStringLiteral("surface"), t.surface},
            {QStringLiteral("raised"), t.raised},
            {QStringLiteral("hover"), t.hover},
            {QStringLiteral("border"), t.border},
            {QStringLiteral("outline"), t.outline},
            {QStringLiteral("text"), t.text},
            {QStringLiteral("muted"), t.muted},
            {QStringLiteral("accent"), t.accent},
            {QStringLiteral("accentFill"), t.accentFill},
            {QStringLiteral("accentHover"), t.accentHover},
            {QStringLiteral("selection"), t.selection},
            {QStringLiteral("onFill"), t.onFill},
            {QStringLiteral("emergency"), t.emergency},
            {QStringLiteral("emergencyFill"), t.emergencyFill},
            {QStringLiteral("emergencyTint"), t.emergencyTint},
            {QStringLiteral("urgent"), t.urgent},
            {QStringLiteral("urgentFill"), t.urgentFill},
            {QStringLiteral("urgentTint"), t.urgentTint},
            {QStringLiteral("ok"), t.ok},
            {QStringLiteral("okFill"), t.okFill},
            {QStringLiteral("okTint"), t.okTint},
            {QStringLiteral("infoTint"), t.infoTint},
        };
    }();
    return colours;
}

QPalette paletteOf(const Theme& t) {
    QPalette palette;
    palette.setColor(QPalette::Window, t.window);
    palette.setColor(QPalette::WindowText, t.text);
    palette.setColor(QPalette::Base, t.surface);
    palette.setColor(QPalette::AlternateBase, t.raised);
    palette.setColor(QPalette::Text, t.text);
    palette.setColor(QPalette::PlaceholderText, t.muted);
    palette.setColor(QPalette::Button, t.raised);
    palette.setColor(QPalette::ButtonText, t.text);
    palette.setColor(QPalette::BrightText, t.onFill);
    palette.setColor(QPalette::ToolTipBase, t.raised);
    palette.setColor(QPalette::ToolTipText, t.text);
    palette.setColor(QPalette::Highlight, t.accentFill);
    palette.setColor(QPalette::HighlightedText, t.onFill);
    palette.setColor(QPalette::Link, t.accent);
    palette.setColor(QPalette::LinkVisited, t.accent);
    palette.setColor(QPalette::Light, t.hover);
    palette.setColor(QPalette::Midlight, t.hover);
    palette.setColor(QPalette::Mid, t.border);
    palette.setColor(QPalette::Dark, t.border);
    palette.setColor(QPalette::Shadow, t.viewport);
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, t.muted.darker(150));
    return palette;
}

double luminance(const QColor& colour) {
    const auto linear = [](double c) { return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

} // namespace

const Theme& theme() {
    static const Theme instance;
    return instance;
}

double contrastRatio(const QColor& a, const QColor& b) {
    const auto [dark, light] = std::minmax({luminance(a), luminance(b)}); // by value
    return (light + 0.05) / (dark + 0.05);
}

QString themedSheet(const QString& sheet) {
    static const QRegularExpression name(QStringLiteral("@([A-Za-z]+)"));
    QString result;
    result.reserve(sheet.size());
    qsizetype from = 0;
    for (auto it = name.globalMatch(sheet); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        const auto colour = namedColours().constFind(match.captured(1));
        result += QStringView(sheet).mid(from, match.capturedStart() - from);
        result += colour == namedColours().constEnd() ? match.captured() : colour->name();
        from = match.capturedEnd();
    }
    result += QStringView(sheet).mid(from);
    return result;
}

Status applyTheme(QApplication& application) {
    QFile file(QStringLiteral(":/yz/style/dark.qss"));
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::NotFound, QStringLiteral("style sheet"));
    application.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    application.setPalette(paletteOf(theme()));
    QApplication::setFont(uiFont());
    application.setStyleSheet(themedSheet(QString::fromUtf8(file.readAll())));
    return {};
}

} // namespace yz
