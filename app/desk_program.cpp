#include "desk_program.h"

#include "desk_window.h"
#include "start_page.h"

#include "jobs/jobs.h"
#include "session/demo_site.h"

#include <QDir>
#include <QFile>

namespace yz {

DeskProgram::DeskProgram(DeskOptions options, QObject* parent) : QObject(parent), m_options(std::move(options)) {}

DeskProgram::~DeskProgram() {
    // Window first: it waits for the jobs that use the services.
    m_window.reset();
    jobs::waitForAll();
    m_services.reset();
}

void DeskProgram::start() {
    m_startPage = std::make_unique<StartPage>();
    m_startPage->resize(900, 560);
    m_startPage->setWindowTitle(tr("Yuanzhen"));
    m_startPage->show();
    if (!QDir().mkpath(m_options.home)) {
        refuse({ErrorCode::FileUnwritable, m_options.home});
        return;
    }
    const QString path = m_options.home + QStringLiteral("/site.json");
    const Result<Site> site = Site::load(path);
    if (site) {
        m_site = *site;
    } else if (!m_options.demo || QFile::exists(path)) {
        refuse(site.error());
        return;
    }
    if (m_options.demo)
        startPlatform();
    else
        openServices();
}

void DeskProgram::startPlatform() {
    const User doctor = demo::users().front();
    m_site.isDemo = true;
    m_site.diagnosingHospital = doctor.hospital;
    m_site.department = doctor.department;
    m_site.eventPort = freeLoopbackPort();
    if (m_options.undoWindowSeconds)
        m_site.undoWindow = std::chrono::seconds(*m_options.undoWindowSeconds);
    m_platform = std::make_unique<PlatformProcess>(PlatformProcess::Options{
        m_options.home + QStringLiteral("/platform"), m_options.dataFolder, m_site.aeTitle, m_site.eventPort, 0});
    connect(m_platform.get(), &PlatformProcess::progress, m_startPage.get(), &StartPage::setProgress);
    connect(m_platform.get(), &PlatformProcess::failed, this, &DeskProgram::refuse);
    connect(m_platform.get(), &PlatformProcess::ready, this, [this](int port) {
        m_site.platformPort = port;
        if (Status saved = m_site.save(m_options.home + QStringLiteral("/site.json")); !saved) {
            refuse(saved.error());
            return;
        }
        openServices();
    });
    m_platform->start();
}

void DeskProgram::openServices() {
    Result<std::unique_ptr<DeskServices>> services =
        DeskServices::open({m_options.home, m_site, true, m_options.decoder}, m_clock, m_uids);
    if (!services) {
        refuse(services.error());
        return;
    }
    m_services = std::move(*services);
    if (!m_site.isDemo) {
        showWindow();
        return;
    }
    // Password hashes and certificates of the demo users: a second or two, once.
    jobs::whenDone(jobs::start(jobs::Lane::Storage, [&store = m_services->store(),
                                                     &clock = m_clock] { return demo::prepare(store, clock); }),
                   this, [this](const Status& prepared) {
                       if (prepared)
                           showWindow();
                       else
                           refuse(prepared.error());
                   });
}

void DeskProgram::showWindow() {
    m_window = std::make_unique<DeskWindow>(*m_services);
    m_window->show();
    m_startPage.reset();
    Q_EMIT ready();
}

void DeskProgram::refuse(const Error& error) {
    if (m_startPage)
        m_startPage->showFailure(error);
    Q_EMIT failed(error);
}

} // namespace yz
