#include "dicom/net/data_set_dcmtk.h"

#include "dicom/data/limits.h"
#include "dicom/data/prepare.h"
#include "dicom/data/text_dcmtk.h"

#include <dcmtk/dcmdata/dcbytstr.h>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcostrmb.h>
#include <dcmtk/dcmdata/dcsequen.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <algorithm>

namespace yz {

namespace {

/// Messages are parsed in this process, so what they may ask for is a fraction of what the decoder process may be
/// asked.
dicom::DataSetLimits messageLimits() {
    dicom::DataSetLimits limits;
    limits.elementCount = 100'000; // about 300 bytes each once parsed; a work item that names 5,000 objects has 30,000
    limits.elementBytes = 1LL << 20; // text is copied as it is decoded; the longest in a message are 10 kB (LT)
    limits.headerBytes = 8LL << 20;
    return limits;
}

E_TransferSyntax syntaxOf(bool explicitVr) { return explicitVr ? EXS_LittleEndianExplicit : EXS_LittleEndianImplicit; }

QString syntaxUid(bool explicitVr) {
    return QLatin1String(explicitVr ? UID_LittleEndianExplicitTransferSyntax : UID_LittleEndianImplicitTransferSyntax);
}

/// A data set from the network with what was mended in its text.
class ReceivedDataSet final : public DcmDataset {
public:
    TextRepair textRepair;
};

void convertItem(DcmItem& item, const QByteArray& inheritedCharset, TextRepair& repair) {
    const QByteArray own = dicom::rawValue(item, DCM_SpecificCharacterSet);
    dicom::TextDecoder decoder = dicom::textDecoderFor(item, inheritedCharset);
    for (unsigned long i = 0; i < item.card(); ++i) {
        DcmElement* element = item.getElement(i);
        if (element->ident() == EVR_SQ) {
            auto* sequence = static_cast<DcmSequenceOfItems*>(element);
            for (unsigned long k = 0; k < sequence->card(); ++k)
                convertItem(*sequence->getItem(k), own.isEmpty() ? inheritedCharset : own, repair);
            continue;
        }
        if (!element->isAffectedBySpecificCharacterSet())
            continue;
        const QByteArray raw = dicom::rawValue(*element);
        if (dicom::isPlainAscii(raw))
            continue;
        const QByteArray utf8 = decoder.decode(raw, dicom::textKindOf(element->ident())).toUtf8();
        element->putOFStringArray(OFString(utf8.constData(), static_cast<size_t>(utf8.size())));
    }
    if (!own.isEmpty())
        item.putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 192");
    if (repair.isEmpty())
        repair = decoder.repair();
}

} // namespace

Result<std::unique_ptr<DcmDataset>> parseDataSet(const QByteArray& bytes, bool explicitVr) {
    dicom::prepareDicom();
    if (const Status checked = dicom::checkDataSet(bytes, syntaxUid(explicitVr), messageLimits()); !checked)
        return fail(checked.error());
    auto dataset = std::make_unique<ReceivedDataSet>();
    DcmInputBufferStream stream;
    stream.setBuffer(bytes.constData(), bytes.size());
    stream.setEos();
    dataset->transferInit();
    const OFCondition read = dataset->read(stream, syntaxOf(explicitVr));
    dataset->transferEnd();
    if (read.bad() && read != EC_EndOfStream)
        return fail(ErrorCode::DataSetBroken, QString::fromLatin1(read.text()));
    dataset->loadAllDataIntoMemory();
    dataset->textRepair = convertTextToUtf8(*dataset);
    return dataset;
}

Result<QByteArray> encodeDataSet(DcmDataset& dataset, bool explicitVr) {
    const E_TransferSyntax syntax = syntaxOf(explicitVr);
    QByteArray bytes(qsizetype(dataset.calcElementLength(syntax, EET_ExplicitLength)) + 4096, Qt::Uninitialized);
    DcmOutputBufferStream stream(bytes.data(), bytes.size());
    dataset.transferInit();
    const OFCondition written = dataset.write(stream, syntax, EET_ExplicitLength, nullptr, EGL_withoutGL);
    dataset.transferEnd();
    if (written.bad())
        return fail(ErrorCode::Internal, QString::fromLatin1(written.text()));
    void* start = nullptr;
    offile_off_t length = 0;
    stream.flushBuffer(start, length);
    bytes.truncate(length);
    return bytes;
}

TextRepair convertTextToUtf8(DcmItem& dataset) {
    TextRepair repair;
    convertItem(dataset, QByteArray(), repair);
    return repair;
}

TextRepair textRepairOf(DcmItem& received) {
    const auto* dataset = dynamic_cast<ReceivedDataSet*>(&received);
    return dataset ? dataset->textRepair : TextRepair{};
}

QString getText(DcmItem& item, const DcmTagKey& tag) {
    OFString value;
    DcmElement* element = nullptr;
    if (item.findAndGetElement(tag, element).bad() || element->getOFStringArray(value).bad())
        return {};
    QString text = QString::fromUtf8(value.c_str(), static_cast<qsizetype>(value.length()));
    while (!text.isEmpty() && (text.back() == u' ' || text.back() == QChar(u'\0')))
        text.chop(1);
    return text;
}

int getNumber(DcmItem& item, const DcmTagKey& tag) {
    Uint16 small = 0;
    if (item.findAndGetUint16(tag, small).good())
        return small;
    return getText(item, tag).section(u'\\', 0, 0).trimmed().toInt();
}

DcmItem* firstItem(DcmItem& item, const DcmTagKey& tag) {
    const std::vector<DcmItem*> items = itemsOf(item, tag);
    return items.empty() ? nullptr : items.front();
}

std::vector<DcmItem*> itemsOf(DcmItem& item, const DcmTagKey& tag) {
    std::vector<DcmItem*> items;
    DcmSequenceOfItems* sequence = nullptr;
    if (item.findAndGetSequence(tag, sequence).good())
        for (unsigned long i = 0; i < sequence->card(); ++i)
            items.push_back(sequence->getItem(i));
    return items;
}

QDateTime getDateTime(DcmItem& item, const DcmTagKey& tag) {
    return dateTimeFromDicom(getText(item, tag).section(u'\\', 0, 0));
}

bool putText(DcmItem& item, const DcmTagKey& tag, const QString& text) {
    const QByteArray utf8 = text.toUtf8();
    return item.putAndInsertOFStringArray(tag, OFString(utf8.constData(), static_cast<size_t>(utf8.size()))).good();
}

bool putLine(DcmItem& item, const DcmTagKey& tag, const QString& text) {
    QString line = text;
    line.replace(u'\\', u'/');
    for (QChar& c : line)
        if (c.category() == QChar::Other_Control)
            c = u' ';
    return putText(item, tag, line.trimmed());
}

bool putDateTime(DcmItem& item, const DcmTagKey& tag, const QDateTime& time) {
    return !time.isValid() || putText(item, tag, dateTimeToDicom(time));
}

DcmItem* addItem(DcmItem& item, const DcmTagKey& tag) {
    DcmItem* added = nullptr;
    return item.findOrCreateSequenceItem(tag, added, -2).good() ? added : nullptr;
}

} // namespace yz
