#pragma once

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcostrma.h>

#include <QByteArray>
#include <utility>

namespace yz::platform {

/// DCMTK output into growing memory.
class ByteConsumer final : public DcmConsumer {
public:
    [[nodiscard]] OFBool good() const override { return OFTrue; }
    [[nodiscard]] OFCondition status() const override { return EC_Normal; }
    [[nodiscard]] OFBool isFlushed() const override { return OFTrue; }
    [[nodiscard]] offile_off_t avail() const override { return 0x7fffffff; }
    offile_off_t write(const void* buffer, offile_off_t length) override {
        m_bytes.append(static_cast<const char*>(buffer), length);
        return length;
    }
    void flush() override {}
    [[nodiscard]] QByteArray take() { return std::exchange(m_bytes, QByteArray()); }

private:
    QByteArray m_bytes;
};

class ByteStream final : public DcmOutputStream {
public:
    ByteStream() : DcmOutputStream(&m_consumer) {}
    [[nodiscard]] QByteArray takeBytes() { return m_consumer.take(); }

private:
    ByteConsumer m_consumer;
};

} // namespace yz::platform
