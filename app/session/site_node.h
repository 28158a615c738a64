#pragma once

#include "platform/web_node.h"
#include "session/site_fault.h"

#include <QJsonObject>
#include <QString>
#include <vector>

namespace yz {

/// A server of the site: what it is called, where it is, how to talk to it. Passwords, tokens and private keys are not
/// here but in the desk's SecretStore, under secretName() and keyName().
struct SiteNode {
    QString name; ///< as the site calls it; roles refer to it
    QString aeTitle;
    QString host;
    int port = 104;
    bool tls = false;          ///< DICOM over TLS at `port`
    QString url;               ///< DICOMweb service root; empty: none
    bool plainAllowed = false; ///< http:// in `url` is meant
    WebAuthorization authorization = WebAuthorization::None;
    QString user;        ///< Basic
    QString authorities; ///< PEM; who may have signed the server's certificate; empty: those the system trusts
    QString certificate; ///< PEM; ours, for mutual TLS; empty: none
    int connections = 4; ///< requests, or associations of a C-GET retrieval, at a time; 1-6
    qint64 maxObjectBytes = 2LL * 1024 * 1024 * 1024;

    bool operator==(const SiteNode&) const = default;

    [[nodiscard]] QString secretName() const { return QStringLiteral("node/") + name + QStringLiteral("/secret"); }
    [[nodiscard]] QString keyName() const { return QStringLiteral("node/") + name + QStringLiteral("/key"); }
};

/// Who gives the images and how.
enum class ImagesBy { CGet, CMove, WadoRs };
/// Who takes the reports and how.
enum class ReportsBy { CStore, StowRs };

/// Who has the reading tasks and how they are asked for: UPS over DIMSE, or over the web (PS3.18 chapter 11).
enum class WorklistBy { Ups, UpsRs };

/// Which node does what; an empty name is the platform of the site.
struct SiteRoles {
    QString images;
    ImagesBy imagesBy = ImagesBy::CGet;
    QString reports;
    ReportsBy reportsBy = ReportsBy::CStore;
    QString worklist = {};
    WorklistBy worklistBy = WorklistBy::Ups;

    bool operator==(const SiteRoles&) const = default;
};

/// What cannot be read is a fault and keeps its default; what the values mean is not looked at.
[[nodiscard]] std::vector<SiteNode> siteNodesFromJson(const QJsonValue& json, SiteFaults& faults);
[[nodiscard]] QJsonArray toJson(const std::vector<SiteNode>& nodes);
[[nodiscard]] SiteRoles siteRolesFromJson(const QJsonValue& json, SiteFaults& faults);
[[nodiscard]] QJsonObject toJson(const SiteRoles& roles);

/// What is wrong with the values.
void findFaults(const std::vector<SiteNode>& nodes, SiteFaults& faults);
/// Also a role whose node is not in the list, or lacks what the role needs.
void findFaults(const SiteRoles& roles, const std::vector<SiteNode>& nodes, SiteFaults& faults);

} // namespace yz
