#pragma once

#include "domain/hanging_object.h"

#include <memory>

namespace yz {

namespace dicom {
class WorkerPool;
}

/// Hanging protocol objects: received ones are parsed in a worker process (ADR 0005), own ones are written here.
/// Thread-safe. Errors: HangingObjectFiles', and those of WorkerPixelSource.
class DicomHangingFiles final : public HangingObjectFiles {
public:
    explicit DicomHangingFiles(std::shared_ptr<dicom::WorkerPool> pool) : m_pool(std::move(pool)) {}
    Result<HangingObject> readHangingObject(const QString& path) override;
    Result<QByteArray> encodeHangingObject(const HangingObject& object) override;

private:
    std::shared_ptr<dicom::WorkerPool> m_pool;
};

} // namespace yz
