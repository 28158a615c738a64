#include "dicom/data/view_position_dcmtk.h"

#include <algorithm>
#include <array>

namespace yz::dicom {

namespace {

struct View {
    QLatin1String snomed;   ///< SCT
    QLatin1String retired;  ///< SRT, SNM3
    QLatin1String position; ///< as (0018,5101) has it
};

constexpr std::array<View, 10> kViews{{
    {QLatin1String("399260004"), QLatin1String("R-10224"), QLatin1String("ML")},
    {QLatin1String("399368009"), QLatin1String("R-10226"), QLatin1String("MLO")},
    {QLatin1String("399352003"), QLatin1String("R-10228"), QLatin1String("LM")},
    {QLatin1String("399099002"), QLatin1String("R-10230"), QLatin1String("LMO")},
    {QLatin1String("399162004"), QLatin1String("R-10242"), QLatin1String("CC")},
    {QLatin1String("399196006"), QLatin1String("R-10244"), QLatin1String("FB")},
    {QLatin1String("399188001"), QLatin1String("R-102D0"), QLatin1String("SIO")},
    {QLatin1String("441555000"), QLatin1String("R-40AAA"), QLatin1String("ISO")},
    {QLatin1String("399192008"), QLatin1String("R-1024A"), QLatin1String("XCCL")},
    {QLatin1String("399101009"), QLatin1String("R-1024B"), QLatin1String("XCCM")},
}};

} // namespace

QString viewPosition(DcmItem& item) {
    if (const QString position = code(item, DCM_ViewPosition); !position.isEmpty())
        return position;
    DcmItem* coded = firstItem(item, DCM_ViewCodeSequence);
    if (!coded)
        return {};
    const QString value = code(*coded, DCM_CodeValue);
    const auto view = std::find_if(kViews.begin(), kViews.end(),
                                   [&](const View& each) { return value == each.snomed || value == each.retired; });
    return view == kViews.end() ? QString() : QString(view->position);
}

} // namespace yz::dicom
