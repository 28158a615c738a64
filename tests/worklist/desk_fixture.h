#pragma once

#include "core/uid.h"
#include "jobs/jobs.h"
#include "storage/desk_store.h"
#include "support/fake_clock.h"
#include "worklist/claim_service.h"
#include "worklist/sample_tasks.h"
#include "worklist/scripted_source.h"
#include "worklist/worklist_controller.h"

#include <QTemporaryDir>
#include <QtTest>

namespace yz::test {

/// A desk with a scripted platform and a fresh database.
struct Desk {
    QTemporaryDir folder;
    FakeClock clock;
    ScriptedSource source;
    std::unique_ptr<DeskStore> store;
    CountingUidSource uids{QStringLiteral("2.25.7")};
    std::unique_ptr<ClaimService> claims;
    std::unique_ptr<WorklistController> controller;

    explicit Desk(const User& user = reader()) {
        auto opened = DeskStore::open(folder.path(), clock);
        if (!opened)
            qFatal("%s", qPrintable(opened.error().toString()));
        store = std::move(*opened);
        for (const User& known : {reader(), reviewer()})
            if (!store->users().add(known, QStringLiteral("x")))
                qFatal("user");
        claims = std::make_unique<ClaimService>(
            ClaimService::Deps{source, store->tasks(), store->claims(), store->users(), uids, store->audit(), "DESK1"});
        controller = std::make_unique<WorklistController>(
            WorklistController::Deps{source, store->tasks(), store->claims(), *claims, clock, {}});
        controller->setUser(user);
    }
    ~Desk() {
        controller->stop();
        jobs::waitForAll();
        controller.reset();
    }
    [[nodiscard]] WorklistModel& model() { return controller->model(); }
    /// Starts the controller and waits for the first answer.
    bool refreshed() {
        const int before = source.queries;
        controller->refresh();
        return QTest::qWaitFor([&] { return source.queries > before && !controller->state().isRefreshing; });
    }
};

} // namespace yz::test
