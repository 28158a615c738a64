#include "command.h"
#include "display_options.h"

#include "imaging/display_chain.h"
#include "imaging/reslice.h"
#include "imaging/suv.h"

#include <QFile>
#include <QImage>
#include <QJsonArray>
#include <QJsonObject>
#include <cstdio>
#include <cstring>

namespace yz::cli {

namespace {

StudyUid studyOf(Context& context, DeskServices& desk, Result<ReadingTask>& task) {
    if (context.arguments().has("study"))
        return StudyUid(context.arguments().option("study"));
    if (context.arguments().positionalCount() == 0) {
        task = fail(ErrorCode::InvalidArgument, QStringLiteral("say TASK or --study UID"));
        return {};
    }
    const WorkitemUid uid(context.arguments().positional(0));
    task = desk.worklist().get(uid, context.token());
    if (!task)
        task = desk.store().tasks().get(uid);
    return task ? task->order.study : StudyUid();
}

QJsonObject toJson(const StudyRecord& study) {
    QJsonArray seriesList;
    for (const SeriesRecord& series : study.series) {
        QJsonArray files;
        for (const InstanceRecord& instance : series.instances)
            files.append(QJsonObject{{"instanceUid", instance.instance.value()},
                                     {"sopClassUid", instance.sopClass.value()},
                                     {"transferSyntax", instance.transferSyntax},
                                     {"frames", instance.frameCount},
                                     {"path", instance.path}});
        seriesList.append(QJsonObject{{"seriesUid", series.series.value()},
                                      {"modality", series.modality},
                                      {"number", series.seriesNumber},
                                      {"description", series.description},
                                      {"bodyPart", series.bodyPart},
                                      {"instances", files}});
    }
    return {{"studyUid", study.study.value()},
            {"patientId", study.patient.id.value()},
            {"patientName", study.patient.name.toDicom()},
            {"accessionNumber", study.accessionNumber},
            {"description", study.description},
            {"series", seriesList}};
}

Result<Answer> acquire(Context& context) {
    const Result<DeskServices*> desk = context.services();
    if (!desk)
        return fail(desk.error());
    Result<ReadingTask> task = fail(ErrorCode::NotFound);
    const StudyUid study = studyOf(context, **desk, task);
    if (study.isEmpty())
        return fail(task.error());
    AcquireProgress last;
    const Result<StudyRecord> record = pipeline::acquireStudy(
        study, {},
        [&](const AcquireProgress& progress) {
            last = progress;
            std::fprintf(stderr,
                         "{\"have\":%d,\"total\":%d,\"bytes\":%lld,\"bytesPerSecond\":%lld,\"secondsLeft\":%lld,"
                         "\"broken\":%s}\n",
                         progress.have, progress.total, static_cast<long long>(progress.bytes),
                         static_cast<long long>(progress.rate.bytesPerSecond),
                         static_cast<long long>(progress.rate.left ? progress.rate.left->count() : -1),
                         progress.isBroken ? "true" : "false");
        },
        (*desk)->pipeline(), context.token());
    if (!record)
        return fail(record.error());
    QJsonObject json = toJson(*record);
    json["setAside"] = last.setAside;
    return Answer{json};
}

Result<Answer> studies(Context& context) {
    const Result<DeskServices*> desk = context.services();
    if (!desk)
        return fail(desk.error());
    const Result<std::vector<StudyRecord>> all = (*desk)->store().studies().all();
    if (!all)
        return fail(all.error());
    QJsonArray list;
    for (const StudyRecord& study : *all) {
        QJsonObject json = toJson(study);
        const Result<StudyStore::Completeness> completeness = (*desk)->store().studies().completeness(study.study);
        if (completeness)
            json["complete"] = completeness->isComplete();
        const Result<std::vector<StudyStore::SetAside>> refused = (*desk)->store().studies().setAsideOf(study.study);
        QJsonArray setAside;
        if (refused)
            for (const StudyStore::SetAside& object : *refused)
                setAside.append(QJsonObject{{"instanceUid", object.instance.value()},
                                            {"reason", errorName(object.reason.code)},
                                            {"detail", object.reason.detail}});
        json["setAside"] = setAside;
        list.append(json);
    }
    return Answer{list};
}

Status savePicture(const ScreenPicture& picture, const QString& path) {
    const QImage image(reinterpret_cast<const uchar*>(picture.argb.data()), picture.width, picture.height,
                       picture.width * 4, QImage::Format_RGB32);
    if (!image.save(path, "PNG"))
        return fail(ErrorCode::FileUnwritable, path);
    return {};
}

/// An MPR plane behaves like an image whose stored values are the volume's.
ImageDescription describePlane(const Volume& volume, const SlicePlane& plane) {
    ImageDescription image;
    image.columns = plane.width;
    image.rows = plane.height;
    image.isSigned = true;
    FrameDescription frame;
    frame.rescaleSlope = volume.rescaleSlope;
    frame.rescaleIntercept = volume.rescaleIntercept;
    frame.spacing = {plane.pixelMm, plane.pixelMm, Calibration::PixelSpacing};
    image.frames = {frame};
    return image;
}

Result<Answer> render(Context& context) {
    const Arguments& arguments = context.arguments();
    const Result<DeskServices*> desk = context.services();
    if (!desk)
        return fail(desk.error());
    if (!arguments.has("out"))
        return fail(ErrorCode::InvalidArgument, QStringLiteral("say --out FILE.png"));
    const Result<DisplayOptions> display = displayOptions(arguments, (*desk)->pipeline().pixels);
    if (!display)
        return fail(display.error());
    const std::optional<VoiWindow>& window = display->window;
    const Result<int> wanted = arguments.integer("index", -1, 0, 1'000'000);
    if (!wanted)
        return fail(wanted.error());
    const int wantedIndex = *wanted;
    Result<ReadingTask> task = fail(ErrorCode::NotFound);
    const StudyUid uid = studyOf(context, **desk, task);
    if (uid.isEmpty())
        return fail(task.error());
    pipeline::Deps& deps = (*desk)->pipeline();
    const Result<pipeline::IndexedStudy> study = pipeline::indexStudy(uid, deps, context.token());
    if (!study)
        return fail(study.error());

    const Stack* stack = nullptr;
    const pipeline::IndexedSeries* series = nullptr;
    for (const pipeline::IndexedSeries& candidate : study->series) {
        if (arguments.has("series") && candidate.record.series.value() != arguments.option("series"))
            continue;
        for (const Stack& s : candidate.stacks)
            if (!stack || s.frames.size() > stack->frames.size()) {
                stack = &s;
                series = &candidate;
            }
    }
    if (!stack)
        return fail(ErrorCode::NotFound, QStringLiteral("no such series of images"));

    QJsonObject json{{"seriesUid", series->record.series.value()}, {"out", arguments.option("out")}};
    ScreenPicture picture;
    if (arguments.has("plane")) {
        const QString name = arguments.option("plane");
        const Orientation orientation = name == u"coronal"    ? Orientation::Coronal
                                        : name == u"sagittal" ? Orientation::Sagittal
                                                              : Orientation::Axial;
        if (name != u"axial" && name != u"coronal" && name != u"sagittal")
            return fail(ErrorCode::InvalidArgument, QStringLiteral("--plane wants axial, coronal or sagittal"));
        const Result<VolumePtr> volume = pipeline::loadVolume(*stack, study->record, deps, context.token());
        if (!volume)
            return fail(volume.error());
        const int count = planeCount(**volume, orientation);
        const int index = wantedIndex < 0 ? count / 2 : wantedIndex;
        if (index >= count)
            return fail(ErrorCode::InvalidArgument, QStringLiteral("--index: the volume has %1 planes").arg(count));
        const SlicePlane plane = planeOfIndex(**volume, orientation, index);
        const PixelBufferPtr pixels = reslice(**volume, plane);
        const ImageDescription image = describePlane(**volume, plane);
        DisplaySettings settings = defaultSettings(*stack->frames.front().image, stack->frames.front().frame, *pixels);
        if (window)
            settings.window = *window;
        picture = renderNative(image, 0, *pixels, settings);
        json["planes"] = count;
        json["index"] = index;
        json["tiltCorrectedDeg"] = (*volume)->tiltCorrectedDeg;
        json["resampled"] = (*volume)->isResampled();
    } else {
        const int count = static_cast<int>(stack->frames.size());
        const int index = wantedIndex < 0 ? count / 2 : wantedIndex;
        if (index >= count)
            return fail(ErrorCode::InvalidArgument, QStringLiteral("--index: the stack has %1 frames").arg(count));
        const FrameRef& frame = stack->frames[static_cast<size_t>(index)];
        QString path;
        for (const InstanceRecord& instance : series->record.instances)
            if (instance.instance == frame.image->instance)
                path = instance.path;
        const Result<PixelBufferPtr> pixels = deps.pixels.decode(path, frame.frame, context.token());
        if (!pixels)
            return fail(pixels.error());
        const Result<ScreenPicture> drawn = drawFrame(*frame.image, frame.frame, **pixels, *display);
        if (!drawn)
            return fail(drawn.error());
        picture = *drawn;
        if (display->state)
            json["state"] = yz::cli::toJson(*display->state, frame.image->instance, frame.frame);
        json["frames"] = count;
        json["index"] = index;
    }
    if (Status saved = savePicture(picture, arguments.option("out")); !saved)
        return fail(saved.error());
    json["width"] = picture.width;
    json["height"] = picture.height;
    return Answer{json};
}

QString typeName(SampleType type) {
    switch (type) {
    case SampleType::UInt8:
        return QStringLiteral("uint8");
    case SampleType::Int8:
        return QStringLiteral("int8");
    case SampleType::UInt16:
        return QStringLiteral("uint16");
    case SampleType::Int16:
        return QStringLiteral("int16");
    case SampleType::UInt32:
        return QStringLiteral("uint32");
    case SampleType::Int32:
        return QStringLiteral("int32");
    case SampleType::Float32:
        return QStringLiteral("float32");
    case SampleType::Float64:
        return QStringLiteral("float64");
    }
    return {};
}

/// Bytes of one frame at a stage, interleaved, little-endian as this machine is.
Result<QByteArray> stageBytes(const QString& stage, const ImageDescription& image, int frame, const PixelBuffer& pixels,
                              const DisplayOptions& display, double factor, QString& type) {
    if (stage == u"stored") {
        type = typeName(pixels.type);
        return QByteArray(reinterpret_cast<const char*>(pixels.data.data()),
                          static_cast<qsizetype>(pixels.byteCount()));
    }
    if (stage == u"modality") {
        type = QStringLiteral("float32");
        std::vector<float> values = modalityValues(image, frame, pixels);
        if (factor != 1.0)
            for (float& value : values)
                value = static_cast<float>(value * factor);
        return QByteArray(reinterpret_cast<const char*>(values.data()),
                          static_cast<qsizetype>(values.size() * sizeof(float)));
    }
    const Result<ScreenPicture> picture = drawFrame(image, frame, pixels, display, true);
    if (!picture)
        return fail(picture.error());
    type = QStringLiteral("uint8 rgb");
    QByteArray bytes;
    bytes.reserve(static_cast<qsizetype>(picture->argb.size()) * 3);
    for (std::uint32_t argb : picture->argb) {
        bytes.append(static_cast<char>(argb >> 16));
        bytes.append(static_cast<char>(argb >> 8));
        bytes.append(static_cast<char>(argb));
    }
    return bytes;
}

Result<Answer> pixels(Context& context) {
    const Arguments& arguments = context.arguments();
    if (!arguments.has("out"))
        return fail(ErrorCode::InvalidArgument, QStringLiteral("say FILE and --out RAW"));
    const QString stage = arguments.has("stage") ? arguments.option("stage") : QStringLiteral("stored");
    if (stage != u"stored" && stage != u"modality" && stage != u"display")
        return fail(ErrorCode::InvalidArgument, QStringLiteral("--stage wants stored, modality or display"));
    const Result<PixelSource*> source = context.pixelsOf({arguments.positional(0)});
    if (!source)
        return fail(source.error());
    const Result<DisplayOptions> display = displayOptions(arguments, **source);
    if (!display)
        return fail(display.error());
    const Result<ImageDescriptionPtr> image = (*source)->describe(arguments.positional(0));
    if (!image)
        return fail(image.error());
    const QString which = arguments.has("frame") ? arguments.option("frame") : QStringLiteral("0");
    const bool all = which == u"all";
    bool isNumber = true;
    const int first = all ? 0 : which.toInt(&isNumber);
    if (!isNumber)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("--frame wants a number or all"));
    const int last = all ? (*image)->frameCount - 1 : first;
    if (first < 0 || last >= (*image)->frameCount)
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("--frame: the image has %1 frames").arg((*image)->frameCount));

    double factor = 1.0;
    if (arguments.has("suv")) {
        if (stage != u"modality")
            return fail(ErrorCode::InvalidArgument, QStringLiteral("--suv wants --stage modality"));
        const Result<double> suv = suvFactor(**image);
        if (!suv)
            return fail(suv.error());
        factor = *suv;
    }
    const Result<int> reduction = arguments.integer("reduction", 0, 0, 32);
    if (!reduction)
        return fail(reduction.error());
    if (*reduction > 0 && stage != u"stored")
        return fail(ErrorCode::InvalidArgument, QStringLiteral("--reduction goes with --stage stored"));

    QFile out(arguments.option("out"));
    if (!out.open(QIODevice::WriteOnly))
        return fail(ErrorCode::FileUnwritable, out.fileName());
    QString type;
    PixelBufferPtr size; // of the frames written: as the image says, unless they were reduced
    for (int frame = first; frame <= last; ++frame) {
        const Result<PixelBufferPtr> decoded =
            (*source)->decodeReduced(arguments.positional(0), frame, *reduction, context.token());
        if (!decoded)
            return fail(decoded.error());
        size = *decoded;
        const Result<QByteArray> bytes = stageBytes(stage, **image, frame, **decoded, *display, factor, type);
        if (!bytes)
            return fail(bytes.error());
        if (out.write(*bytes) != bytes->size())
            return fail(ErrorCode::DiskFull, out.fileName());
    }
    QJsonObject answer{{"columns", size->columns},
                       {"rows", size->rows},
                       {"reduction", size->reduction},
                       {"frames", last - first + 1},
                       {"samplesPerPixel", stage == u"display" ? 3 : (*image)->samplesPerPixel},
                       {"type", type},
                       {"transferSyntax", (*image)->transferSyntax},
                       {"out", out.fileName()}};
    if (arguments.has("suv"))
        answer["suvFactor"] = factor;
    if (display->state)
        answer["state"] = yz::cli::toJson(*display->state, (*image)->instance, first);
    return Answer{answer};
}

} // namespace

std::vector<Command> imageCommands() {
    const Option study{"study", "UID", "a study instead of a task's"};
    const auto with = [](std::vector<Option> options) {
        for (const Option& option : displayOptionList())
            options.push_back(option);
        return options;
    };
    return {
        {"acquire", "TASK | --study UID", "fetch a study; only what is missing (resumes)", {study}, acquire, 0, 1},
        {"studies", "", "the studies on this workstation", {}, studies},
        {"render", "TASK | --study UID --out PNG", "draw a frame or an MPR plane",
         with({study,
               {"series", "UID", "else the longest"},
               {"index", "N", "frame or plane, from 0; else the middle one"},
               {"plane", "axial|coronal|sagittal", "cut the volume"},
               {"out", "PNG", "file to write"}}),
         render, 0, 1},
        {"pixels", "FILE --out RAW", "values of a file's frames, interleaved, little-endian",
         with({{"frame", "N|all", "from 0"},
               {"stage", "stored|modality|display", "where in the display chain"},
               {"reduction", "N", "both sides halved up to N times, as far as the codec can (stored)"},
               {"suv", nullptr, "modality stage of PET: standardised uptake by body weight"},
               {"out", "RAW", "file to write"}}),
         pixels, 1, 1},
    };
}

} // namespace yz::cli
