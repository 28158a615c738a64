#pragma once

#include "domain/ports.h"
#include "domain/presentation_object.h"

#include <functional>
#include <memory>
#include <span>

namespace yz {

namespace dicom {
class FileOpener;
struct FileKey;
struct FilePixels;
struct FrameShape;
class MemoryCopies;
struct ReceivedFile;
struct TextListing;
class WorkerPool;
struct WorkerReply;
enum class WorkerOperation : quint32;
} // namespace dicom

/// Headers and pixels of received files, parsed and decoded in worker processes that can neither open files nor speak
/// to anybody. The desk opens the file and hands it over; what comes back is checked as if the file had written it.
/// Frames that lie in the file as they are, which the worker says once it has parsed it, are read here: nothing is
/// parsed for that (docs/adr/0005). The same answers as DicomPixelSource gives. Thread-safe; as many frames at a time
/// as the pool has workers. Errors: those of DicomPixelSource, and DecoderUnavailable (the program cannot be started;
/// nothing is ever decoded in this process instead), DecoderFailed (the object killed the worker), DecoderTimedOut.
class WorkerPixelSource final : public PixelSource, public KeyObjectSource {
public:
    /// opener: for files that do not lie on the disk as they were received; none: every path is read as it is.
    explicit WorkerPixelSource(std::shared_ptr<dicom::WorkerPool> pool, std::shared_ptr<dicom::FileOpener> opener = {});
    ~WorkerPixelSource() override;
    WorkerPixelSource(const WorkerPixelSource&) = delete;
    WorkerPixelSource& operator=(const WorkerPixelSource&) = delete;

    Result<DataSetHeader> readHeader(const QString& path) override;
    Result<DataSetHeader> readHeader(const QByteArray& part10File) override;
    std::vector<Result<DataSetHeader>> readHeaders(const QStringList& paths, const CancelToken& token) override;
    Result<ImageDescriptionPtr> describe(const QString& path) override;
    std::vector<DescribedFile> describeFiles(const QStringList& paths, const CancelToken& token) override;
    Result<PixelBufferPtr> decode(const QString& path, int frame, const CancelToken& token) override;
    Result<PixelBufferPtr> decodeInto(const QString& path, int frame, std::span<std::byte> target,
                                      const CancelToken& token) override;
    Result<PresentationStatePtr> presentationState(const QString& path) override;
    Result<MeasurementReportPtr> measurementReport(const QString& path) override;
    Result<KeyObjectSelectionPtr> keyObjects(const QString& path) override;
    Result<PixelBufferPtr> decodeReduced(const QString& path, int frame, int reduction,
                                         const CancelToken& token) override;
    Result<PixelBufferPtr> decodePicture(const QByteArray& jpeg) override;
    /// All text of a data set: dicom/data/text_listing.h.
    Result<dicom::TextListing> listText(const QString& path);

    /// The same for a file in memory.
    Result<ImageDescriptionPtr> describe(const QByteArray& part10File);
    Result<PixelBufferPtr> decode(const QByteArray& part10File, int frame);

private:
    class PixelsCache;
    using Taker = std::function<Status(const dicom::WorkerReply& reply, std::span<const std::byte> payload)>;
    [[nodiscard]] Result<dicom::ReceivedFile> open(const QString& path);
    [[nodiscard]] Status ask(dicom::WorkerOperation operation, const dicom::ReceivedFile& file, const Taker& take,
                             const CancelToken& token, int frame = 0, int reduction = 0);
    [[nodiscard]] Result<DataSetHeader> header(const dicom::ReceivedFile& file);
    [[nodiscard]] Result<ImageDescriptionPtr> description(const dicom::ReceivedFile& file, dicom::FilePixels* pixels,
                                                          const CancelToken& token);
    /// One question about files [first, first + count): what it gives goes into `files`.
    void readBatch(const QStringList& paths, qsizetype first, qsizetype count, bool withImages,
                   std::vector<DescribedFile>& files, const CancelToken& token);
    [[nodiscard]] Result<dicom::FilePixels> pixelsOf(const dicom::ReceivedFile& file, const CancelToken& token);
    [[nodiscard]] Result<PixelBufferPtr> frameOf(dicom::ReceivedFile file, int frame, int reduction,
                                                 const CancelToken& token);
    [[nodiscard]] Result<PixelBufferPtr> askForFrame(const dicom::ReceivedFile& file, const dicom::FrameShape& shape,
                                                     int frame, int reduction, const CancelToken& token);

    std::shared_ptr<dicom::WorkerPool> m_pool;
    std::shared_ptr<dicom::FileOpener> m_opener;
    std::unique_ptr<dicom::MemoryCopies> m_copies;
    std::unique_ptr<PixelsCache> m_pixels;
};

} // namespace yz
