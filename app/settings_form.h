#pragma once

#include "session/site_fault.h"

#include <QMap>
#include <QWidget>
#include <functional>
#include <vector>

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace yz {

/// Shows a value in a field without telling anybody. A blank at the end that is just being typed stays.
void setFormText(QWidget* lineEdit, const QString& text);
void setFormNumber(QWidget* spinBox, int number);
void setFormSwitch(QWidget* checkBox, bool isOn);
void setFormChoice(QWidget* comboBox, const QVariant& data);

/// Rows of name, field and a note: what is wrong with the value, else what it is for. The keys are those of the faults.
class SettingsForm final : public QWidget {
    Q_OBJECT
public:
    explicit SettingsForm(QWidget* parent = nullptr);

    void addHeading(const QString& text);
    QLineEdit* addText(const QString& key, const QString& name, const QString& hint = {});
    /// Changes by keys only: a wheel that scrolls the page changes nothing.
    QSpinBox* addNumber(const QString& key, const QString& name, int lowest, int highest, const QString& unit = {},
                        const QString& hint = {});
    QCheckBox* addSwitch(const QString& key, const QString& text, const QString& hint = {});
    /// Texts with the data of each.
    QComboBox* addChoice(const QString& key, const QString& name,
                         const std::vector<std::pair<QString, QVariant>>& choices, const QString& hint = {});
    void addField(const QString& key, const QString& name, QWidget* field, const QString& hint = {});
    void addWide(QWidget* widget);
    void addStretch();

    void setRowVisible(const QString& key, bool isVisible);
    void setHint(const QString& key, const QString& hint, bool isWarning = false);
    /// The key of a row in the faults is `prefix` and its own.
    void showFaults(const SiteFaults& faults, const QString& prefix = {});
    [[nodiscard]] QWidget* field(const QString& key) const;
    /// What stands beside a field now.
    [[nodiscard]] QString note(const QString& key) const;
    /// Puts the cursor into the first field that is wrong; false: none is.
    bool focusFault();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Row {
        QLabel* name = nullptr;
        QWidget* field = nullptr;
        QLabel* note = nullptr;
        QString hint;
        bool isWarning = false;
        bool isWrong = false;
    };
    void show(Row& row, const QString& fault);

    QGridLayout* m_grid;
    QMap<QString, Row> m_rows;
    std::vector<QString> m_order;
    int m_next = 0;
};

} // namespace yz
