#include "dicom/worker/request_service.h"

#include "dicom/data/header_dcmtk.h"
#include "dicom/data/opened_image_dcmtk.h"
#include "dicom/presentation/presentation_state_dcmtk.h"
#include "dicom/report/opened_report.h"
#include "dicom/worker/record_archive.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <list>
#include <new>

namespace yz::dicom {

class RequestService::ImageCache {
public:
    using Image = std::shared_ptr<const OpenedImage>;

    Result<Image> open(const FileKey& key, ByteSourcePtr file) {
        const auto found =
            std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& entry) { return entry.key == key; });
        if (!key.isEmpty() && found != m_entries.end()) {
            m_entries.splice(m_entries.begin(), m_entries, found);
            return found->image;
        }
        Result<Image> image = openImage(std::move(file));
        if (image && !key.isEmpty())
            remember(key, *image);
        return image;
    }

private:
    struct Entry {
        FileKey key;
        Image image;
    };
    void remember(const FileKey& key, const Image& image) {
        constexpr size_t kImages = 16;         // each holds its file open
        constexpr qint64 kBytes = 128LL << 20; // inflated data sets are held in memory
        m_entries.push_front({key, image});
        qint64 bytes = 0;
        size_t count = 0;
        for (auto it = m_entries.begin(); it != m_entries.end();) {
            bytes += it->image->source->memoryBytes();
            ++count;
            it = count > 1 && (count > kImages || bytes > kBytes) ? m_entries.erase(it) : std::next(it);
        }
    }

    std::list<Entry> m_entries;
};

RequestService::RequestService(std::span<std::byte> answer)
    : m_answer(answer), m_images(std::make_unique<ImageCache>()) {}
RequestService::~RequestService() = default;

Status RequestService::serve(const WorkerRequest& request, ByteSourcePtr file, WorkerReply& reply) {
    try {
        return perform(request, std::move(file), reply);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::LimitExceeded, QStringLiteral("more memory than a decoder may have"));
    } catch (const std::exception& error) {
        return fail(ErrorCode::DataSetBroken, QString::fromLatin1(error.what()));
    }
}

Status RequestService::perform(const WorkerRequest& request, ByteSourcePtr file, WorkerReply& reply) {
    switch (request.operation) {
    case WorkerOperation::ReadHeader: {
        const Result<ParsedHeader> parsed = parseHeader(std::move(file));
        if (!parsed)
            return fail(parsed.error());
        const Result<DataSetHeader> header = buildHeader(*parsed);
        return header ? writeRecord(*header, reply) : fail(header.error());
    }
    case WorkerOperation::Describe: {
        const auto image = m_images->open(request.file, std::move(file));
        return image ? writeRecord(*(*image)->description, reply) : fail(image.error());
    }
    case WorkerOperation::Decode: {
        const auto image = m_images->open(request.file, std::move(file));
        if (!image)
            return fail(image.error());
        const Result<PixelBufferPtr> pixels = (*image)->decode(request.frame, request.reduction);
        if (!pixels)
            return fail(pixels.error());
        reply.columns = (*pixels)->columns;
        reply.rows = (*pixels)->rows;
        reply.samplesPerPixel = (*pixels)->samplesPerPixel;
        reply.sampleType = static_cast<qint32>((*pixels)->type);
        reply.reduction = (*pixels)->reduction;
        return write((*pixels)->data.data(), (*pixels)->data.size(), reply);
    }
    case WorkerOperation::ReadPresentationState: {
        const Result<ParsedHeader> parsed = parseHeader(std::move(file));
        if (!parsed)
            return fail(parsed.error());
        const Result<PresentationState> state = readPresentationState(*parsed);
        return state ? writeRecord(*state, reply) : fail(state.error());
    }
    case WorkerOperation::ListText: {
        const Result<QByteArray> bytes = readExactly(*file, 0, file->size());
        if (!bytes)
            return fail(bytes.error());
        const Result<TextListing> listing = listText(*bytes);
        return listing ? writeRecord(*listing, reply) : fail(listing.error());
    }
    case WorkerOperation::OpenReport: {
        const Result<QByteArray> bytes = readExactly(*file, 0, file->size());
        if (!bytes)
            return fail(bytes.error());
        const Result<OpenedReportFile> report = openReportFile(*bytes);
        return report ? writeRecord(*report, reply) : fail(report.error());
    }
    case WorkerOperation::Hello:
        break;
    }
    return fail(ErrorCode::InvalidArgument, QStringLiteral("unknown operation"));
}

Status RequestService::write(const void* data, size_t size, WorkerReply& reply) {
    if (size > m_answer.size())
        return fail(ErrorCode::LimitExceeded, QStringLiteral("an answer larger than the limit"));
    std::memcpy(m_answer.data(), data, size);
    reply.payloadBytes = size;
    return {};
}

template <typename Record> Status RequestService::writeRecord(const Record& record, WorkerReply& reply) {
    const QByteArray bytes = encodeRecord(record);
    if (static_cast<size_t>(bytes.size()) > kMaxRecordBytes)
        return fail(ErrorCode::LimitExceeded, QStringLiteral("a description larger than the limit"));
    return write(bytes.constData(), static_cast<size_t>(bytes.size()), reply);
}

} // namespace yz::dicom
