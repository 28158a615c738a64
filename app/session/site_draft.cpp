#include "session/site_draft.h"

#include "security/certificate_facts.h"
#include "session/report_target_json.h"
#include "session/site_bandwidth.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QUrl>
#include <algorithm>

namespace yz {

namespace {

QString placeOf(const char* list, size_t index, const char* key) {
    return QStringLiteral("%1[%2].%3").arg(QLatin1String(list)).arg(index).arg(QLatin1String(key));
}

/// Certificates in a text; false with a fault when there is none or the first to end has ended.
bool checkCertificates(const QByteArray& pem, const QString& key, const QDateTime& now, SiteFaults& faults) {
    const Result<CertificateFacts> facts = certificateFacts(pem);
    if (!facts) {
        faults.add(key, FaultReason::NoCertificate);
        return false;
    }
    if (facts->ends < now) {
        faults.add(key, FaultReason::CertificateExpired, facts->ends.date().toString(Qt::ISODate));
        return false;
    }
    return true;
}

void checkKey(const QByteArray& certificate, const SecretEdit& secret, const QString& key, SiteFaults& faults) {
    if (certificate.isEmpty()) {
        if (secret.isThere())
            faults.add(key, FaultReason::CertificateMissing);
    } else if (!secret.isThere()) {
        faults.add(key, FaultReason::KeyMissing);
    } else if (secret.value && !keyFits(certificate, *secret.value)) {
        faults.add(key, FaultReason::KeyDoesNotFit); // a kept one was looked at when it was entered
    }
}

void checkNode(const NodeEdit& edit, size_t index, const QDateTime& now, SiteFaults& faults) {
    const SiteNode& node = edit.node;
    const auto key = [&](const char* name) { return placeOf("nodes", index, name); };
    // With neither of the two it is no server; with half of a DIMSE address neither.
    if (node.url.isEmpty() || !node.host.isEmpty() || !node.aeTitle.isEmpty()) {
        if (node.host.trimmed().isEmpty())
            faults.add(key("host"), FaultReason::Missing);
        if (node.aeTitle.trimmed().isEmpty())
            faults.add(key("aeTitle"), FaultReason::Missing);
    }
    if (node.authorization != WebAuthorization::None && !edit.secret.isThere())
        faults.add(key("secret"), FaultReason::SecretMissing);
    if (!node.authorities.isEmpty())
        checkCertificates(node.authorities.toUtf8(), key("authorities"), now, faults);
    const bool isGood =
        node.certificate.isEmpty() || checkCertificates(node.certificate.toUtf8(), key("certificate"), now, faults);
    if (isGood)
        checkKey(node.certificate.toUtf8(), edit.key, key("key"), faults);
}

bool isPlainScheme(const QUrl& address) {
    return address.scheme() == u"http" || address.scheme() == u"mllp" || address.scheme() == u"syslog";
}

void checkPlain(const QUrl& address, bool plainAllowed, const QString& key, SiteFaults& faults) {
    if (isPlainScheme(address) && !plainAllowed && !isLoopback(address.host()))
        faults.add(key, FaultReason::PlainRefused);
}

void checkTarget(const TargetEdit& edit, size_t index, SiteFaults& faults) {
    const QString key = placeOf("reportTargets", index, "address");
    const QUrl address(edit.address, QUrl::StrictMode);
    if (edit.address.isEmpty())
        faults.add(key, FaultReason::Missing);
    else if (!address.isValid() || (address.scheme() != u"file" && address.host().isEmpty()) ||
             (address.scheme().startsWith(u"mllp") && address.port() < 1))
        faults.add(key, FaultReason::BadAddress);
    checkPlain(address, edit.target.plainAllowed, key, faults);
    if (edit.target.tls.certificateFile.isEmpty() != !edit.key.isThere())
        faults.add(placeOf("reportTargets", index, "key"),
                   edit.key.isThere() ? FaultReason::CertificateMissing : FaultReason::KeyMissing);
}

void checkPemFile(const QString& path, const QString& key, const SecretEdit* secret, const QString& secretKey,
                  const QDateTime& now, SiteFaults& faults) {
    if (path.isEmpty())
        return;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        faults.add(key, FaultReason::FileUnreadable, path);
        return;
    }
    const QByteArray pem = file.read(1 << 20);
    if (checkCertificates(pem, key, now, faults) && secret != nullptr)
        checkKey(pem, *secret, secretKey, faults);
}

void merge(SecretChanges& changes, const QString& name, const SecretEdit& edit) {
    if (edit.value)
        changes.insert(name, *edit.value);
}

} // namespace

bool isLoopback(const QString& host) {
    return host.compare(u"localhost", Qt::CaseInsensitive) == 0 || host.startsWith(u"127.") || host == u"::1";
}

bool isDimseOpen(const SiteNode& node) { return !node.host.isEmpty() && !node.tls && !isLoopback(node.host); }

bool isWebOpen(const SiteNode& node) {
    const QUrl url(node.url);
    return url.scheme() == u"http" && !isLoopback(url.host());
}

SiteDraft draftOf(const Site& site, const PrefetchPolicy& prefetch,
                  const std::function<bool(const QString& name)>& isKept) {
    SiteDraft draft;
    draft.site = site;
    draft.site.nodes.clear();
    draft.site.reportTargets.clear();
    draft.site.auditRepository.address.clear();
    for (const SiteNode& node : site.nodes)
        draft.nodes.push_back({node, node.name, {isKept(node.secretName()), {}}, {isKept(node.keyName()), {}}});
    for (const ReportTarget& target : site.reportTargets)
        draft.targets.push_back({target,
                                 target.address.toString(),
                                 false,
                                 {isKept(target.secretName()), {}},
                                 {isKept(target.keyName()), {}}});
    draft.auditAddress = site.auditRepository.address.toString();
    draft.auditKey.isKept = isKept(AuditTarget::keyName());
    draft.prefetch = prefetch;
    return draft;
}

Site siteOf(const SiteDraft& draft) {
    Site site = draft.site;
    for (const NodeEdit& edit : draft.nodes)
        site.nodes.push_back(edit.node);
    for (const TargetEdit& edit : draft.targets) {
        site.reportTargets.push_back(edit.target);
        site.reportTargets.back().address = QUrl(edit.address, QUrl::StrictMode);
    }
    site.auditRepository.address = QUrl(draft.auditAddress, QUrl::StrictMode);
    return site;
}

SiteFaults faultsOf(const SiteDraft& draft, const QDateTime& now) {
    SiteFaults faults;
    if (draft.site.platformHost.trimmed().isEmpty())
        faults.add(QStringLiteral("platformHost"), FaultReason::Missing);
    for (size_t i = 0; i < draft.nodes.size(); ++i)
        checkNode(draft.nodes[i], i, now, faults);
    for (size_t i = 0; i < draft.targets.size(); ++i)
        checkTarget(draft.targets[i], i, faults);
    const QString auditKey = QStringLiteral("auditRepository.address");
    const QUrl audit(draft.auditAddress, QUrl::StrictMode);
    if (!draft.auditAddress.isEmpty() && (!audit.isValid() || audit.host().isEmpty()))
        faults.add(auditKey, FaultReason::BadAddress);
    checkPlain(audit, draft.site.auditRepository.plainAllowed, auditKey, faults);
    if (draft.site.auditRepository.tls.certificateFile.isEmpty() != !draft.auditKey.isThere())
        faults.add(QStringLiteral("auditRepository.key"),
                   draft.auditKey.isThere() ? FaultReason::CertificateMissing : FaultReason::KeyMissing);
    faults.add(faultsOf(siteOf(draft)));
    for (const size_t index : idleWindows(draft.site.bandwidth))
        faults.add(QStringLiteral("bandwidth.windows[%1]").arg(index), FaultReason::NeverApplies);
    if (const auto policy = prefetchPolicyFromJson(toJson(draft.prefetch)); !policy)
        faults.add(QString(u"prefetch." + policy.error().detail), FaultReason::OutOfRange);
    return faults;
}

SiteFaults fileFaultsOf(const SiteDraft& draft, const QDateTime& now) {
    SiteFaults faults;
    for (size_t i = 0; i < draft.targets.size(); ++i) {
        const TargetEdit& edit = draft.targets[i];
        const auto key = [i](const char* name) { return placeOf("reportTargets", i, name); };
        checkPemFile(edit.target.tls.caFile, key("tls.caFile"), nullptr, {}, now, faults);
        checkPemFile(edit.target.tls.certificateFile, key("tls.certificateFile"), &edit.key, key("key"), now, faults);
        const QUrl address(edit.address, QUrl::StrictMode);
        if (address.isLocalFile() && !QFileInfo(address.toLocalFile()).isDir())
            faults.add(key("address"), FaultReason::FolderMissing, address.toLocalFile());
    }
    const AuditTarget& audit = draft.site.auditRepository;
    checkPemFile(audit.tls.caFile, QStringLiteral("auditRepository.tls.caFile"), nullptr, {}, now, faults);
    checkPemFile(audit.tls.certificateFile, QStringLiteral("auditRepository.tls.certificateFile"), &draft.auditKey,
                 QStringLiteral("auditRepository.key"), now, faults);
    return faults;
}

Result<SecretChanges> secretChanges(const SiteDraft& draft, const SiteDraft& before, const SecretReader& kept) {
    SecretChanges changes;
    // First everything under names that are no longer there goes, then what is there comes: two nodes may have swapped
    // their names.
    for (const NodeEdit& old : before.nodes) {
        const bool isSame = std::any_of(draft.nodes.begin(), draft.nodes.end(), [&](const NodeEdit& edit) {
            return edit.keptAs == old.keptAs && edit.node.name == old.keptAs;
        });
        if (isSame)
            continue;
        for (const auto& [edit, name] : {std::pair{&old.secret, old.node.secretName()}, {&old.key, old.node.keyName()}})
            if (edit->isKept)
                changes.insert(name, {});
    }
    for (const TargetEdit& old : before.targets) {
        const bool isThere = std::any_of(draft.targets.begin(), draft.targets.end(),
                                         [&](const TargetEdit& edit) { return edit.target.id == old.target.id; });
        for (const auto& [edit, name] :
             {std::pair{&old.secret, old.target.secretName()}, {&old.key, old.target.keyName()}})
            if (!isThere && edit->isKept)
                changes.insert(name, {});
    }
    for (const NodeEdit& edit : draft.nodes) {
        SiteNode was;
        was.name = edit.keptAs;
        for (const auto& [secret, from, to] : {std::tuple{&edit.secret, was.secretName(), edit.node.secretName()},
                                               {&edit.key, was.keyName(), edit.node.keyName()}}) {
            if (!secret->value && secret->isKept && from != to) {
                Result<QByteArray> moved = kept(from);
                if (!moved)
                    return fail(moved.error());
                changes.insert(to, *moved);
            }
            merge(changes, to, *secret);
        }
    }
    for (const TargetEdit& edit : draft.targets) {
        merge(changes, edit.target.secretName(), edit.secret);
        merge(changes, edit.target.keyName(), edit.key);
    }
    merge(changes, AuditTarget::keyName(), draft.auditKey);
    return changes;
}

SecretReader secretsOf(const SiteDraft& draft, const SecretReader& kept) {
    QMap<QString, QByteArray> entered;
    QMap<QString, QString> keptUnder;
    for (const NodeEdit& edit : draft.nodes) {
        SiteNode before;
        before.name = edit.keptAs;
        merge(entered, edit.node.secretName(), edit.secret);
        merge(entered, edit.node.keyName(), edit.key);
        keptUnder.insert(edit.node.secretName(), before.secretName());
        keptUnder.insert(edit.node.keyName(), before.keyName());
    }
    for (const TargetEdit& edit : draft.targets) {
        merge(entered, edit.target.secretName(), edit.secret);
        merge(entered, edit.target.keyName(), edit.key);
    }
    merge(entered, AuditTarget::keyName(), draft.auditKey);
    return [entered, keptUnder, kept](const QString& name) -> Result<QByteArray> {
        if (!entered.contains(name))
            return kept(keptUnder.value(name, name));
        if (entered.value(name).isEmpty())
            return fail(ErrorCode::NotFound, name);
        return entered.value(name);
    };
}

QStringList changedKeys(const SiteDraft& draft, const SiteDraft& before) {
    const Site now = siteOf(draft);
    const Site was = siteOf(before);
    QStringList keys;
    const auto note = [&](bool isSame, const char* key) {
        if (!isSame)
            keys.append(QLatin1String(key));
    };
    note(now.nodes == was.nodes, "nodes");
    note(now.roles == was.roles, "roles");
    note(now.reportTargets == was.reportTargets, "reportTargets");
    note(now.auditRepository == was.auditRepository, "auditRepository");
    Site rest = now;
    rest.nodes = was.nodes;
    rest.roles = was.roles;
    rest.reportTargets = was.reportTargets;
    rest.auditRepository = was.auditRepository;
    note(rest == was, "station");
    note(draft.prefetch == before.prefetch, "prefetch");
    bool hasSecrets = draft.auditKey.value.has_value();
    for (const NodeEdit& edit : draft.nodes)
        hasSecrets = hasSecrets || edit.secret.value || edit.key.value;
    for (const TargetEdit& edit : draft.targets)
        hasSecrets = hasSecrets || edit.secret.value || edit.key.value;
    note(!hasSecrets, "secrets");
    return keys;
}

} // namespace yz
