#pragma once

#include "session/settings_controller.h"

#include <QWidget>

class QCheckBox;

namespace yz {

class SettingsForm;

/// What is fetched before anybody asks for it, and what makes room.
class PrefetchSettings final : public QWidget {
    Q_OBJECT
public:
    explicit PrefetchSettings(SettingsController& controller, QWidget* parent = nullptr);
    bool focusFault();

private:
    void editPolicy(const std::function<void(PrefetchPolicy& policy)>& change);
    void refresh();

    SettingsController& m_controller;
    SettingsForm* m_form;
    std::vector<std::pair<Priority, QCheckBox*>> m_priorities;
    std::vector<std::pair<TaskKind, QCheckBox*>> m_kinds;
};

} // namespace yz
