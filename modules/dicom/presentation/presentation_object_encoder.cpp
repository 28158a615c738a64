#include "dicom/presentation/presentation_object_encoder.h"

#include "dicom/data/part10_dcmtk.h"
#include "dicom/data/prepare.h"
#include "dicom/presentation/key_objects_dcmtk.h"
#include "dicom/presentation/presentation_state_dcmtk.h"

namespace yz {

Result<QByteArray> DicomPresentationEncoder::encodePresentationState(const ObjectOrigin& origin,
                                                                     const PresentationState& state,
                                                                     const std::vector<ReferencedFrames>& images) {
    dicom::prepareDicom();
    const auto dataSet = dicom::buildPresentationState(origin, state, images);
    if (!dataSet)
        return fail(dataSet.error());
    return dicom::toPart10(**dataSet, EXS_LittleEndianExplicit);
}

Result<QByteArray> DicomPresentationEncoder::encodeKeyObjects(const ObjectOrigin& origin,
                                                              const KeyObjectSelection& selection,
                                                              const std::vector<ReferencedFrames>& presentations) {
    dicom::prepareDicom();
    const auto dataSet = dicom::buildKeyObjects(origin, selection, presentations);
    if (!dataSet)
        return fail(dataSet.error());
    return dicom::toPart10(**dataSet, EXS_LittleEndianExplicit);
}

} // namespace yz
