#include "dicom/data/part10_dcmtk.h"

#include <dcmtk/dcmdata/dcostrmb.h>

#include <vector>

namespace yz::dicom {

namespace {

constexpr E_EncodingType kLengths = EET_ExplicitLength;

void putElement(QByteArray& out, quint16 element, const char* vr, QByteArray value, char padding) {
    if (value.size() % 2 != 0)
        value.append(padding);
    const auto put16 = [&out](quint16 v) {
        out.append(static_cast<char>(v & 0xFF));
        out.append(static_cast<char>(v >> 8));
    };
    put16(0x0002);
    put16(element);
    out.append(vr, 2);
    if (qstrcmp(vr, "OB") == 0) {
        put16(0);
        put16(static_cast<quint16>(value.size()));
        put16(0);
    } else {
        put16(static_cast<quint16>(value.size()));
    }
    out.append(value);
}

/// PS3.10 7.1, Table 7.1-1. Written by hand because DCMTK puts its own name and version in.
QByteArray preambleAndMeta(const QString& sopClass, const QString& sopInstance, const QString& transferSyntax) {
    QByteArray group;
    putElement(group, 0x0001, "OB", QByteArray("\x00\x01", 2), '\0');
    putElement(group, 0x0002, "UI", sopClass.toLatin1(), '\0');
    putElement(group, 0x0003, "UI", sopInstance.toLatin1(), '\0');
    putElement(group, 0x0010, "UI", transferSyntax.toLatin1(), '\0');
    putElement(group, 0x0012, "UI", kImplementationClassUid, '\0');
    putElement(group, 0x0013, "SH", kImplementationVersionName, ' ');
    const auto length = static_cast<quint32>(group.size());
    QByteArray value(4, '\0');
    for (int i = 0; i < 4; ++i)
        value[i] = static_cast<char>(length >> (8 * i) & 0xFF);
    QByteArray out(128, '\0');
    out.append("DICM", 4);
    putElement(out, 0x0000, "UL", value, '\0');
    return out + group;
}

} // namespace

Result<QByteArray> encodeDataSet(DcmDataset& dataSet, E_TransferSyntax syntax) {
    QByteArray bytes;
    std::vector<char> chunk(256 * 1024);
    DcmOutputBufferStream stream(chunk.data(), static_cast<offile_off_t>(chunk.size()));
    if (const OFCondition able = dataSet.chooseRepresentation(syntax, nullptr); able.bad())
        return fail(ErrorCode::TransferSyntaxNotSupported, QString::fromLatin1(able.text()));
    if (const OFCondition lengths =
            dataSet.computeGroupLengthAndPadding(EGL_withoutGL, EPD_withoutPadding, syntax, kLengths);
        lengths.bad())
        return fail(ErrorCode::DataSetBroken, QString::fromLatin1(lengths.text()));
    dataSet.transferInit();
    OFCondition status = EC_Normal;
    do {
        status = dataSet.write(stream, syntax, kLengths, nullptr);
        if (status.good())
            stream.flush(); // ends a deflated stream
        void* data = nullptr;
        offile_off_t count = 0;
        do {
            stream.flushBuffer(data, count);
            bytes.append(static_cast<const char*>(data), count);
        } while (count > 0 && !stream.isFlushed());
    } while (status == EC_StreamNotifyClient);
    dataSet.transferEnd();
    if (status.bad())
        return fail(ErrorCode::DataSetBroken, QString::fromLatin1(status.text()));
    return bytes;
}

Result<QByteArray> toPart10(DcmDataset& dataSet, E_TransferSyntax syntax) {
    if (syntax == EXS_Unknown)
        syntax = dataSet.getCurrentXfer() != EXS_Unknown ? dataSet.getCurrentXfer() : EXS_LittleEndianExplicit;
    OFString sopClass;
    OFString sopInstance;
    if (dataSet.findAndGetOFString(DCM_SOPClassUID, sopClass).bad() ||
        dataSet.findAndGetOFString(DCM_SOPInstanceUID, sopInstance).bad())
        return fail(ErrorCode::AttributeMissing, QStringLiteral("SOP Class or SOP Instance UID"));
    const auto bytes = encodeDataSet(dataSet, syntax);
    if (!bytes)
        return fail(bytes.error());
    return part10FromBytes(QString::fromLatin1(sopClass.c_str()), QString::fromLatin1(sopInstance.c_str()),
                           QString::fromLatin1(DcmXfer(syntax).getXferID()), *bytes);
}

QByteArray part10FromBytes(const QString& sopClass, const QString& sopInstance, const QString& transferSyntax,
                           const QByteArray& dataSet) {
    return preambleAndMeta(sopClass, sopInstance, transferSyntax) + dataSet;
}

} // namespace yz::dicom
