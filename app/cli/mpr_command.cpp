#include "command.h"
#include "geometry_json.h"

#include "imaging/reslice.h"
#include "imaging/volume_load.h"
#include "session/folder_inspection.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonObject>
#include <cmath>
#include <cstring>
#include <map>

namespace yz::cli {

namespace {

constexpr int kLargestSide = 8192;
constexpr double kSquare = 1e-3; ///< how far row and column may be from a right angle (cosine)

Result<PatientVector> direction(const Arguments& arguments, const char* name) {
    const Result<std::vector<double>> n = arguments.numbers(name, 3);
    if (!n)
        return fail(n.error());
    const PatientVector vector{(*n)[0], (*n)[1], (*n)[2]};
    if (!std::isfinite(vector.length()) || vector.length() < 1e-6)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("--%1 is no direction").arg(QLatin1String(name)));
    return vector.normalized();
}

Result<double> length(const Arguments& arguments, const char* name) {
    const Result<std::vector<double>> n = arguments.numbers(name, 1);
    if (!n)
        return fail(n.error());
    if (!(n->front() > 0.0) || !std::isfinite(n->front()))
        return fail(ErrorCode::InvalidArgument, QStringLiteral("--%1 wants mm above 0").arg(QLatin1String(name)));
    return n->front();
}

Result<SlicePlane> planeOf(const Arguments& arguments) {
    for (const char* needed : {"origin", "row", "column", "spacing", "size", "out"})
        if (!arguments.has(needed))
            return fail(ErrorCode::InvalidArgument, QStringLiteral("say --%1").arg(QLatin1String(needed)));
    const Result<std::vector<double>> origin = arguments.numbers("origin", 3);
    const Result<std::vector<double>> size = arguments.numbers("size", 2);
    const Result<PatientVector> row = direction(arguments, "row");
    const Result<PatientVector> column = direction(arguments, "column");
    const Result<double> spacing = length(arguments, "spacing");
    for (const Result<std::vector<double>>* given : {&origin, &size})
        if (!*given)
            return fail(given->error());
    for (const Result<PatientVector>* given : {&row, &column})
        if (!*given)
            return fail(given->error());
    if (!spacing)
        return fail(spacing.error());
    if (std::abs(row->dot(*column)) > kSquare)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("--row and --column are not at right angles"));
    SlicePlane plane;
    plane.origin = {(*origin)[0], (*origin)[1], (*origin)[2]};
    if (!std::isfinite(plane.origin.length()))
        return fail(ErrorCode::InvalidArgument, QStringLiteral("--origin is no point"));
    plane.row = *row;
    plane.column = *column;
    plane.pixelMm = *spacing;
    for (const double side : *size)
        if (!(side >= 1.0 && side <= kLargestSide) || side != std::floor(side))
            return fail(ErrorCode::InvalidArgument,
                        QStringLiteral("--size wants whole numbers up to %1").arg(kLargestSide));
    plane.width = static_cast<int>((*size)[0]);
    plane.height = static_cast<int>((*size)[1]);
    return plane;
}

Result<Slab> slabOf(const Arguments& arguments) {
    Slab slab;
    if (!arguments.has("slab"))
        return slab;
    const Result<double> thickness = length(arguments, "slab");
    if (!thickness)
        return fail(thickness.error());
    const QString mode = arguments.has("mode") ? arguments.option("mode") : QStringLiteral("mip");
    slab.thicknessMm = *thickness;
    slab.mode = mode == u"mip"     ? SlabMode::Mip
                : mode == u"minip" ? SlabMode::MinIp
                : mode == u"mean"  ? SlabMode::Mean
                                   : SlabMode::None;
    if (slab.mode == SlabMode::None)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("--mode wants mip, minip or mean"));
    return slab;
}

/// Paths of the files meant: as given, or those of a series on this workstation.
Result<QStringList> pathsOf(Context& context) {
    const Arguments& arguments = context.arguments();
    QStringList paths;
    for (int i = 0; i < arguments.positionalCount(); ++i)
        paths.append(arguments.positional(i));
    if (QFileInfo::exists(paths.front()) || paths.size() > 1)
        return paths;
    const Result<DeskServices*> desk = context.services();
    if (!desk)
        return fail(ErrorCode::NotFound, QStringLiteral("no such folder or file, and no workstation to look in"));
    const Result<std::vector<StudyRecord>> studies = (*desk)->store().studies().all();
    if (!studies)
        return fail(studies.error());
    QStringList found;
    for (const StudyRecord& study : *studies)
        for (const SeriesRecord& series : study.series)
            if (series.series.value() == paths.front())
                for (const InstanceRecord& instance : series.instances)
                    found.append(instance.path);
    if (found.isEmpty())
        return fail(ErrorCode::NotFound, QStringLiteral("no such folder, file or series"));
    return found;
}

struct Chosen {
    const inspection::SeriesInspection* series = nullptr;
    const Stack* stack = nullptr;
    int index = 0;
};

/// The stack asked for; else the largest that forms a volume. Without one: why the largest does not.
Result<Chosen> choose(const inspection::FolderInspection& found, const QString& seriesUid, int wanted) {
    Chosen best;
    bool isBestVolume = false;
    for (const inspection::StudyInspection& study : found.studies)
        for (const inspection::SeriesInspection& series : study.series) {
            if (!seriesUid.isEmpty() && series.record.series.value() != seriesUid)
                continue;
            for (size_t i = 0; i < series.stacks.size(); ++i) {
                const Stack& stack = series.stacks[i];
                if (wanted >= 0 && static_cast<int>(i) != wanted)
                    continue;
                const bool isVolume = canFormVolume(stack).has_value();
                const bool isLarger = !best.stack || stack.frames.size() > best.stack->frames.size();
                if (isVolume == isBestVolume ? isLarger : isVolume) {
                    best = {&series, &stack, static_cast<int>(i)};
                    isBestVolume = isVolume;
                }
            }
        }
    if (!best.stack) {
        if (!found.problems.empty())
            return fail(found.problems.front().error);
        return fail(ErrorCode::NotFound, QStringLiteral("no such series or stack of images"));
    }
    if (const Status possible = canFormVolume(*best.stack); !possible)
        return fail(possible.error());
    return best;
}

Result<VolumePtr> load(const Chosen& chosen, PixelSource& source, const CancelToken& token) {
    std::map<InstanceUid, QString> paths;
    for (const InstanceRecord& instance : chosen.series->record.instances)
        paths[instance.instance] = instance.path;
    const auto pathOf = [&paths](const InstanceUid& instance) {
        const auto found = paths.find(instance);
        return found == paths.end() ? QString() : found->second;
    };
    Result<std::shared_ptr<Volume>> volume = loadVolume(*chosen.stack, source, pathOf, 0, token);
    if (!volume)
        return fail(volume.error());
    return VolumePtr(std::move(*volume));
}

int pixelsInside(const Volume& volume, const SlicePlane& plane) {
    int inside = 0;
    for (int y = 0; y < plane.height; ++y)
        for (int x = 0; x < plane.width; ++x) {
            const VoxelIndex at = volume.toVoxel(plane.at(x, y));
            inside += at.x >= -0.5 && at.x <= volume.columns - 0.5 && at.y >= -0.5 && at.y <= volume.rows - 0.5 &&
                              at.z >= -0.5 && at.z <= volume.slices - 0.5
                          ? 1
                          : 0;
        }
    return inside;
}

Status write(const QString& path, const PixelBuffer& pixels, const Volume& volume, bool isFloat) {
    QByteArray bytes;
    const size_t count = static_cast<size_t>(pixels.columns) * static_cast<size_t>(pixels.rows);
    const auto* stored = pixels.as<std::int16_t>();
    if (isFloat) {
        std::vector<float> values(count);
        for (size_t i = 0; i < count; ++i)
            values[i] = static_cast<float>(stored[i] * volume.rescaleSlope + volume.rescaleIntercept);
        bytes = QByteArray(reinterpret_cast<const char*>(values.data()), static_cast<qsizetype>(count * sizeof(float)));
    } else {
        bytes = QByteArray(reinterpret_cast<const char*>(stored), static_cast<qsizetype>(count * sizeof(*stored)));
    }
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return fail(ErrorCode::FileUnwritable, path);
    if (file.write(bytes) != bytes.size() || !file.flush())
        return fail(ErrorCode::DiskFull, path);
    return {};
}

Result<Answer> mpr(Context& context) {
    const Arguments& arguments = context.arguments();
    const Result<SlicePlane> plane = planeOf(arguments);
    if (!plane)
        return fail(plane.error());
    const Result<Slab> slab = slabOf(arguments);
    if (!slab)
        return fail(slab.error());
    const Result<int> wanted = arguments.integer("stack", -1, 0, 1'000'000);
    if (!wanted)
        return fail(wanted.error());
    const QString type = arguments.has("type") ? arguments.option("type") : QStringLiteral("float32");
    if (type != u"float32" && type != u"int16")
        return fail(ErrorCode::InvalidArgument, QStringLiteral("--type wants float32 or int16"));
    const Result<QStringList> paths = pathsOf(context);
    if (!paths)
        return fail(paths.error());

    const Result<PixelSource*> source = context.pixelsOf(*paths);
    if (!source)
        return fail(source.error());
    const Result<inspection::FolderInspection> found = inspection::inspectPaths(*paths, **source, {}, context.token());
    if (!found)
        return fail(found.error());
    const Result<Chosen> chosen = choose(*found, arguments.option("series"), *wanted);
    if (!chosen)
        return fail(chosen.error());
    const Result<VolumePtr> volume = load(*chosen, **source, context.token());
    if (!volume)
        return fail(volume.error());
    const PixelBufferPtr pixels = reslice(**volume, *plane, *slab);
    if (Status written = write(arguments.option("out"), *pixels, **volume, type == u"float32"); !written)
        return fail(written.error());
    QJsonArray findings;
    for (const GeometryFinding& finding : chosen->stack->findings)
        findings.append(toJson(finding));
    const bool isStored = type == u"int16";
    return Answer{QJsonObject{
        {"seriesUid", chosen->series->record.series.value()},
        {"stack", chosen->index},
        {"columns", plane->width},
        {"rows", plane->height},
        {"type", type},
        {"slope", isStored ? (*volume)->rescaleSlope : 1.0},
        {"intercept", isStored ? (*volume)->rescaleIntercept : 0.0},
        {"unit", (*volume)->unit},
        {"outsideValue", (*volume)->outside * (*volume)->rescaleSlope + (*volume)->rescaleIntercept},
        {"pixelsInside", pixelsInside(**volume, *plane)},
        {"findings", findings},
        {"volume", gridJson(**volume)},
        {"out", arguments.option("out")},
    }};
}

} // namespace

std::vector<Command> mprCommands() {
    return {{"mpr",
             "SERIES --origin x,y,z --row x,y,z --column x,y,z --spacing MM --size W,H --out RAW",
             "cut a plane through a volume; SERIES: folder, files, or a series UID on this workstation",
             {{"origin", "x,y,z", "centre of the first pixel, mm in the patient (LPS)"},
              {"row", "x,y,z", "direction in which columns count up"},
              {"column", "x,y,z", "direction in which rows count up"},
              {"spacing", "MM", "mm per pixel, both ways"},
              {"size", "W,H", "columns and rows"},
              {"slab", "MM", "thickness, symmetric about the plane; samples one voxel apart"},
              {"mode", "mip|minip|mean", "of the slab; else mip"},
              {"series", "UID", "where there are several; else the largest volume"},
              {"stack", "N", "of the series, from 0, as inspect lists them"},
              {"type", "float32|int16",
               "little-endian; float32: modality values, int16: value = stored x slope + intercept. "
               "A point more than half a voxel outside gives outsideValue (CT: -1024 HU, else about 0)"},
              {"out", "RAW", "file to write"}},
             mpr,
             1,
             100'000}};
}

} // namespace yz::cli
