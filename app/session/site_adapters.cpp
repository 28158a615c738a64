#include "session/site_adapters.h"

#include "core/log.h"
#include "dicom/net/move_client.h"
#include "dicom/net/report_client.h"
#include "dicom/net/study_client.h"
#include "dicom/net/ups_client.h"
#include "platform/web_report_client.h"
#include "platform/web_study_client.h"
#include "platform/web_worklist_client.h"
#include "security/secret_store.h"

#include <algorithm>

namespace yz {

namespace {

const SiteNode* find(const Site& site, const QString& name) {
    const auto it =
        std::find_if(site.nodes.begin(), site.nodes.end(), [&](const SiteNode& node) { return node.name == name; });
    return it == site.nodes.end() ? nullptr : &*it;
}

QByteArray secretOf(const SecretReader& secrets, const QString& name) {
    const Result<QByteArray> secret = secrets(name);
    // The desk opens without: it can read what it has, and the server will say that it refuses us.
    if (!secret && secret.error().code != ErrorCode::NotFound)
        qCWarning(logSession) << "a secret of the site:" << secret.error().toString();
    return secret.value_or(QByteArray());
}

} // namespace

NetworkSettings networkOf(const Site& site, const QString& node) {
    NetworkSettings settings;
    settings.callingAeTitle = site.aeTitle;
    settings.platform = {site.platformAeTitle, site.platformHost, site.platformPort};
    settings.eventPort = site.eventPort;
    for (const SiteNode& each : site.nodes) // whoever keeps our reports may report that it does
        if (!each.aeTitle.isEmpty())
            settings.eventSenders.append(each.aeTitle);
    if (const SiteNode* found = find(site, node)) {
        settings.platform = {found->aeTitle, found->host, found->port};
        settings.associations = found->connections;
    }
    return settings;
}

NetworkSettings networkOf(const Site& site, const QString& node, const SecretReader& secrets) {
    NetworkSettings settings = networkOf(site, node);
    if (const SiteNode* found = find(site, node); found != nullptr && found->tls)
        settings.tls = DicomTls{found->authorities.toUtf8(), found->certificate.toUtf8(),
                                found->certificate.isEmpty() ? QByteArray() : secretOf(secrets, found->keyName())};
    return settings;
}

SecretReader secretsOf(const QString& home) {
    return [store = std::make_shared<SecretStore>(home)](const QString& name) { return store->get(name); };
}

Result<WebNode> webNodeOf(const Site& site, const QString& node, const QString& home) {
    return webNodeOf(site, node, secretsOf(home));
}

Result<WebNode> webNodeOf(const Site& site, const QString& node, const SecretReader& secrets) {
    const SiteNode* found = find(site, node);
    if (found == nullptr)
        return fail(ErrorCode::NotFound, QStringLiteral("the site has no such node"));
    WebNode web;
    web.root = QUrl(found->url, QUrl::StrictMode);
    web.plainAllowed = found->plainAllowed;
    web.authorization = found->authorization;
    web.user = found->user;
    web.secret = QString::fromUtf8(secretOf(secrets, found->secretName()));
    web.authorities = found->authorities.toUtf8();
    web.certificate = found->certificate.toUtf8();
    web.key = secretOf(secrets, found->keyName());
    web.connections = found->connections;
    web.maxObjectBytes = found->maxObjectBytes;
    return web;
}

Result<std::unique_ptr<WorklistSource>> makeWorklistSource(const Site& site, const QString& home, const Clock& clock) {
    if (site.roles.worklistBy == WorklistBy::Ups)
        return std::make_unique<DicomWorklistClient>(networkOf(site, site.roles.worklist, secretsOf(home)), clock);
    Result<WebNode> node = webNodeOf(site, site.roles.worklist, home);
    if (!node)
        return fail(node.error());
    return std::make_unique<WebWorklistClient>(std::move(*node), site.aeTitle, clock);
}

Result<StudySourceMaker> studySourceMaker(const Site& site, const QString& home,
                                          std::shared_ptr<BandwidthLimiter> limiter) {
    if (site.roles.imagesBy == ImagesBy::WadoRs) {
        Result<WebNode> node = webNodeOf(site, site.roles.images, home);
        if (!node)
            return fail(node.error());
        node->limiter = std::move(limiter);
        return [node = std::move(*node)](EventListener&) { return std::make_unique<WebStudyClient>(node); };
    }
    NetworkSettings network = networkOf(site, site.roles.images, secretsOf(home));
    network.limiter = std::move(limiter);
    return [network = std::move(network),
            by = site.roles.imagesBy](EventListener& listener) -> std::unique_ptr<StudySource> {
        if (by == ImagesBy::CMove)
            return std::make_unique<DicomMoveClient>(network, listener);
        return std::make_unique<DicomStudyClient>(network);
    };
}

Result<ReportSinkMaker> reportSinkMaker(const Site& site, const QString& home) {
    if (site.roles.reportsBy == ReportsBy::CStore)
        return [network = networkOf(site, site.roles.reports, secretsOf(home))](const CommitmentBoard& commitments) {
            return std::make_unique<DicomReportClient>(network, &commitments);
        };
    Result<WebNode> node = webNodeOf(site, site.roles.reports, home);
    if (!node)
        return fail(node.error());
    return [node = std::move(*node)](const CommitmentBoard&) { return std::make_unique<WebReportClient>(node); };
}

} // namespace yz
