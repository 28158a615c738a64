/// A data set from an association: command set, identifier, work item. The first byte chooses the transfer syntax.
#include "dicom/net/data_set_dcmtk.h"
#include "dicom/net/dimse_message_dcmtk.h"
#include "dicom/net/ups_mapping_dcmtk.h"
#include "fuzz_input.h"

using namespace yz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0)
        return 0;
    const QByteArray bytes = fuzz::bytesOf(data + 1, size - 1);
    if (data[0] == 'C') {
        (void)decodeCommand(bytes);
        return 0;
    }
    const auto dataset = parseDataSet(bytes, data[0] != 'I');
    if (!dataset)
        return 0;
    const auto task = ups::fromDataset(**dataset);
    if (!task)
        return 0;
    const auto again = readingTaskFromJson(toJson(*task));
    fuzz::require(again.uid == task->uid && again.order.patient.name == task->order.patient.name,
                  "a work item survives the local cache");
    return 0;
}
