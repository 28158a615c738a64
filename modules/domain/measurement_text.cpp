#include "domain/measurement_text.h"

#include <array>

namespace yz {

QString measurementText(double value, const QString& ucum) {
    struct Form {
        const char *ucum, *text;
        int decimals;
    };
    static constexpr std::array<Form, 14> kForms{{{"1", "", 2},
                                                  {"", "", 2},
                                                  {"deg", "°", 1},
                                                  {"mm", " mm", 1},
                                                  {"mm2", " mm²", 1},
                                                  {"cm2", " cm²", 1},
                                                  {"mm3", " mm³", 0},
                                                  {"{px}", " px", 1},
                                                  {"{px}2", " px²", 1},
                                                  {"[hnsf'U]", " HU", 1},
                                                  {"g/ml{SUVbw}", " SUV", 2},
                                                  {"s", " s", 3},
                                                  {"cm/s", " cm/s", 1},
                                                  {"cm/s2", " cm/s²", 1}}};
    if (ucum == QLatin1String("mm3") && value >= 1000.0)
        return QString(QString::number(value / 1000.0, 'f', 2) + QStringLiteral(" ml"));
    for (const Form& form : kForms)
        if (ucum == QLatin1String(form.ucum))
            return QString(QString::number(value, 'f', form.decimals) + QString::fromUtf8(form.text));
    return QString(QString::number(value, 'f', 1) + u' ' + ucum);
}

} // namespace yz
