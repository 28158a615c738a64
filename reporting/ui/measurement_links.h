#pragma once

#include "domain/report.h"

#include <QObject>
#include <vector>

class QPlainTextEdit;

namespace yz {

/// Makes the cited measurements in a text clickable: where the number of one stands it is underlined, and a click there
/// names the measurement. A number that was changed by hand is no longer linked.
class MeasurementLinks final : public QObject {
    Q_OBJECT

public:
    explicit MeasurementLinks(QPlainTextEdit* edit);
    void setMeasurements(const std::vector<ReportMeasurement>& measurements);

Q_SIGNALS:
    void activated(const QString& id);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Link {
        int from = 0, to = 0; ///< positions in the document
        QString id;
    };
    void refresh();

    QPlainTextEdit* m_edit;
    std::vector<ReportMeasurement> m_measurements;
    std::vector<Link> m_links;
};

} // namespace yz
