#include "platform/dicom_json.h"

#include <QJsonDocument>

namespace yz::json {

namespace {

QJsonArray values(const QJsonObject& dataSet, const char* tag) {
    return dataSet[QLatin1String(tag)].toObject()[QLatin1String("Value")].toArray();
}

PersonName nameOf(const QJsonValue& value) {
    if (value.isString()) // not the model's form, but sent
        return PersonName::fromDicom(value.toString());
    const QJsonObject groups = value.toObject();
    // Some send all groups in the first one.
    const QString alphabetic = groups[QLatin1String("Alphabetic")].toString();
    if (alphabetic.contains(u'='))
        return PersonName::fromDicom(alphabetic);
    return {alphabetic, groups[QLatin1String("Ideographic")].toString(), groups[QLatin1String("Phonetic")].toString()};
}

QString textOf(const QJsonValue& value) {
    switch (value.type()) {
    case QJsonValue::String:
        return value.toString().trimmed();
    case QJsonValue::Double: {
        const double number = value.toDouble();
        const qint64 whole = value.toInteger();
        return number == static_cast<double>(whole) ? QString::number(whole) : QString::number(number, 'g', 17);
    }
    case QJsonValue::Object:
        return nameOf(value).toDicom();
    default:
        return {};
    }
}

} // namespace

Result<std::vector<QJsonObject>> dataSets(const QByteArray& body) {
    std::vector<QJsonObject> sets;
    if (body.trimmed().isEmpty())
        return sets;
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(body, &error);
    if (document.isObject()) { // one data set, told without the array around it
        sets.push_back(document.object());
        return sets;
    }
    if (!document.isArray())
        return fail(ErrorCode::AnswerUnexpected, QStringLiteral("no JSON: ") + error.errorString());
    for (const QJsonValue& value : document.array()) {
        if (!value.isObject())
            return fail(ErrorCode::AnswerUnexpected, QStringLiteral("an element of the answer is no data set"));
        sets.push_back(value.toObject());
    }
    return sets;
}

QStringList texts(const QJsonObject& dataSet, const char* tag) {
    QStringList list;
    for (const QJsonValue& value : values(dataSet, tag))
        list.append(textOf(value));
    return list;
}

QString text(const QJsonObject& dataSet, const char* tag) {
    const QJsonArray list = values(dataSet, tag);
    return list.isEmpty() ? QString() : textOf(list.first());
}

int number(const QJsonObject& dataSet, const char* tag) { return text(dataSet, tag).toInt(); }

PersonName person(const QJsonObject& dataSet, const char* tag) {
    const QJsonArray list = values(dataSet, tag);
    return list.isEmpty() ? PersonName() : nameOf(list.first());
}

std::vector<QJsonObject> items(const QJsonObject& dataSet, const char* tag) {
    std::vector<QJsonObject> list;
    for (const QJsonValue& value : values(dataSet, tag))
        if (value.isObject())
            list.push_back(value.toObject());
    return list;
}

void putText(QJsonObject& dataSet, const char* tag, const char* vr, const QString& value) {
    QJsonObject element{{QStringLiteral("vr"), QLatin1String(vr)}};
    if (!value.isEmpty())
        element[QLatin1String("Value")] = QJsonArray{value};
    dataSet[QLatin1String(tag)] = element;
}

void putPerson(QJsonObject& dataSet, const char* tag, const PersonName& name) {
    QJsonObject groups;
    for (const auto& [key, group] :
         {std::pair{"Alphabetic", &name.alphabetic}, {"Ideographic", &name.ideographic}, {"Phonetic", &name.phonetic}})
        if (!group->isEmpty())
            groups[QLatin1String(key)] = *group;
    QJsonObject element{{QStringLiteral("vr"), QStringLiteral("PN")}};
    if (!groups.isEmpty())
        element[QLatin1String("Value")] = QJsonArray{groups};
    dataSet[QLatin1String(tag)] = element;
}

void putItems(QJsonObject& dataSet, const char* tag, const QJsonArray& items) {
    dataSet[QLatin1String(tag)] =
        QJsonObject{{QStringLiteral("vr"), QStringLiteral("SQ")}, {QStringLiteral("Value"), items}};
}

} // namespace yz::json
