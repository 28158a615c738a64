#pragma once

#include "core/cancel.h"
#include "core/result.h"
#include "domain/image.h"
#include "domain/measurement_report.h"
#include "domain/presentation_state.h"
#include "domain/preview.h"
#include "domain/reading_focus.h"
#include "domain/reading_task.h"
#include "domain/report.h"
#include "domain/study.h"

#include <QByteArray>
#include <QStringList>
#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <vector>

/// The doors to the outside world. Features call these; the adapters (dicom, security, document) implement them. All
/// calls block and are made from a job; implementations are thread-safe unless a line says otherwise.
namespace yz {

struct WorklistQuery {
    std::vector<UpsState> states; ///< empty: all
    QString scheduledStationName; ///< empty: any
};

/// Who claims: shown to others while the task is held.
struct Performer {
    QString personName; ///< PN, Chinese in the ideographic group
    QString stationName;
};

/// What changed on the platform; delivered by the event listener.
struct WorklistEvent {
    enum class Kind { StateChanged, Assigned, CancelRequested, NewTask };
    Kind kind = Kind::StateChanged;
    WorkitemUid task;
    UpsState state = UpsState::Scheduled;
    QString reason;
};

/// Reading tasks on the platform (UPS, PS3.4 Annex CC).
class WorklistSource {
public:
    virtual ~WorklistSource() = default;
    virtual Status echo(const CancelToken& token) = 0;
    virtual Result<std::vector<ReadingTask>> query(const WorklistQuery& query, const CancelToken& token) = 0;
    virtual Result<ReadingTask> get(const WorkitemUid& task, const CancelToken& token) = 0;
    /// N-ACTION Change UPS State to IN PROGRESS. TaskClaimedByOther (another holds it, or it was finished), TaskGone.
    /// Claiming again with the same Transaction UID succeeds: a claim whose answer was lost is settled by repeating it.
    virtual Status claim(const WorkitemUid& task, const TransactionUid& transaction, const Performer& performer,
                         const CancelToken& token) = 0;
    /// N-SET of the output (objects produced) under our lock.
    virtual Status setOutput(const WorkitemUid& task, const TransactionUid& transaction, const Performer& performer,
                             const std::vector<ReportReference>& output, const CancelToken& token) = 0;
    /// Repeating complete or cancel with the same Transaction UID succeeds.
    virtual Status complete(const WorkitemUid& task, const TransactionUid& transaction, const CancelToken& token) = 0;
    virtual Status cancel(const WorkitemUid& task, const TransactionUid& transaction, const QString& reason,
                          const CancelToken& token) = 0;
    /// Asks the holder to give the task up (N-ACTION Request UPS Cancel).
    virtual Status requestCancel(const WorkitemUid& task, const QString& reason, const CancelToken& token) = 0;
    /// Global subscription of this station (1.2.840.10008.5.1.4.34.5); events reach the EventListener.
    virtual Status subscribe(const CancelToken& token) = 0;
    virtual Status unsubscribe(const CancelToken& token) = 0;
};

struct StudyQuery {
    PatientId patient;
    StudyUid study;
    QString accessionNumber;
    QString patientName; ///< with wildcards, may be Chinese
};

struct StudySummary {
    StudyReference reference;
    Patient patient;
    int seriesCount = 0;
    int instanceCount = 0;
};

struct RetrieveRequest {
    StudyUid study;
    SeriesUid series;                   ///< empty: whole study
    std::vector<InstanceUid> instances; ///< empty: all of the series or study (needs `series` when given)
    /// Instead of `series` and `instances`: exactly these objects of the study, those that are wanted first in front.
    /// Series and instance must be set; the class helps where it is known.
    std::vector<InstanceRecord> listed = {};
    /// Where the reader is while the rest comes: his series before the others, but after the first `first` of `listed`.
    /// None: as listed.
    std::shared_ptr<const ReadingFocus> focus = {};
    size_t first = 0;
};

struct RetrieveProgress {
    int received = 0;
    int total = 0; ///< 0: not known yet
    qint64 bytes = 0;
    qint64 arriving = 0;   ///< bytes of objects that are still on their way
    bool isBroken = false; ///< the line broke and is tried again
};

/// A received object, already in Part 10 form.
struct ReceivedObject {
    InstanceUid instance;
    SopClassUid sopClass;
    QByteArray file;
};

/// Studies on the platform: Study Root C-FIND and C-GET.
class StudySource {
public:
    virtual ~StudySource() = default;
    virtual Result<std::vector<StudySummary>> findStudies(const StudyQuery& query, const CancelToken& token) = 0;
    /// Every instance of a study with its series, for resume and completeness; paths are empty.
    virtual Result<std::vector<InstanceRecord>> findInstances(const StudyUid& study, const CancelToken& token) = 0;
    using ObjectSink = std::function<Status(ReceivedObject&&)>;
    using ProgressSink = std::function<void(const RetrieveProgress&)>;
    /// Calls `sink` for each object as it arrives, once for each; an error from the sink or a cancelled token ends the
    /// retrieval with it. A line that breaks is tried again, for what is still missing. Both are called on the calling
    /// thread.
    virtual Status retrieve(const RetrieveRequest& request, const ObjectSink& sink, const ProgressSink& progress,
                            const CancelToken& token) = 0;
    /// What the last findInstances() said of the study's series; asks nobody. Empty where it said nothing.
    virtual std::vector<ListedSeries> listedSeries(const StudyUid& study) {
        (void)study;
        return {};
    }
    /// A JPEG picture of one image that the server makes, fitted into `side` x `side`. NotSupported where the source
    /// has none, AnswerUnexpected, LimitExceeded, and the line's errors; asked once, never again.
    virtual Result<RenderedPicture> rendered(const InstanceRecord& object, int side, const CancelToken& token) {
        (void)object, (void)side, (void)token;
        return fail(ErrorCode::NotSupported, QStringLiteral("no rendered pictures"));
    }
};

struct ObjectToSend {
    SopReference object;
    StudyUid study;
    SeriesUid series;
    QByteArray file; ///< Part 10
};

struct CommitmentOutcome {
    std::vector<SopReference> committed;
    std::vector<SopReference> failed;
};

/// Where finished reports go: C-STORE, then storage commitment as the proof.
class ReportSink {
public:
    virtual ~ReportSink() = default;
    /// True when the platform already has the instance (C-FIND at IMAGE level).
    virtual Result<bool> has(const StudyUid& study, const SeriesUid& series, const InstanceUid& instance,
                             const CancelToken& token) = 0;
    virtual Status store(const std::vector<ObjectToSend>& objects, const CancelToken& token) = 0;
    /// PS3.4 Annex J. Blocks until the N-EVENT-REPORT for the transaction came or the time is over (NetworkTimeout).
    virtual Result<CommitmentOutcome> commit(const std::vector<SopReference>& objects,
                                             const TransactionUid& transaction, std::chrono::milliseconds timeout,
                                             const CancelToken& token) = 0;
};

/// What a desk that opens a file reads of it, pixels aside.
struct DescribedFile {
    Result<DataSetHeader> header = fail(ErrorCode::Cancelled);
    Result<ImageDescriptionPtr> image = fail(ErrorCode::Cancelled);
};

/// Headers and pixels of received files.
class PixelSource {
public:
    virtual ~PixelSource() = default;
    virtual Result<DataSetHeader> readHeader(const QString& path) = 0;
    /// readHeader() of many files, in their order; faster than one by one. Those not reached before `token` was
    /// cancelled are Cancelled.
    virtual std::vector<Result<DataSetHeader>> readHeaders(const QStringList& paths, const CancelToken& token) {
        std::vector<Result<DataSetHeader>> headers;
        for (const QString& path : paths)
            headers.push_back(token.isCancelled() ? Result<DataSetHeader>(fail(ErrorCode::Cancelled))
                                                  : readHeader(path));
        return headers;
    }
    /// Header of a data set that is not on disk yet (received from the network).
    virtual Result<DataSetHeader> readHeader(const QByteArray& part10File) = 0;
    virtual Result<ImageDescriptionPtr> describe(const QString& path) = 0;
    /// readHeader() and describe() of many files, in their order, on the calling thread; faster than one by one. Those
    /// not reached before `token` was cancelled are Cancelled.
    virtual std::vector<DescribedFile> describeFiles(const QStringList& paths, const CancelToken& token) {
        std::vector<DescribedFile> files(static_cast<size_t>(paths.size()));
        for (size_t i = 0; i < files.size() && !token.isCancelled(); ++i)
            files[i] = {readHeader(paths[static_cast<qsizetype>(i)]), describe(paths[static_cast<qsizetype>(i)])};
        return files;
    }
    /// frame: 0-based.
    virtual Result<PixelBufferPtr> decode(const QString& path, int frame, const CancelToken& token) = 0;
    /// decode() for who has a place for the samples: a frame of `target.size()` bytes that lies in its file as it is
    /// goes straight there, in the form of PixelBuffer::data, and null comes back. Any other frame comes back as from
    /// decode(). After an error the target is undefined.
    virtual Result<PixelBufferPtr> decodeInto(const QString& path, int frame, std::span<std::byte> target,
                                              const CancelToken& token) {
        (void)target;
        return decode(path, frame, token);
    }
    /// A softcopy presentation state (PS3.3 A.33). NotSupported where the source cannot read them.
    virtual Result<PresentationStatePtr> presentationState(const QString& path) = 0;
    /// The measurement groups of a structured report (TID 1500). NotSupported when it has none, or where the source
    /// cannot read them.
    virtual Result<MeasurementReportPtr> measurementReport(const QString& path) {
        return fail(ErrorCode::NotSupported, path);
    }
    /// The frame with both sides halved up to `reduction` times, as far as its codec can leave resolutions out; the
    /// buffer says how often it was (PixelBuffer::reduction), which is 0 where the description's decodesReduced is not
    /// set. reduction 0 is decode().
    virtual Result<PixelBufferPtr> decodeReduced(const QString& path, int frame, int reduction,
                                                 const CancelToken& token) = 0;
    /// A picture that came by itself (JPEG, sequential or progressive, 8 bits), grey or RGB. LimitExceeded beyond the
    /// limits of domain/preview.h, PixelDataBroken, NotSupported where the source cannot.
    virtual Result<PixelBufferPtr> decodePicture(const QByteArray& jpeg) {
        (void)jpeg;
        return fail(ErrorCode::NotSupported);
    }
};

/// Parts of a received report file.
struct OpenedReportFile {
    QByteArray canonical; ///< the file as it was signed, signatures taken out
    std::vector<SignatureRecord> signatures;
    SopReference object;
    StudyUid study;
    SeriesUid series;
    QByteArray pdf; ///< of an encapsulated PDF, else empty
};

/// The report's DICOM forms.
class ReportEncoder {
public:
    virtual ~ReportEncoder() = default;
    /// SR by TID 2000 as a Part 10 file in its one canonical encoding: the same document gives the same bytes.
    virtual Result<QByteArray> encodeStructuredReport(const ReportDocument& document) = 0;
    virtual Result<QByteArray> encodeEncapsulatedPdf(const ReportDocument& document, const QByteArray& pdf) = 0;
    /// Measurements with their coordinates as a Comprehensive 3D SR (TID 1500), Part 10, canonical like the others.
    /// Patient, order and times are the document's.
    virtual Result<QByteArray> encodeMeasurements(const ReportDocument& document,
                                                  const MeasurementReport& measurements) {
        (void)document;
        (void)measurements;
        return fail(ErrorCode::NotSupported);
    }
    /// Puts signatures into a canonical file (private block, see dicom/report/report_signature_block.h).
    virtual Result<QByteArray> attachSignatures(const QByteArray& canonical,
                                                const std::vector<SignatureRecord>& signatures) = 0;
    /// Takes them out again. SignedContentChanged when any byte differs from what attachSignatures writes,
    /// SignatureMissing when the file carries none.
    virtual Result<OpenedReportFile> open(const QByteArray& part10File) = 0;
};

/// The report's paper form. Called on any thread; needs a QGuiApplication.
class ReportRenderer {
public:
    virtual ~ReportRenderer() = default;
    virtual Result<QByteArray> renderPdf(const ReportDocument& document) = 0;
};

struct CertificateInfo {
    QString subject; ///< common name
    QString issuer;
    QString serial; ///< hex
    QDateTime notBefore, notAfter;
    QString keyAlgorithm; ///< "SM2", "EC P-256", "RSA 3072"
    bool isDemo = false;
};

/// One doctor's key. The PIN opens it for this call only.
class ReportSigner {
public:
    virtual ~ReportSigner() = default;
    virtual Result<CertificateInfo> certificate(const UserId& user) = 0;
    /// Detached CMS (CAdES-BES) over `bytes`. Checks the certificate's validity, chain and revocation at `at` first.
    /// PasswordWrong, KeyUnavailable, KeyDoesNotMatchCertificate, Certificate*.
    virtual Result<QByteArray> sign(const UserId& user, const QString& pin, const QByteArray& bytes,
                                    const QDateTime& at) = 0;
};

struct SignatureVerdict {
    bool valid = false;
    std::optional<Error> problem; ///< SignatureInvalid, Certificate*; none when valid
    CertificateInfo signer;
    QDateTime signedAt; ///< the signingTime attribute
};

class SignatureVerifier {
public:
    virtual ~SignatureVerifier() = default;
    virtual SignatureVerdict verify(const QByteArray& bytes, const QByteArray& cms) = 0;
    /// SM3 digest, the product's digest of signed content.
    virtual QByteArray digest(const QByteArray& bytes) = 0;
};

struct AuditEntry {
    QString event; ///< stable name, e.g. "report.signed"
    UserId user;
    QString subject; ///< UID or id the event is about
    bool success = true;
    QJsonObject details; ///< no patient data beyond identifiers
};

class AuditSink {
public:
    virtual ~AuditSink() = default;
    virtual Status append(const AuditEntry& entry) = 0;
};

} // namespace yz
