#include "embedded_platform/order_matching.h"

#include "domain/reading_task.h"

#include <dcmtk/dcmdata/dcuid.h>

#include <QStringList>
#include <algorithm>

namespace yz::platform {

namespace {

constexpr qsizetype kLongString = 64; ///< LO, PS3.5 6.2

/// One requested procedure; its scheduled steps are answers of their own and say the same.
struct Candidate {
    QJsonObject patient;
    QString studyUid, accession, procedureId;
    QString modality;
    QDate scheduled;
    Priority priority = Priority::Routine;
    QString item, hospital, department, physician, diagnosis, history;

    [[nodiscard]] bool isSameOrder(const Candidate& other) const {
        return studyUid == other.studyUid && accession == other.accession && procedureId == other.procedureId;
    }
};

enum class Tie { None, Patient, Accession, Study };

QString value(const QJsonObject& attributes, const char* tag) {
    return attributes[QLatin1String(tag)].toString().trimmed();
}

QString plain(DcmItem& item, const DcmTagKey& tag) { return textOf(item, tag).trimmed(); }

QDate dateOf(const QString& text) { return QDate::fromString(text.left(8), QStringLiteral("yyyyMMdd")); }

/// Requested Procedure Priority (0040,1003): STAT, HIGH, ROUTINE, MEDIUM, LOW.
Priority priorityOf(const QString& term) {
    if (term == u"STAT")
        return Priority::Emergency;
    return term == u"HIGH" ? Priority::Urgent : Priority::Routine;
}

QString firstOf(const QString& first, const QString& second) { return first.isEmpty() ? second : first; }

Candidate candidateOf(DcmDataset& answer) {
    Candidate found;
    for (const auto& [name, tag] : {std::pair("00100020", DCM_PatientID), std::pair("00100021", DCM_IssuerOfPatientID),
                                    std::pair("00100030", DCM_PatientBirthDate), std::pair("00100040", DCM_PatientSex)})
        found.patient.insert(QLatin1String(name), plain(answer, tag));
    found.studyUid = plain(answer, DCM_StudyInstanceUID);
    found.accession = plain(answer, DCM_AccessionNumber);
    found.procedureId = plain(answer, DCM_RequestedProcedureID);
    found.priority = priorityOf(plain(answer, DCM_RequestedProcedurePriority));
    found.hospital = plain(answer, DCM_InstitutionName);
    found.department = plain(answer, DCM_RequestingService);
    const QString physician =
        firstOf(plain(answer, DCM_RequestingPhysician), plain(answer, DCM_ReferringPhysicianName));
    found.physician = PersonName::fromDicom(physician).display();
    found.diagnosis =
        firstOf(plain(answer, DCM_AdmittingDiagnosesDescription), plain(answer, DCM_ReasonForTheRequestedProcedure));
    found.history = plain(answer, DCM_AdditionalPatientHistory);
    found.item = plain(answer, DCM_RequestedProcedureDescription);
    if (DcmItem* step = itemOf(answer, DCM_ScheduledProcedureStepSequence)) {
        found.modality = plain(*step, DCM_Modality);
        found.scheduled = dateOf(plain(*step, DCM_ScheduledProcedureStepStartDate));
        found.item = firstOf(found.item, plain(*step, DCM_ScheduledProcedureStepDescription));
    }
    return found;
}

Tie tieOf(const ArchivedStudy& study, const Candidate& order) {
    const QString accession = value(study.attributes, "00080050");
    if (order.studyUid == study.studyUid)
        return Tie::Study;
    if (!accession.isEmpty())
        return order.accession == accession ? Tie::Accession : Tie::None;
    const QDate date = dateOf(value(study.attributes, "00080020"));
    const bool isNear = date.isValid() && order.scheduled.isValid() && qAbs(date.daysTo(order.scheduled)) <= 1;
    return isNear && study.modalities.contains(order.modality) ? Tie::Patient : Tie::None;
}

bool isDoneElsewhere(const Candidate& order, const std::vector<ArchivedStudy>& others) {
    return std::any_of(others.begin(), others.end(), [&](const ArchivedStudy& other) {
        return other.studyUid == order.studyUid ||
               (!order.accession.isEmpty() && value(other.attributes, "00080050") == order.accession);
    });
}

/// Different texts one after the other, within what the attribute holds.
QString together(const std::vector<Candidate>& orders, QString Candidate::*field, qsizetype most) {
    QStringList texts;
    for (const Candidate& order : orders)
        if (const QString& text = order.*field; !text.isEmpty() && !texts.contains(text))
            texts.append(text);
    const QString joined = texts.join(QStringLiteral("; "));
    return joined.size() > most ? QString(joined.left(most - 1) + QChar(0x2026)) : joined;
}

/// Empty when they do not agree.
QString agreed(const std::vector<Candidate>& orders, QString Candidate::*field) {
    QString found;
    for (const Candidate& order : orders) {
        const QString& text = order.*field;
        if (!text.isEmpty() && !found.isEmpty() && text != found)
            return {};
        found = firstOf(found, text);
    }
    return found;
}

QJsonObject orderOf(const ArchivedStudy& study, const std::vector<Candidate>& orders) {
    Priority priority = Priority::Routine;
    for (const Candidate& order : orders)
        priority = std::max(priority, order.priority);
    QJsonObject order;
    const auto put = [&](const char* key, const QString& text) {
        if (!text.isEmpty())
            order.insert(QLatin1String(key), text);
    };
    put("priority", priorityName(priority));
    put("item", together(orders, &Candidate::item, kLongString));
    put("clinicalDiagnosis", together(orders, &Candidate::diagnosis, kLongString));
    put("history", together(orders, &Candidate::history, 10240));
    put("requestingHospital", agreed(orders, &Candidate::hospital));
    put("requestingDepartment", agreed(orders, &Candidate::department));
    put("requestingPhysician", agreed(orders, &Candidate::physician));
    if (value(study.attributes, "00080050").isEmpty())
        put("accessionNumber", agreed(orders, &Candidate::accession));
    return order;
}

} // namespace

bool isPlainKey(const QString& text) {
    return !text.isEmpty() && !text.contains(u'*') && !text.contains(u'?') && !text.contains(u'\\');
}

DataSetPtr orderKeys(const QString& patientId) {
    if (!isPlainKey(patientId))
        return nullptr;
    auto keys = std::make_unique<DcmDataset>();
    putText(*keys, DCM_SpecificCharacterSet, QStringLiteral("ISO_IR 192"));
    for (const DcmTagKey& tag :
         {DCM_AccessionNumber, DCM_InstitutionName, DCM_ReferringPhysicianName, DCM_AdmittingDiagnosesDescription,
          DCM_PatientName, DCM_IssuerOfPatientID, DCM_PatientBirthDate, DCM_PatientSex, DCM_AdditionalPatientHistory,
          DCM_StudyInstanceUID, DCM_RequestingPhysician, DCM_RequestingService, DCM_RequestedProcedureDescription,
          DCM_RequestedProcedureID, DCM_ReasonForTheRequestedProcedure, DCM_RequestedProcedurePriority})
        keys->insertEmptyElement(tag);
    putText(*keys, DCM_PatientID, patientId);
    DcmItem& step = addItem(*keys, DCM_ScheduledProcedureStepSequence);
    for (const DcmTagKey& tag : {DCM_Modality, DCM_ScheduledProcedureStepStartDate, DCM_ScheduledProcedureStepStartTime,
                                 DCM_ScheduledProcedureStepDescription, DCM_ScheduledProcedureStepID})
        step.insertEmptyElement(tag);
    return keys;
}

bool isSamePatient(const QJsonObject& one, const QJsonObject& other) {
    if (value(one, "00100020").isEmpty() || value(one, "00100020") != value(other, "00100020"))
        return false;
    for (const char* tag : {"00100021", "00100030", "00100040"}) {
        const QString left = value(one, tag);
        const QString right = value(other, tag);
        const bool isUnknown = left.isEmpty() || right.isEmpty() || left == u"O" || right == u"O"; // sex: neither says
        if (!isUnknown && left != right)
            return false;
    }
    return true;
}

JoinedOrder joinOrder(const ArchivedStudy& study, const std::vector<DataSetPtr>& answers,
                      const std::vector<ArchivedStudy>& others) {
    JoinedOrder joined;
    Tie best = Tie::None;
    std::vector<Candidate> orders;
    for (const DataSetPtr& answer : answers) {
        const Candidate order = candidateOf(*answer);
        const Tie tie = tieOf(study, order);
        if (tie == Tie::None)
            continue;
        if (!isSamePatient(study.attributes, order.patient)) {
            joined.otherPatients += tie == Tie::Patient ? 0 : 1;
            continue;
        }
        if (tie < best || (tie == Tie::Patient && isDoneElsewhere(order, others)))
            continue;
        if (tie > best)
            orders.clear();
        best = tie;
        orders.push_back(order);
    }
    const auto isAnother = [&](const Candidate& order) { return !order.isSameOrder(orders.front()); };
    if (best == Tie::Patient && std::any_of(orders.begin(), orders.end(), isAnother)) {
        joined.isUnclear = true;
        return joined;
    }
    if (!orders.empty())
        joined.order = orderOf(study, orders);
    return joined;
}

} // namespace yz::platform
