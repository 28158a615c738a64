#include "dicom/worker/worker_protocol.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <unistd.h>

namespace yz::dicom {

namespace {
constexpr size_t kMaxDescriptors = 2;
}

void Descriptor::reset() {
    if (m_number >= 0)
        ::close(std::exchange(m_number, -1));
}

bool sendMessage(int socket, const void* data, size_t size, std::initializer_list<int> descriptors) {
    iovec part{const_cast<void*>(data), size};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * kMaxDescriptors)> control{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (descriptors.size() > 0) {
        message.msg_control = control.data();
        message.msg_controllen = CMSG_SPACE(sizeof(int) * descriptors.size());
        cmsghdr* header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int) * descriptors.size());
        std::memcpy(CMSG_DATA(header), descriptors.begin(), sizeof(int) * descriptors.size());
    }
    ssize_t sent = -1;
    do
        sent = ::sendmsg(socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == static_cast<ssize_t>(size);
}

ReceivedMessage receiveMessage(int socket, void* data, size_t capacity) {
    iovec part{data, capacity};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * kMaxDescriptors)> control{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    ssize_t got = -1;
    do
        got = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    ReceivedMessage received;
    if (got <= 0)
        return received;
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
            continue;
        std::array<int, kMaxDescriptors> numbers{-1, -1};
        const size_t count = std::min((header->cmsg_len - CMSG_LEN(0)) / sizeof(int), numbers.size());
        std::memcpy(numbers.data(), CMSG_DATA(header), count * sizeof(int));
        received.first = Descriptor(numbers[0]);
        received.second = Descriptor(numbers[1]);
    }
    if ((message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == 0)
        received.size = static_cast<size_t>(got);
    return received;
}

} // namespace yz::dicom
