#include "fakes.h"
#include "reporting/manifest.h"
#include "reporting/report_verifier.h"
#include "reporting/signing_service.h"
#include "storage/desk_store.h"
#include "support/fake_clock.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

using namespace yz;
using namespace std::chrono_literals;

namespace {

User user(const char* id, const char* name, std::initializer_list<Role> roles) {
    User u;
    u.id = UserId(QString::fromLatin1(id));
    u.displayName = QString::fromUtf8(name);
    u.title = "主治医师";
    u.hospital = "县人民医院";
    u.roles = QSet<Role>(roles);
    return u;
}

/// One desk with a store of its own; two desks play the author's and the reviewer's workstation.
struct Desk {
    explicit Desk(const QString& prefix, SigningPolicy policy = {})
        : uids(prefix), store(DeskStore::open(dir.path(), clock).value()),
          service({renderer, encoder, keys, keys}, store->reports(), clock, uids, policy), verifier(encoder, keys) {
        keys.add(UserId("u1"), "1111", "A1");
        keys.add(UserId("u2"), "2222", "B2");
        keys.add(UserId("u3"), "3333", "C3");
    }
    std::vector<OutboxItem> outbox() { return store->outbox().all().value(); }
    int auditRows() { return static_cast<int>(store->audit().latest(100).value().size()); }

    QTemporaryDir dir;
    test::FakeClock clock;
    CountingUidSource uids;
    test::FakeEncoder encoder;
    test::FakeKeys keys;
    test::FakeRenderer renderer;
    std::unique_ptr<DeskStore> store;
    SigningService service;
    ReportVerifier verifier;
};

const User kAuthor = user("u1", "张伟", {Role::Reader});
const User kReviewer = user("u2", "李敏", {Role::Reader, Role::Reviewer});
const User kOther = user("u3", "王芳", {Role::Reviewer});

ReportContext context() {
    ReportContext c;
    c.order.study = c.shownStudy = StudyUid("1.2.3");
    c.order.accessionNumber = "A001";
    c.order.patient.id = PatientId("P1");
    c.order.patient.sex = Sex::Male;
    c.shownPatient = c.order.patient;
    return c;
}

ReportContent content() {
    ReportContent c;
    c.title = "胸部CT诊断报告";
    c.findings = "右肺上叶见实性结节，大小约12mm×8mm。";
    c.impression = "右肺上叶实性结节。";
    c.positivity = Positivity::Positive;
    KeyImage image;
    image.object = {SopClassUid("1.2.840.10008.5.1.4.1.1.2"), InstanceUid("1.2.3.4.5")};
    image.png = "png bytes";
    c.keyImages = {image};
    return c;
}

SubmitInput submission() {
    SubmitInput input;
    input.lock = {WorkitemUid("9.1"), TransactionUid("9.1.1")};
    input.context = context();
    input.evidence = {{SopClassUid("1.2.840.10008.5.1.4.1.1.2"), InstanceUid("1.2.3.4.5")}};
    input.evidenceSeries = {SeriesUid("1.2.3.4")};
    input.content = content();
    input.author = kAuthor;
    input.pin = "1111";
    return input;
}

ApproveInput approval(const SignedReport& received) {
    ApproveInput input;
    input.lock = {WorkitemUid("9.2"), TransactionUid("9.2.1")};
    input.received = received;
    input.content = content();
    input.context = context();
    input.reviewer = kReviewer;
    input.pin = "2222";
    return input;
}

template <typename T> QByteArray errorOf(const Result<T>& result) {
    return result ? QByteArray() : errorName(result.error().code).toLatin1();
}

QStringList problems(const VerificationReport& report) {
    QStringList codes;
    for (const VerificationProblem& problem : report.problems)
        codes.append(verificationCodeName(problem.code));
    return codes;
}

} // namespace

class SigningTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void submitKeepsEverythingInOneStep() {
        Desk desk("2.1");
        const auto report = desk.service.submit(submission());
        QCOMPARE(errorOf(report), QByteArray());
        QCOMPARE(report->document.version, 1);
        QCOMPARE(report->document.state, ReadingState::Submitted);
        QCOMPARE(report->document.author.name, "张伟");
        QCOMPARE(report->document.author.certificateSerial, "A1");
        QVERIFY(report->document.isDemo); // the certificate is
        QCOMPARE(report->signatures.size(), 1u);
        const auto rows = desk.outbox();
        QCOMPARE(rows.size(), 3u);
        QCOMPARE(rows[0].kind, OutboxItem::Kind::StoreReport);
        QCOMPARE(rows[1].kind, OutboxItem::Kind::SetOutput);
        QCOMPARE(rows[2].kind, OutboxItem::Kind::CompleteTask);
        for (const OutboxItem& row : rows) {
            QCOMPARE(row.task.value(), "9.1");
            QCOMPARE(row.reportInstance.value(), report->document.srInstance.value());
            QVERIFY(row.notBefore <= desk.clock.nowUtc());
        }
        QCOMPARE(rows[2].transaction.value(), "9.1.1");
        QCOMPARE(desk.auditRows(), 1);
        const auto kept = desk.store->reports().version(report->document.srInstance);
        QVERIFY(kept && kept->srFile == report->srFile && kept->pdfFile == report->pdfFile);
        const VerificationReport proof = desk.verifier.verify(report->srFile, report->pdfFile);
        QVERIFY2(proof.ok, qPrintable(problems(proof).join(",")));
        QCOMPARE(proof.signatures[0].signer.name, "张伟");
    }

    void measurementsAreKeptWithTheReport() {
        Desk desk("2.1");
        SubmitInput input = submission();
        MeasurementGroup nodule, ofPrior;
        nodule.trackingId = "nodule";
        nodule.numbers.resize(1);
        nodule.numbers[0].regions.resize(1);
        nodule.numbers[0].regions[0].object = input.evidence[0];
        ofPrior = nodule;
        ofPrior.trackingId = "prior";
        ofPrior.numbers[0].regions[0].object.instance = InstanceUid("7.7.7");
        input.measurements = {nodule, ofPrior};
        const auto report = desk.service.submit(input);
        QCOMPARE(errorOf(report), QByteArray());
        QVERIFY(!report->measurementFile.isEmpty());
        QVERIFY(!report->document.measurementInstance.isEmpty());
        const QJsonObject file = QJsonDocument::fromJson(report->measurementFile).object();
        QCOMPARE(QByteArray::fromBase64(file["body"].toString().toLatin1()), QByteArray("nodule"));
        QCOMPARE(file["instance"].toString(), report->document.measurementInstance.value());
        // What is signed names the object and its digest.
        const auto manifest = readManifest(report->signatures[0].manifest);
        QVERIFY(manifest);
        QCOMPARE(manifest->document.measurementDigest,
                 QString::fromLatin1(test::sha256(report->measurementFile).toHex()));
        const auto kept = desk.store->reports().version(report->document.srInstance);
        QVERIFY(kept && kept->measurementFile == report->measurementFile);
        QCOMPARE(kept->document.measurementInstance, report->document.measurementInstance);
        // Without measurements there is no such object.
        Desk other("2.2");
        const auto plain = other.service.submit(submission());
        QVERIFY(plain && plain->measurementFile.isEmpty() && plain->document.measurementInstance.isEmpty());
    }
    void nothingIsKeptWhenAStepFails_data() {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("code");
        QTest::newRow("pin") << "pin"
                             << "PasswordWrong";
        QTest::newRow("certificate") << "certificate"
                                     << "CertificateMissing";
        QTest::newRow("own signature") << "signature"
                                       << "SignatureInvalid";
        QTest::newRow("renderer") << "renderer"
                                  << "DiskFull";
        QTest::newRow("checks") << "checks"
                                << "ReportIncomplete";
        QTest::newRow("role") << "role"
                              << "RoleForbids";
        QTest::newRow("claim") << "claim"
                               << "TaskNotClaimed";
        QTest::newRow("wrong patient") << "patient"
                                       << "ReportIncomplete";
    }
    void nothingIsKeptWhenAStepFails() {
        QFETCH(QString, what);
        QFETCH(QString, code);
        Desk desk("2.1");
        SubmitInput input = submission();
        if (what == "pin")
            input.pin = "0000";
        if (what == "certificate")
            input.author.id = UserId("u9");
        desk.keys.breakSignatures = what == "signature";
        desk.renderer.fails = what == "renderer";
        if (what == "checks")
            input.content.impression.clear();
        if (what == "role")
            input.author.roles = {Role::Administrator};
        if (what == "claim")
            input.lock = {};
        if (what == "patient")
            input.context.shownPatient.id = PatientId("P2");
        QTEST(QString::fromLatin1(errorOf(desk.service.submit(input))), "code");
        QVERIFY(desk.outbox().empty());
        QCOMPARE(desk.auditRows(), 0);
        QVERIFY(desk.store->reports().all()->empty());
    }

    void acknowledgedChecksPassAndAreAudited() {
        Desk desk("2.1");
        SubmitInput input = submission();
        input.content.positivity = Positivity::Unstated;
        QCOMPARE(errorOf(desk.service.submit(input)), QByteArray("ReportIncomplete"));
        input.acknowledgements = {{"PositivityUnstated", "随访检查"}};
        QCOMPARE(errorOf(desk.service.submit(input)), QByteArray());
        const auto rows = desk.store->audit().latest(1);
        QCOMPARE(rows->at(0).entry.event, "report.submitted");
        QVERIFY(QJsonDocument(rows->at(0).entry.details).toJson().contains("PositivityUnstated"));
    }

    void theSameTaskIsSignedOnce() {
        Desk desk("2.1");
        QVERIFY(desk.service.submit(submission()));
        QCOMPARE(errorOf(desk.service.submit(submission())), QByteArray("ReportAlreadySigned"));
        QCOMPARE(desk.outbox().size(), 3u);
    }

    void approveOnAnotherDesk() {
        Desk authors("2.1"), reviewers("2.2");
        const auto sent = authors.service.submit(submission());
        const auto received = openReceivedReport(reviewers.encoder, sent->srFile, sent->pdfFile);
        QCOMPARE(errorOf(received), QByteArray());
        QCOMPARE(received->document.content.findings, content().findings);
        QVERIFY(received->document.content.keyImages[0].png.isEmpty());
        ApproveInput input = approval(*received);
        input.content.impression = "右肺上叶实性结节，建议增强。";
        const auto report = reviewers.service.approve(input);
        QCOMPARE(errorOf(report), QByteArray());
        QCOMPARE(report->document.version, 2);
        QCOMPARE(report->document.state, ReadingState::Approved);
        QCOMPARE(report->document.author.name, "张伟");
        QCOMPARE(report->document.reviewer->name, "李敏");
        QCOMPARE(report->document.predecessors[0].object.instance.value(), sent->document.srInstance.value());
        QVERIFY(!(report->document.srInstance == sent->document.srInstance));
        QCOMPARE(report->signatures.size(), 2u);
        QCOMPARE(report->signatures[0], sent->signatures[0]);
        for (const OutboxItem& row : reviewers.outbox())
            QCOMPARE(row.notBefore, reviewers.clock.nowUtc().addSecs(600));
        QCOMPARE(reviewers.store->reports().state(report->document.report).value(), ReadingState::Approved);

        const VerificationReport proof = reviewers.verifier.verify(report->srFile, report->pdfFile);
        QVERIFY2(proof.ok, qPrintable(problems(proof).join(",")));
        QCOMPARE(proof.signatures.size(), 2u);
        QCOMPARE(proof.signatures[1].signer.name, "李敏");
        QCOMPARE(proof.reviewerChanges.size(), 1u);
        QCOMPARE(proof.reviewerChanges[0].section, "impression");
        const QJsonObject json = toJson(proof);
        QCOMPARE(json["ok"].toBool(), true);
        QCOMPARE(json["signatures"].toArray().size(), 2);
    }

    void selfReviewIsRefusedUnlessTheSiteAllowsIt() {
        Desk desk("2.1");
        SubmitInput mine = submission();
        mine.author = kReviewer;
        mine.pin = "2222";
        const auto sent = desk.service.submit(mine);
        QCOMPARE(errorOf(desk.service.approve(approval(*sent))), QByteArray("SelfReviewForbidden"));
        // Another user id with the same certificate is the same person.
        desk.keys.add(UserId("u2-elsewhere"), "2222", "B2");
        ApproveInput disguised = approval(*sent);
        disguised.reviewer.id = UserId("u2-elsewhere");
        QCOMPARE(errorOf(desk.service.approve(disguised)), QByteArray("SelfReviewForbidden"));
        QCOMPARE(desk.outbox().size(), 3u);

        SigningPolicy lax;
        lax.selfReviewAllowed = true;
        Desk other("2.2", lax);
        const auto again = other.service.submit(mine);
        const auto approved = other.service.approve(approval(*again));
        QCOMPARE(errorOf(approved), QByteArray());
        QVERIFY(other.verifier.verify(approved->srFile, approved->pdfFile).selfReviewed);
    }

    void aReaderMayNotApprove() {
        Desk desk("2.1");
        const auto sent = desk.service.submit(submission());
        ApproveInput input = approval(*sent);
        input.reviewer.roles = {Role::Reader};
        QCOMPARE(errorOf(desk.service.approve(input)), QByteArray("RoleForbids"));
    }

    void aForgedReportCannotBeApproved() {
        Desk desk("2.1");
        const auto sent = desk.service.submit(submission());
        ApproveInput input = approval(*sent);
        input.received.signatures[0].manifest.replace("12mm", "13mm");
        input.received.srFile =
            desk.encoder.attachSignatures(desk.encoder.open(sent->srFile)->canonical, input.received.signatures)
                .value();
        input.received.pdfFile =
            desk.encoder.attachSignatures(desk.encoder.open(sent->pdfFile)->canonical, input.received.signatures)
                .value();
        QCOMPARE(errorOf(desk.service.approve(input)), QByteArray("SignatureInvalid"));
    }

    void undoInsideTheWindowAndApproveAgain() {
        Desk desk("2.1");
        const auto sent = desk.service.submit(submission());
        const auto first = desk.service.approve(approval(*sent));
        desk.clock.advance(599s);
        QVERIFY(desk.service.undoApproval(first->document.srInstance, kReviewer));
        QCOMPARE(desk.store->reports().state(first->document.report).value(), ReadingState::Reviewing);
        const auto withdrawn = desk.store->outbox().ofReport(first->document.srInstance);
        QCOMPARE(withdrawn->size(), 3u);
        for (const OutboxItem& row : *withdrawn)
            QCOMPARE(row.state, OutboxItem::State::Withdrawn);
        const auto second = desk.service.approve(approval(*sent));
        QCOMPARE(errorOf(second), QByteArray());
        QCOMPARE(second->document.version, 3);
        desk.clock.advance(601s);
        const Status late = desk.service.undoApproval(second->document.srInstance, kReviewer);
        QVERIFY(!late);
        QCOMPARE(late.error().code, ErrorCode::UndoWindowClosed);
    }

    void otherSystemsGetTheirRowsWithTheSignature() {
        SigningPolicy policy;
        policy.receivers = {{QStringLiteral("his"), false}, {QStringLiteral("region"), true}};
        Desk desk("2.1", policy);
        const auto targetsOf = [&](const ReportDocument& document) {
            QStringList targets;
            const auto items = desk.store->outbox().ofReport(document.srInstance);
            for (const OutboxItem& row : items.value())
                if (row.kind == OutboxItem::Kind::SendMessage && row.study == document.order.study)
                    targets.append(row.target);
            return targets;
        };
        const auto sent = desk.service.submit(submission());
        QCOMPARE(targetsOf(sent->document), QStringList{QStringLiteral("region")}); // it wants the author's, too
        const auto approved = desk.service.approve(approval(*sent));
        QCOMPARE(targetsOf(approved->document), (QStringList{QStringLiteral("his"), QStringLiteral("region")}));
        QVERIFY(desk.service.undoApproval(approved->document.srInstance, kReviewer));
        const auto rows = desk.store->outbox().ofReport(approved->document.srInstance);
        QCOMPARE(rows->size(), 5u);
        for (const OutboxItem& row : *rows)
            QCOMPARE(row.state, OutboxItem::State::Withdrawn);
    }

    void returnGoesBackWithItsReasonAndTheAuthorAnswers() {
        Desk authors("2.1"), reviewers("2.2");
        const auto sent = authors.service.submit(submission());
        const auto received = openReceivedReport(reviewers.encoder, sent->srFile, sent->pdfFile);
        ReturnInput input{{WorkitemUid("9.2"), TransactionUid("9.2.1")}, *received, kReviewer, " "};
        QCOMPARE(reviewers.service.returnToAuthor(input).error().code, ErrorCode::ReasonRequired);
        input.reason = "请补充增强扫描所见";
        QVERIFY(reviewers.service.returnToAuthor(input));
        const auto rows = reviewers.outbox();
        QCOMPARE(rows.size(), 1u);
        QCOMPARE(rows[0].kind, OutboxItem::Kind::CancelTask);
        QCOMPARE(rows[0].details["reason"].toString(), QStringLiteral("RETURNED: ") + input.reason);
        QCOMPARE(reviewers.store->reports().state(sent->document.report).value(), ReadingState::Returned);
        QCOMPARE(reviewers.service.returnToAuthor(input).error().code, ErrorCode::TaskStateForbids);

        SubmitInput answer = submission();
        answer.lock = {WorkitemUid("9.3"), TransactionUid("9.3.1")};
        const auto again = authors.service.submit(answer);
        QCOMPARE(errorOf(again), QByteArray());
        QCOMPARE(again->document.version, 2);
        QCOMPARE(again->document.report.value(), sent->document.report.value());
        QCOMPARE(again->document.predecessors[0].object.instance.value(), sent->document.srInstance.value());
        QCOMPARE(again->document.predecessors[0].object.sopClass.value(), "1.2.840.10008.5.1.4.1.1.88.22");
    }

    void anAddendumIsReviewedLikeAReport() {
        Desk desk("2.1");
        const auto sent = desk.service.submit(submission());
        const auto approved = desk.service.approve(approval(*sent));
        AmendInput input;
        input.published = *approved;
        input.kind = ReportVersionKind::Addendum;
        input.content = content();
        input.content.findings += "\n补充：右肺下叶见钙化灶。";
        input.reason = "补充所见";
        input.context = context();
        input.author = kReviewer;
        input.pin = "2222";
        QCOMPARE(errorOf(desk.service.amend(input)), QByteArray("TaskStateForbids")); // not published yet
        for (const OutboxItem& row : desk.outbox())
            QVERIFY(desk.store->outbox().markDelivered(row.number));
        QVERIFY(desk.store->reports().markPublished(
            approved->document.srInstance, {"report.published", {}, approved->document.srInstance.value(), true, {}}));
        AmendInput changing = input;
        changing.content.findings.replace("12mm", "21mm");
        QCOMPARE(errorOf(desk.service.amend(changing)), QByteArray("ReportIncomplete"));
        AmendInput reasonless = input;
        reasonless.reason.clear();
        QCOMPARE(errorOf(desk.service.amend(reasonless)), QByteArray("ReasonRequired"));

        const auto addendum = desk.service.amend(input);
        QCOMPARE(errorOf(addendum), QByteArray());
        QCOMPARE(addendum->document.kind, ReportVersionKind::Addendum);
        QCOMPARE(addendum->document.state, ReadingState::Submitted);
        QVERIFY(!addendum->document.reviewer);
        QCOMPARE(addendum->document.predecessors.size(), 1u);
        QCOMPARE(addendum->document.predecessors[0].object.instance.value(), approved->document.srInstance.value());
        QCOMPARE(desk.store->outbox().ofReport(addendum->document.srInstance)->size(), 1u);

        ApproveInput review = approval(*addendum);
        review.lock = {};
        review.content = input.content;
        QCOMPARE(errorOf(desk.service.approve(review)), QByteArray("SelfReviewForbidden"));
        review.reviewer = kOther;
        review.pin = "3333";
        const auto verified = desk.service.approve(review);
        QCOMPARE(errorOf(verified), QByteArray());
        QCOMPARE(verified->document.kind, ReportVersionKind::Addendum);
        QCOMPARE(verified->document.amendReason, "补充所见");
        QCOMPARE(verified->document.version, 4);
        QVERIFY(desk.verifier.verify(verified->srFile, verified->pdfFile).ok);
    }

    void everyChangedByteIsNoticed() {
        Desk desk("2.1");
        const auto sent = desk.service.submit(submission());
        const auto report = desk.service.approve(approval(*sent));
        for (const bool isPdf : {false, true}) {
            QByteArray sr = report->srFile, pdf = report->pdfFile;
            QByteArray& file = isPdf ? pdf : sr;
            for (qsizetype i = 0; i < file.size(); i += 5) { // the sweep over every byte is of the real encoder's test
                const char before = file[i];
                file[i] = static_cast<char>(before ^ 1);
                if (desk.verifier.verify(sr, pdf).ok)
                    QFAIL(qPrintable(QStringLiteral("byte %1 of %2").arg(i).arg(isPdf ? "pdf" : "sr")));
                file[i] = before;
            }
        }
    }

    void whatIsWrongIsSaid() {
        Desk desk("2.1");
        const auto sent = desk.service.submit(submission());
        const auto report = desk.service.approve(approval(*sent));
        QCOMPARE(problems(desk.verifier.verify("nonsense")), QStringList{"FileDamaged"});
        QCOMPARE(problems(desk.verifier.verify(report->srFile, sent->pdfFile)),
                 (QStringList{"PdfDigestDiffers", "IdentityDiffers", "FilesDoNotBelongTogether"}));
        const QByteArray canonical = desk.encoder.open(report->srFile)->canonical;
        const auto with = [&](std::vector<SignatureRecord> records) {
            return problems(desk.verifier.verify(desk.encoder.attachSignatures(canonical, records).value()));
        };
        QCOMPARE(with({}), QStringList{"SignatureMissing"});
        QCOMPARE(with({report->signatures[1]}), QStringList{"SignatureMissing"});
        // An author's signature of another report of the same author does not belong here.
        SubmitInput elsewhere = submission();
        elsewhere.lock.task = WorkitemUid("9.9");
        elsewhere.context.order.study = elsewhere.context.shownStudy = StudyUid("1.2.9");
        const auto foreign = desk.service.submit(elsewhere);
        QCOMPARE(with({foreign->signatures[0], report->signatures[1]}),
                 (QStringList{"AuthorNotCovered", "ChainBroken"}));
        QVERIFY(with({report->signatures[0]}).contains("ReportDigestDiffers"));
    }

    void manifestIsCanonical() {
        Desk desk("2.1");
        const auto sent = desk.service.submit(submission());
        const QByteArray bytes = sent->signatures[0].manifest;
        const auto manifest = readManifest(bytes);
        QVERIFY(manifest);
        QCOMPARE(manifest->digests.pdf, test::sha256(sent->pdf));
        QVERIFY(!bytes.contains("png bytes") && bytes.contains("pngSha256"));
        QVERIFY(!readManifest(bytes + " "));
        QVERIFY(!readManifest(QByteArray(bytes).replace("\"role\":\"author\"", "\"role\":\"writer\"")));
        QCOMPARE(readManifest(QByteArray(bytes).replace("\"schema\":1", "\"schema\":9")).error().code,
                 ErrorCode::NotSupported);
    }
};

QTEST_GUILESS_MAIN(SigningTest)
#include "signing_test.moc"
