#include "reporting_ui/report_panel.h"

#include "reporting_ui/critical_value_editor.h"
#include "reporting_ui/measurement_links.h"
#include "reporting_ui/template_form.h"
#include "reporting_ui/trace_view.h"
#include "uikit/badge.h"
#include "uikit/banner.h"
#include "uikit/format.h"
#include "uikit/person_text.h"
#include "uikit/terms.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QStyle>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace yz {

namespace {

void setKind(QWidget* widget, const char* kind) {
    widget->setProperty("kind", kind);
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
}

QString plain(const QPlainTextEdit* edit) { return edit->toPlainText(); }

void setPlain(QPlainTextEdit* edit, const QString& text) {
    if (edit->toPlainText() != text)
        edit->setPlainText(text);
}

} // namespace

ReportPanel::ReportPanel(const TemplateCatalog& catalog, QWidget* parent)
    : QWidget(parent), m_catalog(catalog), m_patient(new QLabel), m_exam(new QLabel), m_people(new QLabel),
      m_badge(new StateBadge), m_banner(new Banner), m_tabs(new QTabWidget), m_template(new QComboBox),
      m_form(new TemplateForm), m_critical(new CriticalValueEditor), m_trace(new TraceView), m_saveState(new QLabel) {
    setObjectName(QStringLiteral("reportPanel"));
    setMinimumWidth(420);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildHeader());
    layout->addWidget(m_banner);

    m_tabs->setObjectName(QStringLiteral("reportTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(buildTexts(), tr("Report"));
    auto* formArea = new QScrollArea;
    formArea->setWidgetResizable(true);
    formArea->setFrameShape(QFrame::NoFrame);
    formArea->setWidget(m_form);
    m_tabs->addTab(formArea, tr("Form"));
    m_tabs->addTab(m_critical, tr("Critical values"));
    m_tabs->addTab(m_trace, tr("Changes"));
    layout->addWidget(m_tabs, 1);
    layout->addWidget(buildKeyImages());

    m_checks = new QWidget;
    m_checks->setObjectName(QStringLiteral("checksList"));
    m_checksLayout = new QVBoxLayout(m_checks);
    m_checksLayout->setContentsMargins(12, 4, 12, 4);
    m_checksLayout->setSpacing(3);
    auto* checksArea = new QScrollArea;
    checksArea->setWidgetResizable(true);
    checksArea->setFrameShape(QFrame::NoFrame);
    checksArea->setMaximumHeight(150);
    checksArea->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    checksArea->setWidget(m_checks);
    layout->addWidget(checksArea);
    layout->addWidget(buildSigning());
    layout->addWidget(buildButtons());

    m_checkTimer.setSingleShot(true);
    m_checkTimer.setInterval(250);
    connect(&m_checkTimer, &QTimer::timeout, this, &ReportPanel::updateChecks);
    connect(m_form, &TemplateForm::answersEdited, this, [this](const QJsonObject& answers) {
        const ReportTemplate* reportTemplate = m_catalog.find(m_content.templateId);
        if (!reportTemplate || !isEditable())
            return;
        const QStringList kept = applyAnswers(m_content, *reportTemplate, answers);
        if (!kept.isEmpty())
            m_banner->announce(Tone::Info, tr("%n sentence(s) you edited by hand were left as you wrote them.", nullptr,
                                              static_cast<int>(kept.size())));
        showTexts();
        m_checkTimer.start();
        Q_EMIT contentEdited(m_content);
    });
    connect(m_critical, &CriticalValueEditor::edited, this, &ReportPanel::takeEdits);
    setCase({});
}

ReportPanel::~ReportPanel() = default;

QWidget* ReportPanel::buildHeader() {
    auto* header = new QFrame;
    header->setProperty("kind", "bar");
    auto* layout = new QVBoxLayout(header);
    layout->setContentsMargins(12, 8, 12, 8);
    layout->setSpacing(2);
    auto* first = new QHBoxLayout;
    m_patient->setProperty("kind", "heading");
    m_patient->setObjectName(QStringLiteral("reportPatient"));
    m_patient->setTextFormat(Qt::PlainText);
    first->addWidget(m_patient, 1);
    first->addWidget(m_badge);
    layout->addLayout(first);
    m_exam->setProperty("kind", "muted");
    m_exam->setTextFormat(Qt::PlainText);
    m_exam->setWordWrap(true);
    layout->addWidget(m_exam);
    m_people->setProperty("kind", "muted");
    m_people->setTextFormat(Qt::PlainText);
    m_people->setWordWrap(true);
    layout->addWidget(m_people);
    return header;
}

QPlainTextEdit* ReportPanel::addSection(QVBoxLayout& layout, const QString& title, const char* name, int lines) {
    auto* label = new QLabel(title);
    label->setProperty("kind", "muted");
    auto* edit = new QPlainTextEdit;
    edit->setObjectName(QLatin1String(name));
    edit->setTabChangesFocus(true);
    edit->setAccessibleName(title);
    label->setBuddy(edit);
    const int lineHeight = edit->fontMetrics().lineSpacing();
    edit->setMinimumHeight(lineHeight * lines + 14);
    layout.addWidget(label);
    layout.addWidget(edit, lines > 3 ? lines : 0);
    if (lines <= 3)
        edit->setMaximumHeight(lineHeight * (lines + 1) + 14);
    connect(edit, &QPlainTextEdit::textChanged, this, &ReportPanel::takeEdits);
    return edit;
}

QWidget* ReportPanel::buildTexts() {
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(12, 8, 12, 8);
    layout->setSpacing(4);

    auto* top = new QHBoxLayout;
    auto* templateLabel = new QLabel(tr("Template"));
    templateLabel->setProperty("kind", "muted");
    top->addWidget(templateLabel);
    m_template->setObjectName(QStringLiteral("templateBox"));
    top->addWidget(m_template, 1);
    layout->addLayout(top);

    m_amendBar = new QWidget;
    auto* amendLayout = new QHBoxLayout(m_amendBar);
    amendLayout->setContentsMargins(0, 0, 0, 0);
    amendLayout->addWidget(new QLabel(tr("Reason for the amendment")));
    m_amendReason = new QLineEdit;
    m_amendReason->setObjectName(QStringLiteral("amendReasonEdit"));
    amendLayout->addWidget(m_amendReason, 1);
    layout->addWidget(m_amendBar);
    connect(m_amendReason, &QLineEdit::textChanged, this, &ReportPanel::amendReasonChanged);
    connect(m_amendReason, &QLineEdit::textChanged, this, &ReportPanel::updateSignButton);

    m_technique = addSection(*layout, tr("Technique"), "techniqueEdit", 1);
    m_comparison = addSection(*layout, tr("Comparison"), "comparisonEdit", 1);
    m_findingsEdit = addSection(*layout, tr("Findings"), "findingsEdit", 9);
    m_impression = addSection(*layout, tr("Impression"), "impressionEdit", 4);
    m_findingsLinks = new MeasurementLinks(m_findingsEdit);
    m_impressionLinks = new MeasurementLinks(m_impression);
    for (MeasurementLinks* links : {m_findingsLinks, m_impressionLinks})
        connect(links, &MeasurementLinks::activated, this, &ReportPanel::measurementActivated);

    auto* result = new QHBoxLayout;
    auto* resultLabel = new QLabel(tr("Result"));
    resultLabel->setProperty("kind", "muted");
    result->addWidget(resultLabel);
    auto* group = new QButtonGroup(this);
    group->setExclusive(false);
    const auto resultButton = [&](const QString& text, const char* name) {
        auto* button = new QToolButton;
        button->setText(text);
        button->setObjectName(QLatin1String(name));
        button->setCheckable(true);
        group->addButton(button);
        result->addWidget(button);
        return button;
    };
    m_negative = resultButton(tr("Negative"), "negativeButton");
    m_positive = resultButton(tr("Positive"), "positiveButton");
    connect(m_negative, &QToolButton::clicked, this, [this](bool checked) {
        if (checked)
            m_positive->setChecked(false);
        takeEdits();
    });
    connect(m_positive, &QToolButton::clicked, this, [this](bool checked) {
        if (checked)
            m_negative->setChecked(false);
        takeEdits();
    });
    result->addStretch();
    m_recognition = new QCheckBox(tr("Images fit for mutual recognition"));
    m_recognition->setObjectName(QStringLiteral("recognitionBox"));
    m_recognition->setToolTip(tr("Recognition covers the images, never the doctor's conclusion."));
    connect(m_recognition, &QCheckBox::clicked, this, &ReportPanel::takeEdits);
    result->addWidget(m_recognition);
    layout->addLayout(result);

    m_recommendation = addSection(*layout, tr("Recommendation"), "recommendationEdit", 1);
    connect(m_template, &QComboBox::activated, this, &ReportPanel::chooseTemplate);
    return page;
}

QWidget* ReportPanel::buildButtons() {
    auto* bar = new QFrame;
    bar->setProperty("kind", "bar");
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(12, 8, 12, 8);
    layout->setSpacing(6);
    m_saveState->setObjectName(QStringLiteral("saveState"));
    m_saveState->setProperty("kind", "muted");
    m_saveState->setWordWrap(true);
    layout->addWidget(m_saveState, 1);
    const auto button = [&](const QString& text, const char* name, const char* kind) {
        auto* b = new QPushButton(text);
        b->setObjectName(QLatin1String(name));
        if (kind)
            b->setProperty("kind", kind);
        layout->addWidget(b);
        return b;
    };
    m_close = button(tr("Close"), "closeCaseButton", "flat");
    m_release = button(tr("Give back"), "releaseButton", "flat");
    m_reject = button(tr("Images unfit…"), "rejectButton", "flat");
    m_correction = button(tr("Correction…"), "correctionButton", nullptr);
    m_addendum = button(tr("Addendum…"), "addendumButton", nullptr);
    m_return = button(tr("Return…"), "returnButton", nullptr);
    m_submit = button(tr("Submit"), "submitButton", "primary");
    m_submit->setShortcut(QKeySequence(QStringLiteral("Ctrl+Return")));
    connect(m_close, &QPushButton::clicked, this, &ReportPanel::closeRequested);
    connect(m_release, &QPushButton::clicked, this, &ReportPanel::releaseRequested);
    connect(m_reject, &QPushButton::clicked, this, [this] { askReason(false); });
    connect(m_return, &QPushButton::clicked, this, [this] { askReason(true); });
    connect(m_addendum, &QPushButton::clicked, this, [this] { Q_EMIT amendRequested(ReportVersionKind::Addendum); });
    connect(m_correction, &QPushButton::clicked, this,
            [this] { Q_EMIT amendRequested(ReportVersionKind::Correction); });
    connect(m_submit, &QPushButton::clicked, this, &ReportPanel::beginSigning);
    return bar;
}

bool ReportPanel::isEditable() const {
    return (m_case.mode == PanelMode::Write || m_case.mode == PanelMode::Review || m_case.mode == PanelMode::Amend) &&
           m_busy.isEmpty();
}

void ReportPanel::setCase(const ReportCase& reportCase) {
    m_case = reportCase;
    clearChecks();
    m_banner->clear();
    endSigning();
    const Order& order = m_case.order;
    if (m_case.mode == PanelMode::Empty) {
        m_patient->setText(tr("No case open"));
        m_exam->setText(tr("Open one from the work list."));
        m_people->clear();
        m_badge->hide();
    } else {
        QStringList who{formatMarkedPersonName(order.patient), formatSex(order.patient.sex),
                        formatAge(order.patient, order.examTime.toLocalTime().date()), order.patient.id.value()};
        who.removeAll(QString());
        m_patient->setText(who.join(QStringLiteral("  ")));
        m_patient->setToolTip(personNameToolTip(order.patient));
        QStringList exam{order.item, order.requestingHospital, formatDateTime(order.examTime)};
        if (!order.accessionNumber.isEmpty())
            exam << tr("accession %1").arg(order.accessionNumber);
        exam.removeAll(QString());
        m_exam->setText(exam.join(QStringLiteral(" · ")));
        QStringList people;
        if (!m_case.authorName.isEmpty())
            people << tr("Author: %1").arg(m_case.authorName);
        if (!m_case.reviewerName.isEmpty())
            people << tr("Reviewer: %1").arg(m_case.reviewerName);
        if (!order.clinicalDiagnosis.isEmpty())
            people << tr("Clinical: %1").arg(order.clinicalDiagnosis);
        if (!order.history.isEmpty())
            people << order.history;
        m_people->setText(people.join(QStringLiteral(" · ")));
        m_badge->show();
        m_badge->setBadge(stateText(m_case.state), toneOf(m_case.state));
        if (!m_case.returnReason.isEmpty())
            m_banner->announce(Tone::Warning, tr("Returned by the reviewer: %1").arg(m_case.returnReason));
    }
    m_people->setVisible(!m_people->text().isEmpty());

    m_template->clear();
    for (const ReportTemplate* reportTemplate : m_catalog.rankedFor(order.modality, order.bodyPart))
        m_template->addItem(reportTemplate->title, reportTemplate->id);
    m_amendReason->clear();
    m_critical->setDefaults(m_case.user.displayName, QDateTime::currentDateTimeUtc());
    showMode();
}

void ReportPanel::setContent(const ReportContent& content) {
    m_content = content;
    showTexts();
    showKeyImages();
    updateChecks();
}

void ReportPanel::setContext(const ReportContext& context) {
    m_context = context;
    m_checkTimer.start();
}

void ReportPanel::showTexts() {
    m_showing = true;
    setPlain(m_technique, m_content.technique);
    setPlain(m_comparison, m_content.comparison);
    setPlain(m_findingsEdit, m_content.findings);
    setPlain(m_impression, m_content.impression);
    setPlain(m_recommendation, m_content.recommendation);
    m_negative->setChecked(m_content.positivity == Positivity::Negative);
    m_positive->setChecked(m_content.positivity == Positivity::Positive);
    m_recognition->setChecked(m_content.mutualRecognition);
    m_critical->setValues(m_content.criticalValues);
    m_template->setCurrentIndex(m_template->findData(m_content.templateId));
    if (const ReportTemplate* reportTemplate = m_catalog.find(m_content.templateId)) {
        m_form->setTemplate(*reportTemplate);
        m_form->setAnswers(m_content.answers);
    }
    if (m_case.authorContent)
        m_trace->show(*m_case.authorContent, m_content);
    m_showing = false;
}

void ReportPanel::takeEdits() {
    if (m_showing || !isEditable())
        return;
    m_content.technique = plain(m_technique);
    m_content.comparison = plain(m_comparison);
    m_content.findings = plain(m_findingsEdit);
    m_content.impression = plain(m_impression);
    m_content.recommendation = plain(m_recommendation);
    m_content.positivity = m_positive->isChecked()   ? Positivity::Positive
                           : m_negative->isChecked() ? Positivity::Negative
                                                     : Positivity::Unstated;
    m_content.mutualRecognition = m_recognition->isChecked();
    m_content.criticalValues = m_critical->values();
    if (m_case.authorContent)
        m_trace->show(*m_case.authorContent, m_content);
    m_checkTimer.start();
    Q_EMIT contentEdited(m_content);
}

void ReportPanel::chooseTemplate(int index) {
    const ReportTemplate* reportTemplate = m_catalog.find(m_template->itemData(index).toString());
    if (!reportTemplate || !isEditable())
        return;
    startFromTemplate(m_content, *reportTemplate);
    showTexts();
    m_checkTimer.start();
    Q_EMIT contentEdited(m_content);
}

void ReportPanel::setSaveState(DraftController::SaveState state, const QDateTime& savedAt, const QString& problem) {
    const char* kind = "muted";
    QString text;
    switch (state) {
    case DraftController::SaveState::Clean:
        break;
    case DraftController::SaveState::Unsaved:
    case DraftController::SaveState::Saving:
        text = tr("Saving…");
        break;
    case DraftController::SaveState::Saved:
        text = tr("Saved %1").arg(QLocale().toString(savedAt.toLocalTime().time(), QStringLiteral("HH:mm:ss")));
        break;
    case DraftController::SaveState::Failed:
        text = problem;
        kind = "error";
        break;
    }
    if (!m_busy.isEmpty())
        return;
    m_saveState->setText(text);
    setKind(m_saveState, kind);
}

void ReportPanel::setBusy(const QString& text) {
    m_busy = text;
    m_saveState->setText(text);
    setKind(m_saveState, "muted");
    showMode();
}

void ReportPanel::showMode() {
    const PanelMode mode = m_case.mode;
    const bool editable = isEditable();
    for (QPlainTextEdit* edit : {m_technique, m_comparison, m_findingsEdit, m_impression, m_recommendation})
        edit->setReadOnly(!editable);
    m_template->setEnabled(editable && mode == PanelMode::Write);
    m_negative->setEnabled(editable);
    m_positive->setEnabled(editable);
    m_recognition->setEnabled(editable);
    m_form->setReadOnly(!editable || mode == PanelMode::Amend);
    m_critical->setReadOnly(!editable);
    m_tabs->setEnabled(mode != PanelMode::Empty);
    m_tabs->setTabVisible(3, mode == PanelMode::Review && m_case.authorContent.has_value());
    m_amendBar->setVisible(mode == PanelMode::Amend);
    const bool idle = m_busy.isEmpty();
    m_submit->setVisible(mode == PanelMode::Write || mode == PanelMode::Review || mode == PanelMode::Amend);
    m_submit->setText(mode == PanelMode::Review ? tr("Approve and sign…") : tr("Sign and submit…"));
    m_return->setVisible(mode == PanelMode::Review && !m_case.mayApproveHere);
    m_release->setVisible((mode == PanelMode::Write || mode == PanelMode::Review) && !m_case.mayApproveHere);
    m_reject->setVisible(mode == PanelMode::Write);
    m_addendum->setVisible(mode == PanelMode::ReadOnly && m_case.mayAmend);
    m_correction->setVisible(mode == PanelMode::ReadOnly && m_case.mayAmend);
    m_close->setVisible(mode != PanelMode::Empty);
    for (QPushButton* button : {m_submit, m_return, m_release, m_reject, m_addendum, m_correction, m_close})
        button->setEnabled(idle);
    m_checks->parentWidget()->parentWidget()->setVisible(editable && !m_findings.empty());
    m_signing->setEnabled(idle);
}

} // namespace yz
