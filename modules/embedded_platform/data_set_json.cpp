#include "embedded_platform/data_set_json.h"

#include <dcmtk/dcmdata/dcjson.h>
#include <dcmtk/dcmdata/dcvr.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <sstream>

namespace yz::platform {

namespace {

constexpr int kDeepest = 16; ///< sequences within sequences
constexpr quint16 kFirstGroup = 0x0008;

Error wrong(const QString& what) { return {ErrorCode::InvalidArgument, what}; }

Status addItemTo(DcmItem& target, const QJsonObject& json, int depth);

/// A backslash would divide the value in two.
bool mayHoldBackslash(DcmEVR vr) { return vr == EVR_LT || vr == EVR_ST || vr == EVR_UT; }

Result<QString> textOfValue(const QJsonValue& value, DcmEVR vr) {
    if (value.isNull() || value.isUndefined())
        return QString();
    if (vr == EVR_PN && value.isObject()) {
        const QJsonObject groups = value.toObject();
        QStringList parts;
        for (const char* group : {"Alphabetic", "Ideographic", "Phonetic"})
            parts.append(groups[QLatin1String(group)].toString());
        while (!parts.isEmpty() && parts.constLast().isEmpty())
            parts.removeLast();
        return parts.join(u'=');
    }
    if (value.isDouble()) {
        const double number = value.toDouble();
        const qint64 whole = value.toInteger();
        return number == static_cast<double>(whole) ? QString::number(whole) : QString::number(number, 'g', 15);
    }
    if (!value.isString())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("a value that is no text and no number"));
    const QString text = value.toString();
    if (text.contains(QChar(u'\0')) || (text.contains(u'\\') && !mayHoldBackslash(vr)))
        return fail(ErrorCode::InvalidArgument, QStringLiteral("a value holds a character that has no place there"));
    if (vr == EVR_AT && text.size() == 8)
        return QString(u'(' + text.left(4) + u',' + text.mid(4) + u')');
    return text;
}

Status addSequence(DcmItem& target, const DcmTag& tag, const QJsonArray& items, int depth) {
    if (depth >= kDeepest)
        return fail(ErrorCode::LimitExceeded, QStringLiteral("sequences too deep in each other"));
    target.insertEmptyElement(tag);
    for (const QJsonValue& value : items) {
        if (value.isNull())
            continue;
        if (!value.isObject())
            return fail(wrong(QStringLiteral("an item that is no object")));
        DcmItem* item = nullptr;
        if (target.findOrCreateSequenceItem(tag, item, -2).bad())
            return fail(wrong(QStringLiteral("a sequence where none may be")));
        if (Status added = addItemTo(*item, value.toObject(), depth + 1); !added)
            return added;
    }
    return {};
}

Status addValues(DcmItem& target, const DcmTag& tag, const QJsonArray& values) {
    QStringList texts;
    for (const QJsonValue& value : values) {
        const Result<QString> text = textOfValue(value, tag.getEVR());
        if (!text)
            return fail(text.error());
        texts.append(*text);
    }
    DcmElement* element = nullptr;
    if (DcmItem::newDicomElementWithVR(element, tag).bad() || element == nullptr)
        return fail(wrong(QStringLiteral("an element of unknown kind")));
    const QByteArray utf8 = texts.join(u'\\').toUtf8();
    // putString() takes numbers as text too, for the binary VRs.
    const bool isPut = utf8.isEmpty() || element->putString(utf8.constData(), static_cast<Uint32>(utf8.size())).good();
    if (isPut && target.insert(element, OFTrue).good())
        return {};
    delete element;
    return fail(wrong(QStringLiteral("a value its VR cannot hold")));
}

Status addBytes(DcmItem& target, const DcmTag& tag, const QByteArray& base64) {
    const auto read = QByteArray::fromBase64Encoding(base64, QByteArray::AbortOnBase64DecodingErrors);
    const QByteArray& bytes = read.decoded;
    if (!read || target
                     .putAndInsertUint8Array(tag, reinterpret_cast<const Uint8*>(bytes.constData()),
                                             static_cast<unsigned long>(bytes.size()))
                     .bad())
        return fail(wrong(QStringLiteral("inline binary that is none")));
    return {};
}

Status addItemTo(DcmItem& target, const QJsonObject& json, int depth) {
    for (auto it = json.begin(); it != json.end(); ++it) {
        bool isTag = false;
        const uint number = it.key().toUInt(&isTag, 16);
        const QJsonObject element = it.value().toObject();
        if (!isTag || it.key().size() != 8 || (number >> 16) < kFirstGroup || (number & 0xFFFF) == 0)
            return fail(wrong(QStringLiteral("a key that is no attribute")));
        DcmTag tag(static_cast<Uint16>(number >> 16), static_cast<Uint16>(number & 0xFFFF));
        if (const QString vr = element[QLatin1String("vr")].toString(); !vr.isEmpty())
            tag.setVR(DcmVR(vr.toLatin1().constData()));
        if (!DcmVR(tag.getEVR()).isStandard())
            return fail(wrong(QStringLiteral("an attribute without a VR")));
        if (element.contains(QLatin1String("BulkDataURI")))
            return fail(wrong(QStringLiteral("data by reference")));
        const QJsonArray values = element[QLatin1String("Value")].toArray();
        const QJsonValue inlined = element[QLatin1String("InlineBinary")];
        Status added;
        if (tag.getEVR() == EVR_SQ)
            added = addSequence(target, tag, values, depth);
        else if (inlined.isString())
            added = addBytes(target, tag, inlined.toString().toLatin1());
        else
            added = addValues(target, tag, values);
        if (!added)
            return added;
    }
    return {};
}

} // namespace

Result<QByteArray> toJson(DcmDataset& dataSet) {
    std::ostringstream out;
    DcmJsonFormatCompact format(OFFalse);
    if (const OFCondition written = dataSet.writeJson(out, format); written.bad())
        return fail(ErrorCode::Internal, QString::fromLatin1(written.text()));
    return QByteArray('{' + QByteArray::fromStdString(out.str()) + '}'); // DCMTK leaves the braces to the caller
}

Result<DataSetPtr> dataSetFromJson(const QByteArray& json) {
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    QJsonObject object = document.object();
    if (document.isArray()) {
        if (document.array().size() != 1 || !document.array().first().isObject())
            return fail(wrong(QStringLiteral("not one data set")));
        object = document.array().first().toObject();
    } else if (!document.isObject()) {
        return fail(wrong(u"no JSON: " + error.errorString()));
    }
    DcmDataset dataSet;
    if (Status added = addItemTo(dataSet, object, 0); !added)
        return fail(added.error());
    putText(dataSet, DCM_SpecificCharacterSet, QStringLiteral("ISO_IR 192"));
    const Result<QByteArray> bytes = encodeDataSet(dataSet, EXS_LittleEndianExplicit);
    if (!bytes)
        return fail(bytes.error());
    return parseDataSet(*bytes, EXS_LittleEndianExplicit);
}

} // namespace yz::platform
