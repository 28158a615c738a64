#pragma once

#include "embedded_platform/data_set.h"
#include "embedded_platform/listener.h"

#include <dcmtk/dcmdata/dcuid.h>

#include <QtTest>
#include <mutex>

namespace yz::test {

/// A subscriber: takes event reports and keeps them.
class EventCollector {
public:
    struct Event {
        int type;
        QString workitem, state, reason;
    };
    EventCollector() : m_listener(settings(), &negotiate, [this](platform::Association& a) { serve(a); }) {
        const Status started = m_listener.start();
        QVERIFY(started);
    }
    [[nodiscard]] quint16 port() const { return m_listener.port(); }
    [[nodiscard]] std::vector<Event> events() const {
        const std::scoped_lock lock(m_mutex);
        return m_events;
    }
    [[nodiscard]] bool waitFor(int type, const QString& workitem, const QString& state = {}) const {
        return QTest::qWaitFor(
            [&] {
                const std::vector<Event> all = events();
                return std::any_of(all.begin(), all.end(), [&](const Event& e) {
                    return e.type == type && (workitem.isEmpty() || e.workitem == workitem) &&
                           (state.isEmpty() || e.state == state);
                });
            },
            60000);
    }

private:
    static platform::Listener::Settings settings() {
        platform::Listener::Settings s;
        s.aeTitle = QStringLiteral("WATCHER");
        return s;
    }
    static void negotiate(T_ASC_Parameters* parameters) {
        const char* syntax[] = {UID_LittleEndianExplicitTransferSyntax};
        const char* classes[] = {UID_UnifiedProcedureStepEventSOPClass};
        ASC_acceptContextsWithPreferredTransferSyntaxes(parameters, classes, 1, syntax, 1);
    }
    void serve(platform::Association& association) {
        platform::Message request;
        while (association.receive(request, 5) == platform::Association::Event::Message) {
            auto bytes = association.receiveDataSet(1 << 20);
            auto dataSet = platform::parseDataSet(*bytes, EXS_LittleEndianExplicit);
            {
                const std::scoped_lock lock(m_mutex);
                m_events.push_back({request.typeId, request.sopInstance,
                                    platform::textOf(**dataSet, DCM_ProcedureStepState),
                                    platform::textOf(**dataSet, DCM_ReasonForCancellation)});
            }
            if (!association.send(platform::responseTo(request, 0)))
                return;
        }
        association.acknowledgeRelease();
    }

    mutable std::mutex m_mutex;
    std::vector<Event> m_events;
    platform::Listener m_listener;
};

} // namespace yz::test
