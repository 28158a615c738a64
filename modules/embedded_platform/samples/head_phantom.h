#pragma once

#include "embedded_platform/samples/grid.h"

namespace yz::samples {

enum class Tissue { Air, Scalp, Skull, Marrow, Csf, Grey, White, DeepGrey, Ventricle, Muscle, Fat, Eye, Sinus, Lesion };

/// A head in patient space: x -78..78, y -96..96, z -70 (skull base) to 84 (vertex).
struct HeadFindings {
    bool bleed = false; ///< right basal ganglia, 46 x 36 x 40 mm with oedema
    bool whiteMatterLesions = false;
};

[[nodiscard]] Tissue headTissue(const PatientPoint& p, const HeadFindings& findings);

/// Half axes of the bleed in mm; its volume is 4/3 pi abc = 34.7 ml.
inline constexpr PatientPoint kBleedCentre{-28, 2, 14};
inline constexpr PatientPoint kBleedRadii{18, 23, 20};

void paintHeadCt(Grid& grid, const HeadFindings& findings);

enum class MrSequence { T1, T2, Flair };
void paintHeadMr(Grid& grid, const HeadFindings& findings, MrSequence sequence);

} // namespace yz::samples
