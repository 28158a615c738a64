#include "dicom/net/part10_head.h"

#include "dicom/data/limits.h"
#include "dicom/net/data_set_dcmtk.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcmetinf.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <QtEndian>

namespace yz {

namespace {

constexpr qsizetype kPreamble = 128;
constexpr qsizetype kGroupLengthAt = kPreamble + 4;
constexpr qsizetype kMetaAt = kGroupLengthAt + 12;
constexpr char kGroupLengthHead[] = {0x02, 0x00, 0x00, 0x00, 'U', 'L', 0x04, 0x00};

} // namespace

Result<Part10Head> readPart10Head(const QByteArray& file) {
    if (file.size() < kMetaAt || file.mid(kPreamble, 4) != "DICM")
        return fail(ErrorCode::NotDicom, QStringLiteral("no Part 10 prefix"));
    if (file.mid(kGroupLengthAt, sizeof kGroupLengthHead) != QByteArray(kGroupLengthHead, sizeof kGroupLengthHead))
        return fail(ErrorCode::DataSetBroken, QStringLiteral("no file meta group length"));
    const auto length = qsizetype(qFromLittleEndian<quint32>(file.constData() + kMetaAt - 4));
    if (length > file.size() - kMetaAt)
        return fail(ErrorCode::DataSetTruncated, QStringLiteral("file meta longer than the file"));
    if (const Status checked =
            dicom::checkDataSet(file.mid(kMetaAt, length), QLatin1String(UID_LittleEndianExplicitTransferSyntax));
        !checked)
        return fail(checked.error());
    DcmInputBufferStream stream;
    stream.setBuffer(file.constData(), kMetaAt + length);
    stream.setEos();
    DcmMetaInfo meta;
    meta.transferInit();
    const OFCondition read = meta.read(stream, EXS_Unknown);
    meta.transferEnd();
    if (read.bad() && read != EC_EndOfStream)
        return fail(ErrorCode::DataSetBroken, QString::fromLatin1(read.text()));
    Part10Head head{{SopClassUid(getText(meta, DCM_MediaStorageSOPClassUID)),
                     InstanceUid(getText(meta, DCM_MediaStorageSOPInstanceUID))},
                    getText(meta, DCM_TransferSyntaxUID),
                    kMetaAt + length};
    if (head.object.sopClass.isEmpty() || head.object.instance.isEmpty() || head.transferSyntax.isEmpty())
        return fail(ErrorCode::AttributeMissing,
                    QStringLiteral("file meta without class, instance or transfer syntax"));
    return head;
}

} // namespace yz
