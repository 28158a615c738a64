#include "embedded_platform/data_set_json.h"

#include <dcmtk/dcmdata/dcjson.h>
#include <dcmtk/dcmdata/dcvr.h>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <cmath>
#include <optional>
#include <sstream>

namespace yz::platform {

namespace {

constexpr int kDeepest = 16;       ///< sequences within sequences
constexpr int kMostParts = 20'000; ///< elements and items; each is looked up among the others
constexpr int kMostBytes = 0xFFFE; ///< of an element whose length has 16 bits
constexpr quint16 kFirstGroup = 0x0008;

Error wrong(const QString& what) { return {ErrorCode::InvalidArgument, what}; }

/// How much was read already, and how deep.
struct Progress {
    int parts = 0;
    int depth = 0;

    [[nodiscard]] bool isTooMuch() { return ++parts > kMostParts; }
};

Status addItemTo(DcmItem& target, const QJsonObject& json, Progress& progress);

/// A backslash would divide the value in two.
bool mayHoldBackslash(DcmEVR vr) { return vr == EVR_LT || vr == EVR_ST || vr == EVR_UT; }

Result<QString> nameOf(const QJsonObject& groups) {
    QStringList parts;
    for (const char* name : {"Alphabetic", "Ideographic", "Phonetic"}) {
        const QJsonValue group = groups[QLatin1String(name)];
        const QString text = group.toString();
        const bool isText = group.isString() || group.isNull() || group.isUndefined();
        if (!isText || text.contains(QChar(u'\0')) || text.contains(u'\\') || text.contains(u'='))
            return fail(ErrorCode::InvalidArgument, QStringLiteral("a group of a name that is none"));
        parts.append(text);
    }
    while (!parts.isEmpty() && parts.constLast().isEmpty())
        parts.removeLast();
    return parts.join(u'=');
}

Result<QString> textOfValue(const QJsonValue& value, DcmEVR vr) {
    if (value.isNull() || value.isUndefined())
        return QString();
    if (vr == EVR_PN && value.isObject())
        return nameOf(value.toObject());
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
    bool isNumber = true;
    if ((vr == EVR_FL || vr == EVR_FD) && !std::isfinite(text.toDouble(&isNumber)))
        isNumber = false;
    if (!isNumber)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("a number that is none"));
    if (vr == EVR_AT && text.size() == 8)
        return QString(u'(' + text.left(4) + u',' + text.mid(4) + u')');
    return text;
}

Status addSequence(DcmItem& target, const DcmTag& tag, const QJsonArray& items, Progress& progress) {
    if (progress.depth >= kDeepest)
        return fail(ErrorCode::LimitExceeded, QStringLiteral("sequences too deep in each other"));
    target.insertEmptyElement(tag);
    for (const QJsonValue& value : items) {
        if (value.isNull())
            continue;
        if (!value.isObject())
            return fail(wrong(QStringLiteral("an item that is no object")));
        if (progress.isTooMuch())
            return fail(ErrorCode::LimitExceeded, QStringLiteral("too many items"));
        DcmItem* item = nullptr;
        if (target.findOrCreateSequenceItem(tag, item, -2).bad())
            return fail(wrong(QStringLiteral("a sequence where none may be")));
        ++progress.depth;
        if (Status added = addItemTo(*item, value.toObject(), progress); !added)
            return added;
        --progress.depth;
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
    if (utf8.size() > kMostBytes && !DcmVR(tag.getEVR()).usesExtendedLengthEncoding()) {
        delete element;
        return fail(wrong(QStringLiteral("a value longer than its VR can be")));
    }
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

/// A tag that may stand in a data set, with the VR that is given, or else that of the dictionary.
Result<DcmTag> tagOf(const QString& key, const QString& givenVr) {
    const std::optional<DcmTagKey> named = tagOfHex(key);
    if (!named || named->getGroup() < kFirstGroup || named->getElement() == 0)
        return fail(wrong(QStringLiteral("a key that is no attribute")));
    DcmTag tag(*named);
    const DcmEVR known = tag.getEVR();
    if (!givenVr.isEmpty())
        tag.setVR(DcmVR(givenVr.toLatin1().constData()));
    if (!DcmVR(tag.getEVR()).isStandard())
        return fail(wrong(QStringLiteral("an attribute without a VR")));
    const bool isKnown = known != EVR_UN && known != EVR_UNKNOWN;
    if (isKnown && (known == EVR_SQ) != (tag.getEVR() == EVR_SQ))
        return fail(wrong(QStringLiteral("a sequence where none may be, or none where one has to be")));
    return tag;
}

Status addItemTo(DcmItem& target, const QJsonObject& json, Progress& progress) {
    for (auto it = json.begin(); it != json.end(); ++it) {
        const QJsonObject element = it.value().toObject();
        const Result<DcmTag> named = tagOf(it.key(), element[QLatin1String("vr")].toString());
        if (!named)
            return fail(named.error());
        if (progress.isTooMuch())
            return fail(ErrorCode::LimitExceeded, QStringLiteral("too many attributes"));
        const DcmTag& tag = *named;
        if (element.contains(QLatin1String("BulkDataURI")))
            return fail(wrong(QStringLiteral("data by reference")));
        const QJsonArray values = element[QLatin1String("Value")].toArray();
        const QJsonValue inlined = element[QLatin1String("InlineBinary")];
        Status added;
        if (tag.getEVR() == EVR_SQ)
            added = addSequence(target, tag, values, progress);
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
    const QByteArray json = '{' + QByteArray::fromStdString(out.str()) + '}'; // DCMTK leaves the braces to the caller
    // It also writes numbers that JSON has not, and bytes that are no UTF-8 as they are; one such item in a list would
    // make the whole of it unreadable.
    QJsonParseError error;
    QJsonDocument::fromJson(json, &error);
    if (error.error != QJsonParseError::NoError)
        return fail(ErrorCode::Internal, error.errorString());
    return json;
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
    Progress progress;
    if (Status added = addItemTo(dataSet, object, progress); !added)
        return fail(added.error());
    putText(dataSet, DCM_SpecificCharacterSet, QStringLiteral("ISO_IR 192"));
    const Result<QByteArray> bytes = encodeDataSet(dataSet, EXS_LittleEndianExplicit);
    if (!bytes)
        return fail(bytes.error());
    return parseDataSet(*bytes, EXS_LittleEndianExplicit);
}

} // namespace yz::platform
