#pragma once

#include "domain/report.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QWidget>
#include <vector>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace yz {

/// The critical values (危急值) of a report: item, when found, who told whom when, read-back, handling. Record n has
/// the widgets "criticalItem_n", "criticalToldTo_n", ..., the button is "addCriticalButton".
class CriticalValueEditor final : public QWidget {
    Q_OBJECT
public:
    explicit CriticalValueEditor(QWidget* parent = nullptr);
    /// Does not emit edited.
    void setValues(const std::vector<CriticalValue>& values);
    [[nodiscard]] std::vector<CriticalValue> values() const;
    /// What a new record starts with; `now` is taken on by the time that passes.
    void setDefaults(const QString& toldBy, const QDateTime& now);
    void setReadOnly(bool isReadOnly);

Q_SIGNALS:
    void edited();

private:
    class Record;
    void add(const CriticalValue& value);
    void remove(Record* record);
    void renumber();

    std::vector<Record*> m_records;
    QString m_toldBy;
    QDateTime m_now;
    QElapsedTimer m_since; ///< setDefaults
    bool m_isReadOnly = false;
    bool m_isShowing = false;
    QLabel* m_hint;
    QPushButton* m_add;
    QVBoxLayout* m_list;
};

} // namespace yz
