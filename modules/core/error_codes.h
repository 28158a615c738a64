#pragma once

// The one table of error codes. Each line: code. Names are stable (CLI output, audit); the sentence a reader sees is
// made in uikit/error_text. Keep the groups: a code says what happened, not where.
#define YZ_ERROR_CODES(X)                                                                                              \
    /* general */                                                                                                      \
    X(Internal)                                                                                                        \
    X(Cancelled)                                                                                                       \
    X(InvalidArgument)                                                                                                 \
    X(NotFound)                                                                                                        \
    X(AlreadyExists)                                                                                                   \
    X(NotSupported)                                                                                                    \
    X(NotAllowed)                                                                                                      \
    /* disk and database */                                                                                            \
    X(FileNotFound)                                                                                                    \
    X(FileUnreadable)                                                                                                  \
    X(FileUnwritable)                                                                                                  \
    X(DiskFull)                                                                                                        \
    X(DatabaseError)                                                                                                   \
    X(DatabaseBusy)                                                                                                    \
    X(DatabaseCorrupt)                                                                                                 \
    X(DatabaseTooNew)                                                                                                  \
    X(StoreInUse)                                                                                                      \
    /* data sets and pixels */                                                                                         \
    X(NotDicom)                                                                                                        \
    X(DataSetBroken)                                                                                                   \
    X(DataSetTruncated)                                                                                                \
    X(AttributeMissing)                                                                                                \
    X(LimitExceeded)                                                                                                   \
    X(TransferSyntaxNotSupported)                                                                                      \
    X(PixelDataMissing)                                                                                                \
    X(PixelDataBroken)                                                                                                 \
    X(NotAnImage)                                                                                                      \
    X(DecoderUnavailable)                                                                                              \
    X(DecoderFailed)                                                                                                   \
    X(DecoderTimedOut)                                                                                                 \
    X(PatientMismatch)                                                                                                 \
    X(StudyMismatch)                                                                                                   \
    X(StudyIncomplete)                                                                                                 \
    X(VolumeNotPossible)                                                                                               \
    /* network */                                                                                                      \
    X(PlatformUnreachable)                                                                                             \
    X(AssociationRefused)                                                                                              \
    X(CalledAeTitleRefused)                                                                                            \
    X(CallingAeTitleRefused)                                                                                           \
    X(PresentationContextRefused)                                                                                      \
    X(AssociationAborted)                                                                                              \
    X(EventPortTaken)                                                                                                  \
    X(NetworkTimeout)                                                                                                  \
    X(PeerError)                                                                                                       \
    X(PeerOutOfResources)                                                                                              \
    X(PeerRefusedObject)                                                                                               \
    X(CommitmentFailed)                                                                                                \
    /* reading tasks */                                                                                                \
    X(TaskGone)                                                                                                        \
    X(TaskClaimedByOther)                                                                                              \
    X(TaskNotClaimed)                                                                                                  \
    X(TaskWithdrawn)                                                                                                   \
    X(TaskStateForbids)                                                                                                \
    X(RoleForbids)                                                                                                     \
    X(SelfReviewForbidden)                                                                                             \
    X(ReasonRequired)                                                                                                  \
    /* report */                                                                                                       \
    X(TemplateBroken)                                                                                                  \
    X(ReportIncomplete)                                                                                                \
    X(ReportAlreadySigned)                                                                                             \
    X(ReportVersionConflict)                                                                                           \
    X(UndoWindowClosed)                                                                                                \
    /* log-in and signature */                                                                                         \
    X(UserUnknown)                                                                                                     \
    X(PasswordWrong)                                                                                                   \
    X(AccountLocked)                                                                                                   \
    X(AccountDisabled)                                                                                                 \
    X(PasswordTooWeak)                                                                                                 \
    X(KeyUnavailable)                                                                                                  \
    X(KeyDoesNotMatchCertificate)                                                                                      \
    X(CertificateMissing)                                                                                              \
    X(CertificateExpired)                                                                                              \
    X(CertificateNotYetValid)                                                                                          \
    X(CertificateRevoked)                                                                                              \
    X(CertificateUntrusted)                                                                                            \
    X(SignatureInvalid)                                                                                                \
    X(SignatureMissing)                                                                                                \
    X(SignedContentChanged)                                                                                            \
    /* web services and TLS */                                                                                         \
    X(ServerCertificateRefused)                                                                                        \
    X(TlsFailed)                                                                                                       \
    X(CredentialsRefused)                                                                                              \
    X(AccessForbidden)                                                                                                 \
    X(ServerBusy)                                                                                                      \
    X(RequestTooLarge)                                                                                                 \
    X(AnswerCutOff)                                                                                                    \
    X(AnswerUnexpected)
