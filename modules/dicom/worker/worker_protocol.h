#pragma once

#include "core/result.h"
#include "domain/image.h"

#include <QString>
#include <compare>
#include <cstdint>
#include <utility>

/// What the desk and the decoder process say to each other: small fixed messages over a socket pair that keeps their
/// borders (SOCK_SEQPACKET), file descriptors beside them, answers in shared memory. Both ends are one build; the desk
/// takes nothing the decoder says on trust.
///
/// The decoder program is started once and stays single-threaded: the host. It loads what is loaded lazily and then
/// forks a worker for each socket it is given, which locks itself down before it reads its first request. A worker that
/// died is replaced by a fork, which takes about a millisecond, not by a program start.
namespace yz::dicom {

/// Descriptor of the host's control socket, the only one it inherits besides 0, 1 and 2.
inline constexpr int kControlDescriptor = 3;
inline constexpr quint32 kProtocolMark = 0x595A4409; // counts up with the messages' form

/// An owned file descriptor.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : m_number(number) {}
    Descriptor(Descriptor&& other) noexcept : m_number(std::exchange(other.m_number, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        if (this != &other) {
            reset();
            m_number = std::exchange(other.m_number, -1);
        }
        return *this;
    }
    ~Descriptor() { reset(); }
    void reset();
    [[nodiscard]] int release() { return std::exchange(m_number, -1); }
    [[nodiscard]] int number() const { return m_number; }
    [[nodiscard]] bool isOpen() const { return m_number >= 0; }

private:
    int m_number = -1;
};

// --- desk and host ---

enum class HostOperation : quint32 {
    Spawn, ///< with two descriptors: the worker's socket, its answer memory
    End,   ///< kills the worker `pid` and takes its exit status
};
struct HostRequest {
    quint32 mark = kProtocolMark;
    HostOperation operation = HostOperation::Spawn;
    qint32 pid = 0;
    quint32 unused = 0;
    quint64 answerBytes = 0;
};
/// The first one comes unasked, when the host is ready.
struct HostReply {
    quint32 mark = kProtocolMark;
    qint32 pid = 0;    ///< Spawn: of the new worker; 0: it could not be made
    qint32 status = 0; ///< End: as of waitpid
};

// --- desk and worker ---

enum class WorkerOperation : quint32 {
    Hello, ///< sent by the worker alone, after it locked itself down
    ReadHeader,
    ReadHeaders, ///< the descriptor leads to a batch of heads (header_batch.h)
    Describe,
    Decode,
    ReadPresentationState,
    ListText,
    OpenReport,
    ReadHangingObject,
    ReadMeasurements,
    DescribeFiles, ///< as ReadHeaders, with the images' descriptions
    ReadKeyObjects,
    DecodePicture, ///< the descriptor leads to a JPEG stream
};

/// Which file a descriptor leads to: the worker keeps the last files parsed and knows them by this. All zeros: not
/// kept.
struct FileKey {
    quint64 device = 0;
    quint64 node = 0;
    qint64 bytes = 0;
    qint64 seconds = 0; ///< of the last change
    qint64 nanoseconds = 0;

    auto operator<=>(const FileKey&) const = default;
    [[nodiscard]] bool isEmpty() const { return node == 0; }
};

/// Comes with one descriptor, open for reading: the file.
struct WorkerRequest {
    quint32 mark = kProtocolMark;
    WorkerOperation operation = WorkerOperation::Hello;
    quint64 sequence = 0;
    FileKey file;
    qint64 bytes = 0;     ///< of the file
    qint32 frame = 0;     ///< 0-based
    qint32 reduction = 0; ///< as PixelSource::decodeReduced
};

/// Header of an answer; `detailBytes` of English text follow it in the message, `payloadBytes` lie at the start of the
/// answer memory: a record (record_archive.h) or the samples of one frame.
struct WorkerReply {
    quint32 mark = kProtocolMark;
    quint32 outcome = 0; ///< 0: done; else 1 + ErrorCode
    quint64 sequence = 0;
    quint64 payloadBytes = 0;
    qint32 columns = 0;
    qint32 rows = 0;
    qint32 samplesPerPixel = 0;
    qint32 sampleType = 0;
    qint32 reduction = 0;
    quint32 detailBytes = 0;
};
inline constexpr size_t kMaxDetailBytes = 1024;
inline constexpr size_t kMaxMessageBytes = sizeof(WorkerReply) + kMaxDetailBytes;

/// Sends one message with up to two descriptors; false when the other end is gone.
[[nodiscard]] bool sendMessage(int socket, const void* data, size_t size, std::initializer_list<int> descriptors = {});

struct ReceivedMessage {
    size_t size = 0; ///< 0: the other end is gone, or what came is no message of ours
    Descriptor first, second;
};
/// Waits for one message of at most `capacity` bytes.
[[nodiscard]] ReceivedMessage receiveMessage(int socket, void* data, size_t capacity);

} // namespace yz::dicom
