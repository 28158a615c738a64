#include "session/desk_services.h"

#include "core/log.h"
#include "dicom/data/text_listing.h"
#include "dicom/hanging/hanging_object_files.h"
#include "dicom/net/event_listener.h"
#include "dicom/net/ups_client.h"
#include "dicom/presentation/presentation_object_encoder.h"
#include "dicom/worker/worker_pixel_source.h"
#include "dicom/worker/worker_pool.h"
#include "dicom/worker/worker_report_encoder.h"
#include "document/pdf_report_renderer.h"
#include "security/cms_report_signer.h"
#include "security/cms_verifier.h"
#include "security/revocation_evidence.h"
#include "session/audit_relay.h"
#include "session/conflict_service.h"
#include "session/message_delivery.h"
#include "session/presentation_service.h"
#include "session/report_target_json.h"
#include "session/site_adapters.h"
#include "session/vault_opener.h"

#include <QSysInfo>
#include <mutex>

namespace yz {

namespace {

AuditOrigin originOf(const Site& site) {
    return {site.diagnosingHospital, site.stationName, site.aeTitle, site.platformAeTitle, QSysInfo::machineHostName()};
}

SigningPolicy policyOf(const Site& site, const QString& home) {
    SigningPolicy policy{site.selfReviewAllowed, site.undoWindow, site.diagnosingHospital};
    policy.revocationAsOf = [home] { return revocationEvidenceAsOf(home).value_or(QDateTime()); };
    for (const ReportTarget& target : site.reportTargets)
        if (target.isOn)
            policy.receivers.push_back({target.id, target.preliminary});
    return policy;
}

/// The listener's threads may call at any time; the callback changes with the window.
class EventRelay {
public:
    void set(std::function<void(const WorklistEvent&)> callback) {
        const std::lock_guard lock(m_mutex);
        m_callback = std::move(callback);
    }
    void operator()(const WorklistEvent& event) {
        const std::lock_guard lock(m_mutex);
        if (m_callback)
            m_callback(event);
    }

private:
    std::mutex m_mutex;
    std::function<void(const WorklistEvent&)> m_callback;
};

} // namespace

struct DeskServices::Parts {
    Parts(const Options& options, const Clock& clock, UidSource& uids, std::unique_ptr<DeskStore> deskStore,
          std::unique_ptr<WorklistSource> tasks, const StudySourceMaker& makeSource, const ReportSinkMaker& makeSink)
        : network(networkOf(options.site)), store(std::move(deskStore)),
          listener(network, [this](const WorklistEvent& event) { relay(event); }), worklist(std::move(tasks)),
          studies(makeSource(listener)), reports(makeSink(listener.commitments())),
          pixels(options.decoder, std::make_shared<VaultOpener>(store->vault())), encoder(options.decoder),
          hanging(options.decoder), signer(options.home), verifier(options.home),
          claims({*worklist, store->tasks(), store->claims(), store->users(), uids, store->audit(),
                  options.site.stationName, &store->conflicts()}),
          acquire(*store, *studies, pixels, &clock), conflicts(*store, *studies, acquire, encoder, verifier),
          signing({renderer, encoder, signer, verifier}, store->reports(), clock, uids,
                  policyOf(options.site, options.home)),
          messages(*store, withSecrets(options.site.reportTargets, options.home)),
          auditRelay(*store, withSecrets(options.site.auditRepository, options.home), originOf(options.site)),
          delivery(*store, *worklist, *reports, clock, uids, options.site.stationName, options.site.commitmentTimeout,
                   &messages),
          login(*store, clock), presentations(*store, pixels, presentationEncoder, clock, uids, options.site),
          deps{options.site, clock, *store, *worklist, pixels, encoder, verifier, claims, acquire, signing, delivery} {}

    NetworkSettings network;
    std::unique_ptr<DeskStore> store;
    EventRelay relay;
    EventListener listener;
    std::unique_ptr<WorklistSource> worklist;
    std::unique_ptr<StudySource> studies;
    std::unique_ptr<ReportSink> reports;
    WorkerPixelSource pixels;
    WorkerReportEncoder encoder;
    DicomHangingFiles hanging;
    PdfReportRenderer renderer;
    CmsReportSigner signer;
    CmsSignatureVerifier verifier;
    ClaimService claims;
    AcquireService acquire;
    ConflictService conflicts;
    SigningService signing;
    MessageDelivery messages;
    AuditRelay auditRelay;
    DeliveryService delivery;
    LoginService login;
    DicomPresentationEncoder presentationEncoder;
    PresentationService presentations;
    pipeline::Deps deps;
};

std::shared_ptr<dicom::WorkerPool> launchDecoder() {
    auto pool = std::make_shared<dicom::WorkerPool>(dicom::WorkerPool::Options{dicom::decoderProgram()});
    if (const Status launched = pool->launch(); !launched) // whoever asks it first hears it again
        qCWarning(logSession) << launched.error().toString();
    return pool;
}

DeskServices::DeskServices(Options options, const Clock& clock) : m_options(std::move(options)), m_clock(clock) {}
DeskServices::~DeskServices() = default;

Result<std::unique_ptr<DeskServices>> DeskServices::open(Options options, const Clock& clock, UidSource& uids) {
    if (!options.decoder)
        options.decoder = launchDecoder();
    if (const Status ready = options.decoder->start(); !ready)
        return fail(ready.error());
    Result<std::unique_ptr<DeskStore>> store = DeskStore::open(options.home, clock);
    if (!store)
        return fail(store.error());
    const std::shared_ptr<BandwidthLimiter> limiter =
        options.site.bandwidth.isEmpty() ? nullptr : std::make_shared<BandwidthLimiter>(options.site.bandwidth, clock);
    Result<std::unique_ptr<WorklistSource>> worklist = makeWorklistSource(options.site, options.home, clock);
    if (!worklist)
        return fail(worklist.error());
    const Result<StudySourceMaker> makeSource = studySourceMaker(options.site, options.home, limiter);
    if (!makeSource)
        return fail(makeSource.error());
    const Result<ReportSinkMaker> makeSink = reportSinkMaker(options.site, options.home);
    if (!makeSink)
        return fail(makeSink.error());
    std::unique_ptr<DeskServices> services(new DeskServices(std::move(options), clock));
    services->m_parts = std::make_unique<Parts>(services->m_options, clock, uids, std::move(*store),
                                                std::move(*worklist), *makeSource, *makeSink);
    const Status listening = services->m_parts->listener.start();
    // The desk can do without events (it asks by the clock); a second process of the workstation finds the port taken.
    if (!listening && services->m_options.listenForEvents)
        return fail(listening.error());
    return services;
}

DeskStore& DeskServices::store() { return *m_parts->store; }
WorklistSource& DeskServices::worklist() { return *m_parts->worklist; }
StudySource& DeskServices::studies() { return *m_parts->studies; }
ReportSink& DeskServices::reportSink() { return *m_parts->reports; }
PixelSource& DeskServices::pixels() { return m_parts->pixels; }
ReportEncoder& DeskServices::encoder() { return m_parts->encoder; }
ReportRenderer& DeskServices::renderer() { return m_parts->renderer; }
ReportSigner& DeskServices::signer() { return m_parts->signer; }
SignatureVerifier& DeskServices::verifier() { return m_parts->verifier; }
ClaimService& DeskServices::claims() { return m_parts->claims; }
ConflictService& DeskServices::conflicts() { return m_parts->conflicts; }
SigningService& DeskServices::signing() { return m_parts->signing; }
AuditRelay& DeskServices::auditRelay() { return m_parts->auditRelay; }
MessageDelivery& DeskServices::messages() { return m_parts->messages; }
LoginService& DeskServices::login() { return m_parts->login; }
pipeline::Deps& DeskServices::pipeline() { return m_parts->deps; }
HangingObjectFiles& DeskServices::hangingFiles() { return m_parts->hanging; }
PresentationService& DeskServices::presentations() { return m_parts->presentations; }

void DeskServices::onWorklistEvent(std::function<void(const WorklistEvent&)> callback) {
    m_parts->relay.set(std::move(callback));
}

VerificationReport verifyOffline(const QString& folder, const QByteArray& srFile, const QByteArray& pdfFile,
                                 std::shared_ptr<dicom::WorkerPool> decoder) {
    WorkerReportEncoder encoder(decoder ? std::move(decoder) : launchDecoder());
    CmsSignatureVerifier verifier(folder);
    return ReportVerifier(encoder, verifier).verify(srFile, pdfFile);
}

std::unique_ptr<PixelSource> makePixelSource() { return std::make_unique<WorkerPixelSource>(launchDecoder()); }

std::unique_ptr<HangingObjectFiles> makeHangingFiles(std::shared_ptr<dicom::WorkerPool> decoder) {
    return std::make_unique<DicomHangingFiles>(decoder ? std::move(decoder) : launchDecoder());
}

Result<dicom::TextListing> listText(const QString& path) { return WorkerPixelSource(launchDecoder()).listText(path); }

} // namespace yz
