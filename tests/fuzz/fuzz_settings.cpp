/// JSON a site can put on the desk: hanging protocols, site.json, cached work items. The first byte chooses.
#include "domain/reading_task.h"
#include "fuzz_input.h"
#include "imaging/hanging.h"
#include "session/site.h"

#include <QJsonDocument>
#include <sys/mman.h>
#include <unistd.h>

using namespace yz;

namespace {

void readSite(const QByteArray& json) {
    const int file = ::memfd_create("site", 0);
    if (file < 0 || ::write(file, json.constData(), static_cast<size_t>(json.size())) != json.size())
        std::abort();
    const auto site = Site::load(QStringLiteral("/proc/self/fd/%1").arg(file));
    ::close(file);
    if (site)
        fuzz::require(site->platformPort > 0 && site->platformPort <= 65535 && site->undoWindow.count() >= 0,
                      "a site that loads can be used");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const QByteArray json = fuzz::bytesOf(data + 1, size - 1);
    switch (data[0]) {
    case 'S':
        readSite(json);
        break;
    case 'T': {
        const ReadingTask task = readingTaskFromJson(QJsonDocument::fromJson(json).object());
        fuzz::require(readingTaskFromJson(toJson(task)) == task, "a task survives the local cache");
        break;
    }
    default: {
        const auto protocol = parseHangingProtocol(json);
        if (protocol) {
            HangingInput input;
            input.current.modality = QStringLiteral("CT");
            input.current.series.resize(2);
            input.priors.resize(1);
            (void)rankProtocols({*protocol}, input);
            for (size_t stage = 0; stage < protocol->stages.size(); ++stage)
                (void)assignSeries(*protocol, static_cast<int>(stage), input);
        }
    }
    }
    return 0;
}
