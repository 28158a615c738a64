#include "session/site_check.h"

#include "dicom/net/association.h"
#include "domain/report.h"
#include "platform/web_query.h"
#include "session/site_adapters.h"

#include <QElapsedTimer>
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

void checkDimse(RoleCheck& check, const NetworkSettings& settings, const std::vector<ContextProposal>& wanted,
                const CancelToken& token) {
    std::vector<ContextProposal> proposals{{QLatin1String(kVerification), messageTransferSyntaxes()}};
    proposals.insert(proposals.end(), wanted.begin(), wanted.end());
    const auto association = Association::open(settings, proposals, token);
    if (!association) {
        check.problem = association.error();
        return;
    }
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
    (*association)->release();
    // What the role cannot do without; commitment has a query in its place.
    if (!check.problem && !check.refused.isEmpty() && check.refused != QStringList{QLatin1String(kCommitment)})
        check.problem = Error{ErrorCode::PresentationContextRefused, check.refused.join(u' ')};
}

void checkWeb(RoleCheck& check, Result<WebNode> node, const Clock& clock, const CancelToken& token) {
    if (!node) {
        check.problem = node.error();
        return;
    }
    node->tries = 1;
    HttpExchange http(std::move(*node));
    HttpRequest request;
    request.path = QStringLiteral("studies?limit=1");
    request.headers = {{"Accept", "application/dicom+json"}};
    const Result<HttpAnswer> answer = http.send(request, token, true);
    if (!answer) {
        check.problem = answer.error();
        return;
    }
    check.isEncrypted = !answer->certificateName.isEmpty() || answer->certificateEnds.isValid();
    check.certificateName = answer->certificateName;
    check.certificateEnds = answer->certificateEnds;
    if (answer->date.isValid())
        check.clockAhead = std::chrono::seconds(clock.nowUtc().secsTo(answer->date));
    if (answer->status < 200 || answer->status >= 300)
        check.problem = HttpExchange::statusError(*answer);
    else if (answer->status != 204 && !answer->contentType.contains("json"))
        check.problem = Error{ErrorCode::AnswerUnexpected, QStringLiteral("the query was answered with no JSON")};
}

} // namespace

std::vector<RoleCheck> checkSite(const Site& site, const QString& home, const Clock& clock, const CancelToken& token) {
    const QStringList plain = messageTransferSyntaxes();
    const QStringList stored{QLatin1String(kExplicitLittleEndian)};
    RoleCheck worklist{QStringLiteral("worklist"), {}, QStringLiteral("ups"), {}, {}, {}, {}, {}, {}, {}, {}};
    RoleCheck images = worklist;
    images.role = QStringLiteral("images");
    images.node = site.roles.images;
    RoleCheck reports = worklist;
    reports.role = QStringLiteral("reports");
    reports.node = site.roles.reports;

    QElapsedTimer timer;
    timer.start();
    checkDimse(worklist, networkOf(site), {{QLatin1String(kUpsPull), plain}}, token);
    worklist.took = std::chrono::milliseconds(timer.restart());
    if (site.roles.imagesBy == ImagesBy::WadoRs) {
        images.means = QStringLiteral("wado-rs");
        checkWeb(images, webNodeOf(site, site.roles.images, home), clock, token);
    } else if (site.roles.imagesBy == ImagesBy::CMove) {
        images.means = QStringLiteral("c-move");
        checkDimse(images, networkOf(site, site.roles.images),
                   {{QLatin1String(kStudyRootFind), plain}, {QLatin1String(kStudyRootMove), plain}}, token);
    } else {
        images.means = QStringLiteral("c-get");
        checkDimse(images, networkOf(site, site.roles.images),
                   {{QLatin1String(kStudyRootFind), plain},
                    {QLatin1String(kStudyRootGet), plain},
                    {QLatin1String(kCtImage), stored, true}},
                   token);
    }
    images.took = std::chrono::milliseconds(timer.restart());
    if (site.roles.reportsBy == ReportsBy::StowRs) {
        reports.means = QStringLiteral("stow-rs");
        checkWeb(reports, webNodeOf(site, site.roles.reports, home), clock, token);
    } else {
        reports.means = QStringLiteral("c-store");
        checkDimse(
            reports, networkOf(site, site.roles.reports),
            {{kReportSrClass.value(), stored}, {kReportPdfClass.value(), stored}, {QLatin1String(kCommitment), plain}},
            token);
    }
    reports.took = std::chrono::milliseconds(timer.elapsed());
    return {worklist, images, reports};
}

} // namespace yz
