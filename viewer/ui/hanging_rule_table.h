#pragma once

#include "imaging/hanging.h"

#include <QWidget>
#include <vector>

class QTableWidget;

namespace yz {

/// Rules as a table to edit: attribute, comparison, value, weight, must hold.
class HangingRuleTable final : public QWidget {
    Q_OBJECT

public:
    /// `ofSeries`: rules that pick a series, without those about task, screens and counts of the study.
    HangingRuleTable(bool ofSeries, QWidget* parent = nullptr);
    void setRules(const std::vector<HangingRule>& rules);
    [[nodiscard]] std::vector<HangingRule> rules() const;

Q_SIGNALS:
    void changed(); ///< by hand

private:
    void addRow(const HangingRule& rule);

    bool m_ofSeries;
    bool m_isFilling = false;
    QTableWidget* m_table;
};

} // namespace yz
