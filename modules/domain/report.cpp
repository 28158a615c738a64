#include "domain/report.h"

#include <QCryptographicHash>
#include <QJsonArray>

namespace yz {

namespace {

QString utcText(const QDateTime& time) { return time.isValid() ? time.toUTC().toString(Qt::ISODateWithMs) : QString(); }
QDateTime utcTime(const QJsonValue& value) {
    const QDateTime time = QDateTime::fromString(value.toString(), Qt::ISODateWithMs);
    return time.isValid() ? time.toUTC() : QDateTime();
}

QJsonObject toJson(const SopReference& object) {
    return {{"sopClassUid", object.sopClass.value()}, {"instanceUid", object.instance.value()}};
}
SopReference sopReferenceFromJson(const QJsonObject& json) {
    return {SopClassUid(json["sopClassUid"].toString()), InstanceUid(json["instanceUid"].toString())};
}

QJsonObject toJson(const SignerStatement& signer) {
    return {{"user", signer.user.value()},
            {"name", signer.name},
            {"title", signer.title},
            {"hospital", signer.hospital},
            {"signedAt", utcText(signer.signedAt)},
            {"certificateSubject", signer.certificateSubject},
            {"certificateSerial", signer.certificateSerial},
            {"demo", signer.isDemo}};
}
SignerStatement signerFromJson(const QJsonObject& json) {
    return {UserId(json["user"].toString()),      json["name"].toString(),   json["title"].toString(),
            json["hospital"].toString(),          utcTime(json["signedAt"]), json["certificateSubject"].toString(),
            json["certificateSerial"].toString(), json["demo"].toBool()};
}

QString kindName(ReportVersionKind kind) {
    switch (kind) {
    case ReportVersionKind::Correction:
        return QStringLiteral("correction");
    case ReportVersionKind::Addendum:
        return QStringLiteral("addendum");
    case ReportVersionKind::Original:
        break;
    }
    return QStringLiteral("original");
}

Positivity positivityFromText(const QString& text) {
    if (text == u"positive")
        return Positivity::Positive;
    return text == u"negative" ? Positivity::Negative : Positivity::Unstated;
}

} // namespace

QString toText(Positivity positivity) {
    switch (positivity) {
    case Positivity::Negative:
        return QStringLiteral("negative");
    case Positivity::Positive:
        return QStringLiteral("positive");
    case Positivity::Unstated:
        break;
    }
    return QStringLiteral("unstated");
}

QJsonObject toJson(const ReportContent& content, bool withPictures) {
    QJsonArray criticalValues;
    for (const CriticalValue& value : content.criticalValues)
        criticalValues.append(QJsonObject{{"item", value.item},
                                          {"foundAt", utcText(value.foundAt)},
                                          {"toldBy", value.toldBy},
                                          {"toldTo", value.toldTo},
                                          {"toldAt", utcText(value.toldAt)},
                                          {"readBack", value.readBack},
                                          {"handling", value.handling}});
    QJsonArray keyImages;
    for (const KeyImage& image : content.keyImages) {
        QJsonObject json = toJson(image.object);
        json["seriesUid"] = image.series.value();
        json["frame"] = image.frame;
        json["caption"] = image.caption;
        json["windowCenter"] = image.windowCenter;
        json["windowWidth"] = image.windowWidth;
        if (withPictures)
            json["png"] = QString::fromLatin1(image.png.toBase64());
        else
            json["pngSha256"] =
                QString::fromLatin1(QCryptographicHash::hash(image.png, QCryptographicHash::Sha256).toHex());
        keyImages.append(json);
    }
    QJsonArray measurements;
    for (const ReportMeasurement& measurement : content.measurements) {
        QJsonObject json = toJson(measurement.object);
        json["seriesUid"] = measurement.series.value();
        json["frame"] = measurement.frame;
        json["id"] = measurement.id;
        json["name"] = measurement.name;
        json["value"] = measurement.value;
        json["unit"] = measurement.unit;
        measurements.append(json);
    }
    return {{"templateId", content.templateId},
            {"title", content.title},
            {"technique", content.technique},
            {"comparison", content.comparison},
            {"findings", content.findings},
            {"impression", content.impression},
            {"recommendation", content.recommendation},
            {"positivity", toText(content.positivity)},
            {"mutualRecognition", content.mutualRecognition},
            {"criticalValues", criticalValues},
            {"keyImages", keyImages},
            {"measurements", measurements},
            {"answers", content.answers}};
}

ReportContent reportContentFromJson(const QJsonObject& json) {
    ReportContent content;
    content.templateId = json["templateId"].toString();
    content.title = json["title"].toString();
    content.technique = json["technique"].toString();
    content.comparison = json["comparison"].toString();
    content.findings = json["findings"].toString();
    content.impression = json["impression"].toString();
    content.recommendation = json["recommendation"].toString();
    content.positivity = positivityFromText(json["positivity"].toString());
    content.mutualRecognition = json["mutualRecognition"].toBool();
    content.answers = json["answers"].toObject();
    const QJsonArray criticalValues = json["criticalValues"].toArray();
    for (const QJsonValue& item : criticalValues) {
        const QJsonObject value = item.toObject();
        content.criticalValues.push_back({value["item"].toString(), utcTime(value["foundAt"]),
                                          value["toldBy"].toString(), value["toldTo"].toString(),
                                          utcTime(value["toldAt"]), value["readBack"].toBool(),
                                          value["handling"].toString()});
    }
    const QJsonArray keyImages = json["keyImages"].toArray();
    for (const QJsonValue& item : keyImages) {
        const QJsonObject image = item.toObject();
        content.keyImages.push_back({sopReferenceFromJson(image), SeriesUid(image["seriesUid"].toString()),
                                     image["frame"].toInt(1), image["caption"].toString(),
                                     image["windowCenter"].toDouble(), image["windowWidth"].toDouble(),
                                     QByteArray::fromBase64(image["png"].toString().toLatin1())});
    }
    const QJsonArray measurements = json["measurements"].toArray();
    for (const QJsonValue& item : measurements) {
        const QJsonObject measurement = item.toObject();
        content.measurements.push_back({measurement["id"].toString(), measurement["name"].toString(),
                                        measurement["value"].toDouble(), measurement["unit"].toString(),
                                        sopReferenceFromJson(measurement),
                                        SeriesUid(measurement["seriesUid"].toString()), measurement["frame"].toInt(1)});
    }
    return content;
}

QJsonObject toJson(const ReportDocument& document, bool withPictures) {
    QJsonArray evidence;
    for (size_t i = 0; i < document.evidence.size(); ++i) {
        QJsonObject json = toJson(document.evidence[i]);
        json["seriesUid"] = document.evidenceSeries[i].value();
        evidence.append(json);
    }
    QJsonArray predecessors;
    for (const ReportReference& predecessor : document.predecessors) {
        QJsonObject json = toJson(predecessor.object);
        json["studyUid"] = predecessor.study.value();
        json["seriesUid"] = predecessor.series.value();
        predecessors.append(json);
    }
    Order imageOrder; // the order's JSON carries a patient in the form wanted here
    imageOrder.patient = document.imagePatient;
    QJsonObject json{{"report", document.report.value()},
                     {"version", document.version},
                     {"kind", kindName(document.kind)},
                     {"state", stateName(document.state)},
                     {"task", document.task.value()},
                     {"order", toJson(document.order)},
                     {"imagePatient", toJson(imageOrder)["patient"]},
                     {"content", toJson(document.content, withPictures)},
                     {"diagnosingHospital", document.diagnosingHospital},
                     {"createdAt", utcText(document.createdAt)},
                     {"author", toJson(document.author)},
                     {"amendReason", document.amendReason},
                     {"evidence", evidence},
                     {"predecessors", predecessors},
                     {"srSeries", document.srSeries.value()},
                     {"srInstance", document.srInstance.value()},
                     {"pdfSeries", document.pdfSeries.value()},
                     {"pdfInstance", document.pdfInstance.value()},
                     {"demo", document.isDemo}};
    if (document.reviewer)
        json["reviewer"] = toJson(*document.reviewer);
    if (!document.measurementInstance.isEmpty()) {
        json["measurementSeries"] = document.measurementSeries.value();
        json["measurementInstance"] = document.measurementInstance.value();
        json["measurementDigest"] = document.measurementDigest;
    }
    return json;
}

ReportDocument reportDocumentFromJson(const QJsonObject& json) {
    ReportDocument document;
    document.report = ReportId(json["report"].toString());
    document.version = json["version"].toInt(1);
    const QString kind = json["kind"].toString();
    document.kind = kind == u"correction" ? ReportVersionKind::Correction
                    : kind == u"addendum" ? ReportVersionKind::Addendum
                                          : ReportVersionKind::Original;
    stateFromName(json["state"].toString(), document.state);
    document.task = WorkitemUid(json["task"].toString());
    document.order = orderFromJson(json["order"].toObject());
    document.imagePatient = orderFromJson({{"patient", json["imagePatient"]}}).patient;
    document.content = reportContentFromJson(json["content"].toObject());
    document.diagnosingHospital = json["diagnosingHospital"].toString();
    document.createdAt = utcTime(json["createdAt"]);
    document.author = signerFromJson(json["author"].toObject());
    if (json.contains("reviewer"))
        document.reviewer = signerFromJson(json["reviewer"].toObject());
    document.amendReason = json["amendReason"].toString();
    const QJsonArray evidence = json["evidence"].toArray();
    for (const QJsonValue& item : evidence) {
        document.evidence.push_back(sopReferenceFromJson(item.toObject()));
        document.evidenceSeries.push_back(SeriesUid(item.toObject()["seriesUid"].toString()));
    }
    const QJsonArray predecessors = json["predecessors"].toArray();
    for (const QJsonValue& item : predecessors) {
        const QJsonObject predecessor = item.toObject();
        document.predecessors.push_back({StudyUid(predecessor["studyUid"].toString()),
                                         SeriesUid(predecessor["seriesUid"].toString()),
                                         sopReferenceFromJson(predecessor)});
    }
    document.srSeries = SeriesUid(json["srSeries"].toString());
    document.srInstance = InstanceUid(json["srInstance"].toString());
    document.pdfSeries = SeriesUid(json["pdfSeries"].toString());
    document.pdfInstance = InstanceUid(json["pdfInstance"].toString());
    document.measurementSeries = SeriesUid(json["measurementSeries"].toString());
    document.measurementInstance = InstanceUid(json["measurementInstance"].toString());
    document.measurementDigest = json["measurementDigest"].toString();
    document.isDemo = json["demo"].toBool();
    return document;
}

} // namespace yz
