/// Writes the first inputs of the fuzz targets: `fuzz_seeds FOLDER` makes FOLDER/image, /message, /text, /settings
/// and /web.
#include "dicom/net/data_set_dcmtk.h"
#include "dicom/net/dimse_message_dcmtk.h"
#include "dicom/net/ups_mapping_dcmtk.h"
#include "dicom_factory.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <cstdio>
#include <dcmtk/dcmdata/dcrleerg.h>
#include <dcmtk/dcmjpeg/djencode.h>
#include <functional>

using namespace yz;

namespace {

QString folder;

void write(const char* target, const QString& name, const QByteArray& bytes) {
    const QString place = folder + u'/' + QString::fromLatin1(target);
    QFile file(place + u'/' + name);
    if (bytes.isEmpty() || !QDir().mkpath(place) || !file.open(QIODevice::WriteOnly) ||
        file.write(bytes) != bytes.size()) {
        std::fprintf(stderr, "seed %s/%s could not be written\n", target, qPrintable(name));
        std::exit(1);
    }
}

constexpr int kSide = 8;

DcmDataset grey(int bits = 16) {
    DcmDataset item;
    test::fillImage(item, kSide, kSide);
    item.putAndInsertUint16(DCM_BitsAllocated, static_cast<Uint16>(bits));
    item.putAndInsertUint16(DCM_BitsStored, static_cast<Uint16>(bits));
    item.putAndInsertUint16(DCM_HighBit, static_cast<Uint16>(bits - 1));
    item.putAndInsertString(DCM_ImagePositionPatient, "1\\2\\3");
    item.putAndInsertString(DCM_ImageOrientationPatient, "1\\0\\0\\0\\1\\0");
    item.putAndInsertString(DCM_PixelSpacing, "0.5\\0.5");
    item.putAndInsertString(DCM_RescaleSlope, "1");
    item.putAndInsertString(DCM_RescaleIntercept, "-1024");
    item.putAndInsertString(DCM_WindowCenter, "40\\-600");
    item.putAndInsertString(DCM_WindowWidth, "400\\1500");
    if (bits == 16) {
        std::vector<Uint16> words(kSide * kSide);
        for (size_t i = 0; i < words.size(); ++i)
            words[i] = static_cast<Uint16>(i * 37);
        test::putPixels(item, words);
    } else {
        std::vector<Uint8> bytes(kSide * kSide);
        for (size_t i = 0; i < bytes.size(); ++i)
            bytes[i] = static_cast<Uint8>(i * 5);
        test::putBytes(item, bytes);
    }
    return item;
}

DcmDataset colour() {
    DcmDataset item = grey(8);
    item.putAndInsertUint16(DCM_SamplesPerPixel, 3);
    item.putAndInsertUint16(DCM_PlanarConfiguration, 0);
    item.putAndInsertString(DCM_PhotometricInterpretation, "RGB");
    std::vector<Uint8> bytes(kSide * kSide * 3);
    for (size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<Uint8>(i * 3);
    test::putBytes(item, bytes);
    return item;
}

DcmDataset palette() {
    DcmDataset item = grey(8);
    item.putAndInsertString(DCM_PhotometricInterpretation, "PALETTE COLOR");
    const Uint16 descriptor[] = {256, 0, 16};
    const std::vector<Uint16> table(256, 0x1234);
    for (const DcmTagKey& tag : {DCM_RedPaletteColorLookupTableDescriptor, DCM_GreenPaletteColorLookupTableDescriptor,
                                 DCM_BluePaletteColorLookupTableDescriptor})
        item.putAndInsertUint16Array(tag, descriptor, 3);
    for (const DcmTagKey& tag : {DCM_RedPaletteColorLookupTableData, DCM_GreenPaletteColorLookupTableData,
                                 DCM_BluePaletteColorLookupTableData})
        item.putAndInsertUint16Array(tag, table.data(), static_cast<unsigned long>(table.size()));
    return item;
}

DcmDataset multiFrame() {
    DcmDataset item = grey();
    item.putAndInsertString(DCM_SOPClassUID, UID_EnhancedCTImageStorage);
    item.putAndInsertString(DCM_NumberOfFrames, "2");
    test::putPixels(item, std::vector<Uint16>(kSide * kSide * 2, 77));
    for (int frame = 0; frame < 2; ++frame) {
        DcmItem* group = nullptr;
        DcmItem* plane = nullptr;
        item.findOrCreateSequenceItem(DCM_PerFrameFunctionalGroupsSequence, group, -2);
        group->findOrCreateSequenceItem(DCM_PlanePositionSequence, plane, -2);
        plane->putAndInsertString(DCM_ImagePositionPatient, frame ? "0\\0\\5" : "0\\0\\0");
        group->findOrCreateSequenceItem(DCM_FrameVOILUTSequence, plane, -2);
        plane->putAndInsertString(DCM_WindowCenter, "40");
        plane->putAndInsertString(DCM_WindowWidth, "400");
    }
    return item;
}

void writeImages() {
    const std::pair<const char*, DcmDataset> plain[] = {
        {"grey16", grey()}, {"grey8", grey(8)}, {"rgb", colour()}, {"palette", palette()}, {"frames", multiFrame()}};
    for (const auto& [name, original] : plain)
        for (const E_TransferSyntax syntax : {EXS_LittleEndianExplicit, EXS_LittleEndianImplicit, EXS_BigEndianExplicit,
                                              EXS_DeflatedLittleEndianExplicit}) {
            DcmDataset item(original);
            write("image", QStringLiteral("%1-%2").arg(QLatin1String(name)).arg(int(syntax)), test::file(item, syntax));
        }
    DcmRLEEncoderRegistration::registerCodecs();
    DJEncoderRegistration::registerCodecs();
    const struct {
        const char* name;
        DcmDataset item;
        E_TransferSyntax syntax;
    } packed[] = {
        {"rle-grey16", grey(), EXS_RLELossless},           {"rle-rgb", colour(), EXS_RLELossless},
        {"rle-frames", multiFrame(), EXS_RLELossless},     {"jpeg-grey8", grey(8), EXS_JPEGProcess1},
        {"jpeg-rgb", colour(), EXS_JPEGProcess1},          {"jpeg-lossless-grey16", grey(), EXS_JPEGProcess14SV1},
        {"jpeg-lossless-rgb", colour(), EXS_JPEGProcess14}};
    for (const auto& entry : packed) {
        DcmDataset item(entry.item);
        write("image", QString::fromLatin1(entry.name), test::file(item, entry.syntax));
    }
    DJEncoderRegistration::cleanup();
    DcmRLEEncoderRegistration::cleanup();
}

void writeMessages() {
    ReadingTask task;
    task.uid = WorkitemUid(QStringLiteral("2.25.7"));
    task.order.patient.id = PatientId(QStringLiteral("P1"));
    task.order.patient.name = PersonName::fromDicom(QStringLiteral("Wang^XiaoDong=王^小东"));
    task.order.study = StudyUid(QStringLiteral("2.25.8"));
    task.order.item = QStringLiteral("胸部CT平扫");
    task.order.priors.push_back({StudyUid(QStringLiteral("2.25.9")), QStringLiteral("A1"), QDate(2026, 3, 2),
                                 QStringLiteral("CT"), QStringLiteral("胸部")});
    task.holderName = QStringLiteral("王芳");
    DcmDataset item;
    (void)ups::toDataset(task, item);
    for (const bool isExplicit : {true, false})
        write("message", isExplicit ? QStringLiteral("ups-explicit") : QStringLiteral("ups-implicit"),
              (isExplicit ? "E" : "I") + encodeDataSet(item, isExplicit).value_or(QByteArray()));
    item.putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 100");
    item.putAndInsertString(DCM_PatientName, "\xCD\xF5^\xD0\xA1\xB6\xAB");
    write("message", QStringLiteral("ups-gbk"), "E" + encodeDataSet(item, true).value_or(QByteArray()));
    DimseMessage message;
    message.command = Dimse::CFindRsp;
    message.affectedSopClass = QStringLiteral(UID_FINDStudyRootQueryRetrieveInformationModel);
    message.respondedTo = 1;
    message.status = 0xFF00;
    message.hasData = true;
    write("message", QStringLiteral("command"), "C" + encodeCommand(message).value_or(QByteArray()));
    QByteArray json = "T";
    json += QJsonDocument(toJson(task)).toJson(QJsonDocument::Compact);
    write("settings", QStringLiteral("task"), json);
}

void writeTexts() {
    const std::pair<const char*, QByteArray> values[] = {
        {"ISO_IR 192", QStringLiteral("Wang^XiaoDong=王^小東").toUtf8()},
        {"GB18030", "Wang^XiaoDong=\xCD\xF5^\xD0\xA1\xB6\xAB=\x95\x32\x82\x36"},
        {"ISO_IR 100", "\xCD\xF5^\xD0\xA1\xB6\xAB"},
        {"", "Buc^J\xE9r\xF4me"},
        {"\\ISO 2022 IR 58", "Zhang=\x1B$)A\xD5\xC5^\x1B$)A\xD0\xA1\xB6\xAB"},
        {"\\ISO 2022 IR 149", "Hong=\x1B$)C\xFB\xF3^\x1B$)C\xD1\xCE\xD4\xD7"},
        {"\\ISO 2022 IR 87\\ISO 2022 IR 159", "\x1B$B;3ED\x1B(B^\x1B$(D0!\x1B(B"},
        {"ISO 2022 IR 13\\ISO 2022 IR 87", "\xD4\xCF\xC0\xDE^\x1B$B;3ED\x1B(J"},
        {"ISO 2022 IR 100\\ISO 2022 IR 144\\ISO 2022 IR 126", "\xE9\x1B-L\xBB\xEE^\x1B-F\xC4\xE9"},
        {"ISO_IR 166", "\xB9\xD2\xC1"},
        {"BIG5", "\xA4\xFD"},
        {"SHIFT_JIS", "\x8E\x52"},
        {"KLINGON", "O\x92Neil"},
    };
    int number = 0;
    for (const auto& [set, value] : values)
        for (const char kind : {'N', 'T', 'L'})
            write("text", QString::number(++number), QByteArray(set) + '\0' + kind + value);
}

void writeWeb() {
    const auto quoted = [](const char* text) { return QByteArray(text).replace('\'', '"'); };
    const QByteArray item = quoted(
        "[{'00741000':{'vr':'CS','Value':['SCHEDULED']},'00741200':{'vr':'CS','Value':['LOW']},"
        "'00741204':{'vr':'LO','Value':['胸部CT']},'00404005':{'vr':'DT','Value':['20260310']},"
        "'00404041':{'vr':'CS','Value':['READY']},'00100010':{'vr':'PN','Value':[{'Alphabetic':'Wang^Ming',"
        "'Ideographic':'王^明'}]},'0040A370':{'vr':'SQ','Value':[{'0020000D':{'vr':'UI','Value':['1.2.3']}},{}]},"
        "'00280010':{'vr':'US','Value':[512]},'00189087':{'vr':'FD','Value':[1.5]},'00101030':{'vr':'DS',"
        "'Value':[72.5,'1e3']},'00200013':{'vr':'IS','Value':[1,null,3]},'00420011':{'vr':'OB',"
        "'InlineBinary':'AAEC'},'00280009':{'vr':'AT','Value':['00181063']},'00091001':{'vr':'UN',"
        "'InlineBinary':'AAEC'},'00080060':{'vr':'CS'}}]");
    const auto state = [&](const char* wanted) -> QByteArray {
        return quoted("[{'00741000':{'vr':'CS','Value':['") + wanted +
               quoted("']},'00081195':{'vr':'UI','Value':['1.2']}}]");
    };
    const QByteArray performed =
        quoted("[{'00741216':{'vr':'SQ','Value':[{'00404019':{'vr':'SQ','Value':[{'00080100':{'vr':'SH','Value':"
               "['READ']}}]},'00404050':{'vr':'DT','Value':['20260310']},'00404051':{'vr':'DT','Value':['20260311']},"
               "'00404033':{'vr':'SQ','Value':[{'0020000D':{'vr':'UI','Value':['1.2.3']},'00081199':{'vr':'SQ','Value':"
               "[{'00081150':{'vr':'UI','Value':['1.2.840.10008.5.1.4.1.1.88.33']},'00081155':{'vr':'UI','Value':"
               "['1.2.9']}}]}}]}}]}}]");
    const QByteArray reason =
        quoted("[{'00741002':{'vr':'SQ','Value':[{'00741238':{'vr':'LT','Value':['图像不全']}}]}}]");
    const QByteArray claim = "PUT workitems/1.2.3.4/state?requester=D\n" + state("IN PROGRESS") + "\n\n";
    write("web", QStringLiteral("item"), "J" + item);
    write("web", QStringLiteral("names"),
          "QPatientName=%E7%8E%8B*&limit=5&offset=1&includefield=all&fuzzymatching=true");
    write("web", QStringLiteral("ranges"),
          "QScheduledProcedureStepStartDateTime=20260101000000-0500-20260401&StudyDate=-20260401&00741000=SCHEDULED&"
          "ReferencedRequestSequence.StudyInstanceUID=1.2,1.2.3&includefield=00080060,PatientAge");
    write("web", QStringLiteral("cancel"),
          "W" + claim + "POST workitems/1.2.3.4?1.2\n" + reason + "\n\nPUT workitems/1.2.3.4/state\n" +
              state("CANCELED") + "\n\nGET workitems?limit=5\n\nGET workitems/1.2.3.4\n");
    write("web", QStringLiteral("complete"),
          "W" + claim + "POST workitems/1.2.3.4?1.2\n" + performed + "\n\nPUT workitems/1.2.3.4/state\n" +
              state("COMPLETED") + "\n\nGET workitems\n");
    write("web", QStringLiteral("create"),
          "WPOST workitems?1.2.9\n" + item +
              "\n\nPOST workitems/1.2.9/cancelrequest\n{}\n\nPOST "
              "workitems/1.2.840.10008.5.1.4.34.5/subscribers/D?deletionlock=true\n\nDELETE "
              "workitems/1.2.840.10008.5.1.4.34.5/subscribers/D\n");
    const QByteArray known = "Authorization: Bearer t\r\n";
    write("web", QStringLiteral("post"),
          "HPOST /dicom-web/workitems?1.2.5 HTTP/1.1\r\n" + known + "Content-Type: application/dicom+json\r\n" +
              "Content-Length: " + QByteArray::number(item.size()) + "\r\n\r\n" + item);
    write("web", QStringLiteral("chunks"),
          "HPUT /dicom-web/workitems/1/state HTTP/1.1\r\n" + known +
              "Transfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n");
    write("web", QStringLiteral("get"),
          "HGET /dicom-web/workitems?PatientID=%50&limit=1 HTTP/1.0\r\n" + known +
              "Range: bytes=0-1,3-\r\nAccept: */*\r\nExpect: 100-continue\r\n\r\n");
    write("web", QStringLiteral("form"),
          "HDELETE / HTTP/1.1\r\n" + known +
              "Content-Encoding: gzip\r\nContent-Length: 3\r\nContent-Type: multipart/form-data; "
              "boundary=a\r\n\r\nabc");
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("fuzz_seeds FOLDER\n", stderr);
        return 2;
    }
    folder = QString::fromLocal8Bit(argv[1]);
    writeImages();
    writeMessages();
    writeTexts();
    writeWeb();
    write("settings", QStringLiteral("site"),
          "S{\"diagnosingHospital\":\"县医院\",\"aeTitle\":\"YUANZHEN\",\"platformPort\":11112,\"undoWindowSeconds\":"
          "600}");
    return 0;
}
