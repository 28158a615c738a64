#pragma once

#include <QString>
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <optional>

namespace yz::dicom {

/// The attribute that holds the values of a selector of that VR (PS3.3 table C.23.4-2); none for VRs that are no text.
[[nodiscard]] inline std::optional<DcmTagKey> selectorValueTag(const QString& vr) {
    if (vr == u"CS")
        return DCM_SelectorCSValue;
    if (vr == u"LO")
        return DCM_SelectorLOValue;
    if (vr == u"SH")
        return DCM_SelectorSHValue;
    if (vr == u"IS")
        return DCM_SelectorISValue;
    if (vr == u"DS")
        return DCM_SelectorDSValue;
    if (vr == u"UI")
        return DCM_SelectorUIValue;
    if (vr == u"PN")
        return DCM_SelectorPNValue;
    if (vr == u"ST")
        return DCM_SelectorSTValue;
    return std::nullopt;
}

} // namespace yz::dicom
