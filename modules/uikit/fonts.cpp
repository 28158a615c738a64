#include "uikit/fonts.h"

#include <QStringList>

namespace yz {

QFont uiFont(int px, QFont::Weight weight) {
    QFont font;
    font.setFamilies({QStringLiteral("Noto Sans CJK SC"), QStringLiteral("Source Han Sans SC"),
                      QStringLiteral("Noto Sans SC"), QStringLiteral("Noto Sans")});
    font.setPixelSize(px);
    font.setWeight(weight);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

QFont monoFont(int px) {
    QFont font = uiFont(px);
    font.setFamilies({QStringLiteral("Noto Sans Mono CJK SC"), QStringLiteral("Noto Sans CJK SC"),
                      QStringLiteral("DejaVu Sans Mono")});
    font.setFixedPitch(true);
    return font;
}

} // namespace yz
