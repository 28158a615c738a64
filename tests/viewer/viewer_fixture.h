#pragma once

#include "imaging/hanging.h"
#include "viewer/synthetic_source.h"
#include "viewer/viewer_controller.h"

#include <QTest>

namespace yz::test {

inline Patient somebody(const char* id = "P001", const char* pn = "Wang^XiaoDong=王^小东") {
    Patient patient;
    patient.id = PatientId(QString::fromUtf8(id));
    patient.name = PersonName::fromDicom(QString::fromUtf8(pn));
    patient.sex = Sex::Male;
    patient.birthDate = QDate(1968, 5, 17);
    return patient;
}

inline StudyRecord study(const char* uid, QDate date, const Patient& patient = somebody()) {
    StudyRecord record;
    record.study = StudyUid(QString::fromLatin1(uid));
    record.patient = patient;
    record.time = QDateTime(date, QTime(1, 30), Qt::UTC);
    record.description = QStringLiteral("胸部CT平扫");
    record.institution = QStringLiteral("青河镇中心卫生院");
    return record;
}

inline SyntheticSource::Series ct(const StudyRecord& owner, const char* uid, int number, int slices = 20) {
    SyntheticSource::Series series;
    series.study = owner;
    series.record.series = SeriesUid(QString::fromLatin1(uid));
    series.record.modality = QStringLiteral("CT");
    series.record.seriesNumber = number;
    series.record.bodyPart = QStringLiteral("CHEST");
    series.record.description = QStringLiteral("Axial %1").arg(number);
    series.slices = slices;
    return series;
}

inline HangingProtocol protocol(const QString& id, const QString& modality, std::vector<HangingStage> stages) {
    HangingProtocol result;
    result.id = id;
    result.name = id;
    result.match = {{QStringLiteral("modality"), QStringLiteral("equals"), modality, 2.0, true}};
    result.stages = std::move(stages);
    return result;
}

/// One row of stack viewports: the study index of each.
inline HangingStage row(std::initializer_list<int> studies, const QString& kind = QStringLiteral("stack")) {
    HangingStage stage;
    stage.name = QStringLiteral("row");
    stage.columns = static_cast<int>(studies.size());
    stage.link = QStringLiteral("position");
    int column = 0;
    for (const int index : studies) {
        HangingViewport viewport;
        viewport.column = column++;
        viewport.study = index;
        viewport.kind = kind;
        stage.viewports.push_back(viewport);
    }
    return stage;
}

/// Waits until viewport `index` has pixels or an error.
inline bool settles(ViewerController& controller, int index) {
    return QTest::qWaitFor(
        [&] {
            const ShownFrame shown = controller.shown(index);
            return shown.pixels || shown.error;
        },
        5000);
}

} // namespace yz::test
