#include "node_settings.h"

#include "certificate_field.h"
#include "secret_field.h"
#include "settings_form.h"
#include "settings_table.h"
#include "uikit/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTableWidget>
#include <QVBoxLayout>

namespace yz {

namespace {

enum Column { kName, kDicom, kWeb, kLine, kFaults, kColumns };

QString prefixOf(int node) { return QStringLiteral("nodes[%1].").arg(node); }

QString dicomText(const QString& title, const QString& host, int port) {
    return host.isEmpty() ? QString() : QStringLiteral("%1 @ %2:%3").arg(title, host).arg(port);
}

} // namespace

NodeSettings::NodeSettings(SettingsController& controller, QWidget* parent)
    : QWidget(parent), m_controller(controller),
      m_table(makeSettingsTable(QStringLiteral("nodeTable"),
                                {tr("Name"), tr("DICOM"), tr("DICOMweb"), tr("Line"), tr("To correct")},
                                {180, 280, 300, 150, 90})),
      m_add(new QPushButton(tr("Add a server"))), m_remove(new QPushButton(tr("Remove"))), m_forms(new QStackedWidget),
      m_platform(new SettingsForm), m_node(new SettingsForm) {
    m_table->setAccessibleName(tr("Servers"));
    m_table->setFixedHeight(190);
    m_add->setObjectName(QStringLiteral("nodeAdd"));
    m_remove->setObjectName(QStringLiteral("nodeRemove"));
    buildPlatformForm();
    buildNodeForm();
    buildTls();
    m_node->addStretch();
    m_forms->addWidget(makeScrolled(m_platform));
    m_forms->addWidget(makeScrolled(m_node));

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

    connect(m_table, &QTableWidget::itemSelectionChanged, this, &NodeSettings::fillForm);
    connect(m_add, &QPushButton::clicked, this, [this] {
        m_controller.addNode();
        m_table->selectRow(m_table->rowCount() - 1);
        auto* name = static_cast<QLineEdit*>(m_node->field(QStringLiteral("name")));
        name->setFocus();
        name->selectAll();
    });
    connect(m_remove, &QPushButton::clicked, this, [this] {
        if (const int index = current(); index >= 0) {
            m_controller.removeNode(static_cast<size_t>(index));
            m_table->selectRow(std::min(index + 1, m_table->rowCount() - 1));
        }
    });
    connect(&m_controller, &SettingsController::draftChanged, this, &NodeSettings::refresh);
    refresh();
}

void NodeSettings::buildPlatformForm() {
    const auto edit = [this](const char* key, const QString& name, QString Site::*member, const QString& hint = {}) {
        QLineEdit* field = m_platform->addText(QLatin1String(key), name, hint);
        connect(field, &QLineEdit::textEdited, this, [this, member](const QString& text) {
            m_controller.edit([&](SiteDraft& draft) { draft.site.*member = text.trimmed(); });
        });
    };
    m_platform->addHeading(tr("Platform"));
    edit("platformAeTitle", tr("AE title"), &Site::platformAeTitle,
         tr("Gives the work list; also images and reports unless a role names another server."));
    edit("platformHost", tr("Host"), &Site::platformHost, tr("Name or IP address."));
    connect(m_platform->addNumber(QStringLiteral("platformPort"), tr("Port"), 1, 65535), &QSpinBox::valueChanged, this,
            [this](int port) { m_controller.edit([port](SiteDraft& draft) { draft.site.platformPort = port; }); });
    m_platform->addStretch();
}

void NodeSettings::buildNodeForm() {
    const auto edit = [this](const char* key, const QString& name, QString SiteNode::*member,
                             const QString& hint = {}) {
        QLineEdit* field = m_node->addText(QLatin1String(key), name, hint);
        connect(field, &QLineEdit::textEdited, this, [this, member](const QString& text) {
            editNode([&](NodeEdit& node) { node.node.*member = text.trimmed(); });
        });
    };
    m_node->addHeading(tr("Server"));
    connect(m_node->addText(QStringLiteral("name"), tr("Name"), tr("As you call it; the roles refer to it.")),
            &QLineEdit::textEdited, this, [this](const QString& text) {
                if (const int index = current(); index >= 0)
                    m_controller.renameNode(static_cast<size_t>(index), text);
            });
    m_node->addHeading(tr("DICOM"));
    edit("aeTitle", tr("AE title"), &SiteNode::aeTitle,
         tr("Up to 16 characters. Empty where it only speaks DICOMweb."));
    edit("host", tr("Host"), &SiteNode::host, tr("Name or IP address."));
    connect(m_node->addNumber(QStringLiteral("port"), tr("Port"), 1, 65535), &QSpinBox::valueChanged, this,
            [this](int port) { editNode([port](NodeEdit& node) { node.node.port = port; }); });
    connect(m_node->addSwitch(QStringLiteral("tls"), tr("Encrypted (DICOM TLS)")), &QCheckBox::toggled, this,
            [this](bool isOn) { editNode([isOn](NodeEdit& node) { node.node.tls = isOn; }); });
    m_node->addHeading(tr("DICOMweb"));
    edit("url", tr("Address"), &SiteNode::url, QStringLiteral("https://pacs.example:8443/dicom-web"));
    connect(m_node->addSwitch(QStringLiteral("plainAllowed"), tr("http:// without encryption is allowed here")),
            &QCheckBox::toggled, this,
            [this](bool isOn) { editNode([isOn](NodeEdit& node) { node.node.plainAllowed = isOn; }); });
    QComboBox* authorization =
        m_node->addChoice(QStringLiteral("authorization"), tr("Log-in"),
                          {{tr("None"), static_cast<int>(WebAuthorization::None)},
                           {tr("User and password (Basic)"), static_cast<int>(WebAuthorization::Basic)},
                           {tr("Token (Bearer)"), static_cast<int>(WebAuthorization::Bearer)}});
    connect(authorization, &QComboBox::currentIndexChanged, this, [this, authorization] {
        const auto chosen = static_cast<WebAuthorization>(authorization->currentData().toInt());
        editNode([chosen](NodeEdit& node) { node.node.authorization = chosen; });
    });
    edit("user", tr("User"), &SiteNode::user);
    m_secret = new SecretField(SecretField::Kind::Word);
    m_node->addField(QStringLiteral("secret"), tr("Password or token"), m_secret,
                     tr("Kept encrypted on this workstation, in no site file; never shown again."));
    connect(m_secret, &SecretField::changed, this, [this](const std::optional<QByteArray>& value) {
        editNode([&](NodeEdit& node) { node.secret.value = value; });
    });
    connect(m_node->addNumber(QStringLiteral("connections"), tr("Requests at a time"), 1, 6), &QSpinBox::valueChanged,
            this, [this](int count) { editNode([count](NodeEdit& node) { node.node.connections = count; }); });
}

void NodeSettings::buildTls() {
    m_node->addHeading(tr("Certificates"));
    m_authorities = new CertificateField(tr("those the system trusts"));
    m_node->addField(QStringLiteral("authorities"), tr("Trusted authorities"), m_authorities,
                     tr("Who may have signed the server's certificate. It is always checked."));
    connect(m_authorities, &CertificateField::changed, this,
            [this](const QString& pem) { editNode([&](NodeEdit& node) { node.node.authorities = pem; }); });
    m_certificate = new CertificateField(tr("none"));
    m_node->addField(QStringLiteral("certificate"), tr("Our certificate"), m_certificate,
                     tr("Only where the server asks for one (mutual TLS)."));
    connect(m_certificate, &CertificateField::changed, this,
            [this](const QString& pem) { editNode([&](NodeEdit& node) { node.node.certificate = pem; }); });
    m_key = new SecretField(SecretField::Kind::KeyFile);
    m_node->addField(QStringLiteral("key"), tr("Key of our certificate"), m_key);
    connect(m_key, &SecretField::changed, this, [this](const std::optional<QByteArray>& value) {
        editNode([&](NodeEdit& node) { node.key.value = value; });
    });
}

int NodeSettings::current() const { return m_table->currentRow() - 1; }

void NodeSettings::editNode(const std::function<void(NodeEdit& edit)>& change) {
    const int index = current();
    m_controller.edit([&](SiteDraft& draft) {
        if (index >= 0 && index < static_cast<int>(draft.nodes.size()))
            change(draft.nodes[static_cast<size_t>(index)]);
    });
}

void NodeSettings::refresh() {
    fillTable();
    fillForm();
}

void NodeSettings::fillTable() {
    const SiteDraft& draft = m_controller.draft();
    const SiteFaults& faults = m_controller.faults();
    const int rows = static_cast<int>(draft.nodes.size()) + 1;
    {
        const QSignalBlocker quiet(m_table);
        m_table->setRowCount(rows);
        if (m_table->currentRow() < 0)
            m_table->selectRow(0);
    }
    const Theme& colours = theme();
    for (int row = 0; row < rows; ++row) {
        const bool isPlatform = row == 0;
        const SiteNode node = isPlatform ? SiteNode() : draft.nodes[static_cast<size_t>(row - 1)].node;
        const QString host = isPlatform ? draft.site.platformHost : node.host;
        const bool isDimseBare = !host.isEmpty() && (isPlatform ? !isLoopback(host) : isDimseOpen(node));
        const bool isBare = isDimseBare || isWebOpen(node);
        const bool isHere = !isBare && !node.tls && isLoopback(host);
        setSettingsCell(*m_table, row, kName, isPlatform ? tr("Platform") : node.name, colours.text);
        setSettingsCell(*m_table, row, kDicom,
                        isPlatform ? dicomText(draft.site.platformAeTitle, host, draft.site.platformPort)
                                   : dicomText(node.aeTitle, host, node.port),
                        colours.text);
        setSettingsCell(*m_table, row, kWeb, node.url, colours.text);
        setSettingsCell(*m_table, row, kLine,
                        isBare                                         ? tr("not encrypted")
                        : isHere                                       ? tr("this machine")
                        : node.tls || node.url.startsWith(u"https://") ? tr("encrypted")
                                                                       : QString(),
                        isBare ? colours.urgent : colours.muted);
        const int wrong =
            isPlatform ? faults.countBelow(QStringLiteral("platform")) : faults.countBelow(prefixOf(row - 1));
        setSettingsCell(*m_table, row, kFaults, wrong == 0 ? QString() : QString::number(wrong), colours.emergency);
    }
}

void NodeSettings::fillForm() {
    const int index = current();
    const SiteDraft& draft = m_controller.draft();
    const SiteFaults& faults = m_controller.faults();
    const bool isNode = index >= 0 && index < static_cast<int>(draft.nodes.size());
    m_forms->setCurrentIndex(isNode ? 1 : 0);
    m_remove->setEnabled(isNode && m_controller.mayChange());
    const QString open = tr("Not encrypted: patient data can be read on the way. Only within a protected network.");
    if (!isNode) {
        setFormText(m_platform->field(QStringLiteral("platformAeTitle")), draft.site.platformAeTitle);
        setFormText(m_platform->field(QStringLiteral("platformHost")), draft.site.platformHost);
        setFormNumber(m_platform->field(QStringLiteral("platformPort")), draft.site.platformPort);
        const bool isBare = !draft.site.platformHost.isEmpty() && !isLoopback(draft.site.platformHost);
        m_platform->setHint(QStringLiteral("platformPort"), isBare ? open : QString(), isBare);
        m_platform->showFaults(faults);
        return;
    }
    const NodeEdit& edit = draft.nodes[static_cast<size_t>(index)];
    const SiteNode& node = edit.node;
    setFormText(m_node->field(QStringLiteral("name")), node.name);
    setFormText(m_node->field(QStringLiteral("aeTitle")), node.aeTitle);
    setFormText(m_node->field(QStringLiteral("host")), node.host);
    setFormNumber(m_node->field(QStringLiteral("port")), node.port);
    setFormText(m_node->field(QStringLiteral("url")), node.url);
    setFormText(m_node->field(QStringLiteral("user")), node.user);
    setFormNumber(m_node->field(QStringLiteral("connections")), node.connections);
    setFormSwitch(m_node->field(QStringLiteral("tls")), node.tls);
    setFormSwitch(m_node->field(QStringLiteral("plainAllowed")), node.plainAllowed);
    setFormChoice(m_node->field(QStringLiteral("authorization")), static_cast<int>(node.authorization));
    m_node->setRowVisible(QStringLiteral("user"), node.authorization == WebAuthorization::Basic);
    m_node->setRowVisible(QStringLiteral("secret"), node.authorization != WebAuthorization::None);
    m_node->setRowVisible(QStringLiteral("plainAllowed"), node.url.startsWith(u"http://") || node.plainAllowed);
    m_secret->show(edit.secret);
    m_key->show(edit.key);
    m_authorities->show(node.authorities);
    m_certificate->show(node.certificate);
    m_node->setHint(QStringLiteral("tls"),
                    isDimseOpen(node) ? open
                    : node.tls        ? tr("TLS 1.2 or 1.3; see the certificates below.")
                                      : QString(),
                    isDimseOpen(node));
    m_node->setHint(QStringLiteral("plainAllowed"), isWebOpen(node) ? open : QString(), true);
    m_node->showFaults(faults, prefixOf(index));
}

bool NodeSettings::focusFault() {
    for (int row = 0; row < m_table->rowCount(); ++row)
        if (!m_table->item(row, kFaults)->text().isEmpty()) {
            m_table->selectRow(row);
            return (row == 0 ? m_platform : m_node)->focusFault();
        }
    return false;
}

} // namespace yz
