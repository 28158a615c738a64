#pragma once

#include "core/ids.h"
#include "domain/person.h"

#include <QDate>
#include <QDateTime>
#include <QString>
#include <vector>

namespace yz {

/// One received object as the index knows it. `path` is absolute.
struct InstanceRecord {
    StudyUid study;
    SeriesUid series;
    InstanceUid instance;
    SopClassUid sopClass;
    QString transferSyntax;
    int instanceNumber = 0;
    int frameCount = 0; ///< 0: not an image
    QString path;

    bool operator==(const InstanceRecord&) const = default;
};

struct SeriesRecord {
    SeriesUid series;
    QString modality;
    int seriesNumber = 0;
    QString description;
    QString bodyPart;
    QString laterality;
    QString viewPosition;
    QDateTime time;
    std::vector<InstanceRecord> instances;

    bool operator==(const SeriesRecord&) const = default;
};

struct StudyRecord {
    StudyUid study;
    Patient patient; ///< as the data sets say, not as the order says
    QString accessionNumber;
    QDateTime time;
    QString description;
    QString institution;
    std::vector<SeriesRecord> series;

    bool operator==(const StudyRecord&) const = default;
};

/// What a data set says about itself; read from its header without touching pixels.
struct DataSetHeader {
    InstanceRecord instance;
    SeriesRecord series;          ///< without instances
    StudyRecord study;            ///< without series
    bool textWasRepaired = false; ///< the declared character set was wrong and the text was decoded by detection
};

} // namespace yz
