#include "decoder/worker_loop.h"

#include "decoder/lockdown.h"
#include "dicom/worker/request_service.h"

#include <array>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>

namespace yz::decoder {

using dicom::Descriptor;
using dicom::WorkerReply;
using dicom::WorkerRequest;

namespace {

bool reply(int socket, WorkerReply answer, const Status& done) {
    std::array<char, dicom::kMaxMessageBytes> message{};
    if (!done) {
        const QByteArray detail = done.error().detail.toUtf8().left(dicom::kMaxDetailBytes);
        answer.outcome = 1 + static_cast<quint32>(done.error().code);
        answer.payloadBytes = 0;
        answer.detailBytes = static_cast<quint32>(detail.size());
        std::memcpy(message.data() + sizeof answer, detail.constData(), static_cast<size_t>(detail.size()));
    }
    std::memcpy(message.data(), &answer, sizeof answer);
    return dicom::sendMessage(socket, message.data(), sizeof answer + answer.detailBytes);
}

/// False when the desk is gone.
bool serveOne(int socket, dicom::RequestService& service) {
    WorkerRequest request;
    dicom::ReceivedMessage received = dicom::receiveMessage(socket, &request, sizeof request);
    if (received.size != sizeof request || request.mark != dicom::kProtocolMark || !received.first.isOpen())
        return false;
    WorkerReply answer;
    answer.sequence = request.sequence;
    const Status done =
        service.serve(request, dicom::descriptorSource(received.first.release(), request.bytes), answer);
    return reply(socket, answer, done);
}

} // namespace

int serveRequests(int socketNumber, int memoryNumber, qint64 answerBytes) {
    const Descriptor socket(socketNumber);
    Descriptor memory(memoryNumber);
    const auto size = static_cast<size_t>(answerBytes);
    void* mapped = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, memory.number(), 0);
    memory.reset();
    if (mapped == MAP_FAILED)
        return EXIT_FAILURE;
    dicom::RequestService service({static_cast<std::byte*>(mapped), size});
    const Status locked = lockDown(answerBytes);
    if (!reply(socket.number(), {}, locked) || !locked)
        return EXIT_FAILURE;
    while (serveOne(socket.number(), service)) {
    }
    return EXIT_SUCCESS;
}

} // namespace yz::decoder
