#pragma once

#include <QByteArray>
#include <QString>
#include <QUrl>
#include <chrono>

namespace yz {

/// How one side of a TLS connection proves itself and whom it believes. Files are PEM.
struct TlsIdentity {
    QString caFile;          ///< the only authorities believed; empty: those of the system
    QString certificateFile; ///< shown to the server, with the key (mutual TLS)
    QByteArray key;          ///< PEM; from the desk's secrets, never in a file of the site

    bool operator==(const TlsIdentity&) const = default;
};

/// A system beside the platform that gets each signed report in a standard's form. Every target has outbox rows and
/// receipts of its own.
struct ReportTarget {
    enum class Form {
        Hl7Oru,      ///< HL7 v2.5.1 ORU^R01: mllp://host:port or mllps://host:port
        FhirBundle,  ///< FHIR R4 transaction bundle: http(s)://host/base
        CdaDocument, ///< CDA R2 by WS/T 500.6: file:///folder or http(s)://host/folder/
    };
    QString id;    ///< stable: written into outbox rows and into message ids
    QString title; ///< for people; empty: the id
    Form form = Form::Hl7Oru;
    QUrl address;
    bool isOn = true;          ///< off: new reports get no row for it; what is in the outbox waits
    bool preliminary = false;  ///< the author's version goes out too, as preliminary
    bool plainAllowed = false; ///< without it an address without TLS that leaves this machine is refused
    TlsIdentity tls;
    QByteArray authorization; ///< the Authorization header ("Bearer ..."); from the desk's secrets, as tls.key
    std::chrono::milliseconds timeout{15000};

    /// MSH-18 of HL7: "UNICODE UTF-8" or "GB 18030-2000".
    QString characterSet = QStringLiteral("UNICODE UTF-8");
    QString sendingApplication = QStringLiteral("YUANZHEN");
    QString sendingFacility; ///< empty: the diagnosing hospital
    QString receivingApplication, receivingFacility;
    /// OBR-25 and OBX-11 of an addendum. Table 0085 and 0123 have no code of their own for it: C replaces what was
    /// sent; some receivers want A.
    QString addendumStatus = QStringLiteral("C");
    /// Who gives patient identifiers: an OID for HL7 and CDA, a URI for FHIR. A patient id without it is not unique in
    /// a region, so FHIR requires it.
    QString patientIdSystem;
    QString orderIdSystem; ///< the same for accession numbers

    bool operator==(const ReportTarget&) const = default;
    /// Names of its secrets.
    [[nodiscard]] QString secretName() const { return QStringLiteral("target/") + id + QStringLiteral("/secret"); }
    [[nodiscard]] QString keyName() const { return QStringLiteral("target/") + id + QStringLiteral("/key"); }
    [[nodiscard]] QString shownTitle() const { return title.isEmpty() ? id : title; }
};

} // namespace yz
