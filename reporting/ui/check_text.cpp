#include "reporting_ui/check_text.h"

#include <QCoreApplication>

namespace yz {

namespace {

QString sideWord(const QString& side) {
    if (side == u"left")
        return QCoreApplication::translate("CheckText", "left");
    if (side == u"right")
        return QCoreApplication::translate("CheckText", "right");
    return QCoreApplication::translate("CheckText", "both sides");
}

QString detailWord(const QString& detail) {
    if (detail == u"name")
        return QCoreApplication::translate("CheckText", "name");
    if (detail == u"sex")
        return QCoreApplication::translate("CheckText", "sex");
    return QCoreApplication::translate("CheckText", "birth date");
}

} // namespace

QString sectionTitle(const QString& key) {
    if (key == u"technique")
        return QCoreApplication::translate("CheckText", "Technique");
    if (key == u"comparison")
        return QCoreApplication::translate("CheckText", "Comparison");
    if (key == u"findings")
        return QCoreApplication::translate("CheckText", "Findings");
    if (key == u"impression")
        return QCoreApplication::translate("CheckText", "Impression");
    if (key == u"recommendation")
        return QCoreApplication::translate("CheckText", "Recommendation");
    if (key == u"title")
        return QCoreApplication::translate("CheckText", "Title");
    if (key == u"positivity")
        return QCoreApplication::translate("CheckText", "Result");
    if (key == u"mutualRecognition")
        return QCoreApplication::translate("CheckText", "Mutual recognition");
    if (key == u"criticalValues")
        return QCoreApplication::translate("CheckText", "Critical values");
    if (key == u"measurements")
        return QCoreApplication::translate("CheckText", "Measurements");
    if (key == u"keyImages")
        return QCoreApplication::translate("CheckText", "Key images");
    return key;
}

QString unitText(const QString& ucum) {
    if (ucum == u"mm2")
        return QStringLiteral("mm²");
    if (ucum == u"[hnsf'U]")
        return QStringLiteral("HU");
    if (ucum == u"{px}")
        return QStringLiteral("px");
    if (ucum == u"deg")
        return QStringLiteral("°");
    return ucum;
}

QString checkSentence(const CheckFinding& finding) {
    const auto parameter = [&](qsizetype index) { return finding.parameters.value(index); };
    switch (finding.code) {
    case CheckCode::FindingsEmpty:
        return QCoreApplication::translate("CheckText", "The findings are empty.");
    case CheckCode::ImpressionEmpty:
        return QCoreApplication::translate("CheckText", "The impression is empty.");
    case CheckCode::WrongPatient:
        return QCoreApplication::translate("CheckText", "The images on screen belong to another patient.");
    case CheckCode::WrongStudy:
        return QCoreApplication::translate("CheckText", "The study on screen is not the one of this report.");
    case CheckCode::AddendumChangesOriginal:
        return QCoreApplication::translate(
                   "CheckText", "An addendum keeps the published text: %1 was changed. Make a correction instead.")
            .arg(sectionTitle(parameter(0)));
    case CheckCode::ImagesNotShown:
        return QCoreApplication::translate("CheckText", "No image of the study was opened.");
    case CheckCode::ImagesUnseen:
        return QCoreApplication::translate("CheckText", "Not every image of the study was on the screen.");
    case CheckCode::PatientDetailDiffers:
        return QCoreApplication::translate("CheckText", "Order and images differ in the patient's %1.")
            .arg(detailWord(parameter(0)));
    case CheckCode::PositivityUnstated:
        return QCoreApplication::translate("CheckText", "Neither positive nor negative is chosen.");
    case CheckCode::SideMismatch:
        return QCoreApplication::translate("CheckText", "Side: the findings say %1, the impression says %2. %3")
            .arg(sideWord(parameter(1)), sideWord(parameter(2)), parameter(0));
    case CheckCode::SexOrganMismatch:
        return QCoreApplication::translate("CheckText", "\"%1\" does not fit the patient's sex.").arg(parameter(0));
    case CheckCode::MeasurementImplausible:
        return QCoreApplication::translate("CheckText", "\"%1\" is an unlikely size: check number and unit.")
            .arg(parameter(0));
    case CheckCode::MeasurementUnitUnknown:
        return QCoreApplication::translate("CheckText", "\"%1\" has no unit.").arg(parameter(0));
    case CheckCode::MeasurementDeleted:
        return QCoreApplication::translate("CheckText",
                                           "The measurement %1 (%2) is cited but was deleted in the viewer.")
            .arg(parameter(0), parameter(1));
    case CheckCode::MeasurementDiffers:
        return QCoreApplication::translate("CheckText", "%1 was measured as %2 but is written as %3.")
            .arg(parameter(0), parameter(1), parameter(2));
    case CheckCode::NegativeButFindings:
        return QCoreApplication::translate("CheckText", "Marked negative, but the impression names \"%1\".")
            .arg(parameter(0));
    case CheckCode::PositiveButNormal:
        return QCoreApplication::translate("CheckText", "Marked positive, but the impression only says \"%1\".")
            .arg(parameter(0));
    case CheckCode::PlaceholderLeft:
        return QCoreApplication::translate("CheckText", "%1: \"%2\" is still to be filled in.")
            .arg(sectionTitle(parameter(0)), parameter(1));
    case CheckCode::CriticalWithoutRecord:
        return QCoreApplication::translate("CheckText",
                                           "\"%1\" is a critical finding without a record of who was told.")
            .arg(parameter(0));
    case CheckCode::CriticalRecordOpen:
        return QCoreApplication::translate(
                   "CheckText", "Critical value \"%1\": who was told, when, and the read-back are not complete.")
            .arg(parameter(0));
    }
    return {};
}

} // namespace yz
