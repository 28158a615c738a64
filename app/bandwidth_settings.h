#pragma once

#include "session/settings_controller.h"

#include <QWidget>

class QDoubleSpinBox;
class QPushButton;
class QTimeEdit;

namespace yz {

class SettingsForm;

/// How much of the line fetching studies may take, by the time of day: a row for each time with a limit of its own.
class BandwidthSettings final : public QWidget {
    Q_OBJECT
public:
    explicit BandwidthSettings(SettingsController& controller, QWidget* parent = nullptr);
    bool focusFault();

private:
    struct Row {
        QWidget* field = nullptr;
        QTimeEdit* from = nullptr;
        QTimeEdit* to = nullptr;
        QDoubleSpinBox* rate = nullptr;
    };
    void buildRow();
    [[nodiscard]] QDoubleSpinBox* newRate(const QString& name);
    void editWindow(size_t index, const std::function<void(BandwidthWindow& window)>& change);
    void refresh();
    bool eventFilter(QObject* watched, QEvent* event) override;

    SettingsController& m_controller;
    SettingsForm* m_form;
    QDoubleSpinBox* m_otherwise;
    QPushButton* m_add;
    std::vector<Row> m_rows; ///< as many as were ever shown; those without a window are hidden
};

} // namespace yz
