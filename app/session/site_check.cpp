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

void checkAudit(RoleCheck& check, const Site& site, const SecretReader& secrets, const Clock& clock,
                const CancelToken& token) {
    AuditTarget target = site.auditRepository;
    target.tls.key = secrets(AuditTarget::keyName()).value_or(QByteArray());
    target.timeout = kSilence;
    take(check, exchange::probe(target, token), clock);
}

const QString kTargetRole = QStringLiteral("target/");

void checkTarget(RoleCheck& check, const Site& site, const SecretReader& secrets, const Clock& clock,
                 const CancelToken& token) {
    const QString id = check.role.mid(kTargetRole.size());
    const auto found = std::find_if(site.reportTargets.begin(), site.reportTargets.end(),
                                    [&](const ReportTarget& each) { return each.id == id; });
    if (found == site.reportTargets.end()) {
        check.problem = Error{ErrorCode::InvalidArgument, check.role};
        return;
    }
    ReportTarget target = *found;
    check.node = target.shownTitle();
    check.means = target.form == ReportTarget::Form::Hl7Oru       ? QStringLiteral("mllp")
                  : target.form == ReportTarget::Form::FhirBundle ? QStringLiteral("fhir")
                  : target.address.isLocalFile()                  ? QStringLiteral("folder")
                                                                  : QStringLiteral("documents");
    target.authorization = secrets(target.secretName()).value_or(QByteArray());
    target.tls.key = secrets(target.keyName()).value_or(QByteArray());
    target.timeout = std::min<std::chrono::milliseconds>(target.timeout, kSilence);
    take(check, exchange::probe(target, token), clock);
}

void checkWorklist(RoleCheck& check, const Site& site, const SecretReader& secrets, const Clock& clock,
                   const CancelToken& token, const StepSink& onStep) {
    const QString& node = site.roles.worklist;
    check.node = node;
    if (site.roles.worklistBy == WorklistBy::UpsRs) {
        check.means = QStringLiteral("ups-rs");
        checkWeb(check, webNodeOf(site, node, secrets), "workitems", clock, token);
        return;
    }
    check.means = QStringLiteral("ups");
    checkDimse(check, networkOf(site, node, secrets), {{QLatin1String(kUpsPull), messageTransferSyntaxes()}},
               characterSetOfWorkitems, token, onStep);
}

void checkImages(RoleCheck& check, const Site& site, const SecretReader& secrets, const Clock& clock,
                 const CancelToken& token, const StepSink& onStep) {
    const QString& node = site.roles.images;
    check.node = node;
    if (site.roles.imagesBy == ImagesBy::WadoRs) {
        check.means = QStringLiteral("wado-rs");
        checkWeb(check, webNodeOf(site, node, secrets), "studies", clock, token);
        return;
    }
    const QStringList plain = messageTransferSyntaxes();
    std::vector<ContextProposal> wanted{{QLatin1String(kStudyRootFind), plain}};
    if (site.roles.imagesBy == ImagesBy::CMove) {
        check.means = QStringLiteral("c-move");
        wanted.push_back({QLatin1String(kStudyRootMove), plain});
    } else {
        check.means = QStringLiteral("c-get");
        wanted.push_back({QLatin1String(kStudyRootGet), plain});
        wanted.push_back({QLatin1String(kCtImage), {QLatin1String(kExplicitLittleEndian)}, true});
    }
    const QDate since = clock.nowUtc().date().addDays(-kQueryDays);
    checkDimse(
        check, networkOf(site, node, secrets), wanted,
        [since](Association& association) { return characterSetOfStudies(association, since); }, token, onStep);
}

void checkReports(RoleCheck& check, const Site& site, const SecretReader& secrets, const Clock& clock,
                  const CancelToken& token, const StepSink& onStep) {
    const QString& node = site.roles.reports;
    check.node = node;
    if (site.roles.reportsBy == ReportsBy::StowRs) {
        check.means = QStringLiteral("stow-rs");
        checkWeb(check, webNodeOf(site, node, secrets), "studies", clock, token);
        return;
    }
    check.means = QStringLiteral("c-store");
    const QStringList stored{QLatin1String(kExplicitLittleEndian)};
    checkDimse(check, networkOf(site, node, secrets),
               {{kReportSrClass.value(), stored},
                {kReportPdfClass.value(), stored},
                {QLatin1String(kCommitment), messageTransferSyntaxes()}},
               {}, token, onStep);
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
    if (role == u"worklist") {
        checkWorklist(check, site, secrets, clock, token, onStep);
    } else if (role == u"images") {
        checkImages(check, site, secrets, clock, token, onStep);
    } else if (role == u"reports") {
        checkReports(check, site, secrets, clock, token, onStep);
    } else if (role == u"audit") {
        check.means = QStringLiteral("syslog");
        checkAudit(check, site, secrets, clock, token);
    } else if (role.startsWith(kTargetRole)) {
        checkTarget(check, site, secrets, clock, token);
    } else {
        check.problem = Error{ErrorCode::InvalidArgument, role};
    }
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
