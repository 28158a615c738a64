#pragma once

#include "core/result.h"
#include "dicom/data/byte_source.h"
#include "dicom/worker/worker_protocol.h"

#include <cstddef>
#include <memory>
#include <span>

namespace yz::dicom {

/// What a worker does for a living: one request in, its answer out. Keeps the images asked for last, so that the frames
/// of a file are decoded without parsing it again. One thread.
class RequestService {
public:
    /// Answers are written to the start of `answer`.
    explicit RequestService(std::span<std::byte> answer);
    ~RequestService();
    RequestService(const RequestService&) = delete;
    RequestService& operator=(const RequestService&) = delete;

    /// Fills in what the answer is; an error leaves `reply` without payload. Errors: those of parsing and decoding.
    [[nodiscard]] Status serve(const WorkerRequest& request, ByteSourcePtr file, WorkerReply& reply);

private:
    class ImageCache;
    [[nodiscard]] Status perform(const WorkerRequest& request, ByteSourcePtr file, WorkerReply& reply);
    [[nodiscard]] Status writeFrame(const PixelBuffer& pixels, WorkerReply& reply);
    [[nodiscard]] Status write(const void* data, size_t size, WorkerReply& reply);
    [[nodiscard]] Status writeRecordBytes(const QByteArray& bytes, WorkerReply& reply);
    template <typename Record> [[nodiscard]] Status writeRecord(const Record& record, WorkerReply& reply);

    std::span<std::byte> m_answer;
    std::unique_ptr<ImageCache> m_images;
};

} // namespace yz::dicom
