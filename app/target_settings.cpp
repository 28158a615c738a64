#include "target_settings.h"

#include "check_panel.h"
#include "path_field.h"
#include "secret_field.h"
#include "settings_form.h"
#include "settings_table.h"
#include "uikit/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTableWidget>
#include <QUrl>
#include <QVBoxLayout>
#include <chrono>

namespace yz {

namespace {

using Form = ReportTarget::Form;

enum Column { kTitle, kForm, kAddress, kLine, kOn, kFaults, kColumns };

struct TextKey {
    const char* key;
    QString ReportTarget::*member;
};
constexpr TextKey texts[] = {{"title", &ReportTarget::title},
                             {"sendingApplication", &ReportTarget::sendingApplication},
                             {"sendingFacility", &ReportTarget::sendingFacility},
                             {"receivingApplication", &ReportTarget::receivingApplication},
                             {"receivingFacility", &ReportTarget::receivingFacility},
                             {"patientIdSystem", &ReportTarget::patientIdSystem},
                             {"orderIdSystem", &ReportTarget::orderIdSystem}};

/// All that a test depends on; secrets only as far as they are another one than before.
QString stateOf(const QString& address, bool plainAllowed, const TlsIdentity& tls, std::chrono::milliseconds timeout,
                const SecretEdit& secret, const SecretEdit& key) {
    QStringList parts{address, QString::number(plainAllowed), tls.caFile, tls.certificateFile,
                      QString::number(timeout.count())};
    for (const SecretEdit& each : {secret, key})
        parts.append(each.value ? QString::number(qHash(*each.value)) : QStringLiteral("-"));
    return parts.join(QChar(u'\n'));
}

QString formText(Form form) {
    switch (form) {
    case Form::Hl7Oru:
        return QStringLiteral("HL7 v2.5.1 ORU^R01 (MLLP)");
    case Form::FhirBundle:
        return QStringLiteral("FHIR R4");
    case Form::CdaDocument:
        return QStringLiteral("CDA R2 (WS/T 500.6)");
    }
    return {};
}

QString addressHint(Form form) {
    switch (form) {
    case Form::Hl7Oru:
        return QStringLiteral("mllps://his.example:2575");
    case Form::FhirBundle:
        return QStringLiteral("https://region.example/fhir");
    case Form::CdaDocument:
        return QStringLiteral("https://docs.example/cda/, file:///srv/cda");
    }
    return {};
}

bool isBare(const QString& address) {
    const QUrl url(address);
    return (url.scheme() == u"http" || url.scheme() == u"mllp" || url.scheme() == u"syslog") && !isLoopback(url.host());
}

QString prefixOf(int target) { return QStringLiteral("reportTargets[%1].").arg(target); }

} // namespace

TargetSettings::TargetSettings(SettingsController& controller, QWidget* parent)
    : QWidget(parent), m_controller(controller),
      m_table(makeSettingsTable(QStringLiteral("targetTable"),
                                {tr("Receiver"), tr("Form"), tr("Address"), tr("Line"), tr("State"), tr("To correct")},
                                {200, 210, 330, 130, 70, 90})),
      m_add(new QPushButton(tr("Add a receiver"))), m_remove(new QPushButton(tr("Remove"))),
      m_forms(new QStackedWidget), m_target(new SettingsForm), m_audit(new SettingsForm) {
    m_table->setAccessibleName(tr("Receivers"));
    m_table->setFixedHeight(190);
    m_add->setObjectName(QStringLiteral("targetAdd"));
    m_remove->setObjectName(QStringLiteral("targetRemove"));
    auto* menu = new QMenu(m_add);
    for (const Form form : {Form::Hl7Oru, Form::FhirBundle, Form::CdaDocument})
        connect(menu->addAction(formText(form)), &QAction::triggered, this, [this, form] {
            m_controller.addTarget(form);
            m_table->selectRow(m_table->rowCount() - 2);
            m_target->field(QStringLiteral("address"))->setFocus();
        });
    m_add->setMenu(menu);
    buildTargetForm();
    buildAuditForm();
    m_forms->addWidget(makeScrolled(m_target));
    m_forms->addWidget(makeScrolled(m_audit));

    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(16, 8, 16, 8);
    bar->setSpacing(8);
    bar->addWidget(m_add);
    bar->addWidget(m_remove);
    bar->addStretch();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_table);
    layout->addLayout(bar);
    layout->addWidget(m_forms, 1);
    connect(m_table, &QTableWidget::itemSelectionChanged, this, &TargetSettings::fillForm);
    connect(m_remove, &QPushButton::clicked, this, [this] {
        const int index = current();
        if (index < 0 || index >= static_cast<int>(m_controller.draft().targets.size()))
            return;
        m_controller.removeTarget(static_cast<size_t>(index));
        m_table->selectRow(std::max(0, index - 1));
    });
    connect(&m_controller, &SettingsController::draftChanged, this, &TargetSettings::refresh);
    refresh();
}

void TargetSettings::buildTargetForm() {
    const auto addText = [this](const TextKey& text, const QString& name, const QString& hint = {}) {
        connect(m_target->addText(QLatin1String(text.key), name, hint), &QLineEdit::textEdited, this,
                [this, member = text.member](const QString& value) {
                    editTarget([&](TargetEdit& edit) { edit.target.*member = value.trimmed(); });
                });
    };
    const auto addSwitch = [this](const char* key, const QString& name, bool ReportTarget::*member,
                                  const QString& hint = {}) {
        connect(m_target->addSwitch(QLatin1String(key), name, hint), &QCheckBox::toggled, this,
                [this, member](bool isOn) { editTarget([&](TargetEdit& edit) { edit.target.*member = isOn; }); });
    };
    const auto addPath = [this](const char* key, const QString& name, QString TlsIdentity::*member,
                                const QString& hint) {
        auto* field = new PathField(name);
        m_target->addField(QLatin1String(key), name, field, hint);
        connect(field, &PathField::changed, this, [this, member](const QString& path) {
            editTarget([&](TargetEdit& edit) { edit.target.tls.*member = path; });
        });
    };
    m_target->addHeading(tr("Receiver"));
    addSwitch("on", tr("On: new reports are sent there"), &ReportTarget::isOn,
              tr("Off: new reports get no entry, what is in the outbox waits."));
    addText(texts[0], tr("Name"));
    connect(m_target->addText(QStringLiteral("id"), tr("Id"), tr("Fixed once it is saved: messages are named by it.")),
            &QLineEdit::textEdited, this, [this](const QString& text) {
                editTarget([&](TargetEdit& edit) {
                    if (edit.isNew)
                        edit.target.id = text.trimmed();
                });
            });
    connect(m_target->addText(QStringLiteral("address"), tr("Address")), &QLineEdit::textEdited, this,
            [this](const QString& text) { editTarget([&](TargetEdit& edit) { edit.address = text.trimmed(); }); });
    addSwitch("plainAllowed", tr("Without encryption is allowed here"), &ReportTarget::plainAllowed);
    connect(m_target->addNumber(QStringLiteral("timeoutMs"), tr("Time-out"), 100, 600000, tr("ms")),
            &QSpinBox::valueChanged, this, [this](int value) {
                editTarget([&](TargetEdit& edit) { edit.target.timeout = std::chrono::milliseconds(value); });
            });
    m_targetCheck = new CheckPanel(m_controller, tr("Connects with the settings as they stand; no report is sent."));
    m_targetCheck->setObjectName(QStringLiteral("targetCheck"));
    m_target->addWide(m_targetCheck);
    addSwitch("preliminary", tr("The author's version goes out too, as preliminary"), &ReportTarget::preliminary);
    m_target->addHeading(tr("Certificates and log-in"));
    addPath("tls.caFile", tr("Trusted authorities"), &TlsIdentity::caFile,
            tr("PEM file; empty: those the system trusts."));
    addPath("tls.certificateFile", tr("Our certificate"), &TlsIdentity::certificateFile,
            tr("Only where the receiver asks for one (mutual TLS)."));
    m_key = new SecretField(SecretField::Kind::KeyFile);
    m_target->addField(QStringLiteral("key"), tr("Key of our certificate"), m_key);
    connect(m_key, &SecretField::changed, this, [this](const std::optional<QByteArray>& value) {
        editTarget([&](TargetEdit& edit) { edit.key.value = value; });
    });
    m_secret = new SecretField(SecretField::Kind::Word);
    m_target->addField(QStringLiteral("secret"), tr("Authorization header"), m_secret,
                       tr("Bearer … or Basic …; kept encrypted, never shown again."));
    connect(m_secret, &SecretField::changed, this, [this](const std::optional<QByteArray>& value) {
        editTarget([&](TargetEdit& edit) { edit.secret.value = value; });
    });
    m_target->addHeading(tr("Content"));
    QComboBox* set = m_target->addChoice(QStringLiteral("characterSet"), tr("Character set"),
                                         {{QStringLiteral("UTF-8"), QStringLiteral("UNICODE UTF-8")},
                                          {QStringLiteral("GB 18030"), QStringLiteral("GB 18030-2000")}});
    connect(set, &QComboBox::currentIndexChanged, this, [this, set] {
        const QString name = set->currentData().toString();
        editTarget([&](TargetEdit& edit) { edit.target.characterSet = name; });
    });
    addText(texts[1], tr("Sending application"));
    addText(texts[2], tr("Sending facility"), tr("Empty: the diagnosing hospital."));
    addText(texts[3], tr("Receiving application"));
    addText(texts[4], tr("Receiving facility"));
    QComboBox* addendum = m_target->addChoice(
        QStringLiteral("addendumStatus"), tr("Status of an addendum"),
        {{tr("C: replaces what was sent"), QStringLiteral("C")}, {tr("A: some of it"), QStringLiteral("A")}});
    connect(addendum, &QComboBox::currentIndexChanged, this, [this, addendum] {
        const QString code = addendum->currentData().toString();
        editTarget([&](TargetEdit& edit) { edit.target.addendumStatus = code; });
    });
    addText(texts[5], tr("Who gives patient ids"), tr("An OID for HL7 and CDA, a URI for FHIR."));
    addText(texts[6], tr("Who gives order numbers"), tr("An OID for HL7 and CDA, a URI for FHIR."));
    m_target->addStretch();
}

void TargetSettings::buildAuditForm() {
    m_audit->addHeading(tr("Audit messages"));
    connect(m_audit->addText(QStringLiteral("address"), tr("Address"),
                             tr("syslogs://audit.example:6514; empty: nothing is sent.")),
            &QLineEdit::textEdited, this, [this](const QString& text) {
                m_controller.edit([&](SiteDraft& draft) { draft.auditAddress = text.trimmed(); });
            });
    connect(m_audit->addSwitch(QStringLiteral("plainAllowed"), tr("Without encryption is allowed here")),
            &QCheckBox::toggled, this, [this](bool isOn) {
                m_controller.edit([&](SiteDraft& draft) { draft.site.auditRepository.plainAllowed = isOn; });
            });
    connect(m_audit->addNumber(QStringLiteral("perSecond"), tr("Messages a second"), 1, 10000, {},
                               tr("How fast a backlog is caught up with.")),
            &QSpinBox::valueChanged, this, [this](int value) {
                m_controller.edit([&](SiteDraft& draft) { draft.site.auditRepository.perSecond = value; });
            });
    m_auditCheck = new CheckPanel(m_controller, tr("Connects with the settings as they stand; no message is sent."));
    m_auditCheck->setObjectName(QStringLiteral("auditCheck"));
    m_audit->addWide(m_auditCheck);
    const auto addPath = [this](const char* key, const QString& name, QString TlsIdentity::*member,
                                const QString& hint) {
        auto* field = new PathField(name);
        m_audit->addField(QLatin1String(key), name, field, hint);
        connect(field, &PathField::changed, this, [this, member](const QString& path) {
            m_controller.edit([&](SiteDraft& draft) { draft.site.auditRepository.tls.*member = path; });
        });
    };
    m_audit->addHeading(tr("Certificates"));
    addPath("tls.caFile", tr("Trusted authorities"), &TlsIdentity::caFile,
            tr("PEM file; empty: those the system trusts."));
    addPath("tls.certificateFile", tr("Our certificate"), &TlsIdentity::certificateFile,
            tr("Only where the receiver asks for one (mutual TLS)."));
    m_auditKey = new SecretField(SecretField::Kind::KeyFile);
    m_audit->addField(QStringLiteral("key"), tr("Key of our certificate"), m_auditKey);
    connect(m_auditKey, &SecretField::changed, this, [this](const std::optional<QByteArray>& value) {
        m_controller.edit([&](SiteDraft& draft) { draft.auditKey.value = value; });
    });
    m_audit->addStretch();
}

int TargetSettings::current() const { return m_table->currentRow(); }

void TargetSettings::editTarget(const std::function<void(TargetEdit& edit)>& change) {
    const int index = current();
    m_controller.edit([&](SiteDraft& draft) {
        if (index >= 0 && index < static_cast<int>(draft.targets.size()))
            change(draft.targets[static_cast<size_t>(index)]);
    });
}

void TargetSettings::refresh() {
    fillTable();
    fillForm();
}

void TargetSettings::fillTable() {
    const SiteDraft& draft = m_controller.draft();
    const SiteFaults& faults = m_controller.faults();
    const int count = static_cast<int>(draft.targets.size());
    {
        const QSignalBlocker quiet(m_table);
        m_table->setRowCount(count + 1);
        if (m_table->currentRow() < 0)
            m_table->selectRow(0);
    }
    const Theme& colours = theme();
    const auto fill = [&](int row, const QString& title, const QString& form, const QString& address, bool isOn,
                          int wrong) {
        const QUrl url(address);
        const QString line = address.isEmpty()                             ? QString()
                             : isBare(address)                             ? tr("not encrypted")
                             : url.isLocalFile() || isLoopback(url.host()) ? tr("this machine")
                                                                           : tr("encrypted");
        setSettingsCell(*m_table, row, kTitle, title, colours.text);
        setSettingsCell(*m_table, row, kForm, form, colours.text);
        setSettingsCell(*m_table, row, kAddress, address, colours.text);
        setSettingsCell(*m_table, row, kLine, line, isBare(address) ? colours.urgent : colours.muted);
        setSettingsCell(*m_table, row, kOn, isOn ? tr("on") : tr("off"), isOn ? colours.ok : colours.muted);
        setSettingsCell(*m_table, row, kFaults, wrong == 0 ? QString() : QString::number(wrong), colours.emergency);
    };
    for (int row = 0; row < count; ++row) {
        const TargetEdit& edit = draft.targets[static_cast<size_t>(row)];
        fill(row, edit.target.shownTitle(), formText(edit.target.form), edit.address, edit.target.isOn,
             faults.countBelow(prefixOf(row)));
    }
    fill(count, tr("Audit messages"), QStringLiteral("PS3.15 A.5, syslog (RFC 5425)"), draft.auditAddress,
         !draft.auditAddress.isEmpty(), faults.countBelow(QStringLiteral("auditRepository.")));
}

void TargetSettings::fillForm() {
    const int index = current();
    const bool isTarget = index >= 0 && index < static_cast<int>(m_controller.draft().targets.size());
    m_forms->setCurrentIndex(isTarget ? 0 : 1);
    m_remove->setEnabled(isTarget && m_controller.mayChange());
    if (isTarget)
        fillTarget(index);
    else
        fillAudit();
}

void TargetSettings::fillTarget(int index) {
    const TargetEdit& edit = m_controller.draft().targets[static_cast<size_t>(index)];
    const ReportTarget& target = edit.target;
    for (const TextKey& text : texts)
        setFormText(m_target->field(QLatin1String(text.key)), target.*text.member);
    auto* id = static_cast<QLineEdit*>(m_target->field(QStringLiteral("id")));
    setFormText(id, target.id);
    id->setReadOnly(!edit.isNew);
    setFormText(m_target->field(QStringLiteral("address")), edit.address);
    setFormSwitch(m_target->field(QStringLiteral("on")), target.isOn);
    setFormSwitch(m_target->field(QStringLiteral("plainAllowed")), target.plainAllowed);
    setFormSwitch(m_target->field(QStringLiteral("preliminary")), target.preliminary);
    setFormNumber(m_target->field(QStringLiteral("timeoutMs")), static_cast<int>(target.timeout.count()));
    setFormChoice(m_target->field(QStringLiteral("characterSet")), target.characterSet);
    setFormChoice(m_target->field(QStringLiteral("addendumStatus")), target.addendumStatus);
    static_cast<PathField*>(m_target->field(QStringLiteral("tls.caFile")))->show(target.tls.caFile);
    static_cast<PathField*>(m_target->field(QStringLiteral("tls.certificateFile")))->show(target.tls.certificateFile);
    m_key->show(edit.key);
    m_secret->show(edit.secret);
    const bool isHl7 = target.form == Form::Hl7Oru;
    for (const char* key :
         {"characterSet", "sendingApplication", "receivingApplication", "receivingFacility", "addendumStatus"})
        m_target->setRowVisible(QLatin1String(key), isHl7);
    m_target->setRowVisible(QStringLiteral("secret"), !isHl7);
    m_target->setRowVisible(QStringLiteral("plainAllowed"), isBare(edit.address) || target.plainAllowed);
    m_target->setHint(QStringLiteral("address"), addressHint(target.form));
    m_target->setHint(QStringLiteral("plainAllowed"),
                      isBare(edit.address)
                          ? tr("Not encrypted: patient data can be read on the way. Only within a protected network.")
                          : QString(),
                      true);
    const bool hasOwnId = m_controller.faults().of(QString(prefixOf(index) + u"id")) == nullptr; // it is tried by that
    m_targetCheck->show(hasOwnId && !edit.address.isEmpty() ? targetRole(target.id) : QString(),
                        stateOf(edit.address, target.plainAllowed, target.tls, target.timeout, edit.secret, edit.key));
    m_target->showFaults(m_controller.faults(), prefixOf(index));
}

void TargetSettings::fillAudit() {
    const SiteDraft& draft = m_controller.draft();
    const AuditTarget& audit = draft.site.auditRepository;
    setFormText(m_audit->field(QStringLiteral("address")), draft.auditAddress);
    setFormSwitch(m_audit->field(QStringLiteral("plainAllowed")), audit.plainAllowed);
    setFormNumber(m_audit->field(QStringLiteral("perSecond")), audit.perSecond);
    static_cast<PathField*>(m_audit->field(QStringLiteral("tls.caFile")))->show(audit.tls.caFile);
    static_cast<PathField*>(m_audit->field(QStringLiteral("tls.certificateFile")))->show(audit.tls.certificateFile);
    m_auditKey->show(draft.auditKey);
    m_audit->setRowVisible(QStringLiteral("plainAllowed"), isBare(draft.auditAddress) || audit.plainAllowed);
    m_auditCheck->show(draft.auditAddress.isEmpty() ? QString() : QStringLiteral("audit"),
                       stateOf(draft.auditAddress, audit.plainAllowed, audit.tls, audit.timeout, {}, draft.auditKey));
    m_audit->showFaults(m_controller.faults(), QStringLiteral("auditRepository."));
}

bool TargetSettings::focusFault() {
    for (int row = 0; row < m_table->rowCount(); ++row)
        if (!m_table->item(row, kFaults)->text().isEmpty()) {
            m_table->selectRow(row);
            return (row + 1 == m_table->rowCount() ? m_audit : m_target)->focusFault();
        }
    return false;
}

} // namespace yz
