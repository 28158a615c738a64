#include "dicom/codec/transfer_syntax.h"

#include "dicom/codec/decoders.h"

#include <array>

namespace yz::dicom {

namespace {

constexpr auto kLE = Encoding::ExplicitLittle;

// uid, name, encoding, encapsulated, deflated, always lossy, decoder. PS3.6 Table A-1.
constexpr std::array<TransferSyntax, 27> kTable{{
    {"1.2.840.10008.1.2", "Implicit VR Little Endian", Encoding::ImplicitLittle, false, false, false,
     decodeNativeLittle},
    {"1.2.840.10008.1.2.1", "Explicit VR Little Endian", kLE, false, false, false, decodeNativeLittle},
    {"1.2.840.10008.1.2.1.98", "Encapsulated Uncompressed Explicit VR Little Endian", kLE, true, false, false,
     decodeNativeLittle},
    {"1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian", kLE, false, true, false, decodeNativeLittle},
    {"1.2.840.10008.1.2.2", "Explicit VR Big Endian", Encoding::ExplicitBig, false, false, false, decodeNativeLittle},
    {"1.2.840.10008.1.2.5", "RLE Lossless", kLE, true, false, false, decodeRle},
    {"1.2.840.10008.1.2.4.50", "JPEG Baseline (Process 1)", kLE, true, false, true, decodeJpegLossy},
    {"1.2.840.10008.1.2.4.51", "JPEG Extended (Process 2 and 4)", kLE, true, false, true, decodeJpegLossy},
    {"1.2.840.10008.1.2.4.53", "JPEG Spectral Selection (Process 6 and 8)", kLE, true, false, true, nullptr},
    {"1.2.840.10008.1.2.4.55", "JPEG Full Progression (Process 10 and 12)", kLE, true, false, true, decodeJpegLossy},
    {"1.2.840.10008.1.2.4.57", "JPEG Lossless (Process 14)", kLE, true, false, false, decodeJpegLossless},
    {"1.2.840.10008.1.2.4.70", "JPEG Lossless SV1 (Process 14)", kLE, true, false, false, decodeJpegLossless},
    {"1.2.840.10008.1.2.4.80", "JPEG-LS Lossless", kLE, true, false, false, decodeJpegLs},
    {"1.2.840.10008.1.2.4.81", "JPEG-LS Near-Lossless", kLE, true, false, false, decodeJpegLs},
    {"1.2.840.10008.1.2.4.90", "JPEG 2000 (Lossless Only)", kLE, true, false, false, decodeJpeg2000},
    {"1.2.840.10008.1.2.4.91", "JPEG 2000", kLE, true, false, false, decodeJpeg2000},
    {"1.2.840.10008.1.2.4.92", "JPEG 2000 Part 2 (Lossless Only)", kLE, true, false, false, nullptr},
    {"1.2.840.10008.1.2.4.93", "JPEG 2000 Part 2", kLE, true, false, false, nullptr},
    {"1.2.840.10008.1.2.4.201", "HTJ2K (Lossless Only)", kLE, true, false, false, decodeHtj2k},
    {"1.2.840.10008.1.2.4.202", "HTJ2K RPCL (Lossless Only)", kLE, true, false, false, decodeHtj2k},
    {"1.2.840.10008.1.2.4.203", "HTJ2K", kLE, true, false, false, decodeHtj2k},
    {"1.2.840.10008.1.2.4.100", "MPEG2 Main Profile", kLE, true, false, true, nullptr},
    {"1.2.840.10008.1.2.4.101", "MPEG2 Main Profile / High Level", kLE, true, false, true, nullptr},
    {"1.2.840.10008.1.2.4.102", "MPEG-4 AVC/H.264 High Profile", kLE, true, false, true, nullptr},
    {"1.2.840.10008.1.2.4.103", "MPEG-4 AVC/H.264 BD-compatible", kLE, true, false, true, nullptr},
    {"1.2.840.10008.1.2.4.107", "HEVC/H.265 Main Profile", kLE, true, false, true, nullptr},
    {"1.2.840.10008.1.2.4.108", "HEVC/H.265 Main 10 Profile", kLE, true, false, true, nullptr},
}};

} // namespace

const TransferSyntax* findTransferSyntax(const QString& uid) {
    for (const TransferSyntax& syntax : kTable)
        if (uid == QLatin1String(syntax.uid))
            return &syntax;
    return nullptr;
}

QString describeTransferSyntax(const QString& uid) {
    const TransferSyntax* syntax = findTransferSyntax(uid);
    return uid + QStringLiteral(" (") + (syntax ? QLatin1String(syntax->name) : QLatin1String("unknown")) + u')';
}

} // namespace yz::dicom
