#include "reporting_ui/check_text.h"
#include "reporting_ui/report_panel.h"
#include "uikit/banner.h"
#include "uikit/reason_dialog.h"

#include <QHBoxLayout>
#include <QHash>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

// What stands between a report and its signature: checks and their answers, the password, and the reasons for which
// it goes back instead.
namespace yz {

namespace {
constexpr char kFinding[] = "finding"; ///< property of a row

QString rowOf(const CheckFinding& finding) {
    return finding.key() + u'/' + QString::number(static_cast<int>(finding.severity));
}
} // namespace

QWidget* ReportPanel::buildSigning() {
    m_signing = new QFrame;
    m_signing->setObjectName(QStringLiteral("signingStrip"));
    m_signing->setProperty("kind", "card");
    auto* layout = new QVBoxLayout(m_signing);
    layout->setContentsMargins(12, 8, 12, 8);
    m_signingText = new QLabel;
    m_signingText->setWordWrap(true);
    m_signingText->setTextFormat(Qt::PlainText);
    layout->addWidget(m_signingText);
    auto* line = new QHBoxLayout;
    m_pin = new QLineEdit;
    m_pin->setObjectName(QStringLiteral("pinEdit"));
    m_pin->setEchoMode(QLineEdit::Password);
    m_pin->setPlaceholderText(tr("Password of your signature key"));
    line->addWidget(m_pin, 1);
    m_sign = new QPushButton(tr("Sign"));
    m_sign->setObjectName(QStringLiteral("signButton"));
    m_sign->setProperty("kind", "primary");
    line->addWidget(m_sign);
    auto* cancel = new QPushButton(tr("Not yet"));
    cancel->setObjectName(QStringLiteral("cancelSigningButton"));
    line->addWidget(cancel);
    layout->addLayout(line);
    connect(m_sign, &QPushButton::clicked, this, &ReportPanel::sign);
    connect(m_pin, &QLineEdit::returnPressed, this, &ReportPanel::sign);
    connect(m_pin, &QLineEdit::textChanged, this, &ReportPanel::updateSignButton);
    connect(cancel, &QPushButton::clicked, this, &ReportPanel::endSigning);
    m_signing->hide();
    return m_signing;
}

/// Reasons of one case must not stand ready for the next.
void ReportPanel::clearChecks() {
    m_reasons.clear();
    m_findings.clear();
    while (QLayoutItem* item = m_checksLayout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

void ReportPanel::updateChecks() {
    m_findings = m_case.mode == PanelMode::Empty || m_case.mode == PanelMode::ReadOnly
                     ? std::vector<CheckFinding>()
                     : checkReport(m_content, m_context);
    // A row that says the same stays: somebody may be writing into it.
    QMultiHash<QString, QWidget*> known;
    while (QLayoutItem* item = m_checksLayout->takeAt(0)) {
        if (QWidget* row = item->widget())
            known.insert(row->property(kFinding).toString(), row);
        delete item;
    }
    for (const CheckFinding& finding : m_findings) {
        if (QWidget* row = known.take(rowOf(finding))) {
            m_checksLayout->addWidget(row);
            continue;
        }
        auto* row = new QWidget;
        row->setProperty(kFinding, rowOf(finding));
        auto* layout = new QHBoxLayout(row);
        layout->setContentsMargins(0, 0, 0, 0);
        auto* label = new QLabel(checkSentence(finding));
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        label->setProperty("kind", finding.severity == CheckSeverity::Hard ? "error" : "warning");
        layout->addWidget(label, 3);
        if (finding.severity == CheckSeverity::Acknowledgeable) {
            auto* reason = new QLineEdit(m_reasons.value(finding.key()));
            reason->setObjectName(QStringLiteral("ack_") + checkCodeName(finding.code));
            reason->setPlaceholderText(tr("It is right because…"));
            connect(reason, &QLineEdit::textChanged, this, [this, key = finding.key()](const QString& text) {
                m_reasons[key] = text;
                updateSignButton();
            });
            layout->addWidget(reason, 2);
        }
        m_checksLayout->addWidget(row);
    }
    qDeleteAll(known);
    m_checksLayout->addStretch();
    m_checks->parentWidget()->parentWidget()->setVisible(isEditable() && !m_findings.empty());
    updateSignButton();
}

std::vector<Acknowledgement> ReportPanel::acknowledgements() const {
    std::vector<Acknowledgement> all;
    for (const CheckFinding& finding : m_findings)
        if (const QString reason = m_reasons.value(finding.key()).trimmed(); !reason.isEmpty())
            all.push_back({finding.key(), reason});
    return all;
}

void ReportPanel::updateSignButton() {
    const bool clear = blockingFindings(m_findings, acknowledgements()).empty();
    const bool hasReason = m_case.mode != PanelMode::Amend || !m_amendReason->text().trimmed().isEmpty();
    m_sign->setEnabled(clear && hasReason && !m_pin->text().isEmpty());
}

void ReportPanel::beginSigning() {
    updateChecks();
    const size_t open = blockingFindings(m_findings, acknowledgements()).size();
    if (open > 0) {
        m_banner->announce(Tone::Warning,
                           tr("%n check(s) below must be mended or answered with a reason before signing.", nullptr,
                              static_cast<int>(open)));
        return;
    }
    m_banner->clear();
    const bool review = m_case.mode == PanelMode::Review;
    const QString what =
        review ? tr("You sign as reviewer. The report with both signatures goes to the platform after the undo time.")
               : tr("You sign as author. The report and its PDF are sealed as they stand and go to another doctor for "
                    "review.");
    const QString who = tr("%1, %2").arg(m_case.user.displayName, m_case.user.title);
    m_signingText->setText(m_case.isDemo ? tr("%1\nSigning: %2 (demo certificate, no legal force)").arg(what, who)
                                         : tr("%1\nSigning: %2").arg(what, who));
    m_signing->show();
    m_pin->clear();
    m_pin->setFocus();
    updateSignButton();
}

void ReportPanel::endSigning() {
    m_pin->clear();
    m_signing->hide();
}

void ReportPanel::sign() {
    if (!m_sign->isEnabled())
        return;
    const QString pin = m_pin->text();
    m_pin->clear();
    Q_EMIT signRequested(pin, acknowledgements());
}

void ReportPanel::askReason(bool isReturn) {
    ReasonDialog::Question question;
    if (isReturn) {
        question.title = tr("Return the report to its author");
        question.hint = tr("What should be changed? The author reads this.");
        question.acceptText = tr("Return");
        question.common = {tr("Description incomplete"), tr("Conclusion does not follow from the findings"),
                           tr("Compare with the prior study")};
    } else {
        question.title = tr("Send the study back as unfit");
        question.hint = tr("What is wrong with the images? The township hospital reads this.");
        question.acceptText = tr("Send back");
        question.common = {tr("Motion artefacts"), tr("Wrong body part"), tr("Images incomplete")};
        question.isDangerous = true;
    }
    auto* dialog = new ReasonDialog(question, this);
    connect(dialog, &ReasonDialog::reasonGiven, this, [this, isReturn](const QString& reason) {
        if (isReturn)
            Q_EMIT returnRequested(reason);
        else
            Q_EMIT rejectRequested(reason);
    });
    dialog->open();
}

} // namespace yz
