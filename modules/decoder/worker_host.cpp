#include "decoder/worker_host.h"

#include "decoder/worker_loop.h"
#include "dicom/worker/worker_protocol.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace yz::decoder {

using dicom::Descriptor;
using dicom::HostOperation;
using dicom::HostReply;
using dicom::HostRequest;

namespace {

pid_t forkWorker(Descriptor& control, Descriptor socket, Descriptor memory, quint64 answerBytes) {
    const pid_t host = ::getpid();
    const pid_t pid = ::fork();
    if (pid != 0)
        return pid;
    // Ends with the host, and the host with the desk.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != host)
        ::_exit(EXIT_FAILURE);
    control.reset();
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing < 0 || ::dup2(nothing, STDERR_FILENO) < 0)
        ::_exit(EXIT_FAILURE);
    ::close(nothing);
    ::_exit(serveRequests(socket.release(), memory.release(), static_cast<qint64>(answerBytes)));
}

int endWorker(pid_t pid) {
    ::kill(pid, SIGKILL);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return 0;
    return status;
}

} // namespace

int serveHost(int controlNumber) {
    Descriptor control(controlNumber);
    std::vector<pid_t> workers; // not waited for, so that no pid of them is anybody else's
    HostReply reply;
    if (!dicom::sendMessage(control.number(), &reply, sizeof reply))
        return EXIT_FAILURE;
    for (;;) {
        HostRequest request;
        dicom::ReceivedMessage received = dicom::receiveMessage(control.number(), &request, sizeof request);
        if (received.size == 0)
            return EXIT_SUCCESS;
        if (received.size != sizeof request || request.mark != dicom::kProtocolMark)
            return EXIT_FAILURE;
        reply = {};
        if (request.operation == HostOperation::Spawn && received.first.isOpen() && received.second.isOpen()) {
            reply.pid = std::max<pid_t>(
                forkWorker(control, std::move(received.first), std::move(received.second), request.answerBytes), 0);
            if (reply.pid > 0)
                workers.push_back(reply.pid);
        } else if (request.operation == HostOperation::End) {
            const auto found = std::find(workers.begin(), workers.end(), request.pid);
            if (found != workers.end()) {
                reply.status = endWorker(request.pid);
                workers.erase(found);
            }
        }
        if (!dicom::sendMessage(control.number(), &reply, sizeof reply))
            return EXIT_FAILURE;
    }
}

} // namespace yz::decoder
