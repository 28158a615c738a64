#pragma once

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmnet/dcmlayer.h>
#include <dcmtk/dcmnet/dcmtrans.h>

#include <functional>

namespace yz::platform {

/// TCP without Nagle and with immediate acknowledgements. DCMTK writes each PDV header separately and waits for an
/// answer per object, which otherwise costs 40 ms each.
class QuickConnection final : public DcmTCPConnection {
public:
    using Closed = std::function<void(int)>;
    QuickConnection(DcmNativeSocketType socket, Closed closed);
    ~QuickConnection() override;
    QuickConnection(const QuickConnection&) = delete;
    QuickConnection& operator=(const QuickConnection&) = delete;

    ssize_t read(void* buffer, size_t count) override;
    void close() override;
    void closeTransportConnection() override;

private:
    void announceClose();
    int m_socket;
    Closed m_closed;
};

/// Makes QuickConnections; tells when a socket opens (right after accept or connect) and closes.
class QuickTransport final : public DcmTransportLayer {
public:
    using Notice = std::function<void(int)>;
    explicit QuickTransport(Notice opened = {}, Notice closed = {})
        : m_opened(std::move(opened)), m_closed(std::move(closed)) {}
    DcmTransportConnection* createConnection(DcmNativeSocketType socket, OFBool useSecureLayer) override;

private:
    Notice m_opened, m_closed;
};

} // namespace yz::platform
