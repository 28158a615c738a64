#include "../dicom/data/dicom_factory.h"
#include "bench_clock.h"
#include "dicom/codec/decoders.h"
#include "dicom/data/opened_image_dcmtk.h"
#include "support/shared_data.h"

#include <QCoreApplication>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <cstdio>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <thread>

/// Frames of 512 x 512 x 16 bits, one CT slice in every codec, against the programs and libraries of Debian.
/// Printed as Markdown: docs/BENCHMARKS.md is this output.
using namespace yz;
using namespace yz::bench;

namespace {

constexpr int kFrames = 40; ///< in the files for the other programs: their start and their reading is taken off

struct Case {
    const char* name;
    const char* file;   ///< in the third-party studies, empty: made here
    const char* syntax; ///< UID
};
constexpr Case kCases[] = {
    {"RLE", "CTImage.dcm_RLELosslessTransferSyntax_1.2.840.10008.1.2.5.dcm", "1.2.840.10008.1.2.5"},
    {"JPEG lossless SV1", "CTImage.dcm_JPEGProcess14SV1TransferSyntax_1.2.840.10008.1.2.4.70.dcm",
     "1.2.840.10008.1.2.4.70"},
    {"JPEG-LS", "CTImage.dcm_JPEGLSLosslessTransferSyntax_1.2.840.10008.1.2.4.80.dcm", "1.2.840.10008.1.2.4.80"},
    {"JPEG 2000", "CTImage.dcm_JPEG2000LosslessOnlyTransferSyntax_1.2.840.10008.1.2.4.90.dcm",
     "1.2.840.10008.1.2.4.90"},
    {"HTJ2K", "", "1.2.840.10008.1.2.4.201"},
};

void print(const QString& text) {
    std::fputs(qPrintable(text + u'\n'), stdout);
    std::fflush(stdout);
}
QString ms(double value) { return value > 0.0 ? QString::number(value, 'f', 2) : QStringLiteral("-"); }

using ImagePtr = std::shared_ptr<const dicom::OpenedImage>;

ImagePtr openPath(const QString& path) {
    const auto file = dicom::openFileSource(path);
    const auto image = file ? dicom::openImage(*file) : tl::unexpected<Error>(file.error());
    return image ? *image : nullptr;
}

QString written(const QTemporaryDir& folder, const QString& name, const QByteArray& bytes) {
    const QString path = folder.filePath(name);
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() ? path : QString();
}

/// The frame `kFrames` times over.
QByteArray multiFrame(const QString& syntax, const QByteArray& stream) {
    DcmDataset item;
    test::fillImage(item, 512, 512, "OT", UID_MultiframeGrayscaleWordSecondaryCaptureImageStorage);
    item.putAndInsertUint16(DCM_PixelRepresentation, 1);
    item.putAndInsertString(DCM_NumberOfFrames, qPrintable(QString::number(kFrames)));
    if (syntax.isEmpty()) {
        const QByteArray all = stream.repeated(kFrames);
        item.putAndInsertUint16Array(DCM_PixelData, reinterpret_cast<const Uint16*>(all.constData()),
                                     static_cast<unsigned long>(all.size() / 2));
        return test::file(item);
    }
    return test::encapsulatedFile(item, syntax,
                                  std::vector<QByteArray>(kFrames, stream.size() % 2 == 0 ? stream : stream + '\0'));
}

/// Processor time of another program, ms (user); 0 when it is not there or fails.
double runProgram(const QString& program, const QStringList& arguments) {
    if (QStandardPaths::findExecutable(program).isEmpty())
        return 0.0;
    double best = 1e9;
    for (int round = 0; round < 3; ++round) {
        const double before = childrenMs();
        QProcess process;
        process.start(program, arguments);
        if (!process.waitForFinished(120000) || process.exitCode() != 0)
            return 0.0;
        best = std::min(best, childrenMs() - before);
    }
    return best;
}

/// One frame in Cornerstone's codec under Node.js, ms on the clock; 0 without its modules or when it is not bit-exact.
double wasmFrame(const QString& modules, const char* codec, const QString& stream, const QString& expected) {
    if (modules.isEmpty())
        return 0.0;
    QProcess process;
    process.start(QStringLiteral("node"), {qEnvironmentVariable("YZ_SOURCE_DIR", QStringLiteral(".")) +
                                               QStringLiteral("/tests/bench/wasm_decode.mjs"),
                                           modules, QLatin1String(codec), stream, expected});
    return process.waitForFinished(120000) && process.exitCode() == 0
               ? process.readAllStandardOutput().trimmed().toDouble()
               : 0.0;
}

double perFrame(double compressed, double raw) {
    return compressed > 0.0 ? std::max(0.0, compressed - raw) / kFrames : 0.0;
}

/// DCMTK's own call for one frame, data set in memory. 0 when it cannot.
double dcmtkFrame(const QString& path, const QByteArray& expected) {
    DcmFileFormat file;
    if (file.loadFile(QFile::encodeName(path).constData()).bad() || file.loadAllDataIntoMemory().bad())
        return 0.0;
    DcmElement* element = nullptr;
    if (file.getDataset()->findAndGetElement(DCM_PixelData, element).bad())
        return 0.0;
    auto* pixels = static_cast<DcmPixelData*>(element);
    QByteArray target(expected.size(), '\0');
    bool isGood = true;
    const double time = bestOf(7, 10, [&] {
        Uint32 fragment = 0;
        OFString colour;
        isGood = pixels
                     ->getUncompressedFrame(file.getDataset(), 0, fragment, target.data(),
                                            static_cast<Uint32>(target.size()), colour)
                     .good() &&
                 isGood;
    });
    return isGood && target == expected ? time : 0.0;
}

/// Both cores, one frame on each: wall clock, frames a millisecond as time of one.
double twoThreads(const ImagePtr& image) {
    constexpr int kCalls = 30;
    double best = 1e9;
    for (int round = 0; round < 3; ++round) {
        const double start = wallMs();
        const auto work = [&image] {
            for (int i = 0; i < kCalls; ++i)
                (void)image->decode(0);
        };
        std::thread other(work);
        work();
        other.join();
        best = std::min(best, (wallMs() - start) / (2 * kCalls));
    }
    return best;
}

QByteArray bytesOf(const PixelBuffer& buffer) {
    return {reinterpret_cast<const char*>(buffer.data.data()), static_cast<qsizetype>(buffer.data.size())};
}

} // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const double others = load();
    const bool isQuiet = others < kQuiet;
    if (!isQuiet && application.arguments().contains(QStringLiteral("--quiet-only"))) {
        print(QStringLiteral("the machine is not quiet: load %1").arg(others));
        return 1;
    }
    const QString folder = test::sharedData() + QStringLiteral("/cwil/testImages/");
    const ImagePtr original = test::sharedData().isEmpty() ? nullptr : openPath(folder + QStringLiteral("CTImage.dcm"));
    if (!original) {
        print(QStringLiteral("no third-party studies: nothing to decode"));
        return 0;
    }
    DcmRLEDecoderRegistration::registerCodecs();
    DJDecoderRegistration::registerCodecs();
    const QTemporaryDir scratch;
    const QByteArray expected = bytesOf(**original->decode(0));

    print(QStringLiteral("Load at the start %1%2. One thread: processor time of the thread, best of 7 rounds of 10 "
                         "frames. Programs: user time over %3 frames, the same on uncompressed frames taken off.")
              .arg(others)
              .arg(isQuiet ? QString() : QStringLiteral(" (NOT QUIET: two threads, which is wall clock, are too slow)"))
              .arg(kFrames));
    print({});
    print(QStringLiteral("| codec | ours, ms | DCMTK, ms | GDCM, ms | WebAssembly, ms | other, ms | best peer / ours | "
                         "two threads, ms |"));
    print(QStringLiteral("|---|---|---|---|---|---|---|---|"));
    const qsizetype wasmArgument = application.arguments().indexOf(QStringLiteral("--wasm"));
    const QString modules = wasmArgument > 0 ? application.arguments().value(wasmArgument + 1) : QString();
    const QString expectedFile = written(scratch, QStringLiteral("expected.raw"), expected);

    const QString rawFile = written(scratch, QStringLiteral("raw.dcm"), multiFrame({}, expected));
    const QString outFile = scratch.filePath(QStringLiteral("out.dcm"));
    const double rawGdcm = runProgram(QStringLiteral("gdcmconv"), {QStringLiteral("-w"), rawFile, outFile});
    const double rawDcmtk = runProgram(QStringLiteral("dcmconv"), {rawFile, outFile});
    bool isWrong = false;
    for (const Case& c : kCases) {
        const QString syntax = QLatin1String(c.syntax);
        QString path = folder + QLatin1String(c.file);
        QByteArray stream;
        if (*c.file == '\0') {
            const QString raw = written(scratch, QStringLiteral("ct.raw"), expected);
            const QString code = scratch.filePath(QStringLiteral("ct.j2c"));
            (void)runProgram(QStringLiteral("ojph_compress"),
                             {QStringLiteral("-i"), raw, QStringLiteral("-o"), code, QStringLiteral("-dims"),
                              QStringLiteral("{512,512}"), QStringLiteral("-num_comps"), QStringLiteral("1"),
                              QStringLiteral("-signed"), QStringLiteral("true"), QStringLiteral("-bit_depth"),
                              QStringLiteral("16"), QStringLiteral("-downsamp"), QStringLiteral("{1,1}"),
                              QStringLiteral("-reversible"), QStringLiteral("true")});
            QFile file(code);
            if (file.open(QIODevice::ReadOnly))
                stream = file.readAll();
        } else if (const ImagePtr image = openPath(path)) {
            const auto bytes = image->encoded(0);
            stream = QByteArray(reinterpret_cast<const char*>(bytes->data()), static_cast<qsizetype>(bytes->size()));
        }
        if (stream.isEmpty()) {
            print(QStringLiteral("| %1 | no frame |").arg(QLatin1String(c.name)));
            continue;
        }
        const QString many = written(scratch, QStringLiteral("many.dcm"), multiFrame(syntax, stream));
        const ImagePtr image = openPath(many);
        const auto first = image ? image->decode(0) : tl::unexpected<Error>(Error{});
        if (!first || bytesOf(**first) != expected) {
            print(QStringLiteral("| %1 | NOT BIT-EXACT |").arg(QLatin1String(c.name)));
            isWrong = true;
            continue;
        }
        const double ours = bestOf(7, 10, [&] { (void)image->decode(0); });
        double dcmtk = dcmtkFrame(path, expected);
        QString other = QStringLiteral("-");
        double otherTime = 0.0;
        if (QLatin1String(c.name) == QLatin1String("JPEG-LS")) // DCMTK's copy of CharLS stays in its own process
            dcmtk = perFrame(runProgram(QStringLiteral("dcmdjpls"), {many, outFile}), rawDcmtk);
        const double gdcm =
            perFrame(runProgram(QStringLiteral("gdcmconv"), {QStringLiteral("-w"), many, outFile}), rawGdcm);
        if (QLatin1String(c.name) == QLatin1String("HTJ2K")) {
            const auto bytes = std::as_bytes(std::span(stream.constData(), static_cast<size_t>(stream.size())));
            otherTime = bestOf(7, 10, [&] { (void)dicom::decodeJpeg2000(bytes, image->layout); });
            other = QStringLiteral("%1 (OpenJPEG)").arg(ms(otherTime));
        }
        const double wasm =
            wasmFrame(modules, c.name, written(scratch, QStringLiteral("stream"), stream), expectedFile);
        double best = 0.0;
        for (const double peer : {dcmtk, gdcm, wasm, otherTime})
            if (peer > 0.0 && (best == 0.0 || peer < best))
                best = peer;
        print(QStringLiteral("| %1 | %2 | %3 | %4 | %5 | %6 | %7 | %8 |")
                  .arg(QLatin1String(c.name), ms(ours), ms(dcmtk), ms(gdcm), ms(wasm), other,
                       best > 0.0 ? QString::number(best / ours, 'f', 2) : QStringLiteral("-"), ms(twoThreads(image))));
        if (image->description->decodesReduced) {
            QStringList times;
            for (int reduction = 1; reduction <= 4; ++reduction)
                times.append(ms(bestOf(5, 10, [&] { (void)image->decode(0, reduction); })));
            print(QStringLiteral("| %1, halved 1/2/3/4 times | %2 | | | | | | |")
                      .arg(QLatin1String(c.name), times.join(QStringLiteral(" / "))));
        }
    }
    return isWrong ? 1 : 0;
}
