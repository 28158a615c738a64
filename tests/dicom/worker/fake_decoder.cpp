#include "dicom/worker/record_archive.h"
#include "dicom/worker/worker_protocol.h"

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/// A decoder that was taken over: it speaks the protocol and lies. What about says the name it is called by.

using namespace yz;
using namespace yz::dicom;

namespace {

ImageDescription honestImage() {
    ImageDescription image;
    image.columns = 4;
    image.rows = 3;
    image.bitsAllocated = 16;
    image.bitsStored = 16;
    image.frames.resize(1);
    return image;
}

DataSetHeader honestHeader() {
    DataSetHeader header;
    header.study.study = header.instance.study = StudyUid(QStringLiteral("1.2"));
    header.series.series = header.instance.series = SeriesUid(QStringLiteral("1.3"));
    header.instance.instance = InstanceUid(QStringLiteral("1.4"));
    header.instance.sopClass = SopClassUid(QStringLiteral("1.5"));
    return header;
}

class Liar {
public:
    Liar(std::string mode, int socket, std::byte* answer, size_t size)
        : m_mode(std::move(mode)), m_socket(socket), m_answer(answer), m_size(size) {}

    int run() {
        if (m_mode == "silent")
            ::pause();
        if (m_mode == "exit")
            return EXIT_FAILURE;
        WorkerReply hello;
        if (m_mode == "unlocked") {
            hello.outcome = 1 + static_cast<quint32>(ErrorCode::DecoderUnavailable);
            return sendMessage(m_socket, &hello, sizeof hello) ? EXIT_FAILURE : EXIT_FAILURE;
        }
        if (!sendMessage(m_socket, &hello, sizeof hello))
            return EXIT_FAILURE;
        if (m_mode == "chatty") { // answers nobody asked for
            for (int i = 0; i < 3; ++i)
                (void)sendMessage(m_socket, &hello, sizeof hello);
        }
        for (;;) {
            WorkerRequest request;
            const ReceivedMessage received = receiveMessage(m_socket, &request, sizeof request);
            if (received.size != sizeof request)
                return EXIT_SUCCESS;
            if (!answer(request))
                return EXIT_FAILURE;
        }
    }

private:
    size_t put(const QByteArray& bytes) {
        std::memcpy(m_answer, bytes.constData(), static_cast<size_t>(bytes.size()));
        return static_cast<size_t>(bytes.size());
    }
    template <typename T> T random() { return static_cast<T>(m_random()); }

    bool answer(const WorkerRequest& request) {
        WorkerReply reply;
        reply.sequence = request.sequence;
        std::string tail;
        int extra = -1;
        switch (request.operation) {
        case WorkerOperation::ReadHeader:
            reply.payloadBytes = put(encodeRecord(header()));
            break;
        case WorkerOperation::ReadHeaders:
        case WorkerOperation::DescribeFiles: {
            std::vector<HeadAnswer> answers(m_mode == "heads" ? 2 : 1);
            answers[0].header = header();
            if (request.operation == WorkerOperation::DescribeFiles)
                answers[0].image = described();
            reply.payloadBytes = put(encodeRecord(answers));
            break;
        }
        case WorkerOperation::Describe:
            reply.payloadBytes = put(encodeRecord(described()));
            break;
        default:
            reply.columns = 4;
            reply.rows = 3;
            reply.samplesPerPixel = 1;
            reply.sampleType = static_cast<qint32>(SampleType::UInt16);
            reply.payloadBytes = 24;
        }
        if (m_mode == "crash")
            std::abort();
        if (m_mode == "mark")
            reply.mark ^= 1;
        if (m_mode == "sequence")
            reply.sequence += 1;
        if (m_mode == "payload")
            reply.payloadBytes = ~0ULL;
        if (m_mode == "empty")
            reply.payloadBytes = 0;
        if (m_mode == "whole")
            reply.payloadBytes = m_size;
        if (m_mode == "detail")
            reply.detailBytes = 1'000'000;
        if (m_mode == "outcome")
            reply.outcome = 0xFFFFFFFF;
        if (m_mode == "othercode")
            reply.outcome = 1 + static_cast<quint32>(ErrorCode::PasswordWrong);
        if (m_mode == "escape") {
            reply.outcome = 1 + static_cast<quint32>(ErrorCode::PixelDataBroken);
            tail = "\x1b]0;evil\x07 \xff text\n";
            reply.detailBytes = static_cast<quint32>(tail.size());
        }
        if (m_mode == "descriptor")
            extra = STDIN_FILENO;
        if (m_mode == "frame" && request.operation == WorkerOperation::Decode) {
            reply.columns = 4000;
            reply.rows = 3000;
            reply.payloadBytes = 24'000'000;
        }
        if (m_mode == "type" && request.operation == WorkerOperation::Decode)
            reply.sampleType = 99;
        if (m_mode == "noise") {
            for (size_t i = 0; i < 4096; ++i)
                m_answer[i] = random<std::byte>();
            reply.payloadBytes = random<quint64>() % 4096;
            reply.columns = random<qint32>();
            reply.rows = random<qint32>();
            reply.sampleType = random<qint32>() % 16;
        }
        if (m_mode == "damage" && reply.payloadBytes > 0)
            m_answer[random<quint64>() % reply.payloadBytes] ^= random<std::byte>();
        if (m_mode == "truncate") // its memory under the desk's feet
            ::_exit(0);
        std::string message(sizeof reply, '\0');
        std::memcpy(message.data(), &reply, sizeof reply);
        message += tail;
        if (m_mode == "short")
            message.resize(5);
        if (m_mode == "long")
            message.append(5000, 'x');
        return extra >= 0 ? sendMessage(m_socket, message.data(), message.size(), {extra})
                          : sendMessage(m_socket, message.data(), message.size());
    }

    DataSetHeader header() const {
        DataSetHeader header = honestHeader();
        if (m_mode == "path")
            header.instance.path = QStringLiteral("/etc/passwd");
        if (m_mode == "uid")
            header.study.study = header.instance.study = StudyUid(QStringLiteral("../../../tmp/x"));
        return header;
    }
    ImageDescription image() const {
        ImageDescription image = honestImage();
        if (m_mode == "frames") {
            image.frameCount = 5;
            image.frames.resize(3);
        }
        if (m_mode == "enum")
            image.photometric = static_cast<Photometric>(42);
        if (m_mode == "size")
            image.rows = -1;
        return image;
    }

    /// The file has 8 bytes ("anything"), the image 24.
    DescribedImage described() const {
        DescribedImage described{image(), {}};
        const PlainFrames inside{0, 2, 1, 8, 8, 7, false};
        if (m_mode == "plainform") // frames of another size than the image's
            described.plain = inside;
        if (m_mode == "plainplace") // behind the end of the file
            described.plain = PlainFrames{4, 24, 1, 16, 16, 15, false};
        if (m_mode == "plainbefore")
            described.plain = PlainFrames{-24, 24, 1, 16, 16, 15, false};
        if (m_mode == "plainmany") {
            described.plain = PlainFrames{0, 24, 1'000'000, 16, 16, 15, false};
            described.image.frameCount = 1'000'000;
        }
        if (m_mode == "plainbits")
            described.plain = PlainFrames{0, 24, 1, 16, 16, 40, false};
        return described;
    }

    std::string m_mode;
    int m_socket;
    std::byte* m_answer;
    size_t m_size;
    std::mt19937 m_random{static_cast<unsigned>(::getpid())};
};

} // namespace

int main(int, char** argv) {
    std::string mode = argv[0];
    mode = mode.substr(mode.rfind('/') + 1).substr(std::strlen("decoder-"));
    HostReply ready;
    if (mode == "hostnoise") {
        const std::string noise(100, '?');
        (void)sendMessage(kControlDescriptor, noise.data(), noise.size());
    } else if (!sendMessage(kControlDescriptor, &ready, sizeof ready)) {
        return EXIT_FAILURE;
    }
    for (;;) {
        HostRequest request;
        ReceivedMessage received = receiveMessage(kControlDescriptor, &request, sizeof request);
        if (received.size != sizeof request)
            return EXIT_SUCCESS;
        HostReply reply;
        if (request.operation == HostOperation::Spawn && mode == "nopid") {
            reply.pid = -1;
        } else if (request.operation == HostOperation::Spawn) {
            reply.pid = ::fork();
            if (reply.pid == 0) {
                ::prctl(PR_SET_PDEATHSIG, SIGKILL);
                ::close(kControlDescriptor);
                const int memory = received.second.number();
                if (mode == "cut")
                    if (::ftruncate(memory, 0) == 0)
                        ::_exit(0); // the seal holds, or the test sees a worker that does not come up
                void* mapped = ::mmap(nullptr, request.answerBytes, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
                ::_exit(
                    Liar(mode, received.first.number(), static_cast<std::byte*>(mapped), request.answerBytes).run());
            }
        } else if (request.pid > 0) {
            ::kill(request.pid, SIGKILL);
            ::waitpid(request.pid, &reply.status, 0);
        }
        if (!sendMessage(kControlDescriptor, &reply, sizeof reply))
            return EXIT_FAILURE;
    }
}
