#pragma once

#include "domain/ports.h"

#include <QCryptographicHash>
#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>

/// Small stand-ins for the encoder, the keys and the renderer: real enough that a changed byte is noticed.
namespace yz::test {

inline QByteArray sha256(const QByteArray& bytes) {
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
}

/// A "file" is JSON: the object, the study, the body, and base64 of the signatures.
class FakeEncoder final : public ReportEncoder {
public:
    Result<QByteArray> encodeStructuredReport(const ReportDocument& document) override {
        return file("1.2.840.10008.5.1.4.1.1.88.22", document, document.srSeries, document.srInstance,
                    QJsonDocument(toJson(document.content, false)).toJson(QJsonDocument::Compact));
    }
    Result<QByteArray> encodeEncapsulatedPdf(const ReportDocument& document, const QByteArray& pdf) override {
        return file("1.2.840.10008.5.1.4.1.1.104.1", document, document.pdfSeries, document.pdfInstance, pdf);
    }
    Result<QByteArray> encodeMeasurements(const ReportDocument& document,
                                          const MeasurementReport& measurements) override {
        QStringList ids;
        for (const MeasurementGroup& group : measurements.groups)
            ids << group.trackingId;
        return file("1.2.840.10008.5.1.4.1.1.88.34", document, measurements.series, measurements.instance,
                    ids.join(",").toUtf8());
    }
    Result<QByteArray> attachSignatures(const QByteArray& canonical,
                                        const std::vector<SignatureRecord>& signatures) override {
        QJsonArray records;
        for (const SignatureRecord& record : signatures)
            records.append(QJsonArray{record.role == SignatureRecord::Role::Author ? "author" : "reviewer",
                                      QString::fromLatin1(record.manifest.toBase64()),
                                      QString::fromLatin1(record.cms.toBase64())});
        QJsonObject json = QJsonDocument::fromJson(canonical).object();
        json["signatures"] = records;
        return QJsonDocument(json).toJson(QJsonDocument::Compact);
    }
    Result<OpenedReportFile> open(const QByteArray& bytes) override {
        const QJsonDocument parsed = QJsonDocument::fromJson(bytes);
        if (parsed.toJson(QJsonDocument::Compact) != bytes)
            return fail(ErrorCode::SignedContentChanged);
        QJsonObject json = parsed.object();
        OpenedReportFile out;
        const QJsonArray records = json.take("signatures").toArray();
        for (const QJsonValue& each : records) {
            const QJsonArray record = each.toArray();
            out.signatures.push_back(
                {record[0].toString() == "author" ? SignatureRecord::Role::Author : SignatureRecord::Role::Reviewer,
                 QByteArray::fromBase64(record[1].toString().toLatin1()),
                 QByteArray::fromBase64(record[2].toString().toLatin1())});
        }
        out.canonical = QJsonDocument(json).toJson(QJsonDocument::Compact);
        out.object = {SopClassUid(json["class"].toString()), InstanceUid(json["instance"].toString())};
        out.study = StudyUid(json["study"].toString());
        out.series = SeriesUid(json["series"].toString());
        if (!out.signatures.empty() && attachSignatures(out.canonical, out.signatures).value() != bytes)
            return fail(ErrorCode::SignedContentChanged);
        if (json["class"].toString().endsWith("104.1"))
            out.pdf = QByteArray::fromBase64(json["body"].toString().toLatin1());
        return out;
    }

private:
    static QByteArray file(const char* sopClass, const ReportDocument& document, const SeriesUid& series,
                           const InstanceUid& instance, const QByteArray& body) {
        const QJsonObject json{{"class", sopClass},
                               {"study", document.order.study.value()},
                               {"series", series.value()},
                               {"instance", instance.value()},
                               {"body", QString::fromLatin1(body.toBase64())}};
        return QJsonDocument(json).toJson(QJsonDocument::Compact);
    }
};

/// Keys by user; a "CMS" is JSON of the serial, the time and a digest over secret and bytes.
class FakeKeys final : public ReportSigner, public SignatureVerifier {
public:
    void add(const UserId& user, const QString& pin, const QString& serial) {
        m_keys.insert(user.value(), {pin, serial});
    }
    bool breakSignatures = false; ///< the next signatures do not verify
    int signatures = 0;

    Result<CertificateInfo> certificate(const UserId& user) override {
        if (!m_keys.contains(user.value()))
            return fail(ErrorCode::CertificateMissing);
        CertificateInfo info;
        info.serial = m_keys[user.value()].serial;
        info.subject = "CN of " + info.serial;
        info.isDemo = true;
        return info;
    }
    Result<QByteArray> sign(const UserId& user, const QString& pin, const QByteArray& bytes,
                            const QDateTime& at) override {
        const Key key = m_keys.value(user.value());
        if (key.pin != pin)
            return fail(ErrorCode::PasswordWrong);
        ++signatures;
        const QJsonObject json{{"serial", key.serial},
                               {"at", at.toString(Qt::ISODateWithMs)},
                               {"seal", seal(key.serial, breakSignatures ? bytes + "x" : bytes)}};
        return QJsonDocument(json).toJson(QJsonDocument::Compact);
    }
    SignatureVerdict verify(const QByteArray& bytes, const QByteArray& cms) override {
        const QJsonObject json = QJsonDocument::fromJson(cms).object();
        SignatureVerdict verdict;
        verdict.signer.serial = json["serial"].toString();
        verdict.signer.subject = "CN of " + verdict.signer.serial;
        verdict.signedAt = QDateTime::fromString(json["at"].toString(), Qt::ISODateWithMs);
        verdict.valid = json["seal"].toString() == seal(verdict.signer.serial, bytes);
        if (!verdict.valid)
            verdict.problem = Error{ErrorCode::SignatureInvalid, {}};
        return verdict;
    }
    QByteArray digest(const QByteArray& bytes) override { return sha256(bytes); }

private:
    struct Key {
        QString pin, serial;
    };
    static QString seal(const QString& serial, const QByteArray& bytes) {
        return QString::fromLatin1(sha256("secret of " + serial.toUtf8() + bytes).toHex());
    }
    QHash<QString, Key> m_keys;
};

class FakeRenderer final : public ReportRenderer {
public:
    bool fails = false;
    Result<QByteArray> renderPdf(const ReportDocument& document) override {
        if (fails)
            return fail(ErrorCode::DiskFull);
        return "%PDF-fake " + document.content.findings.toUtf8();
    }
};

} // namespace yz::test
