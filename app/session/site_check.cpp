#include "session/site_check.h"

#include "dicom/net/association.h"
#include "dicom/net/character_set_check.h"
#include "domain/report.h"
#include "exchange/target_probe.h"
#include "platform/web_query.h"

#include <QElapsedTimer>
#include <algorithm>
#include <set>

namespace yz {

namespace {

// PS3.4 A.1, B.5, C.6.2, CC.2; PS3.6 annex A
constexpr char kVerification[] = "1.2.840.10008.1.1";
constexpr char kStudyRootFind[] = "1.2.840.10008.5.1.4.1.2.2.1";
constexpr char kStudyRootMove[] = "1.2.840.10008.5.1.4.1.2.2.2";
constexpr char kStudyRootGet[] = "1.2.840.10008.5.1.4.1.2.2.3";
constexpr char kUpsPull[] = "1.2.840.10008.5.1.4.34.6.3";
constexpr char kCommitment[] = "1.2.840.10008.1.20.1";
constexpr char kCtImage[] = "1.2.840.10008.5.1.4.1.1.2";
constexpr char kExplicitLittleEndian[] = "1.2.840.10008.1.2.1";

constexpr int kQueryDays = 30;               // any recent study tells the character set
constexpr std::chrono::seconds kSilence{10}; // a person waits for the answer

using StepSink = std::function<void(CheckStep)>;
using Query = std::function<Result<CharacterSetAnswer>(Association&)>;

void say(const StepSink& onStep, CheckStep step) {
    if (onStep)
        onStep(step);
}

void checkDimse(RoleCheck& check, NetworkSettings settings, const std::vector<ContextProposal>& wanted,
                const Query& query, const CancelToken& token, const StepSink& onStep) {
    settings.dimseTimeout = kSilence;
    std::vector<ContextProposal> proposals{{QLatin1String(kVerification), messageTransferSyntaxes()}};
    proposals.insert(proposals.end(), wanted.begin(), wanted.end());
    const auto association = Association::open(settings, proposals, token);
    if (!association) {
        check.problem = association.error();
        return;
    }
    const LineFacts line = (*association)->line();
    check.isEncrypted = line.isEncrypted;
    check.certificateName = line.certificateName;
    check.certificateEnds = line.certificateEnds;
    std::set<QString> taken;
    for (const AcceptedContext& context : (*association)->contexts()) {
        taken.insert(context.abstractSyntax);
        check.accepted.append(context.abstractSyntax + QStringLiteral(", ") + context.transferSyntax);
    }
    for (const ContextProposal& proposal : wanted)
        if (!taken.contains(proposal.abstractSyntax) && !check.refused.contains(proposal.abstractSyntax))
            check.refused.append(proposal.abstractSyntax);
    if (const AcceptedContext* context = (*association)->find(QLatin1String(kVerification))) {
        DimseMessage echo;
        echo.command = Dimse::CEchoRq;
        echo.context = context->id;
        echo.affectedSopClass = QLatin1String(kVerification);
        const Result<DimseMessage> answer = (*association)->exchange(std::move(echo));
        if (!answer)
            check.problem = answer.error();
        else if (answer->status != 0)
            check.problem = Error{ErrorCode::PeerError, QStringLiteral("C-ECHO status %1").arg(answer->status)};
    }
    // What the role cannot do without; commitment has a query in its place.
    if (!check.problem && !check.refused.isEmpty() && check.refused != QStringList{QLatin1String(kCommitment)})
        check.problem = Error{ErrorCode::PresentationContextRefused, check.refused.join(u' ')};
    if (query && !check.problem) {
        say(onStep, CheckStep::Query);
        const Result<CharacterSetAnswer> answer = query(**association);
        if (!answer) {
            check.problem = answer.error();
        } else if (answer->hasAnswer) {
            check.characterSet = answer->declared;
            check.repair = answer->repair;
        }
    }
    (*association)->release();
}

/// `resource`: "studies" or "workitems"
void checkWeb(RoleCheck& check, Result<WebNode> node, const char* resource, const Clock& clock,
              const CancelToken& token) {
    if (!node) {
        check.problem = node.error();
        return;
    }
    node->tries = 1;
    node->silenceTimeout = kSilence;
    HttpRequest request;
    request.path = QLatin1String(resource) + QStringLiteral("?limit=1");
    request.headers = {{"Accept", "application/dicom+json"}};
    check.asked = QStringLiteral("GET ") + node->root.toString(QUrl::StripTrailingSlash | QUrl::RemoveUserInfo) + u'/' +
                  request.path;
    HttpExchange http(std::move(*node));
    const Result<HttpAnswer> answer = http.send(request, token, true);
    if (!answer) {
        check.problem = answer.error();
        return;
    }
    check.answered = QStringLiteral("HTTP %1").arg(answer->status);
    if (!answer->contentType.isEmpty())
        check.answered += QStringLiteral(", ") + QString::fromLatin1(answer->contentType);
    check.isEncrypted = !answer->certificateName.isEmpty() || answer->certificateEnds.isValid();
    check.certificateName = answer->certificateName;
    check.certificateEnds = answer->certificateEnds;
    if (answer->date.isValid())
        check.clockAhead = std::chrono::seconds(clock.nowUtc().secsTo(answer->date));
    if (answer->status < 200 || answer->status >= 300)
        check.problem = HttpExchange::statusError(*answer);
    else if (answer->status != 204 && !answer->contentType.contains("json"))
        check.problem = Error{ErrorCode::AnswerUnexpected, QStringLiteral("the query was answered with no JSON")};
    else
        check.characterSet = QStringLiteral("UTF-8"); // PS3.18 F.2: DICOM JSON is nothing else
}

void take(RoleCheck& check, const exchange::TargetAnswer& answer, const Clock& clock) {
    check.problem = answer.problem;
    check.isEncrypted = answer.isEncrypted;
    check.certificateName = answer.certificateName;
    check.certificateEnds = answer.certificateEnds;
    check.said = answer.said;
    check.offered = answer.offered;
    check.missing = answer.missing;
    if (answer.date.isValid())
        check.clockAhead = std::chrono::seconds(clock.nowUtc().secsTo(answer.date));
}

/// What a trial goes by.
struct Trial {
    const Site& site;
    const SecretReader& secrets;
    const Clock& clock;
    const CancelToken& token;
    const StepSink& onStep;
};

/// A role over the web.
void checkWeb(RoleCheck& check, const Trial& trial, const char* means, const QString& node, const char* resource) {
    check.means = QLatin1String(means);
    check.node = node;
    checkWeb(check, webNodeOf(trial.site, node, trial.secrets), resource, trial.clock, trial.token);
}
/// A role over DIMSE.
void checkDimse(RoleCheck& check, const Trial& trial, const char* means, const QString& node,
                const std::vector<ContextProposal>& wanted, const Query& query) {
    check.means = QLatin1String(means);
    check.node = node;
    checkDimse(check, networkOf(trial.site, node, trial.secrets), wanted, query, trial.token, trial.onStep);
}

void checkAudit(RoleCheck& check, const Trial& trial) {
    AuditTarget target = trial.site.auditRepository;
    target.tls.key = trial.secrets(AuditTarget::keyName()).value_or(QByteArray());
    target.timeout = kSilence;
    check.means = QStringLiteral("syslog");
    take(check, exchange::probe(target, trial.token), trial.clock);
}

const QString kTargetRole = QStringLiteral("target/");

void checkTarget(RoleCheck& check, const Trial& trial) {
    const QString id = check.role.mid(kTargetRole.size());
    const std::vector<ReportTarget>& targets = trial.site.reportTargets;
    const auto found =
        std::find_if(targets.begin(), targets.end(), [&](const ReportTarget& each) { return each.id == id; });
    if (found == targets.end()) {
        check.problem = Error{ErrorCode::InvalidArgument, check.role};
        return;
    }
    ReportTarget target = *found;
    check.node = target.shownTitle();
    check.means = target.form == ReportTarget::Form::Hl7Oru       ? QStringLiteral("mllp")
                  : target.form == ReportTarget::Form::FhirBundle ? QStringLiteral("fhir")
                  : target.address.isLocalFile()                  ? QStringLiteral("folder")
                                                                  : QStringLiteral("documents");
    target.authorization = trial.secrets(target.secretName()).value_or(QByteArray());
    target.tls.key = trial.secrets(target.keyName()).value_or(QByteArray());
    target.timeout = std::min<std::chrono::milliseconds>(target.timeout, kSilence);
    take(check, exchange::probe(target, trial.token), trial.clock);
}

void checkWorklist(RoleCheck& check, const Trial& trial) {
    const SiteRoles& roles = trial.site.roles;
    if (roles.worklistBy == WorklistBy::UpsRs)
        checkWeb(check, trial, "ups-rs", roles.worklist, "workitems");
    else
        checkDimse(check, trial, "ups", roles.worklist, {{QLatin1String(kUpsPull), messageTransferSyntaxes()}},
                   characterSetOfWorkitems);
}

void checkImages(RoleCheck& check, const Trial& trial) {
    const SiteRoles& roles = trial.site.roles;
    if (roles.imagesBy == ImagesBy::WadoRs) {
        checkWeb(check, trial, "wado-rs", roles.images, "studies");
        return;
    }
    const bool isMove = roles.imagesBy == ImagesBy::CMove;
    const QStringList plain = messageTransferSyntaxes();
    std::vector<ContextProposal> wanted{{QLatin1String(kStudyRootFind), plain}};
    wanted.push_back({QLatin1String(isMove ? kStudyRootMove : kStudyRootGet), plain});
    if (!isMove)
        wanted.push_back({QLatin1String(kCtImage), {QLatin1String(kExplicitLittleEndian)}, true});
    const QDate since = trial.clock.nowUtc().date().addDays(-kQueryDays);
    checkDimse(check, trial, isMove ? "c-move" : "c-get", roles.images, wanted,
               [since](Association& association) { return characterSetOfStudies(association, since); });
}

void checkReports(RoleCheck& check, const Trial& trial) {
    const SiteRoles& roles = trial.site.roles;
    const QStringList stored{QLatin1String(kExplicitLittleEndian)};
    if (roles.reportsBy == ReportsBy::StowRs)
        checkWeb(check, trial, "stow-rs", roles.reports, "studies");
    else
        checkDimse(check, trial, "c-store", roles.reports,
                   {{kReportSrClass.value(), stored},
                    {kReportPdfClass.value(), stored},
                    {QLatin1String(kCommitment), messageTransferSyntaxes()}},
                   {});
}

} // namespace

QString targetRole(const QString& targetId) { return kTargetRole + targetId; }

QStringList rolesOf(const Site& site) {
    QStringList roles{QStringLiteral("worklist"), QStringLiteral("images"), QStringLiteral("reports")};
    if (site.auditRepository.isSet())
        roles.append(QStringLiteral("audit"));
    for (const ReportTarget& target : site.reportTargets)
        if (target.isOn)
            roles.append(targetRole(target.id));
    return roles;
}

RoleCheck checkRole(const QString& role, const Site& site, const SecretReader& secrets, const Clock& clock,
                    const CancelToken& token, const StepSink& onStep) {
    RoleCheck check;
    check.role = role;
    QElapsedTimer timer;
    timer.start();
    say(onStep, CheckStep::Connect);
    const Trial trial{site, secrets, clock, token, onStep};
    if (role == u"worklist")
        checkWorklist(check, trial);
    else if (role == u"images")
        checkImages(check, trial);
    else if (role == u"reports")
        checkReports(check, trial);
    else if (role == u"audit")
        checkAudit(check, trial);
    else if (role.startsWith(kTargetRole))
        checkTarget(check, trial);
    else
        check.problem = Error{ErrorCode::InvalidArgument, role};
    check.took = std::chrono::milliseconds(timer.elapsed());
    return check;
}

std::vector<RoleCheck> checkSite(const Site& site, const QString& home, const Clock& clock, const CancelToken& token) {
    const SecretReader secrets = secretsOf(home);
    std::vector<RoleCheck> checks;
    for (const QString& role : rolesOf(site))
        checks.push_back(checkRole(role, site, secrets, clock, token));
    return checks;
}

} // namespace yz
