#include "dicom/data/dicom_pixel_source.h"
#include "imaging/display_chain.h"
#include "imaging/reslice.h"
#include "session/folder_inspection.h"

#include "support/nifti_file.h"
#include "support/shared_data.h"

#include <QDir>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <map>

using namespace yz;
using namespace yz::test;

namespace {

struct Loaded {
    inspection::FolderInspection found;
    std::unique_ptr<PixelSource> source;
    std::map<QString, QString> paths;

    [[nodiscard]] const std::vector<Stack>& stacks() const { return found.studies.front().series.front().stacks; }
    [[nodiscard]] PixelBufferPtr pixels(const FrameRef& frame) {
        const auto decoded = source->decode(paths[frame.image->instance.value()], frame.frame, {});
        return decoded ? *decoded : nullptr;
    }
    [[nodiscard]] std::shared_ptr<Volume> volume(const Stack& stack) {
        auto made = makeVolume(stack);
        if (!made)
            return nullptr;
        for (size_t i = 0; i < stack.frames.size(); ++i) {
            const PixelBufferPtr picture = pixels(stack.frames[i]);
            if (!picture || !fillSlice(**made, stack, static_cast<int>(i), *picture))
                return nullptr;
        }
        return *made;
    }
};

Loaded load(const QStringList& files) {
    Loaded loaded;
    loaded.source = std::make_unique<DicomPixelSource>();
    if (auto found = inspection::inspectPaths(files, *loaded.source, {}, {}))
        loaded.found = std::move(*found);
    for (const auto& study : loaded.found.studies)
        for (const auto& series : study.series)
            for (const InstanceRecord& instance : series.record.instances)
                loaded.paths[instance.instance.value()] = instance.path;
    return loaded;
}

/// The files of a folder, or some of them by their names.
QStringList filesOf(const QString& folder, const QStringList& names = {}) {
    QStringList files;
    for (const QString& name : names.isEmpty() ? QDir(folder).entryList(QDir::Files, QDir::Name) : names)
        files.append(QDir(folder).absoluteFilePath(name));
    return files;
}

QStringList numbered(int first, int last) {
    QStringList names;
    for (int i = first; i <= last; ++i)
        names.append(QStringLiteral("%1.dcm").arg(i, 2, 10, QLatin1Char('0')));
    return names;
}

constexpr double kSamePlace = 0.01; ///< of a voxel: dcm2niix writes its affine in single precision

} // namespace

/// Place and value of every voxel against NIfTI images made by dcm2niix: the references that stand beside the DICOM
/// files, and for CT images made with Debian's dcm2niix while the test runs. NIfTI's world is RAS, turned to LPS here.
class NiftiGeometryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        m_data = sharedData();
        if (m_data.isEmpty() || !QDir(m_data + QStringLiteral("/dcm_qa_ct")).exists())
            QSKIP("no third-party studies");
    }

    // MR: GE field map, 16 slices of 9 mm, two images at each place that only their numbers tell apart.
    void mrFieldMap_data() {
        QTest::addColumn<int>("stack");
        QTest::addColumn<QString>("name");
        QTest::newRow("field map") << 0 << QStringLiteral("GE_6_CV_Neuro_HH_Adv_fieldmaphz.nii");
        QTest::newRow("magnitude") << 1 << QStringLiteral("GE_6_CV_Neuro_HH_Adv.nii");
    }
    void mrFieldMap() {
        QFETCH(int, stack);
        QFETCH(QString, name);
        Loaded loaded = load(filesOf(m_data + QStringLiteral("/dcm_qa_fmap/In/GE/6_CV_Neuro")));
        QCOMPARE(loaded.stacks().size(), size_t(2));
        checkAll(loaded, static_cast<size_t>(stack), m_data + QStringLiteral("/dcm_qa_fmap/Ref/") + name);
    }

    // Enhanced MR: Philips field map, one object of 64 frames; magnitude and field with a rescale of their own.
    void enhancedMrPhilips_data() {
        QTest::addColumn<int>("stack");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("component");
        QTest::newRow("magnitude") << 0 << QStringLiteral("Philips_WIP_B0_NS_801_e1.nii")
                                   << QStringLiteral("MAGNITUDE");
        QTest::newRow("field") << 1 << QStringLiteral("Philips_WIP_B0_NS_801_e2_fieldmaphz.nii")
                               << QStringLiteral("REAL");
    }
    void enhancedMrPhilips() {
        QFETCH(int, stack);
        QFETCH(QString, name);
        QFETCH(QString, component);
        Loaded loaded = load(filesOf(m_data + QStringLiteral("/dcm_qa_enh/In/Philips")));
        QCOMPARE(loaded.stacks().size(), size_t(2));
        const Stack& one = loaded.stacks()[static_cast<size_t>(stack)];
        QCOMPARE(one.splits.front().text, component);
        checkAll(loaded, static_cast<size_t>(stack), m_data + QStringLiteral("/dcm_qa_enh/Ref/") + name);
        // The magnitude's NIfTI holds the vendor's "precise value" (private scale slope); the standard's rescale
        // (1.27985) is ours. The field's are one: Hz.
        const auto nifti = NiftiFile::read(m_data + QStringLiteral("/dcm_qa_enh/Ref/") + name);
        const FrameDescription& frame = one.frames.front().description();
        if (stack == 1) { // written in the header with five digits
            const double atTop = 4095 * frame.rescaleSlope + frame.rescaleIntercept;
            QVERIFY(std::abs(atTop - (4095 * nifti->slope() + nifti->intercept())) < 0.01);
            QVERIFY(std::abs(frame.rescaleIntercept - nifti->intercept()) < 0.001);
        } else {
            QVERIFY(std::abs(frame.rescaleSlope - 1.27985) < 1e-5);
            QCOMPARE(frame.rescaleIntercept, 0.0);
        }
    }

    // Enhanced MR: Siemens XA10 functional run, four objects of six frames, one per time point.
    void enhancedMrSiemens_data() {
        QTest::addColumn<int>("time");
        for (int time = 0; time < 4; ++time)
            QTest::addRow("time point %d", time + 1) << time;
    }
    void enhancedMrSiemens() {
        QFETCH(int, time);
        Loaded loaded = load(filesOf(m_data + QStringLiteral("/dcm_qa_enh/In/Siemens/XA10")));
        QCOMPARE(loaded.stacks().size(), size_t(4));
        checkAll(loaded, static_cast<size_t>(time),
                 m_data + QStringLiteral("/dcm_qa_enh/Ref/Siemens_REST1_w_SMS_PF7-8_6.nii"), time);
    }

    // CT: Philips head, 140 slices of 1 mm.
    void ct() {
        Loaded loaded = load(filesOf(m_data + QStringLiteral("/dcm_qa_ct/In/Philips/S21570/S2020")));
        const QStringList made = convert(filesOf(m_data + QStringLiteral("/dcm_qa_ct/In/Philips/S21570/S2020")));
        if (made.isEmpty())
            QSKIP("dcm2niix is not installed");
        QCOMPARE(made.size(), qsizetype(1));
        checkAll(loaded, 0, made.front());
    }

    // Tilted CT: GE head, 18.5 degrees. The series changes its slice distance half way; each half is regular.
    void tiltedCt_data() {
        QTest::addColumn<int>("first");
        QTest::addColumn<int>("last");
        QTest::newRow("lower half, 4.0 mm") << 1 << 14;
        QTest::newRow("upper half, 7.0 mm") << 15 << 28;
    }
    void tiltedCt() {
        QFETCH(int, first);
        QFETCH(int, last);
        const QStringList files = filesOf(m_data + QStringLiteral("/dcm_qa_ct/In/GE"), numbered(first, last));
        const QString sheared = sheared_(convert(files));
        if (sheared.isEmpty())
            QSKIP("dcm2niix is not installed");
        Loaded loaded = load(files);
        QCOMPARE(loaded.stacks().size(), size_t(1));
        const auto volume = loaded.volume(loaded.stacks().front());
        QVERIFY(volume);
        QVERIFY(std::abs(volume->tiltCorrectedDeg - 18.5) < 0.01);
        const auto nifti = NiftiFile::read(sheared);
        QVERIFY(nifti);
        // Same grid: same voxel sizes and directions, voxel on voxel.
        QVERIFY(std::abs(volume->sliceMm - nifti->axis(2).length()) < 1e-4);
        QVERIFY((volume->slice - nifti->axis(2).normalized()).length() < 1e-5);
        QVERIFY((volume->row - nifti->axis(0).normalized()).length() < 1e-5);
        qint64 compared = 0, differing = 0;
        double worst = 0.0;
        for (int k = 0; k < nifti->size(2); ++k)
            for (int j = 0; j < nifti->size(1); ++j)
                for (int i = 0; i < nifti->size(0); ++i) {
                    const VoxelIndex at = volume->toVoxel(nifti->toPatient(i, j, k));
                    const VoxelIndex near{std::round(at.x), std::round(at.y), std::round(at.z)};
                    QVERIFY2((at - near).length() < kSamePlace, qPrintable(QString::number((at - near).length())));
                    if (near.y < 0 || near.y >= volume->rows)
                        continue;
                    const int ours = voxel(*volume, near);
                    const int theirs = nifti->stored(i, j, k);
                    // Beside what was not scanned the two mix in different fillings (-1024 and the padding value).
                    if (ours <= -1000 || theirs <= -1000 || hasPadding(*nifti, i, j, k))
                        continue;
                    ++compared;
                    const double difference = std::abs(ours * volume->rescaleSlope + volume->rescaleIntercept - theirs);
                    worst = std::max(worst, difference);
                    differing += difference > 1.0 ? 1 : 0;
                }
        // Both shear by linear interpolation; dcm2niix cuts the fraction off where we round: one HU.
        QVERIFY2(compared > 14 * 512 * 100, qPrintable(QString::number(compared)));
        QVERIFY2(differing == 0,
                 qPrintable(QStringLiteral("%1 of %2 differ, worst %3").arg(differing).arg(compared).arg(worst)));
    }

    // The whole GE head: its volume is resampled. dcm2niix's image of the whole ("_Tilt_Eq_") is no judge: its affine
    // has axes that are not at right angles. So the halves' images are, interpolated here.
    void unevenTiltedCt() {
        const QString folder = m_data + QStringLiteral("/dcm_qa_ct/In/GE");
        const QString lower = sheared_(convert(filesOf(folder, numbered(1, 14))));
        const QString upper = sheared_(convert(filesOf(folder, numbered(15, 28))));
        if (lower.isEmpty() || upper.isEmpty())
            QSKIP("dcm2niix is not installed");
        Loaded loaded = load(filesOf(folder));
        const auto volume = loaded.volume(loaded.stacks().front());
        QVERIFY(volume);
        QVERIFY(volume->isResampled());
        for (const QString& path : {lower, upper}) {
            const auto nifti = NiftiFile::read(path);
            QVERIFY(nifti);
            qint64 compared = 0;
            double worst = 0.0;
            double mean = 0.0;
            for (int z = 0; z < volume->slices; ++z)
                for (int y = 20; y < volume->rows - 20; y += 3)
                    for (int x = 2; x < volume->columns - 2; x += 5) {
                        const VoxelIndex here{double(x), double(y), double(z)};
                        const VoxelIndex at = nifti->toVoxel(volume->toPatient(here));
                        if (!isWithin(*nifti, at))
                            continue;
                        // Edges of the field of view are half filled on either side in their own way.
                        if (hasAir(*nifti, at) || voxel(*volume, here) <= -1000)
                            continue;
                        ++compared;
                        const double difference = std::abs(voxel(*volume, here) - nifti->storedAt(at));
                        worst = std::max(worst, difference);
                        mean += difference;
                    }
            QVERIFY2(compared > 50'000, qPrintable(QString::number(compared)));
            mean /= static_cast<double>(compared);
            // The lower half has our own rows: rounding of the sheared frames (1 on their side, which cuts off, 0.5 on
            // ours) and of the blend (0.5). The upper half's image interpolates rows at other fractions, which a
            // noisy picture shows.
            if (path == lower)
                QVERIFY2(worst <= 2.0, qPrintable(QString::number(worst)));
            else
                QVERIFY2(mean <= 2.0, qPrintable(QString::number(mean)));
        }
    }

    // Files and references of dcm_qa_enh that cannot be set against each other, by name.
    void everyReferenceIsUsedOrNamed() {
        const QStringList used{QStringLiteral("Philips_WIP_B0_NS_801_e1.nii"),
                               QStringLiteral("Philips_WIP_B0_NS_801_e2_fieldmaphz.nii"),
                               QStringLiteral("Siemens_REST1_w_SMS_PF7-8_6.nii")};
        QCOMPARE(QDir(m_data + QStringLiteral("/dcm_qa_enh/Ref")).entryList({QStringLiteral("*.nii")}, QDir::Files),
                 used);
        QCOMPARE(QDir(m_data + QStringLiteral("/dcm_qa_fmap/Ref")).entryList({QStringLiteral("*.nii")}, QDir::Files),
                 (QStringList{QStringLiteral("GE_6_CV_Neuro_HH_Adv.nii"),
                              QStringLiteral("GE_6_CV_Neuro_HH_Adv_fieldmaphz.nii")}));
        // The other references (Canon DTI, Philips T1W3D and resting state) have no DICOM files here.
        QVERIFY(!QDir(m_data + QStringLiteral("/dcm_qa_enh/In/Canon")).exists());
        QCOMPARE(QDir(m_data + QStringLiteral("/dcm_qa_enh/In/Philips")).entryList(QDir::Files),
                 QStringList{QStringLiteral("IM_0027_fMAP.dcm")});
    }

private:
    static int voxel(const Volume& volume, const VoxelIndex& at) {
        return volume
            .voxels[(static_cast<size_t>(at.z) * static_cast<size_t>(volume.rows) + static_cast<size_t>(at.y)) *
                        static_cast<size_t>(volume.columns) +
                    static_cast<size_t>(at.x)];
    }

    static bool isWithin(const NiftiFile& nifti, const VoxelIndex& at) {
        return at.x >= 0 && at.y >= 0 && at.z >= 0 && at.x <= nifti.size(0) - 1 && at.y <= nifti.size(1) - 1 &&
               at.z <= nifti.size(2) - 1;
    }

    static bool hasAir(const NiftiFile& nifti, const VoxelIndex& at) {
        for (int corner = 0; corner < 8; ++corner) {
            const auto index = [&](double value, int bit, int axis) {
                return std::min(static_cast<int>(value) + ((corner >> bit) & 1), nifti.size(axis) - 1);
            };
            if (nifti.stored(index(at.x, 0, 0), index(at.y, 1, 1), index(at.z, 2, 2)) <= -1000)
                return true;
        }
        return false;
    }

    /// Something not scanned at the voxel or beside it in its column.
    static bool hasPadding(const NiftiFile& nifti, int i, int j, int k) {
        for (int beside = std::max(j - 1, 0); beside <= std::min(j + 1, nifti.size(1) - 1); ++beside)
            if (nifti.stored(i, beside, k) < -1024)
                return true;
        return false;
    }

    /// dcm2niix's images of some files; empty when it is not there.
    QStringList convert(const QStringList& files) {
        const QString program = QStandardPaths::findExecutable(QStringLiteral("dcm2niix"));
        if (program.isEmpty())
            return {};
        const QString in = m_folder.filePath(QStringLiteral("in%1").arg(++m_runs));
        const QString out = m_folder.filePath(QStringLiteral("out%1").arg(m_runs));
        QDir().mkpath(in);
        QDir().mkpath(out);
        for (const QString& file : files)
            QFile::link(file, in + QLatin1Char('/') + QFileInfo(file).fileName());
        QProcess process;
        process.start(program, {QStringLiteral("-z"), QStringLiteral("n"), QStringLiteral("-b"), QStringLiteral("n"),
                                QStringLiteral("-f"), QStringLiteral("image"), QStringLiteral("-o"), out, in});
        if (!process.waitForFinished(120'000) || process.exitCode() != 0)
            return {};
        return filesOf(out, QDir(out).entryList({QStringLiteral("*.nii")}, QDir::Files, QDir::Name));
    }
    static QString sheared_(const QStringList& images) {
        for (const QString& image : images)
            if (image.contains(QLatin1String("_Tilt_")))
                return image;
        return {};
    }

    /// Frames, volume and cuts of one stack against one time point of a NIfTI image.
    void checkAll(Loaded& loaded, size_t index, const QString& path, int time = 0) {
        const auto nifti = NiftiFile::read(path);
        QVERIFY2(nifti, qPrintable(path));
        const Stack& stack = loaded.stacks()[index];
        QCOMPARE(static_cast<int>(stack.frames.size()), nifti->size(2));
        checkFrames(loaded, stack, *nifti, time);
        if (QTest::currentTestFailed())
            return;
        const auto volume = loaded.volume(stack);
        QVERIFY(volume);
        QVERIFY(!volume->isResampled());
        checkVolume(*volume, *nifti, time, stack);
        if (QTest::currentTestFailed())
            return;
        checkCuts(*volume, *nifti, time, stack);
    }

    /// Every pixel of every frame lies on a voxel of the image and has its stored value.
    static void checkFrames(Loaded& loaded, const Stack& stack, const NiftiFile& nifti, int time) {
        double worst = 0.0;
        for (const FrameRef& frame : stack.frames) {
            const PixelBufferPtr pixels = loaded.pixels(frame);
            QVERIFY(pixels);
            const FrameDescription& description = frame.description();
            QVERIFY(description.plane);
            for (int r = 0; r < pixels->rows; ++r)
                for (int c = 0; c < pixels->columns; ++c) {
                    const PatientPoint place = description.plane->position +
                                               description.plane->row * (c * description.spacing.columnMm) +
                                               description.plane->column * (r * description.spacing.rowMm);
                    const VoxelIndex at = nifti.toVoxel(place);
                    const VoxelIndex near{std::round(at.x), std::round(at.y), std::round(at.z)};
                    worst = std::max(worst, (at - near).length());
                    QVERIFY(isWithin(nifti, near));
                    const size_t i =
                        static_cast<size_t>(r) * static_cast<size_t>(pixels->columns) + static_cast<size_t>(c);
                    const int ours = pixels->type == SampleType::Int16 ? pixels->as<std::int16_t>()[i]
                                                                       : pixels->as<std::uint16_t>()[i];
                    const int theirs = nifti.stored(static_cast<int>(near.x), static_cast<int>(near.y),
                                                    static_cast<int>(near.z), time);
                    if (ours != theirs)
                        QCOMPARE(ours, theirs);
                }
        }
        QVERIFY2(worst < kSamePlace, qPrintable(QStringLiteral("%1 of a voxel off").arg(worst)));
    }

    /// The value in the volume's stored scale of a stored value of the file.
    static double inVolume(const Volume& volume, const Stack& stack, double stored) {
        const FrameDescription& frame = stack.frames.front().description();
        return (stored * frame.rescaleSlope + frame.rescaleIntercept - volume.rescaleIntercept) / volume.rescaleSlope;
    }

    /// Every voxel of the volume lies on a voxel of the image and has its value.
    static void checkVolume(const Volume& volume, const NiftiFile& nifti, int time, const Stack& stack) {
        double worst = 0.0;
        qint64 differing = 0;
        for (int z = 0; z < volume.slices; ++z)
            for (int y = 0; y < volume.rows; ++y)
                for (int x = 0; x < volume.columns; ++x) {
                    const VoxelIndex here{double(x), double(y), double(z)};
                    const VoxelIndex at = nifti.toVoxel(volume.toPatient(here));
                    const VoxelIndex near{std::round(at.x), std::round(at.y), std::round(at.z)};
                    worst = std::max(worst, (at - near).length());
                    QVERIFY(isWithin(nifti, near));
                    const int theirs = nifti.stored(static_cast<int>(near.x), static_cast<int>(near.y),
                                                    static_cast<int>(near.z), time);
                    differing += std::abs(voxel(volume, here) - inVolume(volume, stack, theirs)) > 1e-3 ? 1 : 0;
                }
        QVERIFY2(worst < kSamePlace, qPrintable(QStringLiteral("%1 of a voxel off").arg(worst)));
        QCOMPARE(differing, qint64(0));
    }

    /// A cut against trilinear interpolation of the image, computed here in double precision. Tolerance: half a stored
    /// value of rounding, and the difference that 0.001 of a voxel (single-precision affine) makes on the steepest
    /// edge.
    static void checkCut(const Volume& volume, const NiftiFile& nifti, int time, const Stack& stack,
                         const SlicePlane& plane, const char* name) {
        const PixelBufferPtr picture = reslice(volume, plane);
        double worst = 0.0;
        int compared = 0;
        for (int y = 0; y < plane.height; ++y)
            for (int x = 0; x < plane.width; ++x) {
                const VoxelIndex at = nifti.toVoxel(plane.at(x, y));
                const VoxelIndex inner = volume.toVoxel(plane.at(x, y));
                const bool isInside = isWithin(nifti, at) && inner.x >= 0 && inner.y >= 0 && inner.z >= 0 &&
                                      inner.x <= volume.columns - 1 && inner.y <= volume.rows - 1 &&
                                      inner.z <= volume.slices - 1;
                if (!isInside)
                    continue;
                ++compared;
                const int ours = picture->as<std::int16_t>()[static_cast<size_t>(y) * static_cast<size_t>(plane.width) +
                                                             static_cast<size_t>(x)];
                const double theirs = inVolume(volume, stack, nifti.storedAt(at, time));
                worst = std::max(worst, std::abs(ours - theirs));
            }
        QVERIFY2(compared > plane.width * plane.height / 4, name);
        constexpr double kEdge = 4096.0 * 0.001;
        QVERIFY2(worst <= 0.51 + kEdge, qPrintable(QStringLiteral("%1: %2").arg(QLatin1String(name)).arg(worst)));
    }

    static void checkCuts(const Volume& volume, const NiftiFile& nifti, int time, const Stack& stack) {
        const PatientPoint centre =
            nifti.toPatient((nifti.size(0) - 1) / 2.0, (nifti.size(1) - 1) / 2.0, (nifti.size(2) - 1) / 2.0);
        const double extent =
            std::min({nifti.axis(0).length() * (nifti.size(0) - 1), nifti.axis(1).length() * (nifti.size(1) - 1)}) /
            2.0;
        const double height = nifti.axis(2).length() * (nifti.size(2) - 1) / 2.0;
        const auto cut = [&](const char* name, const PatientVector& row, const PatientVector& column, double halfWidth,
                             double halfHeight) {
            SlicePlane plane;
            plane.row = row.normalized();
            plane.column = (column - plane.row * plane.row.dot(column)).normalized();
            plane.pixelMm = 0.7;
            plane.width = static_cast<int>(2 * halfWidth / plane.pixelMm);
            plane.height = std::max(static_cast<int>(2 * halfHeight / plane.pixelMm), 3);
            plane.origin = centre - plane.row * ((plane.width - 1) / 2.0 * plane.pixelMm) -
                           plane.column * ((plane.height - 1) / 2.0 * plane.pixelMm);
            checkCut(volume, nifti, time, stack, plane, name);
        };
        const PatientVector i = nifti.axis(0).normalized(), j = nifti.axis(1).normalized(),
                            k = nifti.axis(2).normalized();
        cut("along the slices", i, j, extent, extent);
        cut("across, columns", i, k, extent, height);
        cut("across, rows", j, k, extent, height);
        cut("oblique by 30 degrees", i, j * std::cos(0.5236) + k * std::sin(0.5236), extent * 0.5,
            std::min(height * 1.6, extent * 0.5));
        cut("double oblique", i * 0.8 + j * 0.5 + k * 0.2, j * 0.7 - i * 0.4 + k * 0.4, extent * 0.5,
            std::min(height * 1.6, extent * 0.4));
    }

    QString m_data;
    QTemporaryDir m_folder;
    int m_runs = 0;
};

QTEST_GUILESS_MAIN(NiftiGeometryTest)
#include "nifti_geometry_test.moc"
