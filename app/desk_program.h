#pragma once

#include "core/clock.h"
#include "core/uid.h"
#include "session/desk_services.h"
#include "session/platform_process.h"

#include <QObject>
#include <QStackedWidget>
#include <memory>
#include <optional>

namespace yz {

class DeskWindow;
class StartPage;

/// What the command line asks for.
struct DeskOptions {
    QString home;
    bool demo = false;
    QString dataFolder;                                   ///< demo: studies to serve instead of the samples
    std::optional<int> undoWindowSeconds;                 ///< demo: overrides the site's
    std::shared_ptr<dicom::WorkerPool> decoder = nullptr; ///< launched by main
};

/// Brings a desk up: in the demo the platform beside it first, then the workstation's store and services, then the
/// window.
class DeskProgram final : public QObject {
    Q_OBJECT
public:
    explicit DeskProgram(DeskOptions options, QObject* parent = nullptr);
    ~DeskProgram() override;

    void start();
    [[nodiscard]] DeskWindow* window() const { return m_window.get(); }
    [[nodiscard]] DeskServices* services() const { return m_services.get(); }
    [[nodiscard]] PlatformProcess* platform() const { return m_platform.get(); }

Q_SIGNALS:
    void ready();
    void failed(const yz::Error& error);

private:
    void startPlatform();
    void openServices();
    void showWindow();
    void refuse(const Error& error);

    DeskOptions m_options;
    SystemClock m_clock;
    RandomUidSource m_uids;
    Site m_site;
    std::unique_ptr<PlatformProcess> m_platform;
    std::unique_ptr<DeskServices> m_services;
    std::unique_ptr<StartPage> m_startPage;
    std::unique_ptr<DeskWindow> m_window;
};

} // namespace yz
