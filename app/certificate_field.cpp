#include "certificate_field.h"

#include "jobs/jobs.h"
#include "security/certificate_facts.h"
#include "uikit/format.h"

#include <QFile>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace yz {

namespace {
constexpr qint64 kMostBytes = 1 << 20;
}

CertificateField::CertificateField(QString none, QWidget* parent)
    : QWidget(parent), m_none(std::move(none)), m_state(new QLabel), m_choose(new QPushButton(tr("Choose a file…"))),
      m_remove(new QPushButton(tr("Remove"))) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_state, 1);
    layout->addWidget(m_choose);
    layout->addWidget(m_remove);
    m_state->setWordWrap(true);
    m_state->setObjectName(QStringLiteral("certificateState"));
    m_choose->setObjectName(QStringLiteral("certificateChoose"));
    m_remove->setObjectName(QStringLiteral("certificateRemove"));
    setFocusProxy(m_choose);
    connect(m_choose, &QPushButton::clicked, this, [this] {
        const QString path = QFileDialog::getOpenFileName(this, tr("Certificates (PEM)"));
        if (!path.isEmpty())
            readFile(path);
    });
    connect(m_remove, &QPushButton::clicked, this, [this] { Q_EMIT changed({}); });
    show({});
}

void CertificateField::show(const QString& pem) {
    if (pem == m_pem && !m_state->text().isEmpty())
        return;
    m_pem = pem;
    m_remove->setEnabled(!pem.isEmpty());
    if (pem.isEmpty()) {
        m_state->setText(m_none);
        return;
    }
    const Result<CertificateFacts> facts = certificateFacts(pem.toUtf8());
    if (!facts)
        m_state->setText(tr("unreadable"));
    else if (facts->count == 1)
        m_state->setText(tr("%1, until %2").arg(facts->name, formatDate(facts->ends.toLocalTime().date())));
    else
        m_state->setText(tr("%1 and %2 more, until %3")
                             .arg(facts->name)
                             .arg(facts->count - 1)
                             .arg(formatDate(facts->ends.toLocalTime().date())));
}

QString CertificateField::text() const { return m_state->text(); }

void CertificateField::readFile(const QString& path) {
    jobs::whenDone(jobs::start(jobs::Lane::Storage,
                               [path] {
                                   QFile file(path);
                                   return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.read(kMostBytes))
                                                                         : QString();
                               }),
                   this, [this](const QString& pem) {
                       if (pem.trimmed().isEmpty())
                           m_state->setText(tr("the file cannot be read"));
                       else
                           Q_EMIT changed(pem);
                   });
}

} // namespace yz
