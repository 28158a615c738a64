#include "platform_fixture.h"

#include "dimse_scu.h"

#include <dcmtk/oflog/oflog.h>

#include <QtTest>

namespace yz::test {

QString newUid() {
    RandomUidSource source;
    return source.next();
}

PlatformFixture::PlatformFixture() {
    OFLog::configure(OFLogger::FATAL_LOG_LEVEL);
    options.dataFolder = m_folder.path() + QStringLiteral("/data");
    options.settleTime = std::chrono::milliseconds(200);
    options.watchInterval = std::chrono::milliseconds(100);
}

void PlatformFixture::start() {
    m_server.reset();
    m_server = std::make_unique<platform::PlatformServer>(options, clock, m_uids);
    const Status started = m_server->start();
    QVERIFY2(started, started ? "" : qPrintable(started.error().toString()));
}

QStringList PlatformFixture::peer() const {
    return {QStringLiteral("-aec"), options.aeTitle, QStringLiteral("127.0.0.1"), QString::number(port())};
}

std::vector<PlatformFixture::Item> PlatformFixture::workitems() const {
    DimseScu scu(port(), {DimseScu::upsPull()});
    DcmDataset keys;
    for (const DcmTagKey& tag :
         {DCM_SOPInstanceUID, DCM_ProcedureStepState, DCM_ScheduledWorkitemCodeSequence, DCM_ReferencedRequestSequence})
        keys.insertEmptyElement(tag);
    std::vector<Item> items;
    for (const auto& match : scu.find(DimseScu::upsPull(), keys)) {
        const auto text = [](DcmItem& item, const DcmTagKey& tag) {
            OFString value;
            item.findAndGetOFString(tag, value);
            return QString::fromLatin1(value.c_str());
        };
        DcmItem* code = nullptr;
        DcmItem* request = nullptr;
        match->findAndGetSequenceItem(DCM_ScheduledWorkitemCodeSequence, code);
        match->findAndGetSequenceItem(DCM_ReferencedRequestSequence, request);
        items.push_back({text(*match, DCM_SOPInstanceUID), code != nullptr ? text(*code, DCM_CodeValue) : QString(),
                         text(*match, DCM_ProcedureStepState),
                         request != nullptr ? text(*request, DCM_StudyInstanceUID) : QString()});
    }
    return items;
}

bool PlatformFixture::waitForWorkitems(int count, const QString& state) const {
    return QTest::qWaitFor(
        [&] {
            const std::vector<Item> items = workitems();
            return std::count_if(items.begin(), items.end(), [&](const Item& i) { return i.state == state; }) == count;
        },
        60000);
}

} // namespace yz::test
