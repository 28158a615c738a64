#pragma once

#include "core/result.h"
#include "dicom/data/text.h"
#include "domain/study.h"

#include <QByteArray>
#include <optional>

/// What the index keeps of a data set, whoever read it. Inside the dicom target only.
namespace yz::dicom {

/// Values of the top level by tag (group, then element).
class HeaderValues {
public:
    virtual ~HeaderValues() = default;
    /// With backslashes; empty when the element is absent or no string.
    [[nodiscard]] virtual QByteArray raw(quint32 tag) = 0;
    [[nodiscard]] virtual std::optional<int> integer(quint32 tag) = 0;
    /// As data/view_position_dcmtk.h says it.
    [[nodiscard]] virtual QString viewPosition() = 0;
};

/// The index's view of a data set; the path stays empty. AttributeMissing when a UID is absent or no UID.
[[nodiscard]] Result<DataSetHeader> headerOf(HeaderValues& values, TextDecoder& decoder, const QString& transferSyntax,
                                             bool hasPixels);

} // namespace yz::dicom
