#pragma once

#include "domain/ports.h"
#include "domain/presentation_object.h"

#include <memory>

namespace yz {

/// Headers and pixels of DICOM files (PS3.10, PS3.5). Remembers the files described last, so that their
/// frames are decoded without parsing them again. Thread-safe: frames of one file may be decoded side by side.
/// Errors: NotDicom, DataSetBroken, DataSetTruncated, AttributeMissing, LimitExceeded, TransferSyntaxNotSupported,
/// PixelDataMissing, PixelDataBroken, NotAnImage, NotSupported, FileNotFound, FileUnreadable, Cancelled.
class DicomPixelSource final : public PixelSource, public KeyObjectSource {
public:
    DicomPixelSource();
    ~DicomPixelSource() override;
    DicomPixelSource(const DicomPixelSource&) = delete;
    DicomPixelSource& operator=(const DicomPixelSource&) = delete;

    Result<DataSetHeader> readHeader(const QString& path) override;
    Result<DataSetHeader> readHeader(const QByteArray& part10File) override;
    Result<ImageDescriptionPtr> describe(const QString& path) override;
    Result<PixelBufferPtr> decode(const QString& path, int frame, const CancelToken& token) override;
    Result<PixelBufferPtr> decodeInto(const QString& path, int frame, std::span<std::byte> target,
                                      const CancelToken& token) override;
    Result<PresentationStatePtr> presentationState(const QString& path) override;
    Result<MeasurementReportPtr> measurementReport(const QString& path) override;
    Result<KeyObjectSelectionPtr> keyObjects(const QString& path) override;

    Result<PixelBufferPtr> decodeReduced(const QString& path, int frame, int reduction,
                                         const CancelToken& token) override;

    /// The same for a file in memory; not cached.
    Result<ImageDescriptionPtr> describe(const QByteArray& part10File);
    Result<PixelBufferPtr> decode(const QByteArray& part10File, int frame);

private:
    class Cache;
    std::unique_ptr<Cache> m_cache;
};

} // namespace yz
