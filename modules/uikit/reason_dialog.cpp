#include "uikit/reason_dialog.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace yz {

ReasonDialog::ReasonDialog(const Question& question, QWidget* parent)
    : QDialog(parent), m_isRequired(question.isRequired), m_text(new QPlainTextEdit(this)),
      m_accept(new QPushButton(question.acceptText, this)) {
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(QStringLiteral("reasonDialog"));
    setWindowTitle(question.title);
    setMinimumWidth(420);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 18, 20, 16);
    layout->setSpacing(10);
    auto* title = new QLabel(question.title, this);
    title->setProperty("kind", "heading");
    auto* hint = new QLabel(question.hint, this);
    hint->setProperty("kind", "muted");
    hint->setWordWrap(true);
    layout->addWidget(title);
    layout->addWidget(hint);
    for (const QString& reason : question.common) {
        auto* pick = new QPushButton(reason, this);
        pick->setProperty("kind", "link");
        pick->setAutoDefault(false);
        connect(pick, &QPushButton::clicked, this, [this, reason] {
            m_text->setPlainText(reason);
            m_text->setFocus();
        });
        layout->addWidget(pick, 0, Qt::AlignLeft);
    }
    m_text->setObjectName(QStringLiteral("reasonText"));
    m_text->setPlaceholderText(question.isRequired ? tr("Reason") : tr("Reason (may be left empty)"));
    m_text->setFixedHeight(84);
    m_text->setTabChangesFocus(true);
    layout->addWidget(m_text);
    auto* cancel = new QPushButton(tr("Cancel"), this);
    cancel->setObjectName(QStringLiteral("reasonCancel"));
    cancel->setAutoDefault(false);
    m_accept->setObjectName(QStringLiteral("reasonAccept"));
    m_accept->setProperty("kind", question.isDangerous ? "danger" : "primary");
    m_accept->setDefault(true);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_accept);
    layout->addSpacing(4);
    layout->addLayout(buttons);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_accept, &QPushButton::clicked, this, [this] {
        Q_EMIT reasonGiven(m_text->toPlainText().trimmed());
        accept();
    });
    connect(m_text, &QPlainTextEdit::textChanged, this, &ReasonDialog::updateButton);
    updateButton();
    m_text->setFocus();
}

void ReasonDialog::updateButton() { m_accept->setEnabled(!m_isRequired || !m_text->toPlainText().trimmed().isEmpty()); }

} // namespace yz
