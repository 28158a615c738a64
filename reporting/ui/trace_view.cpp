#include "reporting_ui/trace_view.h"

#include "domain/measurement_text.h"
#include "reporting/content_diff.h"
#include "reporting_ui/check_text.h"
#include "uikit/fonts.h"
#include "uikit/theme.h"

#include <QScrollBar>

namespace yz {

namespace {

QString html(const QString& text) { return text.toHtmlEscaped().replace(u'\n', QStringLiteral("<br/>")); }

QString segmentHtml(const DiffSegment& segment) {
    const Theme& colours = theme();
    switch (segment.kind) {
    case DiffSegment::Kind::Removed:
        return QStringLiteral("<span style=\"color:%1;background-color:%2;text-decoration:line-through\">%3</span>")
            .arg(colours.emergency.name(), colours.emergencyTint.name(), html(segment.text));
    case DiffSegment::Kind::Added:
        return QStringLiteral("<span style=\"color:%1;background-color:%2;text-decoration:underline\">%3</span>")
            .arg(colours.ok.name(), colours.okTint.name(), html(segment.text));
    case DiffSegment::Kind::Same:
        break;
    }
    return html(segment.text);
}

QString positivityWord(Positivity positivity) {
    switch (positivity) {
    case Positivity::Positive:
        return TraceView::tr("positive");
    case Positivity::Negative:
        return TraceView::tr("negative");
    case Positivity::Unstated:
        break;
    }
    return TraceView::tr("not stated");
}

/// Sections that are no running text: what they were and what they are.
std::vector<DiffSegment> plainChange(const QString& section, const ReportContent& author, const ReportContent& now) {
    using Kind = DiffSegment::Kind;
    const auto change = [](const QString& before, const QString& after) {
        return std::vector<DiffSegment>{
            {Kind::Removed, before}, {Kind::Same, QStringLiteral("  ")}, {Kind::Added, after}};
    };
    if (section == u"positivity")
        return change(positivityWord(author.positivity), positivityWord(now.positivity));
    if (section == u"mutualRecognition")
        return change(author.mutualRecognition ? TraceView::tr("yes") : TraceView::tr("no"),
                      now.mutualRecognition ? TraceView::tr("yes") : TraceView::tr("no"));
    const auto list = [&](const ReportContent& content) {
        QStringList lines;
        if (section == u"criticalValues")
            for (const CriticalValue& value : content.criticalValues)
                lines.append(QStringList{value.item, value.toldTo, value.handling}.join(u' ').simplified());
        if (section == u"keyImages")
            for (const KeyImage& image : content.keyImages)
                lines.append(image.caption.isEmpty() ? TraceView::tr("picture without caption") : image.caption);
        if (section == u"measurements")
            for (const ReportMeasurement& measurement : content.measurements)
                lines.append(measurement.name + u' ' + measurementText(measurement.value, measurement.unit));
        return lines.isEmpty() ? TraceView::tr("none") : lines.join(QStringLiteral("; "));
    };
    return diffText(list(author), list(now));
}

} // namespace

TraceView::TraceView(QWidget* parent) : QTextBrowser(parent) {
    setObjectName(QStringLiteral("traceView"));
    setOpenLinks(false);
    setFont(uiFont(kHeadingPx));
    document()->setDefaultFont(uiFont(kHeadingPx));
    document()->setDocumentMargin(12);
    setFrameShape(QFrame::NoFrame);
}

void TraceView::show(const ReportContent& author, const ReportContent& now) {
    m_changed.clear();
    QString page;
    for (const SectionChange& change : yz::changedSections(author, now)) {
        m_changed.append(change.section);
        const std::vector<DiffSegment> segments =
            change.segments.empty() ? plainChange(change.section, author, now) : change.segments;
        page += QStringLiteral(
                    "<p style=\"margin-top:10px;margin-bottom:2px\"><b><span style=\"color:%1\">%2</span></b></p>"
                    "<p style=\"margin-top:0;line-height:150%\">")
                    .arg(theme().accent.name(), html(sectionTitle(change.section)));
        for (const DiffSegment& segment : segments)
            page += segmentHtml(segment);
        page += QStringLiteral("</p>");
    }
    if (page.isEmpty())
        page = QStringLiteral("<p><span style=\"color:%1\">%2</span></p>")
                   .arg(theme().muted.name(), html(tr("The reviewer has changed nothing.")));
    const int place = verticalScrollBar()->value();
    setHtml(page);
    verticalScrollBar()->setValue(place);
}

} // namespace yz
