#pragma once

#include "domain/hanging_object.h"
#include "imaging/hanging.h"
#include "viewer/hanging_catalog.h"
#include "viewer/viewer_controller.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;

namespace yz {

class HangingRuleTable;

/// Hanging protocols to look at, to make out of what is on the screen, to edit, try on the open study, save, and carry
/// in and out as JSON files and DICOM objects. What is saved becomes the user's own.
class HangingEditor final : public QDialog {
    Q_OBJECT

public:
    /// All outlive the dialog; `objects` null: JSON only.
    HangingEditor(ViewerController& controller, HangingCatalog& catalog, HangingObjectFiles* objects,
                  QWidget* parent = nullptr);

    /// The protocol being edited, as it stands in the form.
    [[nodiscard]] const HangingProtocol& protocol() const { return m_protocol; }
    /// A new protocol out of the screen.
    void newFromScreen();
    /// By the name's ending: ".json", else a DICOM object.
    void importFile(const QString& path);
    void exportFile(const QString& path);

private:
    QWidget* buildList();
    QWidget* buildForm();
    void fillList();
    void show(const HangingProtocol& protocol);
    void fillStages();
    void fillViewports();
    void fillViewport();
    void take(); ///< form to protocol
    void check();
    void addStage();
    void tryIt();
    void save();
    void remove();
    void askImport();
    void askExport();
    void say(const QString& text, bool isFault = false);
    void imported(const Result<HangingObject>& object);
    [[nodiscard]] HangingStage* stage();
    [[nodiscard]] HangingViewport* viewport();

    ViewerController& m_controller;
    HangingCatalog& m_catalog;
    HangingObjectFiles* m_objects;
    HangingProtocol m_protocol;
    bool m_isFilling = false;

    QListWidget *m_list = nullptr, *m_stages = nullptr, *m_viewports = nullptr;
    QLineEdit *m_id = nullptr, *m_name = nullptr, *m_stageName = nullptr, *m_label = nullptr, *m_orientation = nullptr;
    HangingRuleTable *m_match = nullptr, *m_select = nullptr;
    QCheckBox *m_sameModality = nullptr, *m_samePart = nullptr, *m_inverted = nullptr;
    QSpinBox* m_months = nullptr;
    QComboBox *m_link = nullptr, *m_study = nullptr, *m_kind = nullptr, *m_preset = nullptr, *m_justify = nullptr;
    QPlainTextEdit* m_reasons = nullptr;
    QLabel *m_verdict = nullptr, *m_said = nullptr;
    QPushButton *m_try = nullptr, *m_save = nullptr, *m_remove = nullptr, *m_export = nullptr;
};

} // namespace yz
