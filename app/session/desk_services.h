#pragma once

#include "core/clock.h"
#include "core/uid.h"
#include "reporting/report_verifier.h"
#include "session/login_service.h"
#include "session/reading_pipeline.h"

#include <functional>
#include <memory>

namespace yz {

class AuditRelay;
class ConflictService;
class EventListener;
class HangingObjectFiles;
class MessageDelivery;
class PresentationService;

namespace dicom {
class WorkerPool;
struct TextListing;
} // namespace dicom

/// The processes that parse and decode what is received. Launched, not waited for: a program makes it first of all,
/// before it has threads or windows.
[[nodiscard]] std::shared_ptr<dicom::WorkerPool> launchDecoder();

/// Everything one desk is made of, built once and passed by reference. The desk's window and the CLI stand on the same.
class DeskServices {
public:
    struct Options {
        QString home; ///< folder of the workstation: site.json, desk.db, vault/, keys/, trust/
        Site site;
        bool listenForEvents = true; ///< the CLI waits for commitment only, the desk for work-list events too
        std::shared_ptr<dicom::WorkerPool> decoder = nullptr; ///< none: one of its own
    };
    /// The objects given must outlive it. Errors of the store; PeerError when the event port cannot be opened;
    /// DecoderUnavailable: nothing received is ever parsed in this process.
    [[nodiscard]] static Result<std::unique_ptr<DeskServices>> open(Options options, const Clock& clock,
                                                                    UidSource& uids);
    ~DeskServices();
    DeskServices(const DeskServices&) = delete;
    DeskServices& operator=(const DeskServices&) = delete;

    [[nodiscard]] const Site& site() const { return m_options.site; }
    [[nodiscard]] const QString& home() const { return m_options.home; }
    [[nodiscard]] const Clock& clock() const { return m_clock; }
    DeskStore& store();
    WorklistSource& worklist();
    StudySource& studies();
    ReportSink& reportSink();
    PixelSource& pixels();
    ReportEncoder& encoder();
    ReportRenderer& renderer();
    ReportSigner& signer();
    SignatureVerifier& verifier();
    ClaimService& claims();
    ConflictService& conflicts();
    SigningService& signing();
    MessageDelivery& messages();
    AuditRelay& auditRelay();
    LoginService& login();
    pipeline::Deps& pipeline();
    HangingObjectFiles& hangingFiles();
    PresentationService& presentations();

    /// Called on the listener's thread for each event the platform reports.
    void onWorklistEvent(std::function<void(const WorklistEvent&)> callback);

private:
    struct Parts;
    DeskServices(Options options, const Clock& clock);

    Options m_options;
    const Clock& m_clock;
    std::unique_ptr<Parts> m_parts;
};

/// Proves a report without a workstation. `folder` has trust/ca.pem and, where there is one, trust/crl.pem in it.
/// decoder: who parses the files; none: a pool of its own.
[[nodiscard]] VerificationReport verifyOffline(const QString& folder, const QByteArray& srFile,
                                               const QByteArray& pdfFile,
                                               std::shared_ptr<dicom::WorkerPool> decoder = {});

/// Pixels of files, without a workstation.
[[nodiscard]] std::unique_ptr<PixelSource> makePixelSource();
/// Hanging protocol objects, without a workstation. decoder: who parses them; none: a pool of its own.
[[nodiscard]] std::unique_ptr<HangingObjectFiles> makeHangingFiles(std::shared_ptr<dicom::WorkerPool> decoder = {});
/// Names and text of a file, without a workstation (dicom/data/text_listing.h).
[[nodiscard]] Result<dicom::TextListing> listText(const QString& path);

} // namespace yz
