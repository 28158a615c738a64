#include "exchange/cda_mapping.h"

namespace yz::exchange {

namespace {

using F = Field;
using T = CdaForm;

// The body's parts are long paths; a short name for each keeps the table readable.
#define YZ_BODY "component/structuredBody/"
#define YZ_DIAGNOSIS YZ_BODY "component[0]/section/"
#define YZ_COMPLAINT YZ_BODY "component[1]/section/"
#define YZ_EXAM YZ_BODY "component[2]/section/"
#define YZ_REPORT YZ_BODY "component[3]/section/"
// An observation with a data element of WS 363 (codeSystem 2.16.156.10011.2.2.1) and its text.
#define YZ_ELEMENT(entry, field, code, name)                                                                           \
    {entry "observation@classCode", field, T::Text, "OBS"}, {entry "observation@moodCode", field, T::Text, "EVN"},     \
        {entry "observation/code@code", field, T::Text, code},                                                         \
        {entry "observation/code@codeSystem", field, T::Text, "2.16.156.10011.2.2.1"},                                 \
        {entry "observation/code@codeSystemName", field, T::Text, "卫生信息数据元目录"},                               \
        {entry "observation/code@displayName", field, T::Text, name},                                                  \
        {entry "observation/statusCode@code", field, T::Text, "completed"},                                            \
        {entry "observation/value@xsi:type", field, T::Text, "ST"}, {                                                  \
        entry "observation/value", field, T::Text, nullptr                                                             \
    }

constexpr CdaRow rows[] = {
    {"realmCode@code", F::Always, T::Text, "CN"},
    {"typeId@root", F::Always, T::Text, "2.16.840.1.113883.1.3"},
    {"typeId@extension", F::Always, T::Text, "POCD_HD000040"},
    {"templateId@root", F::Always, T::Text, "2.16.156.10011.2.1.1.26"},
    {"id@root", F::Always, T::Text, "2.16.156.10011.1.1"},
    {"id@extension", F::SrInstance, T::Text, nullptr},
    {"code@code", F::Always, T::Text, "C0006"},
    {"code@codeSystem", F::Always, T::Text, "2.16.156.10011.2.4"},
    {"code@codeSystemName", F::Always, T::Text, "卫生信息共享文档规范编码体系"},
    {"title", F::Always, T::Text, "检查报告"},
    {"title", F::Demo, T::Text, "检查报告（演示）"},
    {"effectiveTime@value", F::SignedAt, T::Time, nullptr},
    {"confidentialityCode@code", F::Always, T::Text, "N"},
    {"confidentialityCode@codeSystem", F::Always, T::Text, "2.16.840.1.113883.5.25"},
    {"languageCode@code", F::Always, T::Text, "zh-CN"},
    {"setId@root", F::ReportId, T::Text, "2.16.156.10011.1.1"},
    {"setId@extension", F::ReportId, T::Text, nullptr},
    {"versionNumber@value", F::ReportVersion, T::Text, nullptr},

    {"recordTarget@typeCode", F::Always, T::Text, "RCT"},
    {"recordTarget@contextControlCode", F::Always, T::Text, "OP"},
    {"recordTarget/patientRole@classCode", F::Always, T::Text, "PAT"},
    {"recordTarget/patientRole/id[0]@root", F::PatientIdSystem, T::Text, nullptr},
    {"recordTarget/patientRole/id[0]@extension", F::PatientId, T::Text, nullptr},
    {"recordTarget/patientRole/id[0]@assigningAuthorityName", F::PatientIdIssuer, T::Text, nullptr},
    {"recordTarget/patientRole/id[1]@root", F::ReportId, T::Text, "2.16.156.10011.1.32"},
    {"recordTarget/patientRole/id[1]@extension", F::ReportId, T::Text, nullptr},
    {"recordTarget/patientRole/id[2]@root", F::AccessionNumber, T::Text, "2.16.156.10011.1.24"},
    {"recordTarget/patientRole/id[2]@extension", F::AccessionNumber, T::Text, nullptr},
    {"recordTarget/patientRole/patient@classCode", F::Always, T::Text, "PSN"},
    {"recordTarget/patientRole/patient@determinerCode", F::Always, T::Text, "INSTANCE"},
    {"recordTarget/patientRole/patient/name", F::PatientName, T::Text, nullptr},
    {"recordTarget/patientRole/patient/administrativeGenderCode@code", F::Always, T::GbSex, nullptr},
    {"recordTarget/patientRole/patient/administrativeGenderCode@codeSystem", F::Always, T::Text,
     "2.16.156.10011.2.3.3.4"},
    {"recordTarget/patientRole/patient/administrativeGenderCode@codeSystemName", F::Always, T::Text,
     "生理性别代码表(GB/T 2261.1)"},
    {"recordTarget/patientRole/patient/administrativeGenderCode@displayName", F::Always, T::GbSexName, nullptr},
    {"recordTarget/patientRole/patient/birthTime@value", F::PatientBirthDate, T::Day, nullptr},

    {"author@typeCode", F::Always, T::Text, "AUT"},
    {"author@contextControlCode", F::Always, T::Text, "OP"},
    {"author/time@value", F::AuthorSignedAt, T::Time, nullptr},
    {"author/assignedAuthor@classCode", F::Always, T::Text, "ASSIGNED"},
    {"author/assignedAuthor/id@root", F::Always, T::Text, "2.16.156.10011.1.7"},
    {"author/assignedAuthor/id@extension", F::AuthorId, T::Text, nullptr},
    {"author/assignedAuthor/code@displayName", F::Always, T::Text, "报告医师"},
    {"author/assignedAuthor/assignedPerson/name", F::AuthorName, T::Text, nullptr},
    {"author/assignedAuthor/representedOrganization/name", F::DiagnosingHospital, T::Text, nullptr},

    {"custodian@typeCode", F::Always, T::Text, "CST"},
    {"custodian/assignedCustodian@classCode", F::Always, T::Text, "ASSIGNED"},
    {"custodian/assignedCustodian/representedCustodianOrganization@classCode", F::Always, T::Text, "ORG"},
    {"custodian/assignedCustodian/representedCustodianOrganization@determinerCode", F::Always, T::Text, "INSTANCE"},
    {"custodian/assignedCustodian/representedCustodianOrganization/id@root", F::Always, T::Text, "2.16.156.10011.1.5"},
    {"custodian/assignedCustodian/representedCustodianOrganization/id@extension", F::SendingFacility, T::Text, nullptr},
    {"custodian/assignedCustodian/representedCustodianOrganization/name", F::DiagnosingHospital, T::Text, nullptr},

    {"legalAuthenticator/time@value", F::ReviewerSignedAt, T::Time, nullptr},
    {"legalAuthenticator/signatureCode@code", F::ReviewerName, T::Text, "S"},
    {"legalAuthenticator/assignedEntity/id@root", F::ReviewerName, T::Text, "2.16.156.10011.1.7"},
    {"legalAuthenticator/assignedEntity/id@extension", F::ReviewerId, T::Text, nullptr},
    {"legalAuthenticator/assignedEntity/code@displayName", F::ReviewerName, T::Text, "审核医师"},
    {"legalAuthenticator/assignedEntity/assignedPerson/name", F::ReviewerName, T::Text, nullptr},

    {"participant@typeCode", F::RequestingHospital, T::Text, "PRF"},
    {"participant/associatedEntity@classCode", F::RequestingHospital, T::Text, "ASSIGNED"},
    {"participant@typeCode", F::RequestingDepartment, T::Text, "PRF"},
    {"participant/associatedEntity@classCode", F::RequestingDepartment, T::Text, "ASSIGNED"},
    {"participant@typeCode", F::RequestingPhysician, T::Text, "PRF"},
    {"participant/associatedEntity@classCode", F::RequestingPhysician, T::Text, "ASSIGNED"},
    {"participant/associatedEntity/associatedPerson/name", F::RequestingPhysician, T::Text, nullptr},
    {"participant/associatedEntity/scopingOrganization/name", F::RequestingDepartment, T::Text, nullptr},
    {"participant/associatedEntity/scopingOrganization/asOrganizationPartOf/wholeOrganization/name",
     F::RequestingHospital, T::Text, nullptr},

    {"inFulfillmentOf/order/id@root", F::AccessionNumber, T::Text, "2.16.156.10011.1.24"},
    {"inFulfillmentOf/order/id@extension", F::AccessionNumber, T::Text, nullptr},
    {"documentationOf/serviceEvent@classCode", F::StudyUid, T::Text, "ACT"},
    {"documentationOf/serviceEvent/id@root", F::StudyUid, T::Text, nullptr},
    {"documentationOf/serviceEvent/effectiveTime@value", F::ExamTime, T::Time, nullptr},
    {"relatedDocument@typeCode", F::ReplacedSr, T::Text, "RPLC"},
    {"relatedDocument@typeCode", F::AddendedSr, T::Text, "APND"},
    {"relatedDocument/parentDocument/id@root", F::PredecessorSr, T::Text, "2.16.156.10011.1.1"},
    {"relatedDocument/parentDocument/id@extension", F::PredecessorSr, T::Text, nullptr},

    {YZ_DIAGNOSIS "code@code", F::ClinicalDiagnosis, T::Text, "29548-5"},
    {YZ_DIAGNOSIS "code@codeSystem", F::ClinicalDiagnosis, T::Text, "2.16.840.1.113883.6.1"},
    {YZ_DIAGNOSIS "code@codeSystemName", F::ClinicalDiagnosis, T::Text, "LOINC"},
    {YZ_DIAGNOSIS "code@displayName", F::ClinicalDiagnosis, T::Text, "Diagnosis"},
    {YZ_DIAGNOSIS "title", F::ClinicalDiagnosis, T::Text, "临床诊断"},
    {YZ_DIAGNOSIS "text", F::ClinicalDiagnosis, T::Lines, nullptr},

    {YZ_COMPLAINT "code@code", F::History, T::Text, "10154-3"},
    {YZ_COMPLAINT "code@codeSystem", F::History, T::Text, "2.16.840.1.113883.6.1"},
    {YZ_COMPLAINT "code@codeSystemName", F::History, T::Text, "LOINC"},
    {YZ_COMPLAINT "code@displayName", F::History, T::Text, "CHIEF COMPLAINT"},
    {YZ_COMPLAINT "title", F::History, T::Text, "主诉与病史"},
    {YZ_COMPLAINT "text", F::History, T::Lines, nullptr},

    {YZ_EXAM "code@code", F::Always, T::Text, "29545-1"},
    {YZ_EXAM "code@codeSystem", F::Always, T::Text, "2.16.840.1.113883.6.1"},
    {YZ_EXAM "code@codeSystemName", F::Always, T::Text, "LOINC"},
    {YZ_EXAM "code@displayName", F::Always, T::Text, "PHYSICAL EXAMINATION"},
    {YZ_EXAM "title", F::Always, T::Text, "检查项目"},
    {YZ_EXAM "text", F::ExamItem, T::Lines, nullptr},
    YZ_ELEMENT(YZ_EXAM "entry[0]/", F::Technique, "DE02.10.027.00", "检查方法名称"),
    YZ_ELEMENT(YZ_EXAM "entry[1]/", F::Modality, "DE04.30.018.00", "检查类别"),
    YZ_ELEMENT(YZ_EXAM "entry[2]/", F::ExamItem, "DE04.30.019.00", "检查项目代码"),

    {YZ_REPORT "code@displayName", F::Always, T::Text, "检查报告"},
    {YZ_REPORT "title", F::Always, T::Text, "检查报告"},
    {YZ_REPORT "text", F::WholeText, T::Lines, nullptr},
    YZ_ELEMENT(YZ_REPORT "entry[0]/", F::Findings, "DE04.50.131.00", "检查报告结果-客观所见"),
    YZ_ELEMENT(YZ_REPORT "entry[1]/", F::Impression, "DE04.50.132.00", "检查报告结果-主观提示"),
    YZ_ELEMENT(YZ_REPORT "entry[2]/", F::DiagnosingHospital, "DE08.10.013.00", "检查报告机构名称"),
    YZ_ELEMENT(YZ_REPORT "entry[3]/", F::Recommendation, "DE06.00.179.00", "检查报告备注"),
    {YZ_REPORT "entry[4]/observationMedia@classCode", F::Pdf, T::Text, "OBS"},
    {YZ_REPORT "entry[4]/observationMedia@moodCode", F::Pdf, T::Text, "EVN"},
    {YZ_REPORT "entry[4]/observationMedia@ID", F::Pdf, T::Text, "pdf"},
    {YZ_REPORT "entry[4]/observationMedia/value@mediaType", F::Pdf, T::Text, "application/pdf"},
    {YZ_REPORT "entry[4]/observationMedia/value@representation", F::Pdf, T::Text, "B64"},
    {YZ_REPORT "entry[4]/observationMedia/value", F::Pdf, T::Base64, nullptr},
};

#undef YZ_ELEMENT
#undef YZ_REPORT
#undef YZ_EXAM
#undef YZ_COMPLAINT
#undef YZ_DIAGNOSIS
#undef YZ_BODY

} // namespace

std::span<const CdaRow> cdaRows() { return rows; }

} // namespace yz::exchange
