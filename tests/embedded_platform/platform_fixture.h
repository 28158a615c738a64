#pragma once

#include "core/uid.h"
#include "embedded_platform/platform_server.h"

#include <QTemporaryDir>
#include <atomic>
#include <memory>

namespace yz::test {

/// A clock of our own that tests may move while the platform's threads read it.
class MovableClock final : public Clock {
public:
    [[nodiscard]] QDateTime nowUtc() const override {
        return QDateTime::currentDateTimeUtc().addSecs(m_offsetSeconds.load());
    }
    [[nodiscard]] std::chrono::steady_clock::time_point monotonic() const override {
        return std::chrono::steady_clock::now();
    }
    void advance(int seconds) { m_offsetSeconds += seconds; }

private:
    std::atomic<int> m_offsetSeconds{0};
};

/// A platform in this process on a port of the system's choice, with a data folder of its own.
class PlatformFixture {
public:
    PlatformFixture();
    /// Starts (again) with the same data folder.
    void start();
    void stop() { m_server.reset(); }
    [[nodiscard]] quint16 port() const { return m_server->port(); }
    [[nodiscard]] quint16 webPort() const { return m_server->webPort(); } ///< options.web
    [[nodiscard]] QString folder() const { return m_folder.path(); }
    [[nodiscard]] QStringList peer() const; ///< "-aec YZPLATFORM 127.0.0.1 port" for DCMTK's tools
    /// Studies and tasks are in place once this returned (polls with a limit).
    [[nodiscard]] bool waitForWorkitems(int count, const QString& state = QStringLiteral("SCHEDULED")) const;
    struct Item {
        QString uid, kind, state, studyUid;
    };
    [[nodiscard]] std::vector<Item> workitems() const; ///< by a query over the network

    platform::PlatformOptions options;
    MovableClock clock;

private:
    QTemporaryDir m_folder;
    RandomUidSource m_uids;
    std::unique_ptr<platform::PlatformServer> m_server;
};

[[nodiscard]] QString newUid();

} // namespace yz::test
