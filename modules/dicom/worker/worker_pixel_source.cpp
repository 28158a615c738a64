#include "dicom/worker/worker_pixel_source.h"

#include "dicom/worker/received_answer.h"
#include "dicom/worker/received_file.h"
#include "dicom/worker/record_archive.h"
#include "dicom/worker/worker_pool.h"

#include <deque>

namespace yz {

using dicom::FileKey;
using dicom::FrameShape;
using dicom::ReceivedFile;
using dicom::WorkerOperation;
using dicom::WorkerReply;

/// What frames of a file must look like, from its description: a frame of another size would make the display chain
/// read past it.
class WorkerPixelSource::ShapeCache {
public:
    std::optional<FrameShape> find(const FileKey& key) {
        const std::scoped_lock lock(m_mutex);
        const auto found = m_shapes.find(key);
        return found == m_shapes.end() ? std::nullopt : std::optional(found->second);
    }
    void remember(const FileKey& key, const FrameShape& shape) {
        constexpr size_t kFiles = 20'000;
        if (key.isEmpty())
            return;
        const std::scoped_lock lock(m_mutex);
        if (!m_shapes.insert_or_assign(key, shape).second)
            return;
        m_order.push_back(key);
        if (m_order.size() > kFiles) {
            m_shapes.erase(m_order.front());
            m_order.pop_front();
        }
    }

private:
    std::mutex m_mutex;
    std::map<FileKey, FrameShape> m_shapes;
    std::deque<FileKey> m_order;
};

WorkerPixelSource::WorkerPixelSource(std::shared_ptr<dicom::WorkerPool> pool)
    : m_pool(std::move(pool)), m_shapes(std::make_unique<ShapeCache>()) {}
WorkerPixelSource::~WorkerPixelSource() = default;

Result<DataSetHeader> WorkerPixelSource::header(const ReceivedFile& file) {
    DataSetHeader header;
    const Status asked = m_pool->ask({WorkerOperation::ReadHeader, file.key, file.descriptor.number(), file.bytes},
                                     [&header](const WorkerReply&, std::span<const std::byte> payload) -> Status {
                                         Result<DataSetHeader> read = dicom::readSharedRecord<DataSetHeader>(payload);
                                         if (!read)
                                             return fail(read.error());
                                         header = std::move(*read);
                                         return dicom::checkHeader(header);
                                     },
                                     {});
    return asked ? Result<DataSetHeader>(std::move(header)) : fail(asked.error());
}

Result<ImageDescriptionPtr> WorkerPixelSource::description(const ReceivedFile& file, const CancelToken& token) {
    ImageDescriptionPtr image;
    const Status asked = m_pool->ask(
        {WorkerOperation::Describe, file.key, file.descriptor.number(), file.bytes},
        [&image](const WorkerReply&, std::span<const std::byte> payload) -> Status {
            Result<ImageDescription> read = dicom::readSharedRecord<ImageDescription>(payload);
            if (!read)
                return fail(read.error());
            image = std::make_shared<const ImageDescription>(std::move(*read));
            return dicom::checkDescription(*image);
        },
        token);
    if (!asked)
        return fail(asked.error());
    m_shapes->remember(file.key, dicom::shapeOf(*image));
    return image;
}

Result<PixelBufferPtr> WorkerPixelSource::frameOf(const ReceivedFile& file, int frame, int reduction,
                                                  const CancelToken& token) {
    std::optional<FrameShape> shape = m_shapes->find(file.key);
    if (!shape) {
        const Result<ImageDescriptionPtr> image = description(file, token);
        if (!image)
            return fail(image.error());
        shape = dicom::shapeOf(**image);
    }
    PixelBufferPtr pixels;
    const Status asked = m_pool->ask(
        {WorkerOperation::Decode, file.key, file.descriptor.number(), file.bytes, frame, reduction},
        [&](const WorkerReply& reply, std::span<const std::byte> payload) -> Status {
            Result<PixelBufferPtr> taken = dicom::takeFrame(reply, payload, *shape, reduction);
            if (!taken)
                return fail(taken.error());
            pixels = std::move(*taken);
            return {};
        },
        token);
    return asked ? Result<PixelBufferPtr>(std::move(pixels)) : fail(asked.error());
}

Result<DataSetHeader> WorkerPixelSource::readHeader(const QString& path) {
    const Result<ReceivedFile> file = dicom::openReceivedFile(path);
    if (!file)
        return fail(file.error());
    Result<DataSetHeader> read = header(*file);
    if (read)
        read->instance.path = path;
    return read;
}

Result<DataSetHeader> WorkerPixelSource::readHeader(const QByteArray& part10File) {
    const Result<ReceivedFile> file = dicom::fileOfBytes(part10File);
    return file ? header(*file) : fail(file.error());
}

Result<ImageDescriptionPtr> WorkerPixelSource::describe(const QString& path) {
    const Result<ReceivedFile> file = dicom::openReceivedFile(path);
    return file ? description(*file, {}) : fail(file.error());
}

Result<PixelBufferPtr> WorkerPixelSource::decode(const QString& path, int frame, const CancelToken& token) {
    return decodeReduced(path, frame, 0, token);
}

Result<PixelBufferPtr> WorkerPixelSource::decodeReduced(const QString& path, int frame, int reduction,
                                                        const CancelToken& token) {
    if (token.isCancelled())
        return fail(ErrorCode::Cancelled);
    const Result<ReceivedFile> file = dicom::openReceivedFile(path);
    return file ? frameOf(*file, frame, reduction, token) : fail(file.error());
}

Result<PresentationStatePtr> WorkerPixelSource::presentationState(const QString& path) {
    const Result<ReceivedFile> file = dicom::openReceivedFile(path);
    if (!file)
        return fail(file.error());
    PresentationStatePtr state;
    const Status asked =
        m_pool->ask({WorkerOperation::ReadPresentationState, file->key, file->descriptor.number(), file->bytes},
                    [&state](const WorkerReply&, std::span<const std::byte> payload) -> Status {
                        Result<PresentationState> read = dicom::readSharedRecord<PresentationState>(payload);
                        if (!read)
                            return fail(read.error());
                        state = std::make_shared<const PresentationState>(std::move(*read));
                        return dicom::checkPresentationState(*state);
                    },
                    {});
    return asked ? Result<PresentationStatePtr>(std::move(state)) : fail(asked.error());
}

Result<dicom::TextListing> WorkerPixelSource::listText(const QString& path) {
    const Result<ReceivedFile> file = dicom::openReceivedFile(path);
    if (!file)
        return fail(file.error());
    dicom::TextListing listing;
    const Status asked = m_pool->ask({WorkerOperation::ListText, file->key, file->descriptor.number(), file->bytes},
                                     [&listing](const WorkerReply&, std::span<const std::byte> payload) -> Status {
                                         Result<dicom::TextListing> read =
                                             dicom::readSharedRecord<dicom::TextListing>(payload);
                                         if (!read)
                                             return fail(read.error());
                                         listing = std::move(*read);
                                         return {};
                                     },
                                     {});
    return asked ? Result<dicom::TextListing>(std::move(listing)) : fail(asked.error());
}

Result<ImageDescriptionPtr> WorkerPixelSource::describe(const QByteArray& part10File) {
    const Result<ReceivedFile> file = dicom::fileOfBytes(part10File);
    return file ? description(*file, {}) : fail(file.error());
}

Result<PixelBufferPtr> WorkerPixelSource::decode(const QByteArray& part10File, int frame) {
    const Result<ReceivedFile> file = dicom::fileOfBytes(part10File);
    return file ? frameOf(*file, frame, 0, {}) : fail(file.error());
}

} // namespace yz
