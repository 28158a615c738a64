#include "dicom/hanging/hanging_object_files.h"

#include "dicom/data/part10_dcmtk.h"
#include "dicom/data/prepare.h"
#include "dicom/hanging/hanging_object_dcmtk.h"
#include "dicom/worker/received_file.h"
#include "dicom/worker/record_archive.h"
#include "dicom/worker/worker_pool.h"

namespace yz {

Result<HangingObject> DicomHangingFiles::readHangingObject(const QString& path) {
    const Result<dicom::ReceivedFile> file = dicom::openReceivedFile(path);
    if (!file)
        return fail(file.error());
    HangingObject object;
    // Every value is checked again when a protocol is made of it: nothing in it is an index or a size.
    const Status asked =
        m_pool->ask({dicom::WorkerOperation::ReadHangingObject, file->key, file->descriptor.number(), file->bytes},
                    [&object](const dicom::WorkerReply&, std::span<const std::byte> payload) -> Status {
                        Result<HangingObject> read = dicom::readSharedRecord<HangingObject>(payload);
                        if (!read)
                            return fail(read.error());
                        object = std::move(*read);
                        return {};
                    },
                    {});
    return asked ? Result<HangingObject>(std::move(object)) : fail(asked.error());
}

Result<QByteArray> DicomHangingFiles::encodeHangingObject(const HangingObject& object) {
    dicom::prepareDicom();
    const auto dataSet = dicom::buildHangingObject(object);
    if (!dataSet)
        return fail(dataSet.error());
    return dicom::toPart10(**dataSet, EXS_LittleEndianExplicit);
}

} // namespace yz
