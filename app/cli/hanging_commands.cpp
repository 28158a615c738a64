#include "command.h"

#include "domain/hanging_object.h"
#include "imaging/hanging_dicom.h"
#include "session/folder_inspection.h"
#include "viewer/hanging_catalog.h"
#include "viewer/study_set.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSaveFile>
#include <algorithm>

namespace yz::cli {

namespace {

HangingStudy hangingStudyOf(const inspection::StudyInspection& study) {
    HangingStudy hanging;
    hanging.study = study.record.study;
    hanging.date = study.record.time.date();
    hanging.description = study.record.description;
    for (const inspection::SeriesInspection& series : study.series) {
        if (series.stacks.empty())
            continue;
        for (HangingSeries& entry : hangingSeriesOf(series.record, series.stacks))
            hanging.series.push_back(std::move(entry));
        if (hanging.modality.isEmpty())
            hanging.modality = series.record.modality;
        if (hanging.bodyPart.isEmpty())
            hanging.bodyPart = series.record.bodyPart;
    }
    return hanging;
}

/// "1920x1080,2048x2560".
Result<std::vector<HangingScreen>> screensOf(const QString& text) {
    std::vector<HangingScreen> screens;
    static const QRegularExpression size(QStringLiteral("^([0-9]{1,5})x([0-9]{1,5})$"));
    for (const QString& part : text.split(u',', Qt::SkipEmptyParts)) {
        const QRegularExpressionMatch match = size.match(part.trimmed());
        if (!match.hasMatch())
            return fail(ErrorCode::InvalidArgument, QString(QStringLiteral("not a screen: ") + part));
        screens.push_back({match.captured(1).toInt(), match.captured(2).toInt()});
    }
    return screens;
}

QJsonArray lossesJson(const std::vector<HangingLoss>& losses) {
    QJsonArray list;
    for (const HangingLoss& loss : losses)
        list.append(lossText(loss));
    return list;
}

QJsonObject slotJson(const HangingSlot& slot) {
    QJsonObject json{{"row", slot.viewport.row}, {"column", slot.viewport.column}, {"kind", slot.viewport.kind}};
    if (!slot.viewport.label.isEmpty())
        json["label"] = slot.viewport.label;
    if (!slot.series) {
        json["missing"] = slot.missing;
        return json;
    }
    json["study"] = slot.study->value();
    json["seriesNumber"] = slot.series->seriesNumber;
    json["series"] = slot.series->series.value();
    json["stack"] = slot.series->stackIndex;
    json["description"] = slot.series->description;
    if (!slot.series->laterality.isEmpty() || !slot.series->viewPosition.isEmpty())
        json["view"] = QString(slot.series->laterality + u' ' + slot.series->viewPosition).trimmed();
    return json;
}

QJsonObject scoreJson(const HangingScore& score) {
    return {{"id", score.protocol->id},
            {"name", score.protocol->name},
            {"matches", score.matches},
            {"score", score.score},
            {"reasons", QJsonArray::fromStringList(score.texts())}};
}

Result<HangingInput> inputOf(Context& context) {
    const Arguments& arguments = context.arguments();
    const Result<PixelSource*> source = context.pixelsOf({arguments.positional(1)});
    if (!source)
        return fail(source.error());
    const Result<inspection::FolderInspection> found =
        inspection::inspectFolder(arguments.positional(1), **source, {}, context.token());
    if (!found)
        return fail(found.error());
    std::vector<HangingStudy> studies;
    for (const inspection::StudyInspection& study : found->studies)
        if (HangingStudy hanging = hangingStudyOf(study); !hanging.series.empty())
            studies.push_back(std::move(hanging));
    if (studies.empty())
        return fail(ErrorCode::NotFound, QStringLiteral("no study with pictures"));
    std::stable_sort(studies.begin(), studies.end(),
                     [](const HangingStudy& a, const HangingStudy& b) { return a.date > b.date; });
    auto current = studies.begin();
    if (arguments.has("study"))
        current = std::find_if(studies.begin(), studies.end(), [&](const HangingStudy& study) {
            return study.study.value() == arguments.option("study");
        });
    if (current == studies.end())
        return fail(ErrorCode::NotFound, QStringLiteral("no such study"));
    HangingInput input;
    input.current = *current;
    studies.erase(current);
    input.priors = std::move(studies);
    input.task = arguments.option("task");
    const Result<std::vector<HangingScreen>> screens = screensOf(arguments.option("screens"));
    if (!screens)
        return fail(screens.error());
    input.screens = *screens;
    return input;
}

Result<Answer> match(Context& context) {
    const Result<HangingInput> input = inputOf(context);
    if (!input)
        return fail(input.error());
    const HangingCatalog catalog(context.arguments().option("protocols"));
    QJsonArray ranked, stages, problems;
    const std::vector<HangingScore> scores = rankProtocols(catalog.protocols(), *input);
    for (const HangingScore& score : scores)
        ranked.append(scoreJson(score));
    const bool isFound = !scores.empty() && scores.front().matches;
    if (isFound) {
        const HangingProtocol& best = *scores.front().protocol;
        for (size_t stage = 0; stage < best.stages.size(); ++stage) {
            QJsonArray viewports;
            for (const HangingSlot& slot : assignSeries(best, static_cast<int>(stage), *input))
                viewports.append(slotJson(slot));
            stages.append(QJsonObject{{"name", best.stages[stage].name}, {"viewports", viewports}});
        }
    }
    for (const HangingCatalog::Problem& problem : catalog.problems())
        problems.append(QJsonObject{{"file", problem.file}, {"detail", problem.error.detail}});
    return Answer{QJsonObject{{"study", input->current.study.value()},
                              {"protocol", isFound ? QJsonValue(scores.front().protocol->id) : QJsonValue::Null},
                              {"stages", stages},
                              {"ranked", ranked},
                              {"problems", problems}},
                  isFound ? kDone : kAnswerIsNo};
}

Status write(const QString& path, const QByteArray& bytes) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return fail(ErrorCode::FileUnwritable, file.errorString());
    return {};
}

Result<Answer> exportProtocol(Context& context) {
    const Arguments& arguments = context.arguments();
    const Result<QByteArray> json = readFile(arguments.positional(1));
    if (!json)
        return fail(json.error());
    const Result<HangingProtocol> protocol = parseHangingProtocol(*json);
    if (!protocol)
        return fail(protocol.error());
    Result<HangingExport> exported = toHangingObject(*protocol);
    if (!exported)
        return fail(exported.error());
    HangingObject& object = exported->object;
    object.instance = context.uids().next();
    object.level = QStringLiteral("SITE");
    object.creator = arguments.has("creator") ? arguments.option("creator") : QStringLiteral("Yuanzhen");
    object.created = context.clock().nowUtc().toLocalTime();
    const Result<QByteArray> file = makeHangingFiles()->encodeHangingObject(object);
    if (!file)
        return fail(file.error());
    if (const Status written = write(arguments.positional(2), *file); !written)
        return fail(written.error());
    return Answer{QJsonObject{{"file", arguments.positional(2)},
                              {"instanceUid", object.instance},
                              {"complete", exported->losses.empty()},
                              {"notCarried", lossesJson(exported->losses)}},
                  exported->losses.empty() ? kDone : kAnswerIsNo};
}

Result<Answer> importProtocol(Context& context) {
    const Arguments& arguments = context.arguments();
    const Result<HangingObject> object = makeHangingFiles()->readHangingObject(arguments.positional(1));
    if (!object)
        return fail(object.error());
    const Result<HangingImport> imported = fromHangingObject(*object);
    if (!imported)
        return fail(imported.error());
    const QByteArray json = hangingProtocolJson(imported->protocol);
    if (!arguments.positional(2).isEmpty())
        if (const Status written = write(arguments.positional(2), json); !written)
            return fail(written.error());
    return Answer{QJsonObject{{"protocol", QJsonDocument::fromJson(json).object()},
                              {"complete", imported->losses.empty()},
                              {"notCarried", lossesJson(imported->losses)}},
                  imported->losses.empty() ? kDone : kAnswerIsNo};
}

Result<Answer> hanging(Context& context) {
    const QString what = context.arguments().positional(0);
    const int words = context.arguments().positionalCount();
    if (what == u"match" && words == 2)
        return match(context);
    if (what == u"export" && words == 3)
        return exportProtocol(context);
    if (what == u"import" && words <= 3)
        return importProtocol(context);
    return fail(ErrorCode::InvalidArgument,
                QStringLiteral("say match DIR, export PROTOCOL.json OUT.dcm or import FILE.dcm [OUT.json]"));
}

} // namespace

std::vector<Command> hangingCommands() {
    return {{"hanging",
             "match DIR | export PROTOCOL.json OUT.dcm | import FILE.dcm [OUT.json]",
             "which hanging protocol fits the studies of a folder and why; protocols to and from DICOM objects "
             "(exit code 3: none fits, or not all could be carried)",
             {{"study", "UID", "the study to read; else the newest, the others are priors"},
              {"protocols", "DIR", "protocols of the site"},
              {"task", "KIND", "report, review or view"},
              {"screens", "SIZES", "screens for pictures, 1920x1080,2048x2560"},
              {"creator", "NAME", "who made the exported object"}},
             hanging,
             2,
             3}};
}

} // namespace yz::cli
