#pragma once

#include "core/result.h"
#include "domain/reading_task.h"

#include <QDateTime>
#include <QString>
#include <memory>

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dctk.h>

namespace yz::samples {

/// How a sample's text is encoded: what a township's machine would send.
enum class SampleText { Utf8, Gb18030 };

struct SampleSeries {
    Order order;
    QString studyDescription;
    QString seriesDescription;
    QString protocol;
    int seriesNumber = 1;
    QString seriesUid;
    QString frameOfReferenceUid;
    QString manufacturer, model;
    SampleText text = SampleText::Utf8;
};

/// The UID that belongs to a name; the same name gives the same UID.
[[nodiscard]] QString sampleUid(const QString& name);

/// A data set with patient, study, series and equipment filled in.
[[nodiscard]] std::unique_ptr<DcmFileFormat> newSample(const SampleSeries& series, const char* sopClass,
                                                       int instanceNumber);
void putText(DcmItem& item, const DcmTagKey& tag, const QString& value, SampleText text);
void putNumbers(DcmItem& item, const DcmTagKey& tag, std::initializer_list<double> values);

/// Writes the file in a transfer syntax: uncompressed, JPEG lossless SV1 or JPEG baseline.
[[nodiscard]] Status writeSample(DcmFileFormat& file, const QString& path, E_TransferSyntax syntax);

} // namespace yz::samples
