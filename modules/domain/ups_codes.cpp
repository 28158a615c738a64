#include "domain/ups_codes.h"

namespace yz::ups {

QString workitemCode(TaskKind kind) {
    switch (kind) {
    case TaskKind::Read:
        return QLatin1String(kCodeRead);
    case TaskKind::Review:
        return QLatin1String(kCodeReview);
    case TaskKind::SecondLook:
        return QLatin1String(kCodeSecondLook);
    case TaskKind::Consultation:
        return QLatin1String(kCodeConsult);
    }
    return {};
}

QString workitemMeaning(TaskKind kind) {
    switch (kind) {
    case TaskKind::Read:
        return QStringLiteral("Interpretation");
    case TaskKind::Review:
        return QStringLiteral("Report Verification");
    case TaskKind::SecondLook:
        return QStringLiteral("Second Look");
    case TaskKind::Consultation:
        return QStringLiteral("Consultation");
    }
    return {};
}

bool kindFromWorkitemCode(const QString& scheme, const QString& value, TaskKind& kind) {
    if (scheme == QLatin1String(kCodingScheme)) {
        for (const TaskKind known : {TaskKind::Read, TaskKind::Review, TaskKind::SecondLook, TaskKind::Consultation})
            if (value == workitemCode(known)) {
                kind = known;
                return true;
            }
        return false;
    }
    if (scheme != QLatin1String("DCM") || (value != QLatin1String("110005") && value != QLatin1String("110007")))
        return false;
    kind = value == QLatin1String("110005") ? TaskKind::Read : TaskKind::Review;
    return true;
}

QString priorityTerm(Priority priority) {
    switch (priority) {
    case Priority::Emergency:
        return QStringLiteral("HIGH");
    case Priority::Urgent:
        return QStringLiteral("MEDIUM");
    case Priority::Routine:
        break;
    }
    return QStringLiteral("LOW");
}

Priority priorityFromTerm(const QString& term) {
    if (term == QLatin1String("HIGH"))
        return Priority::Emergency;
    return term == QLatin1String("MEDIUM") ? Priority::Urgent : Priority::Routine;
}

bool isReportClass(const SopClassUid& sopClass) {
    return sopClass.value().startsWith(QLatin1String("1.2.840.10008.5.1.4.1.1.88.")) ||
           sopClass.value().startsWith(QLatin1String("1.2.840.10008.5.1.4.1.1.104."));
}

} // namespace yz::ups
