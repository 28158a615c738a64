#include "uikit/terms.h"

#include <QCoreApplication>
#include <array>
#include <utility>

namespace yz {

namespace {

struct TermText {
    Q_DECLARE_TR_FUNCTIONS(TermText)
};

constexpr std::array<std::pair<const char*, const char*>, 30> kBodyParts{{
    {"HEAD", QT_TRANSLATE_NOOP("TermText", "Head")},
    {"BRAIN", QT_TRANSLATE_NOOP("TermText", "Brain")},
    {"SKULL", QT_TRANSLATE_NOOP("TermText", "Skull")},
    {"ORBIT", QT_TRANSLATE_NOOP("TermText", "Orbit")},
    {"SINUS", QT_TRANSLATE_NOOP("TermText", "Sinuses")},
    {"NECK", QT_TRANSLATE_NOOP("TermText", "Neck")},
    {"THYROID", QT_TRANSLATE_NOOP("TermText", "Thyroid")},
    {"CHEST", QT_TRANSLATE_NOOP("TermText", "Chest")},
    {"LUNG", QT_TRANSLATE_NOOP("TermText", "Lung")},
    {"HEART", QT_TRANSLATE_NOOP("TermText", "Heart")},
    {"BREAST", QT_TRANSLATE_NOOP("TermText", "Breast")},
    {"RIB", QT_TRANSLATE_NOOP("TermText", "Ribs")},
    {"ABDOMEN", QT_TRANSLATE_NOOP("TermText", "Abdomen")},
    {"LIVER", QT_TRANSLATE_NOOP("TermText", "Liver")},
    {"KIDNEY", QT_TRANSLATE_NOOP("TermText", "Kidney")},
    {"PELVIS", QT_TRANSLATE_NOOP("TermText", "Pelvis")},
    {"SPINE", QT_TRANSLATE_NOOP("TermText", "Spine")},
    {"CSPINE", QT_TRANSLATE_NOOP("TermText", "Cervical spine")},
    {"TSPINE", QT_TRANSLATE_NOOP("TermText", "Thoracic spine")},
    {"LSPINE", QT_TRANSLATE_NOOP("TermText", "Lumbar spine")},
    {"SHOULDER", QT_TRANSLATE_NOOP("TermText", "Shoulder")},
    {"ELBOW", QT_TRANSLATE_NOOP("TermText", "Elbow")},
    {"WRIST", QT_TRANSLATE_NOOP("TermText", "Wrist")},
    {"HAND", QT_TRANSLATE_NOOP("TermText", "Hand")},
    {"HIP", QT_TRANSLATE_NOOP("TermText", "Hip")},
    {"KNEE", QT_TRANSLATE_NOOP("TermText", "Knee")},
    {"ANKLE", QT_TRANSLATE_NOOP("TermText", "Ankle")},
    {"FOOT", QT_TRANSLATE_NOOP("TermText", "Foot")},
    {"EXTREMITY", QT_TRANSLATE_NOOP("TermText", "Extremity")},
    {"WHOLEBODY", QT_TRANSLATE_NOOP("TermText", "Whole body")},
}};

} // namespace

QString stateText(ReadingState state) {
    switch (state) {
    case ReadingState::Waiting:
        return TermText::tr("To read");
    case ReadingState::Reading:
        return TermText::tr("Reading");
    case ReadingState::Submitted:
        return TermText::tr("To review");
    case ReadingState::Reviewing:
        return TermText::tr("In review");
    case ReadingState::Returned:
        return TermText::tr("Returned");
    case ReadingState::Approved:
        return TermText::tr("Approved");
    case ReadingState::Published:
        return TermText::tr("Published");
    case ReadingState::Amended:
        return TermText::tr("Amended");
    case ReadingState::Withdrawn:
        return TermText::tr("Withdrawn");
    case ReadingState::Rejected:
        return TermText::tr("Study rejected");
    }
    return {};
}

QString priorityText(Priority priority) {
    switch (priority) {
    case Priority::Routine:
        return TermText::tr("Routine");
    case Priority::Urgent:
        return TermText::tr("Urgent");
    case Priority::Emergency:
        return TermText::tr("Emergency");
    }
    return {};
}

QString kindText(TaskKind kind) {
    switch (kind) {
    case TaskKind::Read:
        return TermText::tr("Diagnosis");
    case TaskKind::Review:
        return TermText::tr("Review");
    case TaskKind::SecondLook:
        return TermText::tr("Second look");
    case TaskKind::Consultation:
        return TermText::tr("Consultation");
    }
    return {};
}

QString roleText(Role role) {
    switch (role) {
    case Role::Reader:
        return TermText::tr("Reporting doctor");
    case Role::Reviewer:
        return TermText::tr("Reviewing doctor");
    case Role::EcgReader:
        return TermText::tr("ECG reader");
    case Role::PathologyReader:
        return TermText::tr("Pathologist");
    case Role::QaSupervisor:
        return TermText::tr("Quality supervisor");
    case Role::Administrator:
        return TermText::tr("Administrator");
    }
    return {};
}

QString bodyPartText(const QString& definedTerm) {
    for (const auto& [term, word] : kBodyParts)
        if (definedTerm == QLatin1String(term))
            return TermText::tr(word);
    return definedTerm;
}

} // namespace yz
