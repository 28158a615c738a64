#include "session/demo_site.h"
#include "signed_reports.h"

#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <map>

using namespace yz;
using namespace yz::test;

/// What verifyOffline says about a delivered report, and about everything that is not one.
class VerifyTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void acceptsADeliveredReport();
    void acceptsTheAuthorsVersion();
    void acceptsTheStructuredReportAlone();
    void anArchiveMayPutItsNameInFront();
    void everyByteOfTheStructuredReport();
    void everyByteOfThePdfObject_data();
    void everyByteOfThePdfObject();
    void changesUnderAFreshDigest();
    void signaturesUnderAFreshDigest();
    void otherLengths();
    void pdfOfAnotherReport();
    void pdfOfAnotherVersion();
    void signaturesTakenOut();
    void reviewersSignatureTakenOut();
    void anotherTrustFolder();
    void noTrustFolder();

private:
    [[nodiscard]] VerificationReport verified(const QByteArray& sr, const QByteArray& pdf) const {
        return verifyOffline(m_home, sr, pdf, m_decoder);
    }
    QTemporaryDir m_folder;
    QString m_home;
    const std::shared_ptr<dicom::WorkerPool> m_decoder = launchDecoder();
    SystemClock m_clock;
    RandomUidSource m_uids;
    std::unique_ptr<DeskServices> m_desk;
    SignedReport m_submitted;
    SignedReport m_report; ///< approved
    SignedReport m_other;  ///< approved, of another study
};

namespace {

constexpr int kMask = 0x01;
constexpr int kParts = 8; // a test function has five minutes, also on a busy machine
constexpr qsizetype kDigestBytes = 32;

bool says(const VerificationReport& report, VerificationCode code) {
    return !report.ok && std::any_of(report.problems.begin(), report.problems.end(),
                                     [&](const VerificationProblem& problem) { return problem.code == code; });
}

QByteArray problemsOf(const VerificationReport& report) {
    QStringList codes;
    for (const VerificationProblem& problem : report.problems)
        codes.append(verificationCodeName(problem.code) + u' ' + problem.detail);
    return codes.join(QStringLiteral("; ")).toUtf8();
}

QByteArray flipped(QByteArray bytes, qsizetype at) {
    bytes[at] = static_cast<char>(bytes[at] ^ kMask);
    return bytes;
}

const QByteArray kOurUid = "2.25.276190613406254711190733414420894377461"; // Implementation Class UID, (0002,0012)

/// Whether a byte belongs to the name of the program that wrote the file: an archive puts its own there.
bool isWritersName(const QByteArray& file, qsizetype at) {
    const qsizetype first = file.indexOf(kOurUid);
    return first >= 0 && at >= first && at < first + kOurUid.size();
}

/// The file as an archive gives it that received the object by C-STORE: under file meta information of its own.
QByteArray fromAnArchive(const QByteArray& file) {
    QByteArray archived = file;
    const qsizetype name = archived.indexOf(kOurUid);
    const QByteArray theirs = "1.2.276.0.7230010.3.0.3.6.7";
    // Shorter than ours: value, its length and that of the group change; so does the version name's text.
    const QByteArray value = QByteArray(1, static_cast<char>(theirs.size() + 1)) + '\0' + theirs + '\0';
    archived.replace(name - 2, 2 + kOurUid.size() + (kOurUid.size() % 2), value);
    archived.replace("YUANZHEN_1", "ARCHIVE_10");
    const auto groupLength =
        static_cast<char>(archived[140] - (kOurUid.size() + kOurUid.size() % 2) + theirs.size() + 1);
    archived[140] = groupLength;
    return archived;
}

/// The file with its closing digest made anew, as one who wants to deceive would do.
QByteArray withFreshDigest(QByteArray file) {
    file.chop(kDigestBytes);
    file.append(QCryptographicHash::hash(file, QCryptographicHash::Sha256));
    return file;
}

/// The real verifier, asked once for each pair of bytes and signature: while one byte of the PDF object changes, the
/// signatures in the structured report are the same thousands of times.
class RememberingVerifier final : public SignatureVerifier {
public:
    explicit RememberingVerifier(SignatureVerifier& real) : m_real(real) {}
    SignatureVerdict verify(const QByteArray& bytes, const QByteArray& cms) override {
        const auto key = std::pair(bytes, cms);
        const auto it = m_verdicts.find(key);
        return it != m_verdicts.end() ? it->second : m_verdicts.emplace(key, m_real.verify(bytes, cms)).first->second;
    }
    QByteArray digest(const QByteArray& bytes) override { return m_real.digest(bytes); }

private:
    SignatureVerifier& m_real;
    std::map<std::pair<QByteArray, QByteArray>, SignatureVerdict> m_verdicts;
};

/// The real encoder; one file, given at first, is opened once.
class RememberingEncoder final : public ReportEncoder {
public:
    RememberingEncoder(ReportEncoder& real, QByteArray known)
        : m_real(real), m_known(std::move(known)), m_opened(real.open(m_known)) {}
    Result<QByteArray> encodeStructuredReport(const ReportDocument& document) override {
        return m_real.encodeStructuredReport(document);
    }
    Result<QByteArray> encodeEncapsulatedPdf(const ReportDocument& document, const QByteArray& pdf) override {
        return m_real.encodeEncapsulatedPdf(document, pdf);
    }
    Result<QByteArray> attachSignatures(const QByteArray& canonical,
                                        const std::vector<SignatureRecord>& signatures) override {
        return m_real.attachSignatures(canonical, signatures);
    }
    Result<OpenedReportFile> open(const QByteArray& file) override {
        return file == m_known ? m_opened : m_real.open(file);
    }

private:
    ReportEncoder& m_real;
    QByteArray m_known;
    Result<OpenedReportFile> m_opened;
};

} // namespace

void VerifyTest::initTestCase() {
    m_home = m_folder.filePath(QStringLiteral("desk"));
    Site site;
    site.isDemo = true;
    site.eventPort = 0;
    site.undoWindow = std::chrono::seconds(0);
    const Status made = makeDemoDesk(m_home, site);
    QVERIFY2(made, made ? "" : qPrintable(made.error().toString()));
    auto opened = DeskServices::open({m_home, site, false}, m_clock, m_uids);
    QVERIFY(opened);
    m_desk = std::move(*opened);
    for (SignedReport* target : {&m_report, &m_other}) {
        const Result<SignedReport> submitted =
            submitPlain(*m_desk, target == &m_report ? QStringLiteral("2.25.88101") : QStringLiteral("2.25.88102"));
        QVERIFY2(submitted, submitted ? "" : qPrintable(submitted.error().toString()));
        const Result<SignedReport> approved = approvePlain(*m_desk, *submitted);
        QVERIFY2(approved, approved ? "" : qPrintable(approved.error().toString()));
        *target = *approved;
        if (target == &m_report)
            m_submitted = *submitted;
    }
}

void VerifyTest::acceptsADeliveredReport() {
    const VerificationReport report = verified(m_report.srFile, m_report.pdfFile);
    QVERIFY2(report.ok, problemsOf(report));
    QVERIFY(report.pdfChecked);
    QVERIFY(!report.selfReviewed);
    QVERIFY(report.problems.empty());
    QCOMPARE(report.signatures.size(), size_t(2));
    QCOMPARE(report.signatures[0].role, SignatureRecord::Role::Author);
    QCOMPARE(report.signatures[0].signer.name, QStringLiteral("张伟"));
    QCOMPARE(report.signatures[1].role, SignatureRecord::Role::Reviewer);
    QCOMPARE(report.signatures[1].signer.name, QStringLiteral("陈军"));
    QVERIFY(report.signatures[0].verdict.valid && report.signatures[1].verdict.valid);
    QVERIFY(report.signatures[0].verdict.signer.isDemo);
    QCOMPARE(report.document.content.impression, QStringLiteral("胸部CT未见异常。"));
    QCOMPARE(report.reviewerChanges.size(), size_t(1));
    QCOMPARE(report.reviewerChanges[0].section, QStringLiteral("impression"));
}

void VerifyTest::acceptsTheAuthorsVersion() {
    const VerificationReport report = verified(m_submitted.srFile, m_submitted.pdfFile);
    QVERIFY2(report.ok, problemsOf(report));
    QCOMPARE(report.signatures.size(), size_t(1));
    QCOMPARE(report.document.state, ReadingState::Submitted);
}

void VerifyTest::acceptsTheStructuredReportAlone() {
    const VerificationReport report = verified(m_report.srFile, {});
    QVERIFY2(report.ok, problemsOf(report));
    QVERIFY(!report.pdfChecked);
}

void VerifyTest::anArchiveMayPutItsNameInFront() {
    const QByteArray sr = fromAnArchive(m_report.srFile), pdf = fromAnArchive(m_report.pdfFile);
    QVERIFY(sr != m_report.srFile && sr.size() < m_report.srFile.size());
    const VerificationReport report = verified(sr, pdf);
    QVERIFY2(report.ok, problemsOf(report));
    QVERIFY(report.pdfChecked);
    // The data set is what was signed: from behind the file meta information to the end not a byte may differ, and the
    // file is still that instance.
    const qsizetype dataSet = 144 + static_cast<uchar>(sr[140]) + 256 * static_cast<uchar>(sr[141]);
    for (qsizetype at = dataSet; at < sr.size(); at += 5)
        QVERIFY2(!verified(flipped(sr, at), pdf).ok, qPrintable(QString::number(at)));
    const qsizetype instance = sr.indexOf(m_report.document.srInstance.value().toLatin1());
    QVERIFY(instance > 144 && instance < dataSet);
    QVERIFY(!verified(flipped(sr, instance + 7), pdf).ok);
}

void VerifyTest::everyByteOfTheStructuredReport() {
    QElapsedTimer timer;
    timer.start();
    for (qsizetype at = 0; at < m_report.srFile.size(); ++at) {
        if (isWritersName(m_report.srFile, at))
            continue;
        const VerificationReport report = verified(flipped(m_report.srFile, at), m_report.pdfFile);
        QVERIFY2(!report.ok && !report.problems.empty(),
                 qPrintable(QStringLiteral("byte %1 of the SR was changed, and it was accepted").arg(at)));
    }
    qInfo("every one of the %lld bytes of the SR: rejected, %lld ms", static_cast<long long>(m_report.srFile.size()),
          static_cast<long long>(timer.elapsed()));
}

void VerifyTest::everyByteOfThePdfObject_data() {
    QTest::addColumn<int>("part");
    for (int part = 0; part < kParts; ++part)
        QTest::addRow("part %d of %d", part + 1, kParts) << part;
}

/// The unchanged structured report is proven once; verifyOffline itself, which proves it again each time, is asked now
/// and then. A big file (its fonts are most of it) is taken at every seventh byte.
void VerifyTest::everyByteOfThePdfObject() {
    QFETCH(int, part);
    constexpr qsizetype kSmall = 60'000;
    QElapsedTimer timer;
    timer.start();
    RememberingEncoder encoder(m_desk->encoder(), m_report.srFile);
    RememberingVerifier verifier(m_desk->verifier());
    const ReportVerifier proof(encoder, verifier);
    const VerificationReport whole = proof.verify(m_report.srFile, m_report.pdfFile);
    QVERIFY2(whole.ok, problemsOf(whole));
    const qsizetype size = m_report.pdfFile.size();
    const qsizetype step = size <= kSmall ? 1 : 7;
    int tried = 0;
    for (qsizetype at = size * part / kParts; at < size * (part + 1) / kParts; at += step) {
        if (isWritersName(m_report.pdfFile, at))
            continue;
        const QByteArray changed = flipped(m_report.pdfFile, at);
        const VerificationReport report =
            ++tried % 97 == 0 ? verified(m_report.srFile, changed) : proof.verify(m_report.srFile, changed);
        QVERIFY2(!report.ok && !report.problems.empty(),
                 qPrintable(QStringLiteral("byte %1 of the PDF object was changed, and it was accepted").arg(at)));
    }
    qInfo("%d bytes of the PDF object's %lld (step %lld): rejected, %lld ms", tried, static_cast<long long>(size),
          static_cast<long long>(step), static_cast<long long>(timer.elapsed()));
}

/// The closing digest is for accidents; what is signed must hold without it.
void VerifyTest::changesUnderAFreshDigest() {
    const Result<OpenedReportFile> sr = m_desk->encoder().open(m_report.srFile);
    QVERIFY(sr);
    for (qsizetype at = 0; at < sr->canonical.size(); at += 11) {
        const VerificationReport report = verified(withFreshDigest(flipped(m_report.srFile, at)), {});
        QVERIFY2(!report.ok, qPrintable(QStringLiteral("byte %1 of the SR, digest made anew").arg(at)));
    }
    const Result<OpenedReportFile> pdf = m_desk->encoder().open(m_report.pdfFile);
    QVERIFY(pdf);
    RememberingEncoder encoder(m_desk->encoder(), m_report.srFile);
    RememberingVerifier verifier(m_desk->verifier());
    const ReportVerifier proof(encoder, verifier);
    for (qsizetype at = 0; at < pdf->canonical.size(); at += 131) {
        const VerificationReport report = proof.verify(m_report.srFile, withFreshDigest(flipped(m_report.pdfFile, at)));
        QVERIFY2(!report.ok, qPrintable(QStringLiteral("byte %1 of the PDF object, digest made anew").arg(at)));
    }
}

/// Manifests, signatures and certificates have no byte that is free to change either.
void VerifyTest::signaturesUnderAFreshDigest() {
    const Result<OpenedReportFile> sr = m_desk->encoder().open(m_report.srFile);
    QVERIFY(sr);
    for (qsizetype at = sr->canonical.size(); at < m_report.srFile.size() - kDigestBytes; at += 5) {
        const VerificationReport report = verified(withFreshDigest(flipped(m_report.srFile, at)), {});
        QVERIFY2(!report.ok, qPrintable(QStringLiteral("byte %1 of the signature block, digest made anew").arg(at)));
    }
}

void VerifyTest::otherLengths() {
    QVERIFY(!verified({}, {}).ok);
    QVERIFY(!verified(QByteArray("DICM"), {}).ok);
    QVERIFY(!verified(m_report.srFile.chopped(1), m_report.pdfFile).ok);
    QVERIFY(!verified(m_report.srFile + '\0', m_report.pdfFile).ok);
    QVERIFY(!verified(m_report.srFile, m_report.pdfFile.chopped(1)).ok);
    QVERIFY(!verified(m_report.srFile, m_report.pdfFile + '\0').ok);
    for (qsizetype length = 0; length < m_report.srFile.size(); length += 251)
        QVERIFY(!verified(m_report.srFile.left(length), m_report.pdfFile).ok);
    // One in the place of the other.
    QVERIFY(!verified(m_report.pdfFile, m_report.srFile).ok);
}

void VerifyTest::pdfOfAnotherReport() {
    const VerificationReport report = verified(m_report.srFile, m_other.pdfFile);
    QVERIFY2(says(report, VerificationCode::FilesDoNotBelongTogether), problemsOf(report));
    QVERIFY(says(report, VerificationCode::PdfDigestDiffers));
    QVERIFY(says(report, VerificationCode::IdentityDiffers));
}

void VerifyTest::pdfOfAnotherVersion() {
    const VerificationReport report = verified(m_report.srFile, m_submitted.pdfFile);
    QVERIFY2(says(report, VerificationCode::FilesDoNotBelongTogether), problemsOf(report));
}

void VerifyTest::signaturesTakenOut() {
    const Result<OpenedReportFile> sr = m_desk->encoder().open(m_report.srFile);
    const Result<OpenedReportFile> pdf = m_desk->encoder().open(m_report.pdfFile);
    QVERIFY(sr && pdf);
    const VerificationReport report = verified(sr->canonical, m_report.pdfFile);
    QVERIFY2(says(report, VerificationCode::SignatureMissing), problemsOf(report));
    QVERIFY(report.signatures.empty());
    const VerificationReport bare = verified(m_report.srFile, pdf->canonical);
    QVERIFY2(!bare.ok && !bare.problems.empty(), "a PDF object without signatures was accepted");
}

void VerifyTest::reviewersSignatureTakenOut() {
    const Result<OpenedReportFile> sr = m_desk->encoder().open(m_report.srFile);
    QVERIFY(sr);
    for (const size_t left : {size_t(0), size_t(1)}) {
        const Result<QByteArray> one = m_desk->encoder().attachSignatures(sr->canonical, {sr->signatures[left]});
        QVERIFY(one);
        const VerificationReport report = verified(*one, {});
        QVERIFY2(!report.ok, left == 0 ? "the author's signature alone" : "the reviewer's signature alone");
    }
    const Result<QByteArray> swapped =
        m_desk->encoder().attachSignatures(sr->canonical, {sr->signatures[1], sr->signatures[0]});
    QVERIFY(swapped);
    QVERIFY(!verified(*swapped, {}).ok);
    const Result<QByteArray> twice =
        m_desk->encoder().attachSignatures(sr->canonical, {sr->signatures[0], sr->signatures[0]});
    QVERIFY(twice);
    QVERIFY(!verified(*twice, {}).ok);
}

/// A folder of another demo: the same names, another authority.
void VerifyTest::anotherTrustFolder() {
    const QString home = m_folder.filePath(QStringLiteral("other"));
    auto store = DeskStore::open(home, m_clock);
    QVERIFY(store);
    QVERIFY(demo::prepare(**store, m_clock));
    const VerificationReport report = verifyOffline(home, m_report.srFile, m_report.pdfFile);
    QVERIFY2(says(report, VerificationCode::SignatureNotValid), problemsOf(report));
    QVERIFY2(problemsOf(report).contains("CertificateUntrusted"), problemsOf(report));
    QCOMPARE(report.signatures.size(), size_t(2));
    QVERIFY(!report.signatures[0].verdict.valid && !report.signatures[1].verdict.valid);
}

void VerifyTest::noTrustFolder() {
    const VerificationReport report =
        verifyOffline(m_folder.filePath(QStringLiteral("nowhere")), m_report.srFile, m_report.pdfFile);
    QVERIFY2(says(report, VerificationCode::SignatureNotValid), problemsOf(report));
    QVERIFY2(problemsOf(report).contains("CertificateUntrusted"), problemsOf(report));
}

QTEST_GUILESS_MAIN(VerifyTest)
#include "verify_test.moc"
