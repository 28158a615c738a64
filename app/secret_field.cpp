#include "secret_field.h"

#include "jobs/jobs.h"

#include <QFile>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace yz {

namespace {
constexpr qint64 kMostBytes = 1 << 20;
}

SecretField::SecretField(Kind kind, QWidget* parent)
    : QWidget(parent), m_kind(kind), m_word(new QLineEdit), m_state(new QLabel),
      m_choose(new QPushButton(tr("Choose a file…"))), m_remove(new QPushButton(tr("Remove"))) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_word, 1);
    layout->addWidget(m_state, 1);
    layout->addWidget(m_choose);
    layout->addWidget(m_remove);
    m_word->setObjectName(QStringLiteral("secretWord"));
    m_state->setObjectName(QStringLiteral("secretState"));
    m_choose->setObjectName(QStringLiteral("secretChoose"));
    m_remove->setObjectName(QStringLiteral("secretRemove"));
    m_word->setEchoMode(QLineEdit::Password);
    m_word->setVisible(kind == Kind::Word);
    m_state->setVisible(kind == Kind::KeyFile);
    m_choose->setVisible(kind == Kind::KeyFile);
    setFocusProxy(kind == Kind::Word ? static_cast<QWidget*>(m_word) : m_choose);
    connect(m_word, &QLineEdit::textEdited, this, [this](const QString& text) {
        Q_EMIT changed(text.isEmpty() ? std::optional<QByteArray>() : text.toUtf8());
    });
    connect(m_choose, &QPushButton::clicked, this, &SecretField::choose);
    connect(m_remove, &QPushButton::clicked, this, [this] {
        m_word->clear();
        Q_EMIT changed(m_edit.isKept ? std::optional<QByteArray>(QByteArray()) : std::nullopt);
    });
}

void SecretField::show(const SecretEdit& edit) {
    m_edit = edit;
    const bool goes = edit.value && edit.value->isEmpty();
    const bool isNew = edit.value && !edit.value->isEmpty();
    const QString typed = isNew && m_kind == Kind::Word ? QString::fromUtf8(*edit.value) : QString();
    if (m_word->text() != typed) // never what is kept
        m_word->setText(typed);
    const QString state = isNew         ? tr("entered, not saved yet")
                          : goes        ? tr("will be removed")
                          : edit.isKept ? tr("kept; enter another to replace it")
                                        : tr("none");
    m_word->setPlaceholderText(state);
    m_state->setText(m_kind == Kind::KeyFile && edit.isKept && !edit.value ? tr("kept") : state);
    m_remove->setEnabled(edit.isThere());
}

void SecretField::choose() {
    const QString path = QFileDialog::getOpenFileName(this, tr("Private key (PEM)"));
    if (!path.isEmpty())
        readFile(path);
}

void SecretField::readFile(const QString& path) {
    jobs::whenDone(jobs::start(jobs::Lane::Storage,
                               [path] {
                                   QFile file(path);
                                   return file.open(QIODevice::ReadOnly) ? file.read(kMostBytes).trimmed()
                                                                         : QByteArray();
                               }),
                   this, [this](const QByteArray& bytes) {
                       if (bytes.isEmpty())
                           m_state->setText(tr("the file cannot be read"));
                       else
                           Q_EMIT changed(bytes);
                   });
}

} // namespace yz
