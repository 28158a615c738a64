#include "dicom/worker/worker_pixel_source.h"

#include "dicom/worker/header_batch.h"
#include "dicom/worker/memory_copies.h"
#include "dicom/worker/received_answer.h"
#include "dicom/worker/received_file.h"
#include "dicom/worker/record_archive.h"
#include "dicom/worker/worker_pool.h"
#include "domain/preview.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <thread>

namespace yz {

using dicom::DescribedImage;
using dicom::FileKey;
using dicom::FrameShape;
using dicom::ReceivedFile;
using dicom::WorkerOperation;
using dicom::WorkerReply;

namespace dicom {

/// What is known about the frames of a file: what they must look like, because a frame of another size would make the
/// display chain read past it, and where they lie, if they do as they are.
struct FilePixels {
    FrameShape shape;
    SampleType type = SampleType::UInt16;
    std::optional<PlainFrames> plain;
};

} // namespace dicom

using dicom::FilePixels;

namespace {
FilePixels pixelsOfImage(const DescribedImage& described) {
    return {dicom::shapeOf(described.image), described.image.sampleType(), described.plain};
}

/// To be read here; the file's descriptor goes with it.
dicom::ByteSourcePtr bytesOf(ReceivedFile& file) {
    return file.source ? file.source : dicom::descriptorSource(file.descriptor.release(), file.bytes);
}
} // namespace

class WorkerPixelSource::PixelsCache {
public:
    std::optional<FilePixels> find(const FileKey& key) {
        const std::scoped_lock lock(m_mutex);
        const auto found = m_files.find(key);
        return found == m_files.end() ? std::nullopt : std::optional(found->second);
    }
    void remember(const FileKey& key, const FilePixels& pixels) {
        constexpr size_t kFiles = 20'000;
        if (key.isEmpty())
            return;
        const std::scoped_lock lock(m_mutex);
        if (!m_files.insert_or_assign(key, pixels).second)
            return;
        m_order.push_back(key);
        if (m_order.size() > kFiles) {
            m_files.erase(m_order.front());
            m_order.pop_front();
        }
    }

private:
    std::mutex m_mutex;
    std::map<FileKey, FilePixels> m_files;
    std::deque<FileKey> m_order;
};

WorkerPixelSource::WorkerPixelSource(std::shared_ptr<dicom::WorkerPool> pool, std::shared_ptr<dicom::FileOpener> opener)
    : m_pool(std::move(pool)), m_opener(std::move(opener)), m_copies(std::make_unique<dicom::MemoryCopies>()),
      m_pixels(std::make_unique<PixelsCache>()) {}
WorkerPixelSource::~WorkerPixelSource() = default;

Result<ReceivedFile> WorkerPixelSource::open(const QString& path) {
    if (m_opener)
        if (std::optional<Result<ReceivedFile>> file = m_opener->open(path))
            return std::move(*file);
    return dicom::openReceivedFile(path);
}

Status WorkerPixelSource::ask(WorkerOperation operation, const ReceivedFile& file, const Taker& take,
                              const CancelToken& token, int frame, int reduction) {
    if (!file.source)
        return m_pool->ask({operation, file.key, file.descriptor.number(), file.bytes, frame, reduction}, take, token);
    const Result<dicom::MemoryCopies::Copy> copy = m_copies->of(file.key, *file.source);
    if (!copy)
        return fail(copy.error());
    return m_pool->ask({operation, file.key, (*copy)->number(), file.bytes, frame, reduction}, take, token);
}

Result<DataSetHeader> WorkerPixelSource::header(const ReceivedFile& file) {
    DataSetHeader header;
    const Status asked = ask(WorkerOperation::ReadHeader, file,
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

Result<ImageDescriptionPtr> WorkerPixelSource::description(const ReceivedFile& file, FilePixels* pixels,
                                                           const CancelToken& token) {
    DescribedImage described;
    const Status asked = ask(
        WorkerOperation::Describe, file,
        [&](const WorkerReply&, std::span<const std::byte> payload) -> Status {
            Result<DescribedImage> read = dicom::readSharedRecord<DescribedImage>(payload);
            if (!read)
                return fail(read.error());
            described = std::move(*read);
            return dicom::checkDescribed(described, file.bytes);
        },
        token);
    if (!asked)
        return fail(asked.error());
    const FilePixels found = pixelsOfImage(described);
    m_pixels->remember(file.key, found);
    if (pixels)
        *pixels = found;
    return std::make_shared<const ImageDescription>(std::move(described.image));
}

Result<FilePixels> WorkerPixelSource::pixelsOf(const ReceivedFile& file, const CancelToken& token) {
    if (std::optional<FilePixels> known = m_pixels->find(file.key))
        return *known;
    FilePixels pixels;
    const Result<ImageDescriptionPtr> image = description(file, &pixels, token);
    return image ? Result<FilePixels>(pixels) : fail(image.error());
}

Result<PixelBufferPtr> WorkerPixelSource::frameOf(ReceivedFile file, int frame, int reduction,
                                                  const CancelToken& token) {
    const Result<FilePixels> known = pixelsOf(file, token);
    if (!known)
        return fail(known.error());
    if (!known->plain)
        return askForFrame(file, known->shape, frame, reduction, token);
    auto pixels = std::make_shared<PixelBuffer>();
    pixels->columns = known->shape.columns;
    pixels->rows = known->shape.rows;
    pixels->type = known->type;
    pixels->data.resizeForOverwrite(static_cast<size_t>(known->plain->frameBytes));
    const auto source = bytesOf(file);
    if (const Status read = dicom::readPlainFrame(*source, *known->plain, frame, pixels->data); !read)
        return fail(read.error());
    return PixelBufferPtr(std::move(pixels));
}

Result<PixelBufferPtr> WorkerPixelSource::askForFrame(const ReceivedFile& file, const FrameShape& shape, int frame,
                                                      int reduction, const CancelToken& token) {
    PixelBufferPtr pixels;
    const Status asked = ask(
        WorkerOperation::Decode, file,
        [&](const WorkerReply& reply, std::span<const std::byte> payload) -> Status {
            Result<PixelBufferPtr> taken = dicom::takeFrame(reply, payload, shape, reduction);
            if (!taken)
                return fail(taken.error());
            pixels = std::move(*taken);
            return {};
        },
        token, frame, reduction);
    return asked ? Result<PixelBufferPtr>(std::move(pixels)) : fail(asked.error());
}

Result<DataSetHeader> WorkerPixelSource::readHeader(const QString& path) {
    const Result<ReceivedFile> file = open(path);
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

void WorkerPixelSource::readBatch(const QStringList& paths, qsizetype first, qsizetype count, bool withImages,
                                  std::vector<DescribedFile>& files, const CancelToken& token) {
    const qint64 headBytes = withImages ? dicom::kImageHeadBytes : dicom::kFileHeadBytes;
    std::vector<dicom::FileHead> heads;
    std::vector<qsizetype> asked; // of paths, one for each head
    for (qsizetype i = first; i < first + count; ++i) {
        Result<ReceivedFile> file = open(paths[i]);
        if (!file) {
            files[static_cast<size_t>(i)] = {fail(file.error()), fail(file.error())};
            continue;
        }
        const auto source = bytesOf(*file);
        const auto head = dicom::readExactly(*source, 0, std::min(file->bytes, headBytes));
        if (!head)
            continue; // left as it is: asked for alone
        heads.push_back({file->key, file->bytes, *head});
        asked.push_back(i);
    }
    std::vector<dicom::HeadAnswer> answers;
    dicom::RecordWriter writer;
    writer.reserve(static_cast<qsizetype>(heads.size()) * (headBytes + qsizetype{64}));
    writer.put(heads);
    const Result<ReceivedFile> batch = dicom::fileOfBytes(writer.bytes());
    if (batch && !heads.empty())
        (void)m_pool->ask(
            {withImages ? WorkerOperation::DescribeFiles : WorkerOperation::ReadHeaders, batch->key,
             batch->descriptor.number(), batch->bytes},
            [&](const WorkerReply&, std::span<const std::byte> payload) -> Status {
                auto read = dicom::readSharedRecord<std::vector<dicom::HeadAnswer>>(payload);
                if (!read)
                    return fail(read.error());
                if (const Status checked = dicom::checkHeads(*read, heads); !checked)
                    return checked;
                answers = std::move(*read);
                return {};
            },
            token);
    for (size_t i = 0; i < answers.size(); ++i) {
        DescribedFile& file = files[static_cast<size_t>(asked[i])];
        if (answers[i].header) {
            file.header = std::move(*answers[i].header);
            file.header->instance.path = paths[asked[i]];
        }
        if (answers[i].image) {
            m_pixels->remember(heads[i].file, pixelsOfImage(*answers[i].image));
            file.image = std::make_shared<const ImageDescription>(std::move(answers[i].image->image));
        }
    }
}

namespace {
template <typename T> bool isUnanswered(const Result<T>& result) {
    return !result && result.error().code == ErrorCode::Cancelled;
}
} // namespace

// Whatever no batch answers, because the head of the file is not enough or the batch as a whole failed, is asked for
// alone, so that one file cannot spoil another's answer.

std::vector<Result<DataSetHeader>> WorkerPixelSource::readHeaders(const QStringList& paths, const CancelToken& token) {
    std::vector<DescribedFile> files(static_cast<size_t>(paths.size()));
    std::atomic<qsizetype> next = 0;
    const auto work = [&] {
        for (qsizetype first = next.fetch_add(dicom::kHeadsOfABatch); first < paths.size() && !token.isCancelled();
             first = next.fetch_add(dicom::kHeadsOfABatch)) {
            const qsizetype count = std::min(dicom::kHeadsOfABatch, paths.size() - first);
            readBatch(paths, first, count, false, files, token);
            for (qsizetype i = first; i < first + count && !token.isCancelled(); ++i)
                if (Result<DataSetHeader>& header = files[static_cast<size_t>(i)].header; isUnanswered(header))
                    header = readHeader(paths[i]);
        }
    };
    const auto batches = (paths.size() + dicom::kHeadsOfABatch - 1) / dicom::kHeadsOfABatch;
    const auto threads = std::min<qsizetype>(m_pool->workerCount(), batches);
    std::vector<std::thread> helpers;
    for (qsizetype i = 1; i < threads; ++i)
        helpers.emplace_back(work);
    work();
    for (std::thread& helper : helpers)
        helper.join();
    std::vector<Result<DataSetHeader>> headers;
    headers.reserve(files.size());
    for (DescribedFile& file : files)
        headers.push_back(std::move(file.header));
    return headers;
}

std::vector<DescribedFile> WorkerPixelSource::describeFiles(const QStringList& paths, const CancelToken& token) {
    std::vector<DescribedFile> files(static_cast<size_t>(paths.size()));
    for (qsizetype first = 0; first < paths.size() && !token.isCancelled(); first += dicom::kHeadsOfABatch) {
        const qsizetype count = std::min(dicom::kHeadsOfABatch, paths.size() - first);
        readBatch(paths, first, count, true, files, token);
        for (qsizetype i = first; i < first + count && !token.isCancelled(); ++i) {
            DescribedFile& file = files[static_cast<size_t>(i)];
            if (isUnanswered(file.header))
                file.header = readHeader(paths[i]);
            if (isUnanswered(file.image))
                file.image = describe(paths[i]);
        }
    }
    return files;
}

Result<ImageDescriptionPtr> WorkerPixelSource::describe(const QString& path) {
    const Result<ReceivedFile> file = open(path);
    return file ? description(*file, nullptr, {}) : fail(file.error());
}

Result<PixelBufferPtr> WorkerPixelSource::decode(const QString& path, int frame, const CancelToken& token) {
    return decodeReduced(path, frame, 0, token);
}

Result<PixelBufferPtr> WorkerPixelSource::decodeReduced(const QString& path, int frame, int reduction,
                                                        const CancelToken& token) {
    if (token.isCancelled())
        return fail(ErrorCode::Cancelled);
    Result<ReceivedFile> file = open(path);
    return file ? frameOf(std::move(*file), frame, reduction, token) : fail(file.error());
}

Result<PixelBufferPtr> WorkerPixelSource::decodeInto(const QString& path, int frame, std::span<std::byte> target,
                                                     const CancelToken& token) {
    if (token.isCancelled())
        return fail(ErrorCode::Cancelled);
    Result<ReceivedFile> file = open(path);
    if (!file)
        return fail(file.error());
    const Result<FilePixels> known = pixelsOf(*file, token);
    if (!known)
        return fail(known.error());
    if (!known->plain || known->plain->frameBytes != static_cast<qint64>(target.size()))
        return frameOf(std::move(*file), frame, 0, token);
    const auto source = bytesOf(*file);
    if (const Status read = dicom::readPlainFrame(*source, *known->plain, frame, target); !read)
        return fail(read.error());
    return PixelBufferPtr();
}

Result<PresentationStatePtr> WorkerPixelSource::presentationState(const QString& path) {
    const Result<ReceivedFile> file = open(path);
    if (!file)
        return fail(file.error());
    PresentationStatePtr state;
    const Status asked = ask(WorkerOperation::ReadPresentationState, *file,
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

Result<MeasurementReportPtr> WorkerPixelSource::measurementReport(const QString& path) {
    const Result<ReceivedFile> file = open(path);
    if (!file)
        return fail(file.error());
    MeasurementReportPtr report;
    const Status asked = ask(WorkerOperation::ReadMeasurements, *file,
                             [&report](const WorkerReply&, std::span<const std::byte> payload) -> Status {
                                 Result<MeasurementReport> read = dicom::readSharedRecord<MeasurementReport>(payload);
                                 if (!read)
                                     return fail(read.error());
                                 report = std::make_shared<const MeasurementReport>(std::move(*read));
                                 return dicom::checkMeasurementReport(*report);
                             },
                             {});
    return asked ? Result<MeasurementReportPtr>(std::move(report)) : fail(asked.error());
}

Result<KeyObjectSelectionPtr> WorkerPixelSource::keyObjects(const QString& path) {
    const Result<ReceivedFile> file = open(path);
    if (!file)
        return fail(file.error());
    KeyObjectSelectionPtr selection;
    const Status asked = ask(WorkerOperation::ReadKeyObjects, *file,
                             [&selection](const WorkerReply&, std::span<const std::byte> payload) -> Status {
                                 Result<KeyObjectSelection> read = dicom::readSharedRecord<KeyObjectSelection>(payload);
                                 if (!read)
                                     return fail(read.error());
                                 selection = std::make_shared<const KeyObjectSelection>(std::move(*read));
                                 return dicom::checkKeyObjects(*selection);
                             },
                             {});
    return asked ? Result<KeyObjectSelectionPtr>(std::move(selection)) : fail(asked.error());
}

Result<PixelBufferPtr> WorkerPixelSource::decodePicture(const QByteArray& jpeg) {
    if (jpeg.size() > kMostPreviewBytes)
        return fail(ErrorCode::LimitExceeded, QStringLiteral("a picture of too many bytes"));
    const Result<ReceivedFile> file = dicom::fileOfBytes(jpeg);
    if (!file)
        return fail(file.error());
    PixelBufferPtr pixels;
    const Status asked = ask(WorkerOperation::DecodePicture, *file,
                             [&pixels](const WorkerReply& reply, std::span<const std::byte> payload) -> Status {
                                 Result<PixelBufferPtr> taken = dicom::takePicture(reply, payload);
                                 if (!taken)
                                     return fail(taken.error());
                                 pixels = std::move(*taken);
                                 return {};
                             },
                             {});
    return asked ? Result<PixelBufferPtr>(std::move(pixels)) : fail(asked.error());
}

Result<dicom::TextListing> WorkerPixelSource::listText(const QString& path) {
    const Result<ReceivedFile> file = open(path);
    if (!file)
        return fail(file.error());
    dicom::TextListing listing;
    const Status asked = ask(WorkerOperation::ListText, *file,
                             [&listing](const WorkerReply&, std::span<const std::byte> payload) -> Status {
                                 Result<dicom::TextListing> read = dicom::readSharedRecord<dicom::TextListing>(payload);
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
    return file ? description(*file, nullptr, {}) : fail(file.error());
}

Result<PixelBufferPtr> WorkerPixelSource::decode(const QByteArray& part10File, int frame) {
    Result<ReceivedFile> file = dicom::fileOfBytes(part10File);
    return file ? frameOf(std::move(*file), frame, 0, {}) : fail(file.error());
}

} // namespace yz
