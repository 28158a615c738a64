#include "reporting_ui/measurement_links.h"

#include "domain/measurement_text.h"

#include <QMouseEvent>
#include <QPlainTextEdit>
#include <QTextBlock>
#include <algorithm>

namespace yz {

MeasurementLinks::MeasurementLinks(QPlainTextEdit* edit) : QObject(edit), m_edit(edit) {
    edit->viewport()->installEventFilter(this);
    connect(edit, &QPlainTextEdit::textChanged, this, &MeasurementLinks::refresh);
}

void MeasurementLinks::setMeasurements(const std::vector<ReportMeasurement>& measurements) {
    m_measurements = measurements;
    refresh();
}

void MeasurementLinks::refresh() {
    m_links.clear();
    const QString text = m_edit->toPlainText();
    for (const ReportMeasurement& measurement : m_measurements) {
        const QString number = measurementText(measurement.value, measurement.unit);
        for (qsizetype at = text.indexOf(number); at >= 0; at = text.indexOf(number, at + number.size())) {
            // "2.3 mm" is no part of "12.3 mm" and no part of "2.3 mm²".
            const qsizetype end = at + number.size();
            const bool startsInside = at > 0 && (text[at - 1].isDigit() || text[at - 1] == u'.');
            const bool endsInside =
                end < text.size() && (text[end].isDigit() || text[end] == u'²' || text[end] == u'³');
            const bool isTaken = std::any_of(m_links.begin(), m_links.end(),
                                             [&](const Link& link) { return at < link.to && end > link.from; });
            if (!startsInside && !endsInside && !isTaken) {
                // Two measurements of one value: each has its own place, in the order they were cited.
                m_links.push_back({static_cast<int>(at), static_cast<int>(end), measurement.id});
                if (std::count_if(m_measurements.begin(), m_measurements.end(), [&](const ReportMeasurement& m) {
                        return measurementText(m.value, m.unit) == number;
                    }) > 1)
                    break;
            }
        }
    }
    QList<QTextEdit::ExtraSelection> marks;
    for (const Link& link : m_links) {
        QTextEdit::ExtraSelection mark;
        mark.cursor = QTextCursor(m_edit->document());
        mark.cursor.setPosition(link.from);
        mark.cursor.setPosition(link.to, QTextCursor::KeepAnchor);
        mark.format.setUnderlineStyle(QTextCharFormat::DotLine);
        mark.format.setUnderlineColor(m_edit->palette().color(QPalette::Link));
        marks << mark;
    }
    m_edit->setExtraSelections(marks);
}

bool MeasurementLinks::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_edit->viewport() && event->type() == QEvent::MouseButtonRelease) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        if (mouse->button() == Qt::LeftButton && !m_edit->textCursor().hasSelection()) {
            const int at = m_edit->cursorForPosition(mouse->position().toPoint()).position();
            for (const Link& link : m_links)
                if (at >= link.from && at < link.to) {
                    Q_EMIT activated(link.id);
                    break;
                }
        }
    }
    return QObject::eventFilter(watched, event);
}

} // namespace yz
