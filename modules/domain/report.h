#pragma once

#include "core/ids.h"
#include "domain/reading_task.h"
#include "domain/user.h"
#include "domain/workflow.h"

#include <QByteArray>
#include <QDateTime>
#include <QJsonObject>
#include <QString>
#include <optional>
#include <vector>

/// The report as one model: what is edited, autosaved, checked, encoded (SR, PDF), signed and sent.
namespace yz {

/// The report's SR is always an Enhanced SR (PS3.3 A.35.2: text, codes, numbers with units, image references), its
/// paper form an Encapsulated PDF (A.45.1).
inline const SopClassUid kReportSrClass{QStringLiteral("1.2.840.10008.5.1.4.1.1.88.22")};
inline const SopClassUid kReportPdfClass{QStringLiteral("1.2.840.10008.5.1.4.1.1.104.1")};

enum class Positivity { Unstated, Negative, Positive }; ///< 阴性 / 阳性

/// A frame chosen by the reader for the report.
struct KeyImage {
    SopReference object;
    SeriesUid series;
    int frame = 1; ///< 1-based (PS3.3 C.18.4)
    QString caption;
    double windowCenter = 0.0, windowWidth = 0.0;
    QByteArray png; ///< as the reader saw it, annotations burnt in

    bool operator==(const KeyImage&) const = default;
};

/// A measurement cited in the report. The picture side keeps its geometry; here is what is written.
struct ReportMeasurement {
    QString id;   ///< of the measurement in the viewer
    QString name; ///< "Length", or what the reader calls it
    double value = 0.0;
    QString unit; ///< UCUM: "mm", "mm2", "[hnsf'U]", "{px}"
    SopReference object;
    SeriesUid series;
    int frame = 1;

    bool operator==(const ReportMeasurement&) const = default;
};

/// 危急值: a critical finding and who was told.
struct CriticalValue {
    QString item;
    QDateTime foundAt;
    QString toldBy, toldTo; ///< names
    QDateTime toldAt;
    bool readBack = false;
    QString handling;

    bool operator==(const CriticalValue&) const = default;
};

/// The doctor's part of a report: everything that can be edited.
struct ReportContent {
    QString templateId;
    QString title; ///< 胸部CT诊断报告
    QString technique;
    QString comparison;
    QString findings;   ///< 影像所见
    QString impression; ///< 影像诊断
    QString recommendation;
    Positivity positivity = Positivity::Unstated;
    bool mutualRecognition = false; ///< 互认: of the images, never of the conclusion
    std::vector<CriticalValue> criticalValues;
    std::vector<KeyImage> keyImages;
    std::vector<ReportMeasurement> measurements;
    QJsonObject answers; ///< structured fields of the template, id -> value

    bool operator==(const ReportContent&) const = default;
};

enum class ReportVersionKind { Original, Correction, Addendum };

struct SignerStatement {
    UserId user;
    QString name;
    QString title;
    QString hospital;
    QDateTime signedAt; ///< UTC
    QString certificateSubject;
    QString certificateSerial; ///< hex
    bool isDemo = false;

    bool operator==(const SignerStatement&) const = default;
};

/// One immutable version of a report with all that its objects (SR, PDF) are made from. UIDs are chosen before signing
/// and never change afterwards, so that every delivery of it is byte-identical and idempotent.
struct ReportDocument {
    ReportId report;
    int version = 1; ///< counts up through submit, approve, amend
    ReportVersionKind kind = ReportVersionKind::Original;
    ReadingState state = ReadingState::Submitted; ///< Submitted (author's) or Approved (verified)
    WorkitemUid task;
    Order order;
    Patient imagePatient; ///< identity in the data sets that were read
    ReportContent content;
    QString diagnosingHospital;
    QDateTime createdAt;
    SignerStatement author;
    std::optional<SignerStatement> reviewer;
    QString amendReason;
    std::vector<SopReference> evidence; ///< instances read, by series in evidenceSeries (same length)
    std::vector<SeriesUid> evidenceSeries;
    std::vector<ReportReference> predecessors; ///< SR objects this one replaces or adds to

    SeriesUid srSeries;
    InstanceUid srInstance;
    SeriesUid pdfSeries;
    InstanceUid pdfInstance;
    /// Of the SR that holds the reader's measurements (TID 1500); empty: there is none. It goes out with the author's
    /// version; the digest (SHA-256, hex) of its file is signed with the rest of the document.
    SeriesUid measurementSeries;
    InstanceUid measurementInstance;
    QString measurementDigest;
    bool isDemo = false; ///< made with demo users or the demo CA: said in every form

    bool operator==(const ReportDocument&) const = default;
};

/// One doctor's signature: the canonical bytes and the detached CMS over them.
struct SignatureRecord {
    enum class Role { Author, Reviewer };
    Role role = Role::Author;
    QByteArray manifest; ///< canonical JSON: see reporting/manifest.h
    QByteArray cms;      ///< DER, CAdES-BES detached

    bool operator==(const SignatureRecord&) const = default;
};

/// A version with its objects as they go out: Part 10 files, signatures inside.
struct SignedReport {
    ReportDocument document;
    QByteArray srFile;
    QByteArray pdfFile; ///< Encapsulated PDF Storage
    QByteArray pdf;     ///< the PDF itself
    std::vector<SignatureRecord> signatures;
    QByteArray measurementFile{}; ///< Part 10, TID 1500; empty: none goes out with this version
};

[[nodiscard]] QString toText(Positivity positivity); ///< "unstated", "negative", "positive"

/// JSON with every field (pictures as base64); the draft in the database and the content in a manifest. `withPictures`
/// false leaves PNG bytes out and writes their SHA-256 instead.
[[nodiscard]] QJsonObject toJson(const ReportContent& content, bool withPictures = true);
[[nodiscard]] ReportContent reportContentFromJson(const QJsonObject& json);
[[nodiscard]] QJsonObject toJson(const ReportDocument& document, bool withPictures = true);
[[nodiscard]] ReportDocument reportDocumentFromJson(const QJsonObject& json);

} // namespace yz
