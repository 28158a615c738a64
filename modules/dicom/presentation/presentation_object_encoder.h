#pragma once

#include "domain/presentation_object.h"

namespace yz {

/// PresentationObjectWriter with DCMTK: explicit little endian. What is written here is the desk's own; received
/// objects are read by a worker process (ADR 0005).
class DicomPresentationEncoder final : public PresentationObjectWriter {
public:
    Result<QByteArray> encodePresentationState(const ObjectOrigin& origin, const PresentationState& state,
                                               const std::vector<ReferencedFrames>& images) override;
    Result<QByteArray> encodeKeyObjects(const ObjectOrigin& origin, const KeyObjectSelection& selection,
                                        const std::vector<ReferencedFrames>& presentations) override;
};

} // namespace yz
