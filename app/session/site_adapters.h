#pragma once

#include "core/clock.h"
#include "domain/ports.h"
#include "platform/web_node.h"
#include "session/site.h"

#include <functional>
#include <memory>

namespace yz {

class CommitmentBoard;
class EventListener;
struct NetworkSettings;

/// How this desk talks DIMSE with the platform (empty name) or with a node of its site, but for TLS.
[[nodiscard]] NetworkSettings networkOf(const Site& site, const QString& node = {});

/// The same with TLS where the node wants it.
using SecretReader = std::function<Result<QByteArray>(const QString& name)>;
[[nodiscard]] NetworkSettings networkOf(const Site& site, const QString& node, const SecretReader& secrets);

/// The node of the site as its DICOMweb client needs it, with the secrets of the desk in `home`. NotFound for a name
/// the site does not know. A secret that was never entered, or does not open any more, is empty: the server will refuse
/// it (CredentialsRefused), and the desk still opens.
[[nodiscard]] Result<WebNode> webNodeOf(const Site& site, const QString& node, const QString& home);

/// The same with secrets from elsewhere: such as were entered but not kept yet.
[[nodiscard]] Result<WebNode> webNodeOf(const Site& site, const QString& node, const SecretReader& secrets);
/// Those of the desk in `home`.
[[nodiscard]] SecretReader secretsOf(const QString& home);

/// Who has the reading tasks, as the site's roles say. Errors of webNodeOf(). `clock` must outlive the source.
[[nodiscard]] Result<std::unique_ptr<WorklistSource>> makeWorklistSource(const Site& site, const QString& home,
                                                                         const Clock& clock);
/// Who gives the images, as the site's roles say. Errors of webNodeOf(). The maker is called once the listener is
/// there, which must outlive the source. `limiter`: what the source receives draws on it; null: no limit.
using StudySourceMaker = std::function<std::unique_ptr<StudySource>(EventListener&)>;
[[nodiscard]] Result<StudySourceMaker> studySourceMaker(const Site& site, const QString& home,
                                                        std::shared_ptr<BandwidthLimiter> limiter = {});
/// Who takes the reports. The maker is called once the board is there, which must outlive the sink.
using ReportSinkMaker = std::function<std::unique_ptr<ReportSink>(const CommitmentBoard&)>;
[[nodiscard]] Result<ReportSinkMaker> reportSinkMaker(const Site& site, const QString& home);

} // namespace yz
