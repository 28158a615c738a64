#include "uikit/error_text.h"

#include <QCoreApplication>

namespace yz {

namespace {

struct ErrorText {
    Q_DECLARE_TR_FUNCTIONS(ErrorText)
public:
    static QString of(ErrorCode code);
};

QString ErrorText::of(ErrorCode code) {
    switch (code) {
    case ErrorCode::Internal:
        return tr(
            "The program met a condition it was not made for; what you wrote is kept. Repeat the step, and tell IT "
            "if it happens again.");
    case ErrorCode::Cancelled:
        return tr("The step was cancelled; nothing was changed.");
    case ErrorCode::InvalidArgument:
        return tr("A value given is not valid; nothing was changed. Correct it and try again.");
    case ErrorCode::NotFound:
        return tr("It is not on this workstation. Refresh the list, or fetch it from the platform again.");
    case ErrorCode::AlreadyExists:
        return tr("It exists already and was left as it is. Choose another name or open the existing one.");
    case ErrorCode::NotSupported:
        return tr(
            "This workstation does not support it; the data is unchanged. Ask IT whether another workstation does.");
    case ErrorCode::NotAllowed:
        return tr("You are not permitted to do this; nothing was changed. Ask a person with the right role.");
    case ErrorCode::FileNotFound:
        return tr("A file is missing on this workstation; the platform still has the study. Fetch the study again.");
    case ErrorCode::FileUnreadable:
        return tr(
            "A file cannot be read from the disk; the platform still has the study. Fetch it again, and tell IT if "
            "it happens again.");
    case ErrorCode::FileUnwritable:
        return tr(
            "A file cannot be written to the disk; what was saved before is safe. Ask IT to check the permissions "
            "of the data folder.");
    case ErrorCode::DiskFull:
        return tr(
            "The disk is full; what was saved before is safe, new work is not being saved. Free disk space before "
            "you go on.");
    case ErrorCode::DatabaseError:
        return tr("The local database refused the step; what was saved before is safe. Try again, and tell IT if it "
                  "happens again.");
    case ErrorCode::DatabaseBusy:
        return tr("The local database is busy; nothing was changed. Try again in a moment.");
    case ErrorCode::DatabaseCorrupt:
        return tr(
            "The local database is damaged; signed reports already delivered are safe on the platform. Stop working "
            "at this workstation and call IT.");
    case ErrorCode::DatabaseTooNew:
        return tr(
            "The local database was written by a newer version of this program and was not touched. Start the newer "
            "version.");
    case ErrorCode::StoreInUse:
        return tr(
            "Another copy of the program is using the data of this workstation; nothing was changed. Go on in that "
            "window or close it first.");
    case ErrorCode::NotDicom:
        return tr(
            "A received file is not a DICOM file and was set aside; the other images can be read. Ask the sending "
            "hospital to send it again.");
    case ErrorCode::DataSetBroken:
        return tr(
            "A received image is damaged and was set aside; the other images can be read. Ask the sending hospital "
            "to send it again.");
    case ErrorCode::DataSetTruncated:
        return tr("A received image ends too early and was set aside; the other images can be read. Fetch the study "
                  "again.");
    case ErrorCode::AttributeMissing:
        return tr(
            "An image lacks data that is needed here; it can still be viewed as far as its data goes. Do not rely on "
            "measurements in it.");
    case ErrorCode::LimitExceeded:
        return tr(
            "A received object is larger or deeper than is safe to open and was set aside; the other images can be "
            "read. Ask IT to look at it.");
    case ErrorCode::TransferSyntaxNotSupported:
        return tr(
            "The image is compressed in a way this workstation cannot decode; it is kept unchanged. Ask the sending "
            "hospital for another compression.");
    case ErrorCode::PixelDataMissing:
        return tr(
            "The object holds no pixels; the rest of the study can be read. Ask the sending hospital if you expect "
            "an image here.");
    case ErrorCode::PixelDataBroken:
        return tr("The pixels of an image cannot be decoded and are not shown; the other images can be read. Fetch the "
                  "study again.");
    case ErrorCode::NotAnImage:
        return tr("The object is not an image and cannot be shown in a viewport; the rest of the study can be read.");
    case ErrorCode::DecoderUnavailable:
        return tr("The program part that decodes images cannot be started; nothing was changed, and no image can be "
                  "opened. Ask IT to repair the installation.");
    case ErrorCode::DecoderFailed:
        return tr("An object broke the program part that decodes images, and it was started anew; the other images can "
                  "be read. Do not rely on this object, and ask IT to look at it.");
    case ErrorCode::DecoderTimedOut:
        return tr("An image took longer to decode than is allowed and is not shown; the other images can be read. Ask "
                  "IT to look at it.");
    case ErrorCode::PatientMismatch:
        return tr("The images carry another patient than the order; they are held back. Clear the identity with the "
                  "sending hospital before reading.");
    case ErrorCode::StudyMismatch:
        return tr(
            "An object belongs to another study than the one opened and was set aside. Check the accession number "
            "with the sending hospital.");
    case ErrorCode::StudyIncomplete:
        return tr(
            "Images of the study are still missing; those here can be viewed. Wait for the rest or fetch the study "
            "again before you sign.");
    case ErrorCode::VolumeNotPossible:
        return tr("The slices do not form an even volume, so there is no MPR; they can be read one by one.");
    case ErrorCode::PlatformUnreachable:
        return tr(
            "The platform does not answer; what you write is saved here and sent later. Go on reading, and tell IT "
            "if it lasts.");
    case ErrorCode::AssociationRefused:
        return tr(
            "The platform refused the connection; what you write is saved here and sent later. Tell IT if it lasts.");
    case ErrorCode::CalledAeTitleRefused:
        return tr("The platform does not know the name (AE title) it was called by; your work is safe here. Ask IT to "
                  "correct the platform's AE title in the settings.");
    case ErrorCode::CallingAeTitleRefused:
        return tr("The platform does not know this workstation's name (AE title); your work is safe here. Ask IT to "
                  "register this workstation with the platform.");
    case ErrorCode::PresentationContextRefused:
        return tr(
            "The platform does not offer the service that was asked for; your work is safe here. Ask IT to compare "
            "the settings with the platform.");
    case ErrorCode::AssociationAborted:
        return tr("The platform broke off the connection; nothing is lost and it is tried again by itself.");
    case ErrorCode::NetworkTimeout:
        return tr(
            "The platform did not answer in time; whether it acted is not known yet, and this is settled by itself "
            "when it answers again.");
    case ErrorCode::EventPortTaken:
        return tr(
            "Another program on this workstation uses the port on which the platform reports changes; nothing was "
            "changed. Close the other desk, or ask IT to set another event port.");
    case ErrorCode::PeerError:
        return tr(
            "The platform reported an error of its own; your work is safe here. Try again, and tell IT if it happens "
            "again.");
    case ErrorCode::PeerOutOfResources:
        return tr(
            "The platform has no room at the moment; the report stays in the outbox and is sent again by itself.");
    case ErrorCode::PeerRefusedObject:
        return tr("The platform refused an object of the report; it stays in the outbox. Open the outbox and call IT.");
    case ErrorCode::CommitmentFailed:
        return tr("The platform did not confirm that it keeps the report; it stays in the outbox and is sent again by "
                  "itself.");
    case ErrorCode::ServerCertificateRefused:
        return tr(
            "The platform's certificate is not one this workstation trusts; nothing was sent. Ask IT to check the "
            "certificate and the clock of this workstation.");
    case ErrorCode::TlsFailed:
        return tr("No encrypted connection to the platform could be made; nothing was sent, and it is tried again by "
                  "itself. Ask IT to check the certificates of both sides.");
    case ErrorCode::CredentialsRefused:
        return tr("The platform refused the password or token of this workstation; your work is safe here. Ask IT to "
                  "enter a valid one in the settings.");
    case ErrorCode::AccessForbidden:
        return tr("The platform does not permit this workstation what it asked for; your work is safe here. Ask IT to "
                  "have the right granted.");
    case ErrorCode::ServerBusy:
        return tr("The platform has too much to do at the moment; it is asked again by itself after a pause.");
    case ErrorCode::RequestTooLarge:
        return tr("The platform does not take an object of this size; it stays in the outbox. Ask IT to raise the "
                  "platform's limit.");
    case ErrorCode::AnswerCutOff:
        return tr("The platform's answer ended before it was complete; what arrived whole is kept, and the rest is "
                  "fetched again.");
    case ErrorCode::AnswerUnexpected:
        return tr("The platform's answer was not of the kind that was asked for; nothing of it was used. Ask IT to "
                  "check the platform's address in the settings.");
    case ErrorCode::TaskGone:
        return tr("The task is no longer on the platform; a draft of yours is kept. Refresh the list.");
    case ErrorCode::TaskClaimedByOther:
        return tr(
            "Another reader holds this task; nothing was changed. Choose another task or ask the holder to release "
            "it.");
    case ErrorCode::TaskNotClaimed:
        return tr("The task is not claimed by you; your text is kept as a draft. Claim the task first.");
    case ErrorCode::TaskWithdrawn:
        return tr("The sending hospital or the platform withdrew this task; your draft is kept. Refresh the list.");
    case ErrorCode::TaskStateForbids:
        return tr(
            "The task is in a state that does not allow this step; nothing was changed. Refresh the list to see its "
            "state.");
    case ErrorCode::RoleForbids:
        return tr("Your role does not allow this step; nothing was changed. Log in as a user who has the role.");
    case ErrorCode::SelfReviewForbidden:
        return tr("You wrote this report, so another doctor must review it; nothing was changed.");
    case ErrorCode::ReasonRequired:
        return tr("This step needs a reason; nothing was changed. Enter the reason and repeat the step.");
    case ErrorCode::TemplateBroken:
        return tr("The report template cannot be read; your text is kept. Choose another template and tell IT.");
    case ErrorCode::ReportIncomplete:
        return tr("The report is not complete, so it was not signed; the draft is saved. Fill in what is marked.");
    case ErrorCode::ReportAlreadySigned:
        return tr("This report is signed and cannot be changed. Write an addendum or a correction.");
    case ErrorCode::ReportVersionConflict:
        return tr(
            "A newer version of the report has arrived; your draft is kept beside it. Compare the two before you go "
            "on.");
    case ErrorCode::UndoWindowClosed:
        return tr("The time to take back the approval is over and the report has been sent. Write an addendum or a "
                  "correction.");
    case ErrorCode::UserUnknown:
        return tr("There is no user of this name at this workstation. Check the spelling or ask the administrator.");
    case ErrorCode::PasswordWrong:
        return tr("The password or PIN is wrong; nothing was changed. Check Caps Lock and try again.");
    case ErrorCode::AccountLocked:
        return tr("Too many wrong passwords: the account is locked for a while. Wait, or ask the administrator.");
    case ErrorCode::AccountDisabled:
        return tr("This account is switched off. Ask the administrator.");
    case ErrorCode::PasswordTooWeak:
        return tr(
            "The password is too easy to guess; the old one still holds. Choose a longer one with several kinds of "
            "characters.");
    case ErrorCode::KeyUnavailable:
        return tr(
            "The key this step needs cannot be reached: your signing key, or the key of this workstation's images. "
            "Nothing is signed, drafts are saved. Plug in your key or ask the administrator.");
    case ErrorCode::KeyDoesNotMatchCertificate:
        return tr(
            "The signing key does not belong to your certificate; the report is not signed and the draft is saved. "
            "Ask the administrator.");
    case ErrorCode::CertificateMissing:
        return tr(
            "You have no signing certificate at this workstation; the report is not signed and the draft is saved. "
            "Ask the administrator.");
    case ErrorCode::CertificateExpired:
        return tr(
            "Your signing certificate has expired; the report is not signed and the draft is saved. Have it renewed "
            "by the certificate authority.");
    case ErrorCode::CertificateNotYetValid:
        return tr(
            "Your signing certificate is not valid yet; the report is not signed and the draft is saved. Check the "
            "clock of this workstation.");
    case ErrorCode::CertificateRevoked:
        return tr("Your signing certificate has been revoked; the report is not signed and the draft is saved. Ask the "
                  "certificate authority.");
    case ErrorCode::CertificateUntrusted:
        return tr("The certificate does not chain to a trusted authority; the signature is not accepted. Ask the "
                  "administrator to check the trusted certificates.");
    case ErrorCode::SignatureInvalid:
        return tr(
            "A signature of the report does not verify; do not rely on this report. Fetch it again and call IT if "
            "it stays so.");
    case ErrorCode::SignatureMissing:
        return tr(
            "The report lacks a signature it must have; do not rely on it. Ask the author or the reviewer to sign.");
    case ErrorCode::SignedContentChanged:
        return tr(
            "The report was changed after it was signed; do not rely on it. Fetch the original from the platform.");
    }
    return {};
}

} // namespace

QString errorSentence(ErrorCode code) { return ErrorText::of(code); }

QString errorSentence(const Error& error) { return ErrorText::of(error.code); }

} // namespace yz
