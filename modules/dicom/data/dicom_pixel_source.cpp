#include "dicom/data/dicom_pixel_source.h"

#include "dicom/data/header_dcmtk.h"
#include "dicom/data/opened_image_dcmtk.h"
#include "dicom/data/prepare.h"
#include "dicom/presentation/presentation_state_dcmtk.h"

#include <QFile>
#include <algorithm>
#include <list>
#include <mutex>
#include <sys/stat.h>

namespace yz {

using dicom::OpenedImage;

/// The images used last. A file that was replaced under its name is opened anew.
class DicomPixelSource::Cache {
public:
    Result<std::shared_ptr<const OpenedImage>> open(const QString& path) {
        const Stamp stamp = stampOf(path);
        {
            const std::scoped_lock lock(m_mutex);
            const auto found = std::find_if(m_entries.begin(), m_entries.end(),
                                            [&](const Entry& entry) { return entry.path == path; });
            if (found != m_entries.end() && found->stamp == stamp) {
                m_entries.splice(m_entries.begin(), m_entries, found);
                return found->image;
            }
            if (found != m_entries.end())
                m_entries.erase(found);
        }
        auto source = dicom::openFileSource(path);
        if (!source)
            return fail(source.error());
        auto image = dicom::openImage(std::move(*source));
        if (image)
            remember({path, stamp, *image});
        return image;
    }

private:
    struct Stamp {
        qint64 size = -1;
        qint64 seconds = 0;
        qint64 nanoseconds = 0;
        quint64 node = 0;
        bool operator==(const Stamp&) const = default;
    };
    struct Entry {
        QString path;
        Stamp stamp;
        std::shared_ptr<const OpenedImage> image;
    };

    static Stamp stampOf(const QString& path) {
        struct stat status {};
        if (::stat(QFile::encodeName(path).constData(), &status) != 0)
            return {};
        return {status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ino};
    }

    void remember(Entry entry) {
        constexpr size_t kEntries = 24;
        constexpr qint64 kBytes = 256LL << 20; // inflated data sets are held in memory
        const std::scoped_lock lock(m_mutex);
        m_entries.remove_if([&](const Entry& old) { return old.path == entry.path; });
        m_entries.push_front(std::move(entry));
        qint64 bytes = 0;
        size_t count = 0;
        for (auto it = m_entries.begin(); it != m_entries.end();) {
            bytes += it->image->source->memoryBytes();
            ++count;
            it = count > 1 && (count > kEntries || bytes > kBytes) ? m_entries.erase(it) : std::next(it);
        }
    }

    std::mutex m_mutex;
    std::list<Entry> m_entries;
};

DicomPixelSource::DicomPixelSource() : m_cache(std::make_unique<Cache>()) { dicom::prepareDicom(); }
DicomPixelSource::~DicomPixelSource() = default;

namespace {

Result<DataSetHeader> headerOf(dicom::ByteSourcePtr source) {
    const auto parsed = dicom::parseHeader(std::move(source));
    if (!parsed)
        return fail(parsed.error());
    return dicom::buildHeader(*parsed);
}

} // namespace

Result<DataSetHeader> DicomPixelSource::readHeader(const QString& path) {
    auto source = dicom::openFileSource(path);
    if (!source)
        return fail(source.error());
    auto header = headerOf(std::move(*source));
    if (header)
        header->instance.path = path;
    return header;
}

Result<DataSetHeader> DicomPixelSource::readHeader(const QByteArray& part10File) {
    return headerOf(dicom::memorySource(part10File));
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
