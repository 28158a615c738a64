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

Result<ReportTarget> targetFromJson(const QJsonObject& json) {
    ReportTarget target;
    const auto wrong = [&](const char* key) {
        return fail(ErrorCode::InvalidArgument, u"reportTargets." + target.id + u'.' + QLatin1String(key));
    };
    target.id = json[QLatin1String("id")].toString();
    static const QRegularExpression name(QStringLiteral("^[a-z0-9][a-z0-9-]{0,31}$"));
    if (!name.match(target.id).hasMatch()) {
        target.id = target.id.left(32);
        return wrong("id");
    }
    bool hasForm = false;
    for (const auto& [form, formName] : forms)
        if (json[QLatin1String("form")].toString() == QLatin1String(formName)) {
            target.form = form;
            hasForm = true;
        }
    if (!hasForm)
        return wrong("form");
    target.address = QUrl(json[QLatin1String("address")].toString(), QUrl::StrictMode);
    if (!target.address.isValid() || !schemeFits(target.form, target.address.scheme()) ||
        !target.address.userInfo().isEmpty())
        return wrong("address");
    for (const TextKey& text : texts)
        if (const QJsonValue value = json[QLatin1String(text.key)]; value.isString())
            target.*text.member = value.toString();
        else if (!value.isUndefined())
            return wrong(text.key);
    target.tls = tlsFromJson(json[QLatin1String("tls")].toObject());
    for (const FlagKey& flag : flags)
        if (const QJsonValue value = json[QLatin1String(flag.key)]; value.isBool())
            target.*flag.member = value.toBool();
        else if (!value.isUndefined())
            return wrong(flag.key);
    const qint64 timeout = json[QLatin1String("timeoutMs")].toInteger(target.timeout.count());
    if (timeout < 100 || timeout > 600000)
        return wrong("timeoutMs");
    target.timeout = std::chrono::milliseconds(timeout);
    return target;
}

} // namespace

Result<std::vector<ReportTarget>> reportTargetsFromJson(const QJsonValue& json) {
    std::vector<ReportTarget> targets;
    if (json.isUndefined())
        return targets;
    if (!json.isArray())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("reportTargets"));
    QSet<QString> ids;
    for (const QJsonValue& one : json.toArray()) {
        const Result<ReportTarget> target = targetFromJson(one.toObject());
        if (!target)
            return fail(target.error());
        if (ids.contains(target->id))
            return fail(ErrorCode::InvalidArgument, u"reportTargets." + target->id + u".id");
        ids.insert(target->id);
        targets.push_back(*target);
    }
    return targets;
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

Result<AuditTarget> auditTargetFromJson(const QJsonValue& json) {
    AuditTarget target;
    if (json.isUndefined())
        return target;
    const auto wrong = [](const char* key) {
        return fail(ErrorCode::InvalidArgument, QStringLiteral("auditRepository.") + QLatin1String(key));
    };
    const QJsonObject object = json.toObject();
    target.address = QUrl(object[QLatin1String("address")].toString(), QUrl::StrictMode);
    const QString scheme = target.address.scheme();
    if (!target.address.isValid() || (scheme != QLatin1String("syslogs") && scheme != QLatin1String("syslog")))
        return wrong("address");
    target.plainAllowed = object[QLatin1String("plainAllowed")].toBool(false);
    target.tls = tlsFromJson(object[QLatin1String("tls")].toObject());
    target.perSecond = object[QLatin1String("perSecond")].toInt(target.perSecond);
    if (target.perSecond < 1 || target.perSecond > 10000)
        return wrong("perSecond");
    return target;
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
