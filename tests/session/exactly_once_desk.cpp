#include "exactly_once_desk.h"

#include "sample_objects.h"
#include "session/desk_services.h"
#include "storage/desk_store.h"
#include "storage/sample_report.h"

#include <QElapsedTimer>
#include <QThread>
#include <cstdio>
#include <set>

namespace yz::test {

namespace {

int refuse(const char* where, const Error& error) {
    std::fprintf(stderr, "%s: %s\n", where, qPrintable(error.toString()));
    return 1;
}

Status deliver(DeskServices& desk) {
    const Result<std::vector<DeliveryOutcome>> outcomes = pipeline::deliverDue(desk.pipeline(), {});
    return outcomes ? Status() : Status(fail(outcomes.error()));
}

} // namespace

SignedReport numberedReport(int number) {
    const QString stem = QStringLiteral("1.2.826.0.1.3680043.9.77.%1").arg(number);
    SampleObject sr;
    sr.study = stem;
    sr.series = stem + QStringLiteral(".88");
    sr.instance = sr.series + QStringLiteral(".1");
    sr.sopClass = kReportSrClass.value();
    sr.description = QStringLiteral("右肺上叶结节 %1").arg(number).toUtf8();
    sr.number = number;
    SampleObject pdf = sr;
    pdf.series = stem + QStringLiteral(".104");
    pdf.instance = pdf.series + QStringLiteral(".1");
    pdf.sopClass = kReportPdfClass.value();
    pdf.number = number + 7;
    SignedReport report = sampleReport(1, ReadingState::Approved, QStringLiteral("report-%1").arg(number));
    ReportDocument& document = report.document;
    document.task = WorkitemUid();
    document.order.study = StudyUid(stem);
    document.srSeries = SeriesUid(sr.series);
    document.srInstance = InstanceUid(sr.instance);
    document.pdfSeries = SeriesUid(pdf.series);
    document.pdfInstance = InstanceUid(pdf.instance);
    report.srFile = part10(sr);
    report.pdfFile = part10(pdf);
    return report;
}

int runDeliveringDesk(const QString& home, int count, const QDateTime& since) {
    const HurriedClock clock(since);
    RandomUidSource uids;
    const Result<Site> site = Site::load(home + QStringLiteral("/site.json"));
    if (!site)
        return refuse("site", site.error());
    const auto opened = DeskServices::open({home, *site, true}, clock, uids);
    if (!opened)
        return refuse("open", opened.error());
    DeskServices& desk = **opened;
    const auto kept = desk.store().reports().all();
    if (!kept)
        return refuse("reports", kept.error());
    std::set<InstanceUid> known;
    for (const ReportStore::Summary& summary : *kept)
        known.insert(summary.document.srInstance);
    for (int number = 1; number <= count; ++number) {
        const SignedReport report = numberedReport(number);
        if (known.contains(report.document.srInstance))
            continue;
        OutboxItem row = outboxItem(OutboxItem::Kind::StoreReport, report.document.srInstance, {},
                                    report.document.order.study.value());
        row.task = WorkitemUid(); // it stands for itself, as an amendment does
        if (const auto committed = desk.store().reports().commit(report, sampleAudit(), {row}); !committed)
            return refuse("commit", committed.error());
        std::printf("C %d\n", number);
        std::fflush(stdout);
        if (number % 8 == 0)
            if (const Status delivered = deliver(desk); !delivered)
                return refuse("deliver", delivered.error());
    }
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 120000) {
        if (const Status delivered = deliver(desk); !delivered)
            return refuse("deliver", delivered.error());
        const Result<int> pending = desk.store().outbox().pendingCount();
        if (pending && *pending == 0)
            return 0;
        QThread::msleep(20);
    }
    return refuse("deliver", {ErrorCode::NetworkTimeout, QStringLiteral("the outbox did not empty")});
}

} // namespace yz::test
