#include "outbox_text.h"

#include "session/message_delivery.h"
#include "uikit/error_text.h"
#include "uikit/theme.h"

#include <QCoreApplication>

namespace yz {

namespace {

using Kind = OutboxItem::Kind;
using State = OutboxItem::State;

struct OutboxText {
    Q_DECLARE_TR_FUNCTIONS(OutboxText)
public:
    static QString what(Kind kind);
    static QString state(State state);
    static QString target(const OutboxItem& item, const MessageDelivery& messages);
    static QString trouble(const Error& error);
    static QString answer(const OutboxItem& item);
};

QString OutboxText::what(Kind kind) {
    switch (kind) {
    case Kind::StoreReport:
        return tr("Report and PDF to the archive");
    case Kind::SetOutput:
        return tr("Report named in the work item");
    case Kind::CompleteTask:
        return tr("Work item completed");
    case Kind::CancelTask:
        return tr("Work item given back");
    case Kind::StoreObjects:
        return tr("Presentation state or key images to the archive");
    case Kind::SendMessage:
        return tr("Report as a message");
    }
    return {};
}

QString OutboxText::state(State state) {
    switch (state) {
    case State::Queued:
        return tr("Waiting");
    case State::Sent:
        return tr("Sent");
    case State::Delivered:
        return tr("Delivered");
    case State::Parked:
        return tr("Refused");
    case State::Withdrawn:
        return tr("Taken back");
    case State::Held:
        return tr("Held back");
    }
    return {};
}

QString OutboxText::target(const OutboxItem& item, const MessageDelivery& messages) {
    if (item.target.isEmpty())
        return tr("Platform");
    const ReportTarget* target = messages.find(item.target);
    if (!target)
        return tr("%1 (no longer set up)").arg(item.target);
    const QString scheme = target->address.scheme();
    const bool isPlain = scheme == QLatin1String("mllp") || scheme == QLatin1String("http");
    return isPlain ? tr("%1 (not encrypted)").arg(target->shownTitle()) : target->shownTitle();
}

QString OutboxText::trouble(const Error& error) {
    switch (error.code) {
    case ErrorCode::PlatformUnreachable:
        return tr("It does not answer; the message is sent again by itself.");
    case ErrorCode::CertificateUntrusted:
        return tr(
            "It and this workstation do not accept each other's certificate or password; nothing was sent. Ask IT "
            "to check the settings and the clock.");
    case ErrorCode::NotAllowed:
        return tr("It is switched off or not set up completely; the message waits. Ask IT to check its address and "
                  "files in the settings.");
    case ErrorCode::InvalidArgument:
        return tr("The report cannot be put into its form: an identifier or its character set is missing. Ask IT to "
                  "check the settings, then try again.");
    case ErrorCode::PeerOutOfResources:
        return tr("It cannot take a message at the moment; it is sent again by itself.");
    case ErrorCode::PeerRefusedObject:
        return tr("It refuses this message, which is not sent again by itself. Call its IT with the answer shown.");
    case ErrorCode::PeerError:
        return tr("It gave no clear answer; the same message is sent again by itself, and it can tell that it is the "
                  "same.");
    case ErrorCode::NetworkTimeout:
        return tr("It did not answer in time; the same message is sent again by itself.");
    default:
        return errorSentence(error);
    }
}

QString OutboxText::answer(const OutboxItem& item) {
    if (item.state == State::Delivered)
        return item.receipt.isEmpty() ? tr("Confirmed") : tr("Receipt: %1").arg(item.receipt);
    if (!item.lastError)
        return {};
    if (item.target.isEmpty())
        return errorSentence(*item.lastError);
    // The detail holds codes and numbers only, which is what the other side's IT asks for.
    const QString sentence = trouble(*item.lastError);
    const bool isAnswer =
        item.lastError->code == ErrorCode::PeerRefusedObject || item.lastError->code == ErrorCode::PeerOutOfResources;
    return isAnswer && !item.lastError->detail.isEmpty() ? tr("%1 [%2]").arg(sentence, item.lastError->detail)
                                                         : sentence;
}

} // namespace

QString outboxWhatText(const OutboxItem& item) { return OutboxText::what(item.kind); }

QString outboxTargetText(const OutboxItem& item, const MessageDelivery& messages) {
    return OutboxText::target(item, messages);
}

QString outboxStateText(OutboxItem::State state) { return OutboxText::state(state); }

QColor outboxStateColour(OutboxItem::State state) {
    switch (state) {
    case State::Delivered:
        return theme().ok;
    case State::Parked:
        return theme().emergency;
    case State::Held:
        return theme().urgent;
    case State::Withdrawn:
        return theme().muted;
    case State::Queued:
    case State::Sent:
        break;
    }
    return theme().text;
}

QString outboxAnswerText(const OutboxItem& item) { return OutboxText::answer(item); }

} // namespace yz
