#include "manifest_verdicts.h"

#include "core/error_codes.h"
#include "dicom/codec/decoders.h"
#include "dicom/data/opened_image_dcmtk.h"
#include "manifest.h"

#include <QCryptographicHash>
#include <QRegularExpression>
#include <cmath>

namespace yz::test {

namespace {

QString shortSha1(const QByteArray& bytes) {
    return QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha1).toHex().left(16));
}

QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

template <typename Bytes> void append(QByteArray& to, const Bytes& from) {
    to.append(reinterpret_cast<const char*>(from.data()), static_cast<qsizetype>(from.size()));
}

QByteArray packedBits(const QByteArray& pixels) {
    QByteArray packed((pixels.size() + 7) / 8, '\0');
    for (qsizetype i = 0; i < pixels.size(); ++i)
        if (pixels[i] != 0)
            packed[i / 8] = static_cast<char>(packed[i / 8] | 1 << (i % 8));
    return packed;
}

/// PS3.3 C.7.6.3.1.2 in floating point, independent of the product's fixed point.
double worstColourError(const QByteArray& ybr, const QByteArray& rgb) {
    double worst = 0.0;
    const auto at = [](const QByteArray& bytes, qsizetype i) { return double(static_cast<uchar>(bytes[i])); };
    for (qsizetype i = 0; i + 2 < std::min(ybr.size(), rgb.size()); i += 3) {
        const double y = at(ybr, i);
        const double cb = at(ybr, i + 1) - 128.0;
        const double cr = at(ybr, i + 2) - 128.0;
        const double expected[] = {y + 1.402 * cr, y - 0.344136 * cb - 0.714136 * cr, y + 1.772 * cb};
        for (int c = 0; c < 3; ++c)
            worst = std::max(worst, std::abs(std::clamp(expected[c], 0.0, 255.0) - at(rgb, i + c)));
    }
    return worst;
}

struct Pixels {
    QByteArray decoded; ///< all frames
    QByteArray coded;   ///< before masking and colour
    QByteArray raw;     ///< encoded bytes
    int columns = 0, rows = 0, samplesPerPixel = 1;
    bool isOneBit = false;
    std::optional<Error> error;
};

Pixels readAll(const QString& path) {
    constexpr qint64 kMost = 1LL << 30; // hostile files declare many frames; their bytes end long before
    Pixels pixels;
    const auto file = dicom::openFileSource(path);
    const auto image = file ? dicom::openImage(*file) : tl::unexpected<Error>(file.error());
    if (!image) {
        pixels.error = image.error();
        return pixels;
    }
    const dicom::FrameLayout& layout = (*image)->layout;
    pixels.columns = layout.columns;
    pixels.rows = layout.rows;
    pixels.samplesPerPixel = layout.samplesPerPixel;
    pixels.isOneBit = layout.bitsAllocated == 1;
    for (int frame = 0; frame < layout.frameCount && pixels.decoded.size() < kMost; ++frame) {
        const auto decoded = (*image)->decode(frame);
        if (!decoded) {
            pixels.error = decoded.error();
            return pixels;
        }
        const auto coded = (*image)->decodeCoded(frame);
        const auto raw = (*image)->encoded(frame);
        if (!coded || !raw || (*decoded)->data.size() != (*decoded)->byteCount()) {
            pixels.error = Error{ErrorCode::Internal, QStringLiteral("a decoded frame of the wrong size")};
            return pixels;
        }
        append(pixels.decoded, (*decoded)->data);
        append(pixels.coded, coded->data);
        append(pixels.raw, *raw);
    }
    return pixels;
}

void judgeByHash(VerdictRow& row, const Pixels& pixels, const QStringList& hashes, const QString& path) {
    const auto known = [&hashes](const QByteArray& bytes) { return hashes.contains(shortSha1(bytes)); };
    row.verdict = Verdict::Different;
    if (known(pixels.decoded)) {
        row.verdict = Verdict::Exact;
    } else if (pixels.isOneBit) {
        const QByteArray packed = packedBits(pixels.decoded);
        // The element is padded to an even length, with whatever its writer had.
        if (known(packed) || (packed.size() % 2 != 0 && known(packed + contentOf(path).right(1))))
            row.verdict = Verdict::Packed;
    } else if (known(pixels.coded) || known(pixels.raw)) {
        if (pixels.samplesPerPixel == 3) {
            const double worst = worstColourError(pixels.coded, pixels.decoded);
            row.detail = QStringLiteral("colour within %1").arg(worst, 0, 'f', 2);
            if (worst < 2.0)
                row.verdict = Verdict::BeforeColour;
        } else {
            row.verdict = Verdict::BeforeMask;
        }
    }
    if (row.verdict == Verdict::Different)
        row.detail = shortSha1(pixels.decoded) + QStringLiteral(" instead of ") + hashes.join(u'/');
}

/// The end of a path, and the end of the path whose picture must be the same.
struct TwinRule {
    const char* path;
    const char* twin;
};
constexpr TwinRule kTwins[] = {
    {"data_store/data/liver_rle.dcm", "pydicom-data/data_store/data/liver_j2k.dcm"},
    {"RGB_8/ExpectedOutput.2b9994.dcm",
     "ms-dicom-server/_history/src/Microsoft.Health.Dicom.Core.UnitTests/TranscoderTestsFiles/Decode/RLELossless/RGB_8/"
     "Input.dd3b53.dcm"},
};

bool equalsOther(VerdictRow& row, const Pixels& pixels, const ManifestRow& listed) {
    for (const TwinRule& rule : kTwins)
        if (row.path.endsWith(QLatin1String(rule.path))) {
            row.detail = QStringLiteral("= ") + QLatin1String(rule.twin);
            return readAll(sharedData() + u'/' + QLatin1String(rule.twin)).decoded == pixels.decoded;
        }
    static const QRegularExpression kPicture(QStringLiteral("ppm sha1 ([0-9a-f]{16})"));
    if (const auto match = kPicture.match(listed.expected); match.hasMatch()) { // as opj_decompress wrote it
        const QByteArray head =
            QStringLiteral("P6\n# OpenJPEG-2.5.0\n%1 %2\n255\n").arg(pixels.columns).arg(pixels.rows).toLatin1();
        row.detail = QStringLiteral("= picture of opj_decompress");
        return shortSha1(head + pixels.decoded) == match.captured(1);
    }
    if (row.path.endsWith(u"parametric_map_float.dcm") || row.path.endsWith(u"badVR.dcm")) {
        // Uncompressed: the values are bytes of the file, found without our reader.
        row.detail = QStringLiteral("= the bytes of the element");
        return contentOf(listed.absolutePath()).contains(pixels.decoded);
    }
    return false;
}

/// A codestream beside its raw pixels.
void judgeCodestream(VerdictRow& row, const QString& path) {
    const QByteArray encoded = contentOf(path);
    const QByteArray raw = contentOf(QString(path)
                                         .replace(QStringLiteral("/j2c/"), QStringLiteral("/raw/"))
                                         .replace(QStringLiteral(".j2c"), QStringLiteral(".RAW")));
    dicom::FrameLayout layout;
    layout.rows = layout.columns = 512;
    layout.isSigned = true;
    auto samples =
        dicom::decodeHtj2k(std::as_bytes(std::span(encoded.constData(), static_cast<size_t>(encoded.size()))), layout);
    row.verdict = Verdict::Different;
    if (!samples)
        return;
    const auto finished = dicom::finishFrame(std::move(*samples), layout);
    QByteArray ours;
    if (finished)
        append(ours, (*finished)->data);
    if (!raw.isEmpty() && ours == raw)
        row.verdict = Verdict::Twin;
    row.detail = QStringLiteral("= the raw file beside it");
}

VerdictRow judge(const ManifestRow& listed) {
    static const QRegularExpression kHash(QStringLiteral("\\b[0-9a-f]{16}\\b"));
    VerdictRow row;
    row.path = listed.path;
    row.transferSyntax = listed.transferSyntax.section(u' ', 0, 0);
    for (auto it = namedReasons().begin(); it != namedReasons().end(); ++it)
        if (row.path.endsWith(it.key()))
            row.reason = it.value();
    if (row.path.endsWith(u".j2c")) {
        judgeCodestream(row, listed.absolutePath());
        return row;
    }
    const Pixels pixels = readAll(listed.absolutePath());
    if (pixels.error) {
        row.code = errorName(pixels.error->code);
        row.detail = pixels.error->detail;
        row.verdict = pixels.error->code == ErrorCode::NotAnImage ? Verdict::NoPicture
                      : pixels.error->code == ErrorCode::NotDicom && listed.transferSyntax.isEmpty() ? Verdict::NotDicom
                                                                                                     : Verdict::Refused;
        return row;
    }
    if (const qsizetype at = listed.expected.indexOf(u"pixel sha1"); at >= 0) {
        QStringList hashes;
        auto match = kHash.globalMatch(listed.expected.mid(at));
        while (match.hasNext())
            hashes.append(match.next().captured());
        judgeByHash(row, pixels, hashes, listed.absolutePath());
        return row;
    }
    if (equalsOther(row, pixels, listed))
        row.verdict = Verdict::Twin;
    else
        row.verdict = row.path.startsWith(u"pwnlab") ? Verdict::Decoded : Verdict::Different;
    return row;
}

} // namespace

QString VerdictRow::summary() const {
    switch (verdict) {
    case Verdict::Exact:
        return QStringLiteral("exact");
    case Verdict::Packed:
        return QStringLiteral("exact, packed");
    case Verdict::BeforeColour:
        return QStringLiteral("exact before colour");
    case Verdict::BeforeMask:
        return QStringLiteral("exact before mask");
    case Verdict::Twin:
        return QStringLiteral("equal to twin");
    case Verdict::Different:
        return QStringLiteral("DIFFERENT");
    case Verdict::Decoded:
        return QStringLiteral("decoded");
    case Verdict::Refused:
        return QStringLiteral("refused ") + code;
    case Verdict::NoPicture:
        return QStringLiteral("no picture");
    case Verdict::NotDicom:
        return QStringLiteral("not DICOM");
    }
    return {};
}

const QMap<QString, QString>& namedReasons() {
    static const QString kBits = QStringLiteral("the reference hashes packed bytes, a frame here has a byte a pixel");
    static const QString kYbr = QStringLiteral("the reference hashes YBR samples, a frame here is RGB");
    static const QString kCutAway = QStringLiteral("Rows and Columns, but its maker took the pixel element out");
    static const QString kNoSize = QStringLiteral("a pixel element without Rows and Columns");
    static const QMap<QString, QString> kTable{
        {QStringLiteral("dcmqi/data/segmentations/23x38x3/seg/label.seg"), kBits},
        {QStringLiteral("dcmqi/data/segmentations/liver.dcm"), kBits},
        {QStringLiteral("dcmqi/data/sr-example/seg.dcm"), kBits},
        {QStringLiteral("seg_image_ct_binary.dcm"), kBits},
        {QStringLiteral("seg_image_ct_binary_overlap.dcm"), kBits},
        {QStringLiteral("seg_image_ct_binary_single_frame.dcm"), kBits},
        {QStringLiteral("seg_image_sm_dots.dcm"), kBits},
        {QStringLiteral("seg_image_sm_dots_tiled_full.dcm"), kBits},
        {QStringLiteral("liver_1frame.dcm"), kBits},
        {QStringLiteral("liver_expb_1frame.dcm"), kBits},
        {QStringLiteral("GH538-jpeg1.dcm"), kYbr},
        {QStringLiteral("google-wsi2dcm/tests/jpeg.dicom"), kYbr},
        {QStringLiteral("SC_ybr_full_uncompressed.dcm"), kYbr},
        {QStringLiteral("SC_ybr_full_422_uncompressed.dcm"), kYbr},
        {QStringLiteral("SC_rgb_dcmtk_+eb+cy+n1.dcm"), kYbr},
        {QStringLiteral("SC_rgb_dcmtk_+eb+cy+n2.dcm"), kYbr},
        {QStringLiteral("SC_rgb_dcmtk_+eb+cy+np.dcm"), kYbr},
        {QStringLiteral("SC_rgb_dcmtk_+eb+cy+s2.dcm"), kYbr},
        {QStringLiteral("SC_rgb_dcmtk_+eb+cy+s4.dcm"), kYbr},
        {QStringLiteral("SC_rgb_jpeg_dcmtk.dcm"), kYbr},
        {QStringLiteral("SC_rgb_jpeg_lossy_gdcm.dcm"), kYbr},
        {QStringLiteral("SC_rgb_small_odd_jpeg.dcm"), kYbr},
        {QStringLiteral("examples_ybr_color.dcm"), kYbr},
        {QStringLiteral("GH195.dcm"),
         QStringLiteral("labelled RGB, but a JFIF stream is YCbCr; as RGB the teeth are green")},
        {QStringLiteral("J2K_pixelrep_mismatch.dcm"),
         QStringLiteral("unsigned codestream of 13 bits under a signed data set: the reference left the sign out")},
        {QStringLiteral("dcm4che3/img/overlay.dcm"),
         QStringLiteral("an overlay in the bits above Bits Stored: the reference kept it in the values")},
        {QStringLiteral("MR_truncated.dcm"),
         QStringLiteral("62 bytes of its only frame are missing: no picture rather than half of one")},
        {QStringLiteral("GH1146.dcm"), QStringLiteral("its pixel element is empty")},
        {QStringLiteral("GH178.dcm"), kCutAway},
        {QStringLiteral("GH179A.dcm"), kCutAway},
        {QStringLiteral("GH179B.dcm"), QStringLiteral("an element of group 2031 ends beyond the file")},
        {QStringLiteral("chrJapMulti.dcm"), kCutAway},
        {QStringLiteral("chrJapMultiExplicitIR6.dcm"), kCutAway},
        {QStringLiteral("chrKoreanMulti.dcm"), kCutAway},
        {QStringLiteral("JPEG2000-embedded-sequence-delimiter.dcm"),
         QStringLiteral(
             "a delimiter was written over the middle of its codestream; OpenJPEG refuses it elsewhere too")},
        {QStringLiteral("DICOMDIR-nooffset"), QStringLiteral("a directory with an item that ends beyond the file")},
        {QStringLiteral("meta_missing_tsyntax.dcm"), kNoSize},
        {QStringLiteral("nested_priv_SQ.dcm"), kNoSize},
        {QStringLiteral("rtplan_truncated.dcm"), QStringLiteral("a plan without pixels, cut inside a sequence")},
    };
    return kTable;
}

std::vector<VerdictRow> judgeManifest() {
    std::vector<VerdictRow> rows;
    for (const ManifestRow& listed : manifest())
        rows.push_back(judge(listed));
    return rows;
}

} // namespace yz::test
