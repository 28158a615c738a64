#include "dicom/data/dicom_pixel_source.h"

#include "dicom/data/header_scan.h"
#include "dicom/data/opened_image_dcmtk.h"
#include "dicom/data/prepare.h"
#include "dicom/presentation/key_objects_dcmtk.h"
#include "dicom/presentation/presentation_state_dcmtk.h"
#include "dicom/report/measurement_report_dcmtk.h"
#include "dicom/worker/received_file.h"

#include <list>
#include <map>
#include <mutex>

namespace yz {

using dicom::OpenedImage;

/// The images used last, closed. A file that was replaced under its name is parsed anew.
class DicomPixelSource::Cache {
public:
    Result<std::shared_ptr<const OpenedImage>> open(const QString& path) {
        auto file = dicom::openReceivedFile(path);
        if (!file)
            return fail(file.error());
        dicom::ByteSourcePtr source = dicom::descriptorSource(file->descriptor.release(), file->bytes);
        {
            const std::scoped_lock lock(m_mutex);
            const auto found = m_entries.find(file->key);
            if (found != m_entries.end()) {
                m_order.splice(m_order.begin(), m_order, found->second.place);
                return found->second.image->reopened(std::move(source));
            }
        }
        auto image = dicom::openImage(std::move(source));
        if (image)
            remember(file->key, (*image)->closed());
        return image;
    }

private:
    struct Entry {
        std::shared_ptr<const OpenedImage> image;
        std::list<dicom::FileKey>::iterator place;
    };

    void remember(const dicom::FileKey& key, std::shared_ptr<const OpenedImage> image) {
        constexpr size_t kEntries = 4096;
        constexpr qint64 kBytes = 256LL << 20; // inflated data sets are held in memory
        const std::scoped_lock lock(m_mutex);
        if (m_entries.contains(key))
            return;
        m_bytes += image->memoryBytes();
        m_order.push_front(key);
        m_entries.emplace(key, Entry{std::move(image), m_order.begin()});
        while (m_order.size() > 1 && (m_order.size() > kEntries || m_bytes > kBytes)) {
            const auto oldest = m_entries.find(m_order.back());
            m_bytes -= oldest->second.image->memoryBytes();
            m_entries.erase(oldest);
            m_order.pop_back();
        }
    }

    std::mutex m_mutex;
    std::list<dicom::FileKey> m_order; ///< used last first
    std::map<dicom::FileKey, Entry> m_entries;
    qint64 m_bytes = 0;
};

DicomPixelSource::DicomPixelSource() : m_cache(std::make_unique<Cache>()) { dicom::prepareDicom(); }
DicomPixelSource::~DicomPixelSource() = default;

Result<DataSetHeader> DicomPixelSource::readHeader(const QString& path) {
    auto source = dicom::openFileSource(path);
    if (!source)
        return fail(source.error());
    auto header = dicom::scanHeader(std::move(*source));
    if (header)
        header->instance.path = path;
    return header;
}

Result<DataSetHeader> DicomPixelSource::readHeader(const QByteArray& part10File) {
    return dicom::scanHeader(dicom::memorySource(part10File));
}

Result<ImageDescriptionPtr> DicomPixelSource::describe(const QString& path) {
    const auto image = m_cache->open(path);
    if (!image)
        return fail(image.error());
    return (*image)->description;
}

Result<PixelBufferPtr> DicomPixelSource::decode(const QString& path, int frame, const CancelToken& token) {
    return decodeReduced(path, frame, 0, token);
}

Result<PixelBufferPtr> DicomPixelSource::decodeReduced(const QString& path, int frame, int reduction,
                                                       const CancelToken& token) {
    if (token.isCancelled())
        return fail(ErrorCode::Cancelled);
    const auto image = m_cache->open(path);
    if (!image)
        return fail(image.error());
    if (token.isCancelled())
        return fail(ErrorCode::Cancelled);
    return (*image)->decode(frame, reduction);
}

Result<PixelBufferPtr> DicomPixelSource::decodeInto(const QString& path, int frame, std::span<std::byte> target,
                                                    const CancelToken& token) {
    if (token.isCancelled())
        return fail(ErrorCode::Cancelled);
    const auto image = m_cache->open(path);
    if (!image)
        return fail(image.error());
    const auto& plain = (*image)->plain;
    if (!plain || plain->frameBytes != static_cast<qint64>(target.size()))
        return (*image)->decode(frame);
    if (const Status read = dicom::readPlainFrame(*(*image)->source, *plain, frame, target); !read)
        return fail(read.error());
    return PixelBufferPtr();
}

Result<PresentationStatePtr> DicomPixelSource::presentationState(const QString& path) {
    auto source = dicom::openFileSource(path);
    if (!source)
        return fail(source.error());
    const auto parsed = dicom::parseHeader(std::move(*source));
    if (!parsed)
        return fail(parsed.error());
    auto state = dicom::readPresentationState(*parsed);
    if (!state)
        return fail(state.error());
    return std::make_shared<const PresentationState>(std::move(*state));
}

Result<KeyObjectSelectionPtr> DicomPixelSource::keyObjects(const QString& path) {
    auto source = dicom::openFileSource(path);
    if (!source)
        return fail(source.error());
    const auto parsed = dicom::parseHeader(std::move(*source));
    if (!parsed)
        return fail(parsed.error());
    auto selection = dicom::readKeyObjects(*parsed->dataSet);
    if (!selection)
        return fail(selection.error());
    return std::make_shared<const KeyObjectSelection>(std::move(*selection));
}

Result<MeasurementReportPtr> DicomPixelSource::measurementReport(const QString& path) {
    auto source = dicom::openFileSource(path);
    if (!source)
        return fail(source.error());
    const auto parsed = dicom::parseHeader(std::move(*source));
    if (!parsed)
        return fail(parsed.error());
    auto report = dicom::readMeasurementReport(*parsed->dataSet);
    if (!report)
        return fail(report.error());
    return std::make_shared<const MeasurementReport>(std::move(*report));
}

Result<ImageDescriptionPtr> DicomPixelSource::describe(const QByteArray& part10File) {
    const auto image = dicom::openImage(dicom::memorySource(part10File));
    if (!image)
        return fail(image.error());
    return (*image)->description;
}

Result<PixelBufferPtr> DicomPixelSource::decode(const QByteArray& part10File, int frame) {
    const auto image = dicom::openImage(dicom::memorySource(part10File));
    if (!image)
        return fail(image.error());
    return (*image)->decode(frame);
}

} // namespace yz
