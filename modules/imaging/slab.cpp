#include "imaging/slab.h"

namespace yz {

QString slabName(SlabMode mode) {
    switch (mode) {
    case SlabMode::Mip:
        return QStringLiteral("mip");
    case SlabMode::MinIp:
        return QStringLiteral("minip");
    case SlabMode::Mean:
        return QStringLiteral("mean");
    case SlabMode::None:
        break;
    }
    return {};
}

SlabMode slabOfName(const QString& name) {
    for (const SlabMode mode : {SlabMode::Mip, SlabMode::MinIp, SlabMode::Mean})
        if (name == slabName(mode))
            return mode;
    return SlabMode::None;
}

} // namespace yz
