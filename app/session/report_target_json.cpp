#include "session/report_target_json.h"

#include "core/log.h"
#include "security/secret_store.h"

#include <QJsonObject>
#include <QRegularExpression>
#include <QSet>

namespace yz {

namespace {

using Form = ReportTarget::Form;

constexpr std::pair<Form, const char*> forms[] = {
    {Form::Hl7Oru, "hl7"}, {Form::FhirBundle, "fhir"}, {Form::CdaDocument, "cda"}};

struct TextKey {
    const char* key;
    QString ReportTarget::*member;
};
constexpr TextKey texts[] = {
    {"title", &ReportTarget::title},
    {"characterSet", &ReportTarget::characterSet},
    {"sendingApplication", &ReportTarget::sendingApplication},
    {"sendingFacility", &ReportTarget::sendingFacility},
    {"receivingApplication", &ReportTarget::receivingApplication},
    {"receivingFacility", &ReportTarget::receivingFacility},
    {"addendumStatus", &ReportTarget::addendumStatus},
    {"patientIdSystem", &ReportTarget::patientIdSystem},
    {"orderIdSystem", &ReportTarget::orderIdSystem},
};
struct TlsKey {
    const char* key;
    QString TlsIdentity::*member;
};
constexpr TlsKey tlsFiles[] = {{"caFile", &TlsIdentity::caFile}, {"certificateFile", &TlsIdentity::certificateFile}};
struct FlagKey {
    const char* key;
    bool ReportTarget::*member;
};
constexpr FlagKey flags[] = {{"on", &ReportTarget::isOn},
                             {"preliminary", &ReportTarget::preliminary},
                             {"plainAllowed", &ReportTarget::plainAllowed}};

TlsIdentity tlsFromJson(const QJsonObject& json) {
    TlsIdentity tls;
    for (const TlsKey& file : tlsFiles)
        tls.*file.member = json[QLatin1String(file.key)].toString();
    return tls;
}

QJsonObject tlsToJson(const TlsIdentity& tls) {
    QJsonObject json;
    for (const TlsKey& file : tlsFiles)
        if (!(tls.*file.member).isEmpty())
            json[QLatin1String(file.key)] = tls.*file.member;
    return json;
}

QByteArray secretOf(const SecretStore& secrets, const QString& name) {
    const Result<QByteArray> secret = secrets.get(name);
    if (!secret && secret.error().code != ErrorCode::NotFound)
        qCWarning(logSession) << "a secret of a target:" << secret.error().toString();
    return secret.value_or(QByteArray());
}

bool schemeFits(Form form, const QString& scheme) {
    const bool isWeb = scheme == QLatin1String("http") || scheme == QLatin1String("https");
    switch (form) {
    case Form::Hl7Oru:
        return scheme == QLatin1String("mllp") || scheme == QLatin1String("mllps");
    case Form::FhirBundle:
        return isWeb;
    case Form::CdaDocument:
        return isWeb || scheme == QLatin1String("file");
    }
    return false;
}

QString targetKey(size_t index, const char* key) {
    return QStringLiteral("reportTargets[%1].%2").arg(index).arg(QLatin1String(key));
}

ReportTarget targetFromJson(const QJsonObject& json, size_t index, SiteFaults& faults) {
    ReportTarget target;
    const auto wrong = [&](const char* key, FaultReason reason) { faults.add(targetKey(index, key), reason); };
    target.id = json[QLatin1String("id")].toString();
    bool hasForm = false;
    for (const auto& [form, formName] : forms)
        if (json[QLatin1String("form")].toString() == QLatin1String(formName)) {
            target.form = form;
            hasForm = true;
        }
    if (!hasForm)
        wrong("form", FaultReason::UnknownValue);
    const QString address = json[QLatin1String("address")].toString();
    target.address = QUrl(address, QUrl::StrictMode);
    if (!address.isEmpty() && !target.address.isValid())
        wrong("address", FaultReason::BadAddress);
    for (const TextKey& text : texts)
        if (const QJsonValue value = json[QLatin1String(text.key)]; value.isString())
            target.*text.member = value.toString();
        else if (!value.isUndefined())
            wrong(text.key, FaultReason::WrongType);
    target.tls = tlsFromJson(json[QLatin1String("tls")].toObject());
    for (const FlagKey& flag : flags)
        if (const QJsonValue value = json[QLatin1String(flag.key)]; value.isBool())
            target.*flag.member = value.toBool();
        else if (!value.isUndefined())
            wrong(flag.key, FaultReason::WrongType);
    target.timeout = std::chrono::milliseconds(json[QLatin1String("timeoutMs")].toInteger(target.timeout.count()));
    return target;
}

} // namespace

std::vector<ReportTarget> reportTargetsFromJson(const QJsonValue& json, SiteFaults& faults) {
    std::vector<ReportTarget> targets;
    if (json.isUndefined())
        return targets;
    if (!json.isArray())
        faults.add(QStringLiteral("reportTargets"), FaultReason::WrongType);
    for (const QJsonValue& one : json.toArray())
        targets.push_back(targetFromJson(one.toObject(), targets.size(), faults));
    return targets;
}

void findFaults(const std::vector<ReportTarget>& targets, SiteFaults& faults) {
    QSet<QString> ids;
    for (size_t i = 0; i < targets.size(); ++i) {
        const ReportTarget& target = targets[i];
        const auto wrong = [&](const char* key, FaultReason reason, const QString& detail = {}) {
            faults.add(targetKey(i, key), reason, detail);
        };
        static const QRegularExpression name(QStringLiteral("^[a-z0-9][a-z0-9-]{0,31}$"));
        if (target.id.isEmpty())
            wrong("id", FaultReason::Missing);
        else if (!name.match(target.id).hasMatch())
            wrong("id", FaultReason::BadName, QStringLiteral("a-z 0-9 -"));
        else if (ids.contains(target.id))
            wrong("id", FaultReason::Taken);
        ids.insert(target.id);
        if (target.address.isEmpty())
            wrong("address", FaultReason::Missing);
        else if (!target.address.isValid() || !schemeFits(target.form, target.address.scheme()) ||
                 !target.address.userInfo().isEmpty())
            wrong("address", FaultReason::BadAddress);
        checkRange(target.timeout.count(), 100, 600000, targetKey(i, "timeoutMs"), faults);
    }
}

QJsonArray toJson(const std::vector<ReportTarget>& targets) {
    QJsonArray array;
    for (const ReportTarget& target : targets) {
        QJsonObject json{{QStringLiteral("id"), target.id},
                         {QStringLiteral("address"), target.address.toString()},
                         {QStringLiteral("timeoutMs"), static_cast<qint64>(target.timeout.count())}};
        for (const auto& [form, name] : forms)
            if (form == target.form)
                json[QStringLiteral("form")] = QLatin1String(name);
        for (const TextKey& text : texts)
            json[QLatin1String(text.key)] = target.*text.member;
        if (const QJsonObject tls = tlsToJson(target.tls); !tls.isEmpty())
            json[QStringLiteral("tls")] = tls;
        for (const FlagKey& flag : flags)
            json[QLatin1String(flag.key)] = target.*flag.member;
        array.append(json);
    }
    return array;
}

AuditTarget auditTargetFromJson(const QJsonValue& json, SiteFaults& faults) {
    AuditTarget target;
    if (json.isUndefined())
        return target;
    const QJsonObject object = json.toObject();
    target.address = QUrl(object[QLatin1String("address")].toString(), QUrl::StrictMode);
    if (!target.address.isValid() || target.address.isEmpty())
        faults.add(QStringLiteral("auditRepository.address"), FaultReason::BadAddress);
    target.plainAllowed = object[QLatin1String("plainAllowed")].toBool(false);
    target.tls = tlsFromJson(object[QLatin1String("tls")].toObject());
    target.perSecond = object[QLatin1String("perSecond")].toInt(target.perSecond);
    return target;
}

void findFaults(const AuditTarget& target, SiteFaults& faults) {
    const QString scheme = target.address.scheme();
    if (target.isSet() && (!target.address.isValid() || target.address.host().isEmpty() ||
                           (scheme != QLatin1String("syslogs") && scheme != QLatin1String("syslog"))))
        faults.add(QStringLiteral("auditRepository.address"), FaultReason::BadAddress);
    checkRange(target.perSecond, 1, 10000, QStringLiteral("auditRepository.perSecond"), faults);
}

QJsonObject toJson(const AuditTarget& target) {
    QJsonObject json{{QStringLiteral("address"), target.address.toString()},
                     {QStringLiteral("plainAllowed"), target.plainAllowed},
                     {QStringLiteral("perSecond"), target.perSecond}};
    if (const QJsonObject tls = tlsToJson(target.tls); !tls.isEmpty())
        json[QStringLiteral("tls")] = tls;
    return json;
}

std::vector<ReportTarget> withSecrets(std::vector<ReportTarget> targets, const QString& home) {
    const SecretStore secrets(home);
    for (ReportTarget& target : targets) {
        target.authorization = secretOf(secrets, target.secretName());
        target.tls.key = secretOf(secrets, target.keyName());
    }
    return targets;
}

AuditTarget withSecrets(AuditTarget target, const QString& home) {
    if (target.isSet())
        target.tls.key = secretOf(SecretStore(home), AuditTarget::keyName());
    return target;
}

} // namespace yz
