#include "main_job.h"

#include "desk_window.h"
#include "reading_page.h"

#include "reporting/report_verifier.h"
#include "reporting_ui/report_panel.h"
#include "session/demo_site.h"
#include "viewer_ui/viewer_page.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QLineEdit>
#include <QTableView>
#include <cstdio>

namespace yz::player {

MainJob::MainJob(DeskProgram& program, QString outFolder, bool samples, QString item)
    : m_program(program), m_hand(outFolder), m_outFolder(std::move(outFolder)), m_samples(samples),
      m_item(std::move(item)), m_isChestCt(samples && m_item.isEmpty()) {}

void MainJob::step(const QString& what, const std::function<void()>& action) {
    ++m_stepNumber;
    std::printf("%2d  %s", m_stepNumber, qPrintable(what));
    std::fflush(stdout);
    QElapsedTimer timer;
    timer.start();
    try {
        action();
    } catch (const StepFailed&) {
        std::printf("  FAILED\n");
        try {
            m_hand.picture(QStringLiteral("failed"));
        } catch (const StepFailed&) {
            // The reason matters more than its picture.
        }
        throw;
    }
    std::printf("  (%.1f s)\n", static_cast<double>(timer.elapsed()) / 1000);
    std::fflush(stdout);
}

void MainJob::play() {
    step(QStringLiteral("the reader logs in"), [this] {
        m_hand.find("loginName");
        m_hand.picture(QStringLiteral("01-login"));
        logIn("zhangwei");
    });
    step(QStringLiteral("the work list comes from the platform, a study is claimed"), [this] { takeStudy(); });
    step(QStringLiteral("the images arrive and hang; scrolled, windowed, measured, a key image taken"),
         [this] { readImages(); });
    step(QStringLiteral("axial, coronal and sagittal planes"), [this] { reconstruct(); });
    step(QStringLiteral("the report is written and saved as it is typed"), [this] { writeReport(); });
    step(QStringLiteral("the author signs; report and PDF go to the platform"), [this] { submit(); });
    step(QStringLiteral("the reviewer logs in and takes the report"), [this] {
        logOut();
        logIn("chenjun");
        takeReview();
    });
    step(QStringLiteral("the reviewer changes the impression and signs"), [this] { approve(); });
    step(QStringLiteral("the undo time passes, the platform commits to the report: receipt"),
         [this] { awaitReceipt(); });
    step(QStringLiteral("the report is fetched back from the platform and verified"), [this] { fetchFromPlatform(); });
}

void MainJob::logIn(const char* user) {
    m_hand.click("loginName");
    m_hand.clearText();
    m_hand.type(QLatin1String(user));
    m_hand.click("loginPassword");
    m_hand.clearText();
    m_hand.type(QLatin1String(demo::kPassword));
    m_hand.key(Qt::Key_Return);
    m_hand.find("worklistTable");
}

void MainJob::logOut() {
    m_hand.click("logoutButton");
    m_hand.find("loginName");
}

namespace {

/// Row whose text has all the words; -1 when there is none.
int findRow(const QTableView& table, const QStringList& words) {
    const QAbstractItemModel& model = *table.model();
    for (int row = 0; row < model.rowCount(); ++row) {
        QString text;
        for (int column = 0; column < model.columnCount(); ++column)
            text += model.index(row, column).data(Qt::DisplayRole).toString() + u'\n';
        bool all = true;
        for (const QString& word : words)
            all = all && text.contains(word);
        if (all)
            return row;
    }
    return -1;
}

} // namespace

QStringList MainJob::largestStudy() const {
    DeskServices& services = *m_program.services();
    const auto list = services.store().tasks().all();
    QStringList words;
    int most = -1;
    for (const ReadingTask& task : list ? list->tasks : std::vector<ReadingTask>()) {
        StudyQuery query;
        query.study = task.order.study;
        const auto found = services.studies().findStudies(query, {});
        const int count = found && !found->empty() ? found->front().instanceCount : 0;
        const int rank = count + (task.order.modality == u"CT" ? 100000 : 0);
        if (rank > most) {
            most = rank;
            words = {task.order.patient.name.display(), task.order.item};
        }
    }
    return words;
}

void MainJob::takeStudy() {
    auto* table = qobject_cast<QTableView*>(m_hand.find("worklistTable"));
    m_hand.waitFor(
        QStringLiteral("tasks in the work list"), [&] { return table->model()->rowCount() >= (m_samples ? 5 : 1); },
        60000);
    m_hand.picture(QStringLiteral("02-worklist"));
    // The chest CT of the samples, else the first CT, else the first study.
    const QStringList wanted = !m_item.isEmpty() ? QStringList{m_item}
                               : m_samples       ? QStringList{QStringLiteral("胸部CT平扫")}
                                                 : largestStudy();
    int row = findRow(*table, wanted);
    row = std::max(row, 0);
    const QModelIndex index = table->model()->index(row, 1);
    table->scrollTo(index);
    m_hand.clickAt(table->viewport(), table->visualRect(index).center());
    m_hand.key(Qt::Key_Return);
    m_hand.find("reportPanel", 20000);
}

void MainJob::readImages() {
    (void)m_hand.find("viewport0", 20000);
    ReadingPage* page = m_program.window()->findChild<ReadingPage*>();
    ViewerController& viewer = page->viewerPage().controller();
    const auto active = [&] { return viewer.state().active; }; // a protocol may leave the first viewport empty
    QElapsedTimer timer;
    timer.start();
    m_hand.waitFor(
        QStringLiteral("the first image"), [&] { return viewer.shown(active()).pixels != nullptr; }, 60000);
    const bool wasRetrieving = viewer.isRetrieving();
    std::printf("\n      first image after %lld ms, %s", static_cast<long long>(timer.elapsed()),
                wasRetrieving ? "the rest still arriving" : "everything here");
    m_hand.picture(QStringLiteral("03-first-image"));
    m_hand.waitFor(
        QStringLiteral("the whole study"), [&] { return !viewer.isRetrieving() && !viewer.studies().isReading(); },
        240000);
    std::printf("\n      whole study after %lld ms\n", static_cast<long long>(timer.elapsed()));
    m_hand.pause(800);

    QWidget* viewport = m_hand.find(QStringLiteral("viewport%1").arg(active()).toLatin1().constData());
    m_hand.clickAt(viewport, viewport->rect().center());
    const int before = viewer.shown(active()).index;
    // Quick notches go further each: the wheel is turned until the level of the lesion is there.
    for (int level = viewer.shown(active()).count * 13 / 20; viewer.shown(active()).index < level;) {
        const int last = viewer.shown(active()).index;
        m_hand.wheel(viewport, -1);
        if (viewer.shown(active()).index == last)
            break;
    }
    if (viewer.shown(active()).count > 6 && viewer.shown(active()).index == before)
        throw StepFailed(QStringLiteral("the wheel does not scroll"));
    m_hand.waitFor(
        QStringLiteral("the image scrolled to"), [&] { return viewer.shown(active()).pixels != nullptr; }, 20000);
    m_hand.drag(viewport, viewport->rect().center(), viewport->rect().center() + QPoint(60, -30), Qt::RightButton);
    m_hand.key(Qt::Key_L);
    const size_t measured = viewer.measurements().all().size();
    m_hand.drag(viewport, viewport->rect().center() - QPoint(60, 30), viewport->rect().center() + QPoint(70, 40));
    if (viewer.measurements().all().size() <= measured)
        throw StepFailed(QStringLiteral("the length tool measured nothing"));
    m_hand.key(Qt::Key_K);
    m_hand.waitFor(QStringLiteral("the key image in the report"),
                   [&] { return !page->reportPanel().content().keyImages.empty(); });
    m_hand.picture(QStringLiteral("04-reading"));
}

void MainJob::reconstruct() {
    ReadingPage* page = m_program.window()->findChild<ReadingPage*>();
    ViewerController& viewer = page->viewerPage().controller();
    if (!viewer.mprPossible(viewer.state().active)) {
        std::printf("\n      this series forms no volume; the viewport says why");
        m_hand.picture(QStringLiteral("05-mpr"));
        return;
    }
    QWidget* viewport = m_hand.find(QStringLiteral("viewport%1").arg(viewer.state().active).toLatin1().constData());
    m_hand.clickAt(viewport, viewport->rect().center());
    m_hand.key(Qt::Key_M);
    m_hand.waitFor(
        QStringLiteral("three planes"),
        [&] {
            int planes = 0;
            for (int i = 0; i < static_cast<int>(viewer.state().viewports.size()); ++i) {
                const ShownFrame shown = viewer.shown(i);
                planes += shown.plane && shown.pixels ? 1 : 0;
            }
            return planes >= 3;
        },
        120000);
    m_hand.pause(600);
    m_hand.wheel(m_hand.find("viewport1"), -8);
    m_hand.picture(QStringLiteral("05-mpr"));
    m_hand.key(Qt::Key_M);
    m_hand.pause(300);
}

void MainJob::writeReport() {
    if (m_isChestCt) {
        m_hand.click("findingsEdit");
        m_hand.clearText();
        m_hand.compose(
            QStringLiteral("胸廓对称，气管及各叶段支气管通畅，肺门及纵隔未见肿大淋巴结，双侧胸腔未见积液。"));
        m_hand.key(Qt::Key_Return);
        m_hand.compose(QStringLiteral(
            "右肺上叶见类圆形实性结节，直径约8.0mm，边缘光整；左肺下叶见实性结节，直径约14.0mm，边缘见浅分叶。"));
        m_hand.click("impressionEdit");
        m_hand.clearText();
        m_hand.compose(QStringLiteral("右肺上叶及左肺下叶实性结节，左肺下叶结节建议进一步检查。"));
    } else {
        m_hand.click("findingsEdit");
        m_hand.clearText();
        m_hand.compose(QStringLiteral("所示结构显示清晰，形态及信号（密度）未见明显异常。"));
        m_hand.click("impressionEdit");
        m_hand.clearText();
        m_hand.compose(QStringLiteral("本次检查未见明显异常。"));
    }
    auto* wanted = m_hand.find(m_isChestCt ? "positiveButton" : "negativeButton");
    if (!wanted->property("checked").toBool())
        m_hand.clickAt(wanted, wanted->rect().center());
    ReadingPage* page = m_program.window()->findChild<ReadingPage*>();
    const QString typed = page->reportPanel().content().impression;
    m_hand.waitFor(
        QStringLiteral("the draft in the database within two seconds"),
        [&] {
            const auto drafts = m_program.services()->store().drafts().all();
            if (!drafts)
                return false;
            for (const DraftStore::Draft& draft : *drafts)
                if (draft.content.impression == typed)
                    return true;
            return false;
        },
        2500);
    m_hand.picture(QStringLiteral("06-report"));
}

void MainJob::answerChecks() {
    // Checks that may be answered with a reason; a hard one shows as a failure further on.
    m_hand.pause(500);
    QList<QLineEdit*> fields;
    for (QWidget* widget : QApplication::allWidgets())
        if (auto* field = qobject_cast<QLineEdit*>(widget); field && field->isVisible() &&
                                                            field->objectName().startsWith(QLatin1String("ack_")) &&
                                                            field->text().isEmpty())
            fields << field;
    for (QLineEdit* field : fields) {
        std::printf("\n      check answered: %s", qPrintable(field->objectName().mid(4)));
        field->setFocus();
        m_hand.pause(50);
        m_hand.compose(QStringLiteral("已核对，符合实际。"));
    }
}

void MainJob::submit() {
    answerChecks();
    m_hand.click("submitButton");
    m_hand.find("pinEdit");
    m_hand.picture(QStringLiteral("07-signing"));
    m_hand.type(QLatin1String(demo::kPassword));
    m_hand.click("signButton");
    m_hand.find("worklistTable", 30000);
    m_hand.waitFor(
        QStringLiteral("an empty outbox"),
        [this] {
            const auto pending = m_program.services()->store().outbox().pendingCount();
            return pending && *pending == 0;
        },
        60000);
}

void MainJob::takeReview() {
    auto* table = qobject_cast<QTableView*>(m_hand.find("worklistTable"));
    int row = -1;
    m_hand.waitFor(
        QStringLiteral("the review task"),
        [&] {
            row = findRow(*table, {QStringLiteral("待审核")});
            return row >= 0;
        },
        60000);
    m_hand.picture(QStringLiteral("08-review-list"));
    const QModelIndex index = table->model()->index(row, 1);
    m_hand.clickAt(table->viewport(), table->visualRect(index).center());
    m_hand.key(Qt::Key_Return);
    ReadingPage* page = m_program.window()->findChild<ReadingPage*>();
    m_hand.waitFor(
        QStringLiteral("the author's report"),
        [&] { return !page->reportPanel().content().impression.isEmpty() && m_hand.findIfVisible("returnButton"); },
        60000);
    m_hand.waitFor(
        QStringLiteral("the images"),
        [&] {
            ViewerController& viewer = page->viewerPage().controller();
            return viewer.shown(viewer.state().active).pixels != nullptr;
        },
        60000);
}

void MainJob::approve() {
    m_hand.click("impressionEdit");
    m_hand.key(Qt::Key_End, Qt::ControlModifier);
    m_hand.compose(m_isChestCt ? QStringLiteral("建议3个月后复查。") : QStringLiteral("请结合临床。"));
    m_hand.pause(400);
    m_hand.picture(QStringLiteral("09-review"));
    answerChecks();
    m_hand.click("submitButton");
    m_hand.find("pinEdit");
    m_hand.type(QLatin1String(demo::kPassword));
    m_hand.click("signButton");
    m_hand.find("worklistTable", 30000);
}

void MainJob::awaitReceipt() {
    m_hand.click("tabReports");
    m_hand.find("reportsTable");
    m_hand.pause(700);
    m_hand.picture(QStringLiteral("10-undo-window"));
    DeskStore& store = m_program.services()->store();
    m_hand.waitFor(
        QStringLiteral("the platform's receipt"),
        [&] {
            const auto reports = store.reports().all();
            if (!reports)
                return false;
            for (const ReportStore::Summary& summary : *reports)
                if (summary.state == ReadingState::Published && summary.document.reviewer) {
                    m_published = summary.document.srInstance;
                    m_document = summary.document;
                }
            const auto pending = store.outbox().pendingCount();
            return !m_published.isEmpty() && pending && *pending == 0;
        },
        90000);
    const auto receipt = pipeline::receiptOf(m_published, m_program.services()->pipeline());
    if (!receipt || !*receipt)
        throw StepFailed(QStringLiteral("published without a receipt"));
    std::printf("\n      committed %s, transaction %s\n      ", qPrintable((*receipt)->at.toString(Qt::ISODate)),
                qPrintable((*receipt)->commitment.value()));
    m_hand.pause(700);
    m_hand.picture(QStringLiteral("11-receipt"));
}

void MainJob::fetchFromPlatform() {
    DeskServices& services = *m_program.services();
    AcquireService acquire(services.store(), services.studies(), services.pixels());
    const CancelToken token;
    const StudyUid study = m_document.order.study;
    const Result<QByteArray> sr = acquire.fetchReportObject(study, m_document.srSeries, m_published, token);
    const Result<QByteArray> pdf =
        acquire.fetchReportObject(study, m_document.pdfSeries, m_document.pdfInstance, token);
    if (!sr || !pdf)
        throw StepFailed(QStringLiteral("the platform does not give the report back: ") +
                         (!sr ? sr.error() : pdf.error()).toString());
    const VerificationReport proof = verifyOffline(services.home(), *sr, *pdf);
    if (!proof.ok)
        throw StepFailed(QStringLiteral("the report from the platform does not verify: ") +
                         QString::fromUtf8(QJsonDocument(toJson(proof)).toJson()));
    const Result<OpenedReportFile> opened = services.encoder().open(*pdf);
    const auto write = [&](const char* name, const QByteArray& bytes) {
        if (Status written = writeFileDurably(m_outFolder + u'/' + QLatin1String(name), bytes); !written)
            throw StepFailed(written.error().toString());
    };
    write("report-sr.dcm", *sr);
    write("report-pdf.dcm", *pdf);
    write("report.pdf", opened->pdf);
    write("verification.json", QJsonDocument(toJson(proof)).toJson());
    std::printf("\n      %d signatures valid, SR %lld bytes, PDF %lld bytes\n      ",
                static_cast<int>(proof.signatures.size()), static_cast<long long>(sr->size()),
                static_cast<long long>(opened->pdf.size()));
}

} // namespace yz::player
