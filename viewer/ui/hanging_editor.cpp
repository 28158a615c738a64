#include "viewer_ui/hanging_editor.h"

#include "core/uid.h"
#include "imaging/hanging_dicom.h"
#include "jobs/jobs.h"
#include "uikit/error_text.h"
#include "uikit/theme.h"
#include "viewer/hanging_capture.h"
#include "viewer_ui/hanging_rule_table.h"
#include "viewer_ui/hanging_text.h"
#include "viewer_ui/viewer_text.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateTime>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSaveFile>
#include <QSpinBox>
#include <QTabWidget>
#include <QVBoxLayout>

namespace yz {

namespace {

QPushButton* button(const QString& objectName, const QString& text, QWidget* parent) {
    auto* result = new QPushButton(text, parent);
    result->setObjectName(objectName);
    result->setAutoDefault(false);
    return result;
}

QString placeOf(const HangingViewport& viewport) {
    return QStringLiteral("%1-%2").arg(viewport.row + 1).arg(viewport.column + 1);
}

QString lines(const std::vector<HangingLoss>& losses) {
    QStringList list;
    for (const HangingLoss& loss : losses)
        list << hanging_text::loss(loss);
    return list.join(u'\n');
}

} // namespace

HangingEditor::HangingEditor(ViewerController& controller, HangingCatalog& catalog, HangingObjectFiles* objects,
                             QWidget* parent)
    : QDialog(parent), m_controller(controller), m_catalog(catalog), m_objects(objects) {
    setObjectName(QStringLiteral("hangingEditor"));
    setWindowTitle(tr("Hanging protocols"));
    resize(1180, 780);
    m_said = new QLabel(this);
    m_said->setObjectName(QStringLiteral("hangingSaid"));
    m_said->setWordWrap(true);
    m_said->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* middle = new QHBoxLayout;
    middle->addWidget(buildList());
    middle->addWidget(buildForm(), 1);
    auto* bottom = new QHBoxLayout;
    m_try = button(QStringLiteral("hangingTry"), tr("Try on the open study"), this);
    m_save = button(QStringLiteral("hangingSave"), tr("Save as my protocol"), this);
    auto* close = button(QStringLiteral("hangingClose"), tr("Close"), this);
    bottom->addWidget(m_said, 1);
    for (QPushButton* each : {m_try, m_save, close})
        bottom->addWidget(each);
    auto* column = new QVBoxLayout(this);
    column->addLayout(middle, 1);
    column->addLayout(bottom);
    connect(m_try, &QPushButton::clicked, this, &HangingEditor::tryIt);
    connect(m_save, &QPushButton::clicked, this, &HangingEditor::save);
    connect(close, &QPushButton::clicked, this, &QDialog::close);
    fillList();
    if (const HangingProtocol* current = controller.currentProtocol())
        show(*current);
    else if (!catalog.protocols().empty())
        show(catalog.protocols().front());
}

QWidget* HangingEditor::buildList() {
    auto* side = new QWidget(this);
    side->setFixedWidth(280);
    m_list = new QListWidget(side);
    m_list->setObjectName(QStringLiteral("hangingList"));
    auto* fresh = button(QStringLiteral("hangingNew"), tr("New from the screen"), side);
    auto* import = button(QStringLiteral("hangingImport"), tr("Import…"), side);
    m_export = button(QStringLiteral("hangingExport"), tr("Export…"), side);
    m_remove = button(QStringLiteral("hangingRemove"), tr("Delete mine"), side);
    auto* row = new QHBoxLayout;
    row->addWidget(import);
    row->addWidget(m_export);
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_list, 1);
    column->addWidget(fresh);
    column->addLayout(row);
    column->addWidget(m_remove);
    // Not when the row becomes current: a view makes its first row current when the focus comes to it.
    const auto choose = [this](const QListWidgetItem* item) {
        if (const HangingProtocol* protocol = m_catalog.find(item->data(Qt::UserRole).toString()))
            show(HangingProtocol(*protocol));
    };
    connect(m_list, &QListWidget::itemClicked, this, choose);
    connect(m_list, &QListWidget::itemActivated, this, choose);
    connect(fresh, &QPushButton::clicked, this, &HangingEditor::newFromScreen);
    connect(import, &QPushButton::clicked, this, &HangingEditor::askImport);
    connect(m_export, &QPushButton::clicked, this, &HangingEditor::askExport);
    connect(m_remove, &QPushButton::clicked, this, &HangingEditor::remove);
    return side;
}

QWidget* HangingEditor::buildForm() {
    const auto line = [this](const char* name) {
        auto* edit = new QLineEdit(this);
        edit->setObjectName(QLatin1String(name));
        connect(edit, &QLineEdit::textEdited, this, &HangingEditor::take);
        return edit;
    };
    const auto box = [this](const char* name) {
        auto* combo = new QComboBox(this);
        combo->setObjectName(QLatin1String(name));
        connect(combo, &QComboBox::currentIndexChanged, this, &HangingEditor::take);
        return combo;
    };
    const auto tick = [this](const char* name, const QString& text) {
        auto* check = new QCheckBox(text, this);
        check->setObjectName(QLatin1String(name));
        connect(check, &QCheckBox::toggled, this, &HangingEditor::take);
        return check;
    };
    // When it fits
    auto* rulePage = new QWidget;
    auto* ruleForm = new QFormLayout;
    m_id = line("hangingId");
    m_name = line("hangingName");
    ruleForm->addRow(tr("Name"), m_name);
    ruleForm->addRow(tr("Identifier"), m_id);
    m_match = new HangingRuleTable(false, rulePage);
    m_match->setObjectName(QStringLiteral("hangingMatch"));
    connect(m_match, &HangingRuleTable::changed, this, &HangingEditor::take);
    auto* priorRow = new QHBoxLayout;
    m_sameModality = tick("hangingSameModality", tr("same modality"));
    m_samePart = tick("hangingSamePart", tr("same part and side"));
    m_months = new QSpinBox(this);
    m_months->setRange(0, 1200);
    m_months->setSpecialValueText(tr("however old"));
    m_months->setSuffix(tr(" months"));
    connect(m_months, &QSpinBox::valueChanged, this, &HangingEditor::take);
    priorRow->addWidget(new QLabel(tr("Earlier examinations:")));
    for (QWidget* each :
         {static_cast<QWidget*>(m_sameModality), static_cast<QWidget*>(m_samePart), static_cast<QWidget*>(m_months)})
        priorRow->addWidget(each);
    priorRow->addStretch(1);
    m_verdict = new QLabel(rulePage);
    m_verdict->setObjectName(QStringLiteral("hangingVerdict"));
    m_reasons = new QPlainTextEdit(rulePage);
    m_reasons->setObjectName(QStringLiteral("hangingReasons"));
    m_reasons->setReadOnly(true);
    m_reasons->setFixedHeight(130);
    auto* ruleColumn = new QVBoxLayout(rulePage);
    ruleColumn->addLayout(ruleForm);
    ruleColumn->addWidget(m_match, 1);
    ruleColumn->addLayout(priorRow);
    ruleColumn->addWidget(m_verdict);
    ruleColumn->addWidget(m_reasons);
    // What it shows
    auto* stagePage = new QWidget;
    m_stages = new QListWidget(stagePage);
    m_stages->setObjectName(QStringLiteral("hangingStages"));
    m_viewports = new QListWidget(stagePage);
    m_viewports->setObjectName(QStringLiteral("hangingViewports"));
    auto* addStageButton = button(QStringLiteral("hangingAddStage"), tr("Add the screen as a stage"), stagePage);
    auto* removeStage = button(QStringLiteral("hangingRemoveStage"), tr("Remove stage"), stagePage);
    auto* left = new QVBoxLayout;
    left->addWidget(new QLabel(tr("Stages")));
    left->addWidget(m_stages);
    left->addWidget(addStageButton);
    left->addWidget(removeStage);
    left->addWidget(new QLabel(tr("Viewports (row-column)")));
    left->addWidget(m_viewports);
    auto* form = new QFormLayout;
    m_stageName = line("hangingStageName");
    m_link = box("hangingLink");
    m_study = box("hangingStudy");
    m_label = line("hangingLabel");
    m_kind = box("hangingKind");
    m_preset = box("hangingPreset");
    m_orientation = line("hangingOrientation");
    m_orientation->setPlaceholderText(QStringLiteral("P\\F"));
    m_justify = box("hangingJustify");
    m_inverted = tick("hangingInverted", tr("inverted"));
    m_isFilling = true;
    for (const char* word : {"none", "position", "index"})
        m_link->addItem(hanging_text::link(QLatin1String(word)), QLatin1String(word));
    m_study->addItem(tr("this examination"), 0);
    for (int prior = 1; prior <= 4; ++prior)
        m_study->addItem(tr("prior %1").arg(prior), prior);
    for (const char* word : {"stack", "mpr-axial", "mpr-coronal", "mpr-sagittal", "mip", "volume"})
        m_kind->addItem(hanging_text::kind(QLatin1String(word)), QLatin1String(word));
    m_preset->addItem(tr("from the data"), QString());
    for (const WindowPreset& preset : windowPresets())
        m_preset->addItem(viewer_text::preset(preset.id), preset.id);
    m_justify->addItem(tr("centred"), QString());
    m_justify->addItem(tr("against the left edge"), QStringLiteral("left"));
    m_justify->addItem(tr("against the right edge"), QStringLiteral("right"));
    m_isFilling = false;
    form->addRow(tr("Stage"), m_stageName);
    form->addRow(tr("Scrolls together"), m_link);
    form->addRow(tr("Shows"), m_study);
    form->addRow(tr("Label"), m_label);
    form->addRow(tr("As"), m_kind);
    form->addRow(tr("Window"), m_preset);
    form->addRow(tr("To the right and down"), m_orientation);
    form->addRow(tr("Place"), m_justify);
    form->addRow(QString(), m_inverted);
    m_select = new HangingRuleTable(true, stagePage);
    m_select->setObjectName(QStringLiteral("hangingSelect"));
    connect(m_select, &HangingRuleTable::changed, this, &HangingEditor::take);
    auto* right = new QVBoxLayout;
    right->addLayout(form);
    right->addWidget(new QLabel(tr("Which series (the best score wins)")));
    right->addWidget(m_select, 1);
    auto* row = new QHBoxLayout(stagePage);
    row->addLayout(left, 1);
    row->addLayout(right, 3);
    connect(m_stages, &QListWidget::currentRowChanged, this, [this] {
        if (!m_isFilling)
            fillViewports();
    });
    connect(m_viewports, &QListWidget::currentRowChanged, this, [this] {
        if (!m_isFilling)
            fillViewport();
    });
    connect(addStageButton, &QPushButton::clicked, this, &HangingEditor::addStage);
    connect(removeStage, &QPushButton::clicked, this, [this] {
        const int index = m_stages->currentRow();
        if (index < 0 || m_protocol.stages.size() < 2)
            return;
        m_protocol.stages.erase(m_protocol.stages.begin() + index);
        fillStages();
        check();
    });
    auto* tabs = new QTabWidget(this);
    tabs->setObjectName(QStringLiteral("hangingTabs"));
    tabs->addTab(rulePage, tr("When it fits"));
    tabs->addTab(stagePage, tr("What it shows"));
    return tabs;
}

void HangingEditor::fillList() {
    m_isFilling = true;
    m_list->clear();
    const auto origin = [this](const QString& id) {
        switch (m_catalog.originOf(id)) {
        case HangingCatalog::Origin::User:
            return tr("mine");
        case HangingCatalog::Origin::Site:
            return tr("site");
        case HangingCatalog::Origin::Shipped:
            break;
        }
        return tr("shipped");
    };
    for (const HangingScore& score : rankProtocols(m_catalog.protocols(), m_controller.hangingInput())) {
        auto* item = new QListWidgetItem(
            tr("%1  (%2%3)")
                .arg(score.protocol->name, origin(score.protocol->id),
                     score.matches ? tr(", fits: %1").arg(QString::number(score.score)) : QString()),
            m_list);
        item->setData(Qt::UserRole, score.protocol->id);
        item->setToolTip(hanging_text::reasons(score).join(u'\n'));
        if (score.protocol->id == m_protocol.id)
            m_list->setCurrentItem(item);
    }
    m_isFilling = false;
    if (!m_catalog.problems().empty()) {
        const HangingCatalog::Problem& problem = m_catalog.problems().front();
        say(tr("%n protocol file(s) could not be read, the others stand. %1: %2", nullptr,
               static_cast<int>(m_catalog.problems().size()))
                .arg(problem.file.section(u'/', -1), problem.error.detail),
            true);
    }
}

void HangingEditor::show(const HangingProtocol& protocol) {
    m_protocol = protocol;
    m_isFilling = true;
    m_id->setText(protocol.id);
    m_name->setText(protocol.name);
    m_match->setRules(protocol.match);
    m_sameModality->setChecked(protocol.priors.sameModality);
    m_samePart->setChecked(protocol.priors.samePart);
    m_months->setValue(protocol.priors.withinMonths);
    m_isFilling = false;
    fillStages();
    check();
}

void HangingEditor::fillStages() {
    m_isFilling = true;
    const int before = m_stages->currentRow();
    m_stages->clear();
    for (const HangingStage& each : m_protocol.stages)
        m_stages->addItem(tr("%1  %2 × %3").arg(each.name).arg(each.rows).arg(each.columns));
    m_stages->setCurrentRow(std::clamp(before, 0, std::max(0, m_stages->count() - 1)));
    m_isFilling = false;
    fillViewports();
}

void HangingEditor::fillViewports() {
    m_isFilling = true;
    const int before = m_viewports->currentRow();
    m_viewports->clear();
    if (const HangingStage* shown = stage()) {
        m_stageName->setText(shown->name);
        m_link->setCurrentIndex(std::max(0, m_link->findData(shown->link)));
        for (const HangingViewport& each : shown->viewports)
            m_viewports->addItem(QString(placeOf(each) + QStringLiteral("  ") + each.label));
        m_viewports->setCurrentRow(std::clamp(before, 0, std::max(0, m_viewports->count() - 1)));
    }
    m_isFilling = false;
    fillViewport();
}

void HangingEditor::fillViewport() {
    const HangingViewport* shown = viewport();
    if (!shown)
        return;
    m_isFilling = true;
    if (m_study->findData(shown->study) < 0)
        m_study->addItem(tr("prior %1").arg(shown->study), shown->study);
    m_study->setCurrentIndex(m_study->findData(shown->study));
    m_label->setText(shown->label);
    m_kind->setCurrentIndex(std::max(0, m_kind->findData(shown->kind)));
    m_preset->setCurrentIndex(std::max(0, m_preset->findData(shown->preset)));
    m_orientation->setText(shown->orientation);
    m_justify->setCurrentIndex(std::max(0, m_justify->findData(shown->justify)));
    m_inverted->setChecked(shown->inverted);
    m_select->setRules(shown->select);
    m_isFilling = false;
}

HangingStage* HangingEditor::stage() {
    const auto index = static_cast<size_t>(std::max(0, m_stages->currentRow()));
    return index < m_protocol.stages.size() ? &m_protocol.stages[index] : nullptr;
}

HangingViewport* HangingEditor::viewport() {
    HangingStage* owner = stage();
    const auto index = static_cast<size_t>(std::max(0, m_viewports->currentRow()));
    return owner && index < owner->viewports.size() ? &owner->viewports[index] : nullptr;
}

void HangingEditor::take() {
    if (m_isFilling)
        return;
    m_protocol.id = m_id->text().trimmed();
    m_protocol.name = m_name->text().trimmed();
    m_protocol.match = m_match->rules();
    m_protocol.priors = {m_sameModality->isChecked(), m_samePart->isChecked(), m_months->value()};
    if (HangingStage* edited = stage()) {
        edited->name = m_stageName->text().trimmed();
        edited->link = m_link->currentData().toString();
        if (QListWidgetItem* item = m_stages->currentItem())
            item->setText(tr("%1  %2 × %3").arg(edited->name).arg(edited->rows).arg(edited->columns));
    }
    if (HangingViewport* edited = viewport()) {
        edited->study = m_study->currentData().toInt();
        edited->label = m_label->text().trimmed();
        edited->kind = m_kind->currentData().toString();
        edited->preset = m_preset->currentData().toString();
        edited->orientation = m_orientation->text().trimmed().toUpper();
        edited->justify = m_justify->currentData().toString();
        edited->inverted = m_inverted->isChecked();
        edited->select = m_select->rules();
        if (QListWidgetItem* item = m_viewports->currentItem())
            item->setText(QString(placeOf(*edited) + QStringLiteral("  ") + edited->label));
    }
    check();
}

void HangingEditor::check() {
    // The same check as for a file: what passes can be saved.
    const auto checked = parseHangingProtocol(hangingProtocolJson(m_protocol));
    m_try->setEnabled(checked.has_value());
    m_save->setEnabled(checked.has_value());
    m_export->setEnabled(checked.has_value());
    m_remove->setEnabled(m_catalog.find(m_protocol.id) &&
                         m_catalog.originOf(m_protocol.id) == HangingCatalog::Origin::User);
    if (!checked) {
        say(tr("Not complete: %1").arg(checked.error().detail), true);
        return;
    }
    say({});
    const HangingScore score = scoreProtocol(m_protocol, m_controller.hangingInput());
    m_verdict->setText(score.matches ? tr("Fits the open study, score %1").arg(QString::number(score.score))
                                     : tr("Does not fit the open study"));
    m_reasons->setPlainText(hanging_text::reasons(score).join(u'\n'));
}

void HangingEditor::say(const QString& text, bool isFault) {
    QPalette colours = m_said->palette();
    colours.setColor(QPalette::WindowText, isFault ? theme().emergency : theme().text);
    m_said->setPalette(colours);
    m_said->setText(text);
}

void HangingEditor::newFromScreen() {
    QStringList taken;
    for (const HangingProtocol& each : m_catalog.protocols())
        taken << each.id;
    const HangingInput input = m_controller.hangingInput();
    const QString subject = input.current.description.isEmpty() ? input.current.modality : input.current.description;
    show(capturedProtocol(m_controller.state(), input, tr("My %1").arg(subject), tr("Stage 1"), taken));
    m_list->setCurrentRow(-1);
}

void HangingEditor::addStage() {
    const HangingStage captured = capturedStage(m_controller.state(), m_controller.hangingInput(),
                                                tr("Stage %1").arg(m_protocol.stages.size() + 1));
    if (captured.viewports.empty()) {
        say(tr("There is no picture on the screen to take over"), true);
        return;
    }
    m_protocol.stages.push_back(captured);
    fillStages();
    m_stages->setCurrentRow(m_stages->count() - 1);
    check();
}

void HangingEditor::tryIt() {
    m_controller.tryProtocol(m_protocol, std::max(0, m_stages->currentRow()));
    say(tr("On the screen now. Nothing is saved yet."));
}

void HangingEditor::save() {
    if (const Status saved = m_catalog.save(m_protocol); !saved) {
        say(QString(errorSentence(saved.error()) + u' ' + saved.error().detail), true);
        return;
    }
    m_controller.setProtocols(m_catalog.protocols());
    fillList();
    check();
    say(tr("Saved as mine."));
}

void HangingEditor::remove() {
    const QString id = m_protocol.id;
    if (const Status removed = m_catalog.remove(id); !removed) {
        say(errorSentence(removed.error()), true);
        return;
    }
    m_controller.setProtocols(m_catalog.protocols());
    fillList();
    if (const HangingProtocol* under = m_catalog.find(id))
        show(HangingProtocol(*under));
    check();
    say(tr("Deleted. A protocol of the site or of the product with the same identifier is in force again."));
}

void HangingEditor::askImport() {
    const QString path = QFileDialog::getOpenFileName(this, tr("Import a hanging protocol"), {},
                                                      tr("Protocols (*.json *.dcm);;All files (*)"));
    if (!path.isEmpty())
        importFile(path);
}

void HangingEditor::askExport() {
    const QString path = QFileDialog::getSaveFileName(this, tr("Export the hanging protocol"),
                                                      QString(m_protocol.id + QStringLiteral(".json")),
                                                      tr("Protocol (*.json);;DICOM object (*.dcm)"));
    if (!path.isEmpty())
        exportFile(path);
}

void HangingEditor::importFile(const QString& path) {
    if (path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive)) {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly)) {
            say(file.errorString(), true);
            return;
        }
        const auto protocol = parseHangingProtocol(file.readAll());
        if (!protocol) {
            say(tr("Not a protocol: %1").arg(protocol.error().detail), true);
            return;
        }
        show(*protocol);
        say(tr("Imported, not saved yet."));
        return;
    }
    if (!m_objects) {
        say(tr("DICOM objects cannot be read here"), true);
        return;
    }
    say(tr("Reading…"));
    jobs::whenDone(jobs::start(jobs::Lane::Compute,
                               [objects = m_objects, path]() -> Result<HangingObject> {
                                   return objects->readHangingObject(path);
                               }),
                   this, [this](const Result<HangingObject>& object) { imported(object); });
}

void HangingEditor::imported(const Result<HangingObject>& object) {
    const Result<HangingImport> result = object ? fromHangingObject(*object) : fail(object.error());
    if (!result) {
        say(QString(errorSentence(result.error()) + u' ' + result.error().detail), true);
        return;
    }
    show(result->protocol);
    say(result->losses.empty() ? tr("Imported whole, not saved yet.")
                               : tr("Imported, not saved yet. Not carried:\n%1").arg(lines(result->losses)),
        !result->losses.empty());
}

void HangingEditor::exportFile(const QString& path) {
    QByteArray bytes;
    std::vector<HangingLoss> losses;
    if (path.endsWith(QLatin1String(".json"), Qt::CaseInsensitive)) {
        bytes = hangingProtocolJson(m_protocol);
    } else {
        Result<HangingExport> exported = toHangingObject(m_protocol);
        if (!exported) {
            say(tr("DICOM needs a rule that must hold and says a modality, or a part of the body that has a code."),
                true);
            return;
        }
        RandomUidSource uids;
        exported->object.instance = uids.next();
        exported->object.level = QStringLiteral("SINGLE_USER");
        exported->object.creator = QStringLiteral("Yuanzhen");
        exported->object.created = QDateTime::currentDateTime();
        const Result<QByteArray> file =
            m_objects ? m_objects->encodeHangingObject(exported->object) : fail(ErrorCode::NotSupported);
        if (!file) {
            say(errorSentence(file.error()), true);
            return;
        }
        bytes = *file;
        losses = exported->losses;
    }
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
        say(file.errorString(), true);
        return;
    }
    say(losses.empty() ? tr("Exported whole.") : tr("Exported. Not carried:\n%1").arg(lines(losses)), !losses.empty());
}

} // namespace yz
