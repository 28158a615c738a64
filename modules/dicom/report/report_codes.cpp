#include "dicom/report/report_codes.h"

#include <algorithm>
#include <array>
#include <utility>

namespace yz::dicom {

ReportCode documentTitle(const QString& modality) {
    struct Row {
        const char* modality;
        ReportCode code;
    };
    static constexpr std::array<Row, 14> kTitles{{
        {"CT", {"25045-6", "LN", "CT Report"}},
        {"MR", {"25056-3", "LN", "MRI Report"}},
        {"US", {"25061-3", "LN", "Ultrasound Report"}},
        {"CR", {"43468-8", "LN", "X-Ray Report"}},
        {"DX", {"43468-8", "LN", "X-Ray Report"}},
        {"DR", {"43468-8", "LN", "X-Ray Report"}},
        {"RG", {"43468-8", "LN", "X-Ray Report"}},
        {"PX", {"43468-8", "LN", "X-Ray Report"}},
        {"IO", {"43468-8", "LN", "X-Ray Report"}},
        {"RF", {"49512-7", "LN", "Fluoroscopy Study Report"}},
        {"MG", {"111400", "DCM", "Breast Imaging Report"}},
        {"NM", {"49118-3", "LN", "Nuclear Medicine Report"}},
        {"PT", {"44136-0", "LN", "PET Scan Report"}},
        {"ECG", {"11524-0", "LN", "ECG Report"}},
    }};
    const auto found = std::find_if(kTitles.begin(), kTitles.end(),
                                    [&](const Row& row) { return modality == QLatin1String(row.modality); });
    return found != kTitles.end() ? found->code : ReportCode{"18748-4", "LN", "Diagnostic Imaging Report"};
}

DSRCodedEntryValue measuredQuantity(const QString& name) {
    constexpr qsizetype kMeaningCharacters = 64;
    for (const ReportCode& code : {kLength, kAngle, kArea})
        if (name.compare(QLatin1String(code.meaning), Qt::CaseInsensitive) == 0)
            return code.entry();
    QString meaning = name.simplified().left(kMeaningCharacters);
    meaning.replace(u'\\', u'/');
    return {"MEASUREMENT", kOwnScheme, meaning.isEmpty() ? "Measurement" : meaning.toUtf8().constData()};
}

DSRCodedEntryValue unitCode(const QString& ucum) {
    static constexpr std::array<std::pair<const char*, const char*>, 8> kMeanings{{
        {"mm", "millimeter"},
        {"cm", "centimeter"},
        {"mm2", "square millimeter"},
        {"cm2", "square centimeter"},
        {"deg", "degree"},
        {"[hnsf'U]", "Hounsfield unit"},
        {"{px}", "pixels"},
        {"1", "no units"},
    }};
    const QString unit = ucum.isEmpty() ? QStringLiteral("1") : ucum;
    for (const auto& [value, meaning] : kMeanings)
        if (unit == QLatin1String(value))
            return {value, "UCUM", meaning};
    return {unit.toUtf8().constData(), "UCUM", unit.toUtf8().constData()};
}

} // namespace yz::dicom
