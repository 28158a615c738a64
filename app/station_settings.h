#pragma once

#include "session/settings_controller.h"

#include <QWidget>

namespace yz {

class SettingsForm;

/// What the workstation is called and the rules of the house.
class StationSettings final : public QWidget {
    Q_OBJECT
public:
    explicit StationSettings(SettingsController& controller, QWidget* parent = nullptr);
    bool focusFault();

private:
    void addNumber(const char* key, const QString& name, int lowest, int highest, const QString& unit,
                   const QString& hint, std::function<int(const Site&)> get, std::function<void(Site&, int)> set);
    void refresh();

    SettingsController& m_controller;
    SettingsForm* m_form;
    std::vector<std::pair<QString, std::function<int(const Site&)>>> m_numbers;
};

} // namespace yz
