#include "command.h"
#include "geometry_json.h"

#include "session/folder_inspection.h"

#include <QJsonArray>
#include <QJsonObject>

namespace yz::cli {

namespace {

QJsonArray listOf(const QStringList& words) { return QJsonArray::fromStringList(words); }

QJsonObject toJson(const inspection::SeriesInspection& series) {
    QJsonArray stacks;
    for (const Stack& stack : series.stacks)
        stacks.append(cli::toJson(stack));
    QJsonObject json{{"seriesUid", series.record.series.value()},
                     {"modality", series.record.modality},
                     {"number", series.record.seriesNumber},
                     {"description", series.record.description},
                     {"instances", static_cast<int>(series.record.instances.size())},
                     {"stacks", stacks}};
    if (series.otherObjects > 0)
        json["notImages"] = series.otherObjects;
    if (!series.repairedText.isEmpty())
        json["textRepaired"] = listOf(series.repairedText);
    return json;
}

QJsonObject toJson(const inspection::StudyInspection& study) {
    QJsonArray series;
    for (const inspection::SeriesInspection& each : study.series)
        series.append(toJson(each));
    QJsonObject json{{"studyUid", study.record.study.value()},
                     {"patientId", study.record.patient.id.value()},
                     {"patientName", study.record.patient.name.toDicom()},
                     {"description", study.record.description},
                     {"series", series}};
    if (study.patients.size() > 1) {
        QJsonArray patients;
        for (const inspection::PatientVariant& variant : study.patients)
            patients.append(QJsonObject{{"patientId", variant.patient.id.value()},
                                        {"patientName", variant.patient.name.toDicom()},
                                        {"birthDate", variant.patient.birthDate.toString(Qt::ISODate)},
                                        {"files", listOf(variant.files)}});
        json["identityMismatch"] = patients;
    }
    return json;
}

QJsonObject toJson(const inspection::FileProblem& problem) {
    QJsonObject json{
        {"file", problem.file}, {"error", errorName(problem.error.code)}, {"detail", problem.error.detail}};
    if (problem.frame >= 0)
        json["frame"] = problem.frame;
    return json;
}

Result<Answer> inspect(Context& context) {
    const Result<PixelSource*> source = context.pixelsOf({context.arguments().positional(0)});
    if (!source)
        return fail(source.error());
    const Result<inspection::FolderInspection> found = inspection::inspectFolder(
        context.arguments().positional(0), **source, {context.arguments().has("decode")}, context.token());
    if (!found)
        return fail(found.error());
    QJsonArray studies, problems, duplicates, shared;
    for (const inspection::StudyInspection& study : found->studies)
        studies.append(toJson(study));
    for (const inspection::FileProblem& problem : found->problems)
        problems.append(toJson(problem));
    for (const inspection::Duplicate& duplicate : found->duplicates)
        duplicates.append(QJsonObject{{"instanceUid", duplicate.instance.value()},
                                      {"files", listOf(duplicate.files)},
                                      {"identical", duplicate.isIdentical}});
    for (const SeriesUid& series : found->sharedSeries)
        shared.append(series.value());
    const QJsonObject json{{"files", found->fileCount},
                           {"studies", studies},
                           {"problems", problems},
                           {"duplicates", duplicates},
                           {"seriesInSeveralStudies", shared},
                           {"notDicom", listOf(found->notDicom)},
                           {"directories", listOf(found->directories)},
                           {"clean", found->isClean()}};
    return Answer{json, found->isClean() ? kDone : kAnswerIsNo};
}

} // namespace

std::vector<Command> inspectCommands() {
    return {{"inspect",
             "DIR",
             "studies, series and volumes of a folder and all that is wrong with them (exit code 3: something is)",
             {{"decode", nullptr, "decode every frame too"}},
             inspect,
             1,
             1}};
}

} // namespace yz::cli
