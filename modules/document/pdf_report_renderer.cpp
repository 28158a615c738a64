#include "document/pdf_report_renderer.h"

#include "document/page_flow.h"
#include "document/qr_code.h"
#include "domain/measurement_text.h"

#include <cairo-pdf.h>
#include <memory>

namespace yz {

namespace {

constexpr double kPaperWidthMm = 210, kPaperHeightMm = 297;
constexpr PageArea kBody{18, 14, 174, 257};
constexpr double kFooterTopMm = 275;
constexpr double kQrMm = 24;
constexpr Ink kGray{0.33, 0.33, 0.33};

using W = PaperWord;

/// Families that hold Chinese, best first; fontconfig takes the first one that is installed.
constexpr const char* kFamilies = "Noto Sans CJK SC, Source Han Sans SC, Noto Sans SC, WenQuanYi Micro Hei, SimSun";

void drawQrCode(cairo_t* cairo, const QrCode& code, const PageArea& area) {
    if (code.isNull())
        return;
    const double module = PageFlow::points(area.width) / (code.width() + 2 * QrCode::kQuietModules);
    const double left = PageFlow::points(area.left) + QrCode::kQuietModules * module;
    const double top = PageFlow::points(area.top) + QrCode::kQuietModules * module;
    cairo_set_source_rgb(cairo, 0, 0, 0);
    // Runs of a row in one rectangle: fewer objects, and no hairlines between neighbours.
    for (int y = 0; y < code.width(); ++y)
        for (int x = 0; x < code.width();) {
            int end = x;
            while (end < code.width() && code.isDark(end, y))
                ++end;
            if (end > x)
                cairo_rectangle(cairo, left + x * module, top + y * module, (end - x) * module, module);
            x = std::max(end, x + 1);
        }
    cairo_fill(cairo);
}

cairo_status_t appendTo(void* closure, const unsigned char* data, unsigned int length) {
    static_cast<QByteArray*>(closure)->append(reinterpret_cast<const char*>(data), static_cast<qsizetype>(length));
    return CAIRO_STATUS_SUCCESS;
}

/// One report on its way to paper.
class Paper {
public:
    Paper(const ReportDocument& document, PaperLanguage language, const QTimeZone& zone)
        : m_document(document), m_language(language), m_zone(zone),
          m_flow(kBody, kFamilies, language == PaperLanguage::Chinese ? "zh-cn" : "en") {}

    void layOut() {
        heading();
        identity();
        section(W::Technique, content().technique);
        section(W::Comparison, content().comparison);
        section(W::Findings, content().findings);
        keyImages();
        measurements();
        section(W::Impression, content().impression, true);
        section(W::Recommendation, content().recommendation);
        result();
        criticalValues();
        signatures();
    }

    void paint(cairo_t* cairo) const {
        for (int page = 0; page < m_flow.pageCount(); ++page) {
            watermarks(cairo);
            m_flow.paintPage(page, cairo);
            footer(cairo, page);
            cairo_show_page(cairo);
        }
    }

private:
    const ReportContent& content() const { return m_document.content; }
    QString word(PaperWord w) const { return paperText(w, m_language); }
    QString time(const QDateTime& at) const {
        return at.isValid() ? at.toTimeZone(m_zone).toString(QStringLiteral("yyyy-MM-dd HH:mm")) : QString();
    }
    QString labelled(PaperWord label, const QString& value) const {
        return word(label) + (m_language == PaperLanguage::Chinese ? QStringLiteral("：") : QStringLiteral(": ")) +
               value;
    }

    void heading() {
        const PageArea& body = m_flow.body();
        m_flow.draw([code = QrCode(PdfReportRenderer::qrText(m_document)), body](cairo_t* cairo) {
            drawQrCode(cairo, code, {body.right() - kQrMm, body.top, kQrMm, kQrMm});
        });
        TypeStyle caption{6};
        caption.align = TextAlign::Center;
        m_flow.draw([this, caption, body](cairo_t* cairo) {
            m_flow.write(cairo, word(W::QrCaption), {body.right() - kQrMm, body.top + kQrMm - 2.2, kQrMm, 3}, caption);
        });
        TypeStyle title{16, true};
        title.align = TextAlign::Center;
        m_flow.space(1);
        m_flow.text(m_document.diagnosingHospital, title);
        title.points = 14;
        QString name = content().title.isEmpty() ? word(W::Report) : content().title;
        if (m_document.kind == ReportVersionKind::Correction)
            name += u" · " + word(W::CorrectionReport);
        if (m_document.kind == ReportVersionKind::Addendum)
            name += u" · " + word(W::AddendumReport);
        m_flow.text(name, title);
        m_flow.setY(body.top + kQrMm + 0.5);
        if (m_document.kind != ReportVersionKind::Original) {
            const QString before =
                m_document.predecessors.empty() ? QString() : m_document.predecessors.back().object.instance.value();
            TypeStyle small{9};
            small.ink = {0.63, 0.13, 0.13};
            m_flow.text(word(W::AmendsLine).arg(m_document.amendReason, before), small);
        }
        m_flow.rule(0.5);
        m_flow.space(1);
    }

    QString sexText(Sex sex) const {
        switch (sex) {
        case Sex::Male:
            return word(W::Male);
        case Sex::Female:
            return word(W::Female);
        case Sex::Other:
            return word(W::OtherSex);
        case Sex::Unknown:
            break;
        }
        return word(W::UnknownSex);
    }

    QString ageText() const {
        const Patient& patient = m_document.order.patient;
        const QDateTime exam = m_document.order.examTime.isValid() ? m_document.order.examTime : m_document.createdAt;
        QString age = ageOn(patient, exam.toTimeZone(m_zone).date());
        if (age.isEmpty())
            age = patient.age;
        if (age.size() != 4)
            return age;
        const QString number = QString::number(age.left(3).toInt());
        switch (age[3].unicode()) {
        case u'Y':
            return number + word(W::AgeYears);
        case u'M':
            return number + word(W::AgeMonths);
        case u'W':
            return number + word(W::AgeWeeks);
        case u'D':
            return number + word(W::AgeDays);
        default:
            return age;
        }
    }

    void identity() {
        const Order& order = m_document.order;
        const TypeStyle type{9.5};
        const double label = m_language == PaperLanguage::Chinese ? 18 : 25;
        const auto row = [&](std::vector<PageFlow::Cell> cells) { m_flow.row(cells, 3, label, type); };
        row({{word(W::Name), order.patient.name.display()},
             {word(W::Sex), sexText(order.patient.sex)},
             {word(W::Age), ageText()}});
        row({{word(W::PatientNumber), order.patient.id.value()},
             {word(W::Accession), order.accessionNumber},
             {word(W::ExamItem), order.item}});
        row({{word(W::RequestingHospital), order.requestingHospital},
             {word(W::RequestingDepartment), order.requestingDepartment},
             {word(W::RequestingPhysician), order.requestingPhysician}});
        row({{word(W::ExamTime), time(order.examTime)},
             {word(W::ReportTime), time(m_document.createdAt)},
             {word(W::ClinicalDiagnosis), order.clinicalDiagnosis}});
        m_flow.space(1);
        m_flow.rule(0.3);
        m_flow.space(1.5);
    }

    void sectionTitle(PaperWord name) {
        m_flow.need(16); // a heading does not stay alone at the foot of a page
        m_flow.text(word(name), {11, true});
    }

    void section(PaperWord name, const QString& text, bool bold = false) {
        if (text.trimmed().isEmpty())
            return;
        sectionTitle(name);
        TypeStyle type{10.5, bold};
        type.lineHeight = 1.6;
        type.indentMm = 4;
        m_flow.text(text.trimmed(), type);
        m_flow.space(2);
    }

    void keyImages() {
        if (content().keyImages.empty())
            return;
        std::vector<PageFlow::Picture> pictures;
        for (const KeyImage& image : content().keyImages) {
            PageFlow::Picture picture;
            picture.png = image.png;
            picture.caption = image.caption;
            picture.missing = word(W::KeyImageElsewhere);
            pictures.push_back(std::move(picture));
        }
        m_flow.need(62);
        sectionTitle(W::KeyImages);
        const int columns = pictures.size() == 1 ? 1 : pictures.size() == 2 || pictures.size() == 4 ? 2 : 3;
        m_flow.pictures(pictures, columns, columns == 3 ? 48 : 60, {8.5});
        m_flow.space(1);
    }

    void measurements() {
        if (content().measurements.empty())
            return;
        QStringList lines;
        for (const ReportMeasurement& measurement : content().measurements)
            lines.append(labelledText(measurement.name, measurementText(measurement.value, measurement.unit)));
        section(W::Measurements,
                lines.join(m_language == PaperLanguage::Chinese ? QStringLiteral("；") : QStringLiteral("; ")));
    }
    QString labelledText(const QString& label, const QString& value) const { return label + u' ' + value; }

    void result() {
        if (content().positivity != Positivity::Unstated)
            m_flow.text(
                labelled(W::Result, word(content().positivity == Positivity::Positive ? W::Positive : W::Negative)),
                {10.5, true});
        if (content().mutualRecognition)
            m_flow.text(word(W::MutualRecognition), {9.5});
    }

    void criticalValues() {
        if (content().criticalValues.empty())
            return;
        QStringList lines;
        for (const CriticalValue& value : content().criticalValues)
            lines.append(word(W::CriticalLine)
                             .arg(value.item, time(value.foundAt), value.toldBy, value.toldTo, time(value.toldAt),
                                  word(value.readBack ? W::ReadBackDone : W::ReadBackMissing), value.handling));
        m_flow.space(1);
        section(W::CriticalValues, lines.join(u'\n'));
    }

    void signatureOf(PaperWord role, const SignerStatement& signer) {
        m_flow.row({{word(role), signer.name + u"  " + signer.title}, {word(W::SignedAt), time(signer.signedAt)}}, 2,
                   m_language == PaperLanguage::Chinese ? 20 : 24, {11, true});
        TypeStyle small{8};
        small.ink = kGray;
        m_flow.text(signer.hospital + u"    " +
                        word(W::Certificate).arg(signer.certificateSubject, signer.certificateSerial),
                    small);
        m_flow.space(1);
    }

    void signatures() {
        m_flow.space(2);
        m_flow.need(26); // both signatures on one page
        m_flow.rule(0.3);
        m_flow.space(1.5);
        signatureOf(W::Author, m_document.author);
        if (m_document.reviewer) {
            signatureOf(W::Reviewer, *m_document.reviewer);
            if (m_document.reviewer->user == m_document.author.user)
                m_flow.text(word(W::SelfReviewed), {9});
        } else {
            m_flow.text(word(W::Reviewer) + word(W::AwaitsReview), {11, true});
        }
    }

    void watermark(cairo_t* cairo, const QString& text, double yMm) const {
        // Light, not transparent: some printers and archives know no transparency.
        TypeStyle style{44, true};
        style.ink = {0.9, 0.9, 0.9};
        m_flow.writeTurned(cairo, text, kPaperWidthMm / 2, yMm, -30, style);
    }

    void watermarks(cairo_t* cairo) const {
        if (m_document.isDemo)
            watermark(cairo, word(W::DemoMark), 115);
        if (!m_document.reviewer)
            watermark(cairo, word(W::NotReviewedMark), m_document.isDemo ? 205 : 150);
    }

    void footer(cairo_t* cairo, int page) const {
        const Order& order = m_document.order;
        cairo_set_source_rgb(cairo, 0, 0, 0);
        cairo_set_line_width(cairo, PageFlow::points(0.2));
        cairo_move_to(cairo, PageFlow::points(kBody.left), PageFlow::points(kFooterTopMm));
        cairo_line_to(cairo, PageFlow::points(kBody.right()), PageFlow::points(kFooterTopMm));
        cairo_stroke(cairo);
        TypeStyle style{8};
        style.ink = kGray;
        const auto line = [&](int index, TextAlign align, const QString& text) {
            style.align = align;
            m_flow.write(cairo, text, {kBody.left, kFooterTopMm + 0.8 + 4.0 * index, kBody.width, 4.0}, style);
        };
        line(0, TextAlign::Left,
             order.patient.name.display() + u"  " + order.patient.id.value() + u"  " + order.accessionNumber);
        line(0, TextAlign::Right, word(W::PageOf).arg(page + 1).arg(m_flow.pageCount()));
        line(1, TextAlign::Left, word(W::NotADevice));
        style.points = 6.5;
        line(2, TextAlign::Left,
             QStringLiteral("SR %1  V%2").arg(m_document.srInstance.value()).arg(m_document.version));
        QStringList marks;
        if (!m_document.reviewer)
            marks.append(word(W::NotReviewedMark));
        if (m_document.isDemo)
            marks.append(word(W::DemoMark));
        line(2, TextAlign::Right, marks.join(QStringLiteral("  ")));
    }

    const ReportDocument& m_document;
    PaperLanguage m_language;
    QTimeZone m_zone;
    PageFlow m_flow;
};

} // namespace

PdfReportRenderer::PdfReportRenderer(PaperLanguage language, const QTimeZone& zone)
    : m_language(language), m_zone(zone) {}

QByteArray PdfReportRenderer::qrText(const ReportDocument& document) {
    return "YZ1;SR=" + document.srInstance.value().toLatin1() + ";ACC=" + document.order.accessionNumber.toUtf8() +
           ";V=" + QByteArray::number(document.version);
}

Result<QByteArray> PdfReportRenderer::renderPdf(const ReportDocument& document) {
    QByteArray bytes;
    const std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> surface(
        cairo_pdf_surface_create_for_stream(&appendTo, &bytes, PageFlow::points(kPaperWidthMm),
                                            PageFlow::points(kPaperHeightMm)),
        cairo_surface_destroy);
    const QByteArray title = document.content.title.toUtf8();
    const QByteArray created = document.createdAt.toUTC().toString(Qt::ISODate).toLatin1();
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_TITLE, title.constData());
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATOR, "Yuanzhen");
    cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, created.constData());
    {
        const std::unique_ptr<cairo_t, decltype(&cairo_destroy)> cairo(cairo_create(surface.get()), cairo_destroy);
        Paper paper(document, m_language, m_zone);
        paper.layOut();
        paper.paint(cairo.get());
        if (const cairo_status_t status = cairo_status(cairo.get()); status != CAIRO_STATUS_SUCCESS)
            return fail(ErrorCode::Internal, QString::fromLatin1(cairo_status_to_string(status)));
    }
    cairo_surface_finish(surface.get());
    if (const cairo_status_t status = cairo_surface_status(surface.get()); status != CAIRO_STATUS_SUCCESS)
        return fail(ErrorCode::Internal, QString::fromLatin1(cairo_status_to_string(status)));
    return bytes;
}

} // namespace yz
