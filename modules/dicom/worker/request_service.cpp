#include "dicom/worker/request_service.h"

#include "dicom/codec/decoders.h"
#include "dicom/data/file_meta_dcmtk.h"
#include "dicom/data/header_scan.h"
#include "dicom/data/opened_image_dcmtk.h"
#include "dicom/hanging/hanging_object_dcmtk.h"
#include "dicom/presentation/key_objects_dcmtk.h"
#include "dicom/presentation/presentation_state_dcmtk.h"
#include "dicom/report/measurement_report_dcmtk.h"
#include "dicom/report/opened_report.h"
#include "dicom/worker/record_archive.h"
#include "domain/preview.h"

#include <cstring>
#include <exception>
#include <list>
#include <map>
#include <new>

namespace yz::dicom {

class RequestService::ImageCache {
public:
    using Image = std::shared_ptr<const OpenedImage>;

    Result<Image> open(const FileKey& key, ByteSourcePtr file) {
        const auto found = m_entries.find(key);
        if (found != m_entries.end()) {
            m_order.splice(m_order.begin(), m_order, found->second.place);
            return found->second.image->reopened(std::move(file));
        }
        Result<Image> image = openImage(std::move(file));
        if (image)
            remember(key, (*image)->closed());
        return image;
    }
    /// Images under an empty key are not kept, nor those that are kept already.
    void remember(const FileKey& key, Image image) {
        if (key.isEmpty() || m_entries.contains(key))
            return;
        constexpr size_t kImages = 4096;
        constexpr qint64 kBytes = 128LL << 20; // inflated data sets are held in memory
        m_bytes += image->memoryBytes();
        m_order.push_front(key);
        m_entries.emplace(key, Entry{std::move(image), m_order.begin()});
        while (m_order.size() > 1 && (m_order.size() > kImages || m_bytes > kBytes)) {
            const auto oldest = m_entries.find(m_order.back());
            m_bytes -= oldest->second.image->memoryBytes();
            m_entries.erase(oldest);
            m_order.pop_back();
        }
    }

private:
    struct Entry {
        Image image; ///< closed: each request brings its file along
        std::list<FileKey>::iterator place;
    };

    std::list<FileKey> m_order; ///< used last first
    std::map<FileKey, Entry> m_entries;
    qint64 m_bytes = 0;
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
        const Result<DataSetHeader> header = scanHeader(std::move(file));
        return header ? writeRecord(*header, reply) : fail(header.error());
    }
    case WorkerOperation::ReadHeaders: {
        const Result<std::vector<HeadAnswer>> answers = scanHeads(*file);
        return answers ? writeRecord(*answers, reply) : fail(answers.error());
    }
    case WorkerOperation::DescribeFiles: {
        const Result<std::vector<HeadAnswer>> answers = describeHeads(
            *file, [this](const FileKey& key, ImageCache::Image image) { m_images->remember(key, std::move(image)); });
        return answers ? writeRecord(*answers, reply) : fail(answers.error());
    }
    case WorkerOperation::Describe: {
        const auto image = m_images->open(request.file, std::move(file));
        if (!image)
            return fail(image.error());
        RecordWriter writer; // the form of DescribedImage
        writer.fields(*(*image)->description, (*image)->plain);
        return writeRecordBytes(writer.bytes(), reply);
    }
    case WorkerOperation::Decode: {
        const auto image = m_images->open(request.file, std::move(file));
        if (!image)
            return fail(image.error());
        const Result<PixelBufferPtr> pixels = (*image)->decode(request.frame, request.reduction);
        if (!pixels)
            return fail(pixels.error());
        return writeFrame(**pixels, reply);
    }
    case WorkerOperation::DecodePicture: {
        if (file->size() > kMostPreviewBytes)
            return fail(ErrorCode::LimitExceeded, QStringLiteral("a picture of too many bytes"));
        const Result<QByteArray> bytes = readExactly(*file, 0, file->size());
        if (!bytes)
            return fail(bytes.error());
        const std::span jpeg(reinterpret_cast<const std::byte*>(bytes->constData()),
                             static_cast<size_t>(bytes->size()));
        const Result<FrameLayout> layout = layoutOfPicture(jpeg, kMostPreviewSide);
        if (!layout)
            return fail(layout.error());
        Result<CodedSamples> samples = decodeJpegLossy(jpeg, *layout);
        if (!samples)
            return fail(samples.error());
        const Result<PixelBufferPtr> pixels = finishFrame(std::move(*samples), *layout);
        return pixels ? writeFrame(**pixels, reply) : fail(pixels.error());
    }
    case WorkerOperation::ReadPresentationState: {
        const Result<ParsedHeader> parsed = parseHeader(std::move(file));
        if (!parsed)
            return fail(parsed.error());
        const Result<PresentationState> state = readPresentationState(*parsed);
        return state ? writeRecord(*state, reply) : fail(state.error());
    }
    case WorkerOperation::ReadHangingObject: {
        const Result<ParsedHeader> parsed = parseHeader(std::move(file));
        if (!parsed)
            return fail(parsed.error());
        const Result<HangingObject> object = readHangingObject(*parsed);
        return object ? writeRecord(*object, reply) : fail(object.error());
    }
    case WorkerOperation::ReadMeasurements: {
        const Result<ParsedHeader> parsed = parseHeader(std::move(file));
        if (!parsed)
            return fail(parsed.error());
        const Result<MeasurementReport> report = readMeasurementReport(*parsed->dataSet);
        return report ? writeRecord(*report, reply) : fail(report.error());
    }
    case WorkerOperation::ReadKeyObjects: {
        const Result<ParsedHeader> parsed = parseHeader(std::move(file));
        if (!parsed)
            return fail(parsed.error());
        const Result<KeyObjectSelection> selection = readKeyObjects(*parsed->dataSet);
        return selection ? writeRecord(*selection, reply) : fail(selection.error());
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

Status RequestService::writeFrame(const PixelBuffer& pixels, WorkerReply& reply) {
    reply.columns = pixels.columns;
    reply.rows = pixels.rows;
    reply.samplesPerPixel = pixels.samplesPerPixel;
    reply.sampleType = static_cast<qint32>(pixels.type);
    reply.reduction = pixels.reduction;
    return write(pixels.data.data(), pixels.data.size(), reply);
}

Status RequestService::write(const void* data, size_t size, WorkerReply& reply) {
    if (size > m_answer.size())
        return fail(ErrorCode::LimitExceeded, QStringLiteral("an answer larger than the limit"));
    std::memcpy(m_answer.data(), data, size);
    reply.payloadBytes = size;
    return {};
}

template <typename Record> Status RequestService::writeRecord(const Record& record, WorkerReply& reply) {
    return writeRecordBytes(encodeRecord(record), reply);
}

Status RequestService::writeRecordBytes(const QByteArray& bytes, WorkerReply& reply) {
    if (static_cast<size_t>(bytes.size()) > kMaxRecordBytes)
        return fail(ErrorCode::LimitExceeded, QStringLiteral("a description larger than the limit"));
    return write(bytes.constData(), static_cast<size_t>(bytes.size()), reply);
}

} // namespace yz::dicom
