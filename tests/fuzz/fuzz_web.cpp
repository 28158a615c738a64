/// What comes in at the platform's web door. The first byte chooses: J a data set as JSON, Q the query of a search,
/// W requests for work items as they follow each other, H the bytes of a connection.
#include "embedded_platform/data_set_json.h"
#include "embedded_platform/matching.h"
#include "embedded_platform/web_listener.h"
#include "embedded_platform/web_search.h"
#include "fuzz_input.h"
#include "local_worklist.h"

#include <dcmtk/oflog/oflog.h>

#include <QTemporaryDir>
#include <QUrl>
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace yz;
using namespace yz::platform;

namespace {

constexpr char kItem[] = "1.2.3.4";

DataSetPtr sampleItem() {
    auto item = std::make_unique<DcmDataset>();
    for (const auto& [tag, text] :
         {std::pair(DCM_ProcedureStepState, "SCHEDULED"), std::pair(DCM_ScheduledProcedureStepPriority, "LOW"),
          std::pair(DCM_ProcedureStepLabel, "胸部CT"),
          std::pair(DCM_ScheduledProcedureStepStartDateTime, "20260310083000.25+0800"),
          std::pair(DCM_InputReadinessState, "READY"), std::pair(DCM_PatientName, "Wang^Ming=王^明"),
          std::pair(DCM_PatientID, "P1"), std::pair(DCM_StudyDate, "20260310")})
        putText(*item, tag, QString::fromUtf8(text));
    putText(addItem(*item, DCM_ReferencedRequestSequence), DCM_StudyInstanceUID, QStringLiteral("1.2.3"));
    return item;
}

/// Made once: a database in memory where there is one.
struct World {
    World()
        : folder(QStringLiteral("/dev/shm/fuzz_web-XXXXXX")),
          worklist(test::LocalWorklist::make(folder.path(), clock)) {
        OFLog::configure(OFLogger::OFF_LOG_LEVEL);
        fuzz::require(worklist != nullptr, "a database can be made");
        WebListener::Settings settings;
        settings.threads = 2;
        settings.silence = std::chrono::milliseconds(500);
        settings.authorizations = {"Bearer t"};
        door = std::make_unique<WebListener>(settings, worklist->web);
        fuzz::require(door->start().has_value(), "the door opens");
    }
    void reset() {
        (void)worklist->state->run(StateQuery{QStringLiteral("DELETE FROM workitems"), {}, {}});
        (void)worklist->ups.create(QLatin1String(kItem), sampleItem());
    }

    const SystemClock clock;
    QTemporaryDir folder;
    std::unique_ptr<test::LocalWorklist> worklist;
    std::unique_ptr<WebListener> door;
};

World& world() {
    static World made;
    return made;
}

std::vector<std::pair<QString, QString>> queryOf(const QByteArray& text) {
    std::vector<std::pair<QString, QString>> query;
    for (const QByteArray& each : text.split('&')) {
        const qsizetype at = each.indexOf('=');
        const auto plain = [](const QByteArray& part) {
            return QString::fromUtf8(QByteArray::fromPercentEncoding(part));
        };
        query.emplace_back(plain(at < 0 ? each : each.left(at)), at < 0 ? QString() : plain(each.mid(at + 1)));
    }
    return query;
}

void readJson(const QByteArray& bytes) {
    const Result<DataSetPtr> read = dataSetFromJson(bytes);
    if (!read)
        return;
    const Result<QByteArray> written = toJson(**read);
    fuzz::require(written.has_value(), "what is taken in can be given out");
    const Result<DataSetPtr> again = dataSetFromJson(*written);
    fuzz::require(again.has_value(), "what is given out can be taken in");
    fuzz::require(*toJson(**again) == *written, "and is the same");
}

void search(const QByteArray& text) {
    const Result<WebSearch> search = WebSearch::parse(queryOf(text));
    if (!search)
        return;
    const DataSetPtr item = sampleItem();
    (void)dataSetMatches(*search->keys, *item);
    DcmDataset match;
    copyRequested(*search->keys, *item, match);
    fuzz::require(toJson(match).has_value(), "a match can be given out");
}

/// "METHOD path?query\nbody\n\n", several of them.
void ask(const QByteArray& text) {
    world().reset();
    qsizetype at = 0;
    for (int i = 0; i < 6 && at < text.size(); ++i) {
        qsizetype end = text.indexOf("\n\n", at);
        end = end < 0 ? text.size() : end;
        const QByteArray one = text.mid(at, end - at);
        at = end + 2;
        const qsizetype line = one.indexOf('\n');
        const QByteArray head = line < 0 ? one : one.left(line);
        const QByteArray target = head.mid(head.indexOf(' ') + 1);
        const qsizetype mark = target.indexOf('?');
        WebRequest request;
        request.method = head.left(qMax(qsizetype(0), head.indexOf(' ')));
        request.path = QString::fromUtf8(target.left(mark < 0 ? target.size() : mark)).split(u'/', Qt::SkipEmptyParts);
        if (mark >= 0)
            request.query = queryOf(target.mid(mark + 1));
        request.contentType = "application/dicom+json";
        request.body = line < 0 ? QByteArray() : one.mid(line + 1);
        const WebAnswer answer = world().worklist->web.answer(request);
        fuzz::require(answer.status >= 200 && answer.status < 500, "nothing a peer asks is our failure");
    }
}

void connectWith(const QByteArray& bytes) {
    const int one = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(world().door->port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(one, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
        const linger abort{1, 0}; // no port is kept for a while
        ::setsockopt(one, SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
        (void)::send(one, bytes.constData(), size_t(bytes.size()), MSG_NOSIGNAL);
        ::shutdown(one, SHUT_WR);
        char answer[4096];
        while (::recv(one, answer, sizeof answer, 0) > 0)
            ;
    }
    ::close(one);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    world(); // also silences the toolkit
    if (size == 0)
        return 0;
    const QByteArray bytes = fuzz::bytesOf(data + 1, size - 1);
    switch (data[0]) {
    case 'J':
        readJson(bytes);
        break;
    case 'Q':
        search(bytes);
        break;
    case 'W':
        ask(bytes);
        break;
    case 'H':
        connectWith(bytes);
        break;
    default:
        break;
    }
    return 0;
}
