#include "dicom/codec/transfer_syntax.h"

#include <array>

namespace yz::dicom {

namespace {

constexpr auto kLE = Encoding::ExplicitLittle;
using C = CodecId;

// uid, name, encoding, encapsulated, deflated, always lossy, codec. PS3.6 Table A-1 with its retired entries, and one
// private syntax that old scanners wrote.
constexpr std::array<TransferSyntax, 64> kTable{{
    {"1.2.840.10008.1.2", "Implicit VR Little Endian", Encoding::ImplicitLittle, false, false, false, C::Native},
    {"1.2.840.10008.1.2.1", "Explicit VR Little Endian", kLE, false, false, false, C::Native},
    {"1.2.840.10008.1.2.1.98", "Encapsulated Uncompressed Explicit VR Little Endian", kLE, true, false, false,
     C::Native},
    {"1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian", kLE, false, true, false, C::Native},
    {"1.2.840.10008.1.2.2", "Explicit VR Big Endian", Encoding::ExplicitBig, false, false, false, C::Native},
    {"1.2.840.10008.1.2.8.1", "Deflated Image Frame Compression", kLE, true, false, false, C::DeflatedFrame},
    {"1.2.840.10008.1.2.5", "RLE Lossless", kLE, true, false, false, C::Rle},
    {"1.2.840.10008.1.2.4.50", "JPEG Baseline (Process 1)", kLE, true, false, true, C::JpegLossy},
    {"1.2.840.10008.1.2.4.51", "JPEG Extended (Process 2 and 4)", kLE, true, false, true, C::JpegLossy},
    {"1.2.840.10008.1.2.4.52", "JPEG Extended, arithmetic coding (Process 3 and 5)", kLE, true, false, true, C::None},
    {"1.2.840.10008.1.2.4.53", "JPEG Spectral Selection (Process 6 and 8)", kLE, true, false, true, C::JpegLossy},
    {"1.2.840.10008.1.2.4.54", "JPEG Spectral Selection, arithmetic coding (Process 7 and 9)", kLE, true, false, true,
     C::None},
    {"1.2.840.10008.1.2.4.55", "JPEG Full Progression (Process 10 and 12)", kLE, true, false, true, C::JpegLossy},
    {"1.2.840.10008.1.2.4.56", "JPEG Full Progression, arithmetic coding (Process 11 and 13)", kLE, true, false, true,
     C::None},
    {"1.2.840.10008.1.2.4.57", "JPEG Lossless (Process 14)", kLE, true, false, false, C::JpegLossless},
    {"1.2.840.10008.1.2.4.58", "JPEG Lossless, arithmetic coding (Process 15)", kLE, true, false, false, C::None},
    {"1.2.840.10008.1.2.4.59", "JPEG Extended, hierarchical (Process 16 and 18)", kLE, true, false, true, C::None},
    {"1.2.840.10008.1.2.4.60", "JPEG Extended, hierarchical (Process 17 and 19)", kLE, true, false, true, C::None},
    {"1.2.840.10008.1.2.4.61", "JPEG Spectral Selection, hierarchical (Process 20 and 22)", kLE, true, false, true,
     C::None},
    {"1.2.840.10008.1.2.4.62", "JPEG Spectral Selection, hierarchical (Process 21 and 23)", kLE, true, false, true,
     C::None},
    {"1.2.840.10008.1.2.4.63", "JPEG Full Progression, hierarchical (Process 24 and 26)", kLE, true, false, true,
     C::None},
    {"1.2.840.10008.1.2.4.64", "JPEG Full Progression, hierarchical (Process 25 and 27)", kLE, true, false, true,
     C::None},
    {"1.2.840.10008.1.2.4.65", "JPEG Lossless, hierarchical (Process 28)", kLE, true, false, false, C::None},
    {"1.2.840.10008.1.2.4.66", "JPEG Lossless, hierarchical (Process 29)", kLE, true, false, false, C::None},
    {"1.2.840.10008.1.2.4.70", "JPEG Lossless SV1 (Process 14)", kLE, true, false, false, C::JpegLossless},
    {"1.2.840.10008.1.2.4.80", "JPEG-LS Lossless", kLE, true, false, false, C::JpegLs},
    {"1.2.840.10008.1.2.4.81", "JPEG-LS Near-Lossless", kLE, true, false, false, C::JpegLs},
    {"1.2.840.10008.1.2.4.90", "JPEG 2000 (Lossless Only)", kLE, true, false, false, C::Jpeg2000},
    {"1.2.840.10008.1.2.4.91", "JPEG 2000", kLE, true, false, false, C::Jpeg2000},
    {"1.2.840.10008.1.2.4.92", "JPEG 2000 Part 2 Multi-component (Lossless Only)", kLE, true, false, false,
     C::Jpeg2000Part2},
    {"1.2.840.10008.1.2.4.93", "JPEG 2000 Part 2 Multi-component", kLE, true, false, false, C::Jpeg2000Part2},
    {"1.2.840.10008.1.2.4.94", "JPIP Referenced, pixels on another server", kLE, false, false, false, C::None},
    {"1.2.840.10008.1.2.4.95", "JPIP Referenced Deflate, pixels on another server", kLE, false, true, false, C::None},
    {"1.2.840.10008.1.2.4.100", "MPEG-2 video, Main Profile / Main Level", kLE, true, false, true, C::None},
    {"1.2.840.10008.1.2.4.100.1", "MPEG-2 video in fragments, Main Profile / Main Level", kLE, true, false, true,
     C::None},
    {"1.2.840.10008.1.2.4.101", "MPEG-2 video, Main Profile / High Level", kLE, true, false, true, C::None},
    {"1.2.840.10008.1.2.4.101.1", "MPEG-2 video in fragments, Main Profile / High Level", kLE, true, false, true,
     C::None},
    {"1.2.840.10008.1.2.4.102", "MPEG-4 AVC/H.264 video, High Profile / Level 4.1", kLE, true, false, true, C::None},
    {"1.2.840.10008.1.2.4.102.1", "MPEG-4 AVC/H.264 video in fragments, High Profile / Level 4.1", kLE, true, false,
     true, C::None},
    {"1.2.840.10008.1.2.4.103", "MPEG-4 AVC/H.264 video, BD-compatible High Profile / Level 4.1", kLE, true, false,
     true, C::None},
    {"1.2.840.10008.1.2.4.103.1", "MPEG-4 AVC/H.264 video in fragments, BD-compatible High Profile / Level 4.1", kLE,
     true, false, true, C::None},
    {"1.2.840.10008.1.2.4.104", "MPEG-4 AVC/H.264 2D video, High Profile / Level 4.2", kLE, true, false, true, C::None},
    {"1.2.840.10008.1.2.4.104.1", "MPEG-4 AVC/H.264 2D video in fragments, High Profile / Level 4.2", kLE, true, false,
     true, C::None},
    {"1.2.840.10008.1.2.4.105", "MPEG-4 AVC/H.264 3D video, High Profile / Level 4.2", kLE, true, false, true, C::None},
    {"1.2.840.10008.1.2.4.105.1", "MPEG-4 AVC/H.264 3D video in fragments, High Profile / Level 4.2", kLE, true, false,
     true, C::None},
    {"1.2.840.10008.1.2.4.106", "MPEG-4 AVC/H.264 stereo video, Stereo High Profile / Level 4.2", kLE, true, false,
     true, C::None},
    {"1.2.840.10008.1.2.4.106.1", "MPEG-4 AVC/H.264 stereo video in fragments, Stereo High Profile / Level 4.2", kLE,
     true, false, true, C::None},
    {"1.2.840.10008.1.2.4.107", "HEVC/H.265 video, Main Profile / Level 5.1", kLE, true, false, true, C::None},
    {"1.2.840.10008.1.2.4.108", "HEVC/H.265 video, Main 10 Profile / Level 5.1", kLE, true, false, true, C::None},
    {"1.2.840.10008.1.2.4.110", "JPEG XL Lossless", kLE, true, false, false, C::None},
    {"1.2.840.10008.1.2.4.111", "JPEG XL JPEG Recompression", kLE, true, false, true, C::None},
    {"1.2.840.10008.1.2.4.112", "JPEG XL", kLE, true, false, false, C::None},
    {"1.2.840.10008.1.2.4.201", "HTJ2K (Lossless Only)", kLE, true, false, false, C::HighThroughput},
    {"1.2.840.10008.1.2.4.202", "HTJ2K RPCL (Lossless Only)", kLE, true, false, false, C::HighThroughput},
    {"1.2.840.10008.1.2.4.203", "HTJ2K", kLE, true, false, false, C::HighThroughput},
    {"1.2.840.10008.1.2.4.204", "JPIP HTJ2K Referenced, pixels on another server", kLE, false, false, false, C::None},
    {"1.2.840.10008.1.2.4.205", "JPIP HTJ2K Referenced Deflate, pixels on another server", kLE, false, true, false,
     C::None},
    {"1.2.840.10008.1.2.6.1", "RFC 2557 MIME Encapsulation", kLE, false, false, false, C::None},
    {"1.2.840.10008.1.2.6.2", "XML Encoding", kLE, false, false, false, C::None},
    {"1.2.840.10008.1.2.7.1", "SMPTE ST 2110-20 live video, uncompressed progressive", kLE, false, false, false,
     C::None},
    {"1.2.840.10008.1.2.7.2", "SMPTE ST 2110-20 live video, uncompressed interlaced", kLE, false, false, false,
     C::None},
    {"1.2.840.10008.1.2.7.3", "SMPTE ST 2110-30 live audio, PCM", kLE, false, false, false, C::None},
    {"1.2.840.10008.1.20", "Papyrus 3 Implicit VR Little Endian", Encoding::ImplicitLittle, false, false, false,
     C::None},
    {"1.2.840.113619.5.2", "GE Private Implicit VR Little Endian with Big Endian Pixels", Encoding::ImplicitLittle,
     false, false, false, C::None},
}};

} // namespace

const TransferSyntax* findTransferSyntax(const QString& uid) {
    for (const TransferSyntax& syntax : kTable)
        if (uid == QLatin1String(syntax.uid))
            return &syntax;
    return nullptr;
}

std::span<const TransferSyntax> allTransferSyntaxes() { return kTable; }

QString describeTransferSyntax(const QString& uid) {
    const TransferSyntax* syntax = findTransferSyntax(uid);
    return uid + QStringLiteral(" (") + (syntax ? QLatin1String(syntax->name) : QLatin1String("unknown")) + u')';
}

} // namespace yz::dicom
