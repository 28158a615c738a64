#include "start_page.h"

#include "uikit/error_text.h"

#include <QLabel>
#include <QProgressBar>
#include <QStyle>
#include <QVBoxLayout>

namespace yz {

StartPage::StartPage(QWidget* parent) : QWidget(parent), m_text(new QLabel), m_bar(new QProgressBar) {
    auto* title = new QLabel(tr("Yuanzhen"));
    title->setProperty("kind", "title");
    title->setAlignment(Qt::AlignCenter);
    m_text->setAlignment(Qt::AlignCenter);
    m_text->setWordWrap(true);
    m_text->setMinimumWidth(520);
    m_text->setText(tr("The workstation is starting."));
    m_bar->setRange(0, 0);
    m_bar->setTextVisible(false);
    m_bar->setFixedWidth(360);
    auto* layout = new QVBoxLayout(this);
    layout->addStretch();
    layout->addWidget(title);
    layout->addSpacing(16);
    layout->addWidget(m_text, 0, Qt::AlignCenter);
    layout->addSpacing(8);
    layout->addWidget(m_bar, 0, Qt::AlignCenter);
    layout->addStretch();
}

void StartPage::setProgress(const QString& what, int done, int total) {
    Q_UNUSED(what);
    m_bar->setRange(0, total);
    m_bar->setValue(done);
    m_text->setText(tr("The training platform is preparing its sample studies (%1 of %2 images). This happens once.")
                        .arg(done)
                        .arg(total));
}

void StartPage::showFailure(const Error& error) {
    m_bar->hide();
    m_text->setProperty("kind", "error");
    m_text->style()->unpolish(m_text);
    m_text->style()->polish(m_text);
    m_text->setText(errorSentence(error));
}

} // namespace yz
