#include "embedded_platform/data_set.h"

#include "embedded_platform/byte_stream.h"

#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcitem.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/dcmdata/dcvrus.h>

#include <QStringDecoder>
#include <algorithm>
#include <cctype>

namespace yz::platform {

namespace {

QByteArray rawText(DcmItem& item, const DcmTagKey& tag) {
    const char* value = nullptr;
    if (item.findAndGetString(tag, value).bad() || value == nullptr)
        return {};
    return QByteArray(value);
}

/// All bytes of text elements beyond ASCII, sequences included.
void collectText(DcmItem& item, QByteArray& out) {
    DcmObject* object = nullptr;
    while ((object = item.nextInContainer(object)) != nullptr) {
        if (object->ident() == EVR_SQ) {
            auto* sequence = static_cast<DcmSequenceOfItems*>(object);
            for (unsigned long i = 0; i < sequence->card(); ++i)
                collectText(*sequence->getItem(i), out);
            continue;
        }
        auto* element = static_cast<DcmElement*>(object);
        char* value = nullptr;
        if (!element->isaString() || element->getString(value).bad() || value == nullptr)
            continue;
        const QByteArrayView view(value);
        for (char c : view)
            if (static_cast<unsigned char>(c) >= 0x80) {
                out.append(view.data(), view.size());
                out.append('\n');
                break;
            }
    }
}

const char* guessedCharacterSet(const QByteArray& text) {
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    [[maybe_unused]] const QString decoded = decoder(text);
    return decoder.hasError() ? "GB18030" : "ISO_IR 192";
}

bool convertAs(DataSetPtr& dataSet, const char* characterSet) {
    DataSetPtr copy = copyOf(*dataSet);
    if (characterSet != nullptr)
        copy->putAndInsertString(DCM_SpecificCharacterSet, characterSet);
    if (copy->convertToUTF8().bad())
        return false;
    dataSet = std::move(copy);
    return true;
}

} // namespace

Result<DataSetPtr> parseDataSet(const QByteArray& bytes, E_TransferSyntax syntax, ParseExtent extent,
                                const ScanLimits& limits) {
    QByteArray plain = bytes;
    if (syntax == EXS_DeflatedLittleEndianExplicit) {
        Result<QByteArray> inflated = inflateDataSet(bytes, limits);
        if (!inflated)
            return fail(inflated.error());
        plain = std::move(*inflated);
        syntax = EXS_LittleEndianExplicit;
    }
    if (Status scanned = scanDataSet(plain, syntax, limits); !scanned)
        return fail(scanned.error());
    DcmInputBufferStream stream;
    stream.setBuffer(plain.constData(), plain.size());
    stream.setEos();
    auto dataSet = std::make_unique<DcmDataset>();
    dataSet->transferInit();
    const OFCondition read = extent == ParseExtent::HeaderOnly
                                 ? dataSet->readUntilTag(stream, syntax, EGL_noChange, DCM_MaxReadLength, DCM_PixelData)
                                 : dataSet->read(stream, syntax, EGL_noChange, DCM_MaxReadLength);
    dataSet->transferEnd();
    if (read.bad())
        return fail(ErrorCode::DataSetBroken, QString::fromLatin1(read.text()));
    return dataSet;
}

Result<QByteArray> encodeDataSet(DcmDataset& dataSet, E_TransferSyntax syntax, bool groupLengths) {
    if (!dataSet.canWriteXfer(syntax, dataSet.getOriginalXfer()))
        return fail(ErrorCode::NotSupported, QStringLiteral("cannot be written in this transfer syntax"));
    ByteStream stream;
    dataSet.transferInit();
    const OFCondition written = dataSet.write(stream, syntax, EET_ExplicitLength, nullptr,
                                              groupLengths ? EGL_withGL : EGL_withoutGL, EPD_withoutPadding);
    dataSet.transferEnd();
    stream.flush();
    if (written.bad())
        return fail(ErrorCode::Internal, QString::fromLatin1(written.text()));
    return stream.takeBytes();
}

void toUtf8(DataSetPtr& dataSet) {
    const QByteArray declared = rawText(*dataSet, DCM_SpecificCharacterSet).trimmed();
    const bool isDeclared = !declared.isEmpty() && declared != "ISO_IR 6" && declared != "ISO 2022 IR 6";
    if (isDeclared && convertAs(dataSet, nullptr))
        return;
    QByteArray text;
    collectText(*dataSet, text);
    if (!text.isEmpty() && !convertAs(dataSet, guessedCharacterSet(text)))
        convertAs(dataSet, "ISO_IR 100"); // every byte has a meaning there
    dataSet->putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 192");
}

QString textOf(DcmItem& item, const DcmTagKey& tag) {
    DcmElement* element = nullptr;
    if (item.findAndGetElement(tag, element).bad() || element == nullptr)
        return {};
    OFString value;
    if (element->getOFStringArray(value).bad())
        return {};
    QString text = QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size()));
    while (text.endsWith(u' ') || text.endsWith(QChar(u'\0')))
        text.chop(1);
    return text;
}

quint16 unsignedOf(DcmItem& item, const DcmTagKey& tag) {
    Uint16 value = 0;
    return item.findAndGetUint16(tag, value).good() ? value : quint16(0);
}

void putText(DcmItem& item, const DcmTagKey& tag, const QString& text) {
    if (text.isEmpty())
        item.insertEmptyElement(tag);
    else
        item.putAndInsertString(tag, text.toUtf8().constData());
}

DcmItem* itemOf(DcmItem& item, const DcmTagKey& sequence, int index) {
    DcmSequenceOfItems* found = nullptr;
    if (item.findAndGetSequence(sequence, found).bad() || found == nullptr ||
        static_cast<unsigned long>(index) >= found->card())
        return nullptr;
    return found->getItem(static_cast<unsigned long>(index));
}

int itemCount(DcmItem& item, const DcmTagKey& sequence) {
    DcmSequenceOfItems* found = nullptr;
    if (item.findAndGetSequence(sequence, found).bad() || found == nullptr)
        return 0;
    return static_cast<int>(found->card());
}

DcmItem& addItem(DcmItem& item, const DcmTagKey& sequence) {
    DcmItem* added = nullptr;
    if (item.findOrCreateSequenceItem(DcmTag(sequence), added, -2).bad()) { // a peer wrote it with another VR
        item.findAndDeleteElement(sequence);
        item.findOrCreateSequenceItem(DcmTag(sequence, EVR_SQ), added, -2);
    }
    return *added;
}

DataSetPtr copyOf(DcmDataset& dataSet) { return DataSetPtr(static_cast<DcmDataset*>(dataSet.clone())); }

E_TransferSyntax syntaxFromUid(const QString& uid) {
    return uid.isEmpty() ? EXS_Unknown : DcmXfer(uidBytes(uid).constData()).getXfer();
}

QString syntaxUid(E_TransferSyntax syntax) { return QString::fromLatin1(DcmXfer(syntax).getXferID()); }

std::optional<DcmTagKey> tagOfHex(const QString& digits) {
    const bool isHex = digits.size() == 8 && std::all_of(digits.begin(), digits.end(), [](QChar c) {
                           return c.unicode() < 0x80 && std::isxdigit(c.unicode()) != 0;
                       });
    if (!isHex)
        return std::nullopt;
    const uint number = digits.toUInt(nullptr, 16);
    return DcmTagKey(static_cast<Uint16>(number >> 16), static_cast<Uint16>(number & 0xFFFF));
}

QByteArray uidBytes(const QString& uid) { return uid.toLatin1(); }

bool isUsableUid(const QString& uid) {
    if (uid.isEmpty() || uid.size() > 64 || uid.startsWith(u'.'))
        return false;
    for (QChar c : uid)
        if ((c < u'0' || c > u'9') && c != u'.')
            return false;
    return true;
}

} // namespace yz::platform
