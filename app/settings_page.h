#pragma once

#include "session/settings_controller.h"

#include <QWidget>

class QLabel;
class QListWidget;
class QPushButton;
class QStackedWidget;

namespace yz {

class BandwidthSettings;
class Banner;
class NodeSettings;
class PrefetchSettings;
class ProgressLine;
class RoleSettings;
class StationSettings;
class TargetSettings;

/// The site of this workstation: sections at the left, the chosen one beside them, below what may be done with all of
/// it. Nothing is kept before "Save", and nothing is saved while something is wrong. For administrators.
class SettingsPage final : public QWidget {
    Q_OBJECT
public:
    explicit SettingsPage(SettingsController& controller, QWidget* parent = nullptr);

    enum class Section { Station, Nodes, Roles, Targets, Prefetch, Bandwidth };
    void showSection(Section section);
    /// As if the file had been chosen.
    void importFrom(const QString& path);
    void exportTo(const QString& path);
    /// What the last refusal found, a sentence each; empty when it is not shown.
    [[nodiscard]] QStringList report() const;

private:
    QWidget* buildBar();
    void buildReport();
    void refresh();
    void save();
    void showReport(const SiteFaults& faults, const QString& title);
    void hideReport();
    bool focusFault();

    SettingsController& m_controller;
    Banner* m_banner;
    QListWidget* m_sections;
    QStackedWidget* m_pages;
    StationSettings* m_station;
    NodeSettings* m_nodes;
    RoleSettings* m_roles;
    TargetSettings* m_targets;
    PrefetchSettings* m_prefetch;
    BandwidthSettings* m_bandwidth;
    enum class SavedSaid { No, Now, OfThis }; ///< by the banner, of the draft that is on the page
    SavedSaid m_savedSaid = SavedSaid::No;
    QWidget* m_report = nullptr;
    QLabel* m_reportTitle = nullptr;
    QListWidget* m_reportList = nullptr;
    ProgressLine* m_progress;
    QLabel* m_state;
    QPushButton* m_import;
    QPushButton* m_export;
    QPushButton* m_discard;
    QPushButton* m_save;
};

} // namespace yz
