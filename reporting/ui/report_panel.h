#pragma once

#include "domain/reading_task.h"
#include "domain/report.h"
#include "domain/user.h"
#include "reporting/check.h"
#include "reporting/draft_controller.h"
#include "reporting/template_catalog.h"

#include <QHash>
#include <QTimer>
#include <QWidget>
#include <optional>
#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPlainTextEdit;
class QPushButton;
class QTabWidget;
class QToolButton;
class QVBoxLayout;

namespace yz {

class Banner;
class CriticalValueEditor;
class MeasurementLinks;
class StateBadge;
class TemplateForm;
class TraceView;

enum class PanelMode {
    Empty,    ///< no case
    ReadOnly, ///< looked at, not held
    Write,    ///< the author writes
    Review,   ///< the second doctor
    Amend,    ///< addendum or correction of a published report
};

/// What the panel is about; everything but the text itself.
struct ReportCase {
    PanelMode mode = PanelMode::Empty;
    Order order;
    ReadingState state = ReadingState::Waiting;
    User user;
    QString authorName; ///< who wrote it, on review and afterwards
    QString reviewerName;
    QString returnReason;                       ///< why it came back to the author
    std::optional<ReportContent> authorContent; ///< review: the trace is against this
    ReportVersionKind amendment = ReportVersionKind::Original;
    bool mayAmend = false;       ///< ReadOnly: the user may begin an amendment
    bool mayApproveHere = false; ///< Review of a version without a work item (an amendment)
    bool isDemo = false;
};

/// The report beside the images: header, texts, form, critical values, key images, checks, signing strip. It shows what
/// it is given and says what the reader wants; it signs and sends nothing itself.
class ReportPanel final : public QWidget {
    Q_OBJECT
public:
    explicit ReportPanel(const TemplateCatalog& catalog, QWidget* parent = nullptr);
    ~ReportPanel() override;

    void setCase(const ReportCase& reportCase);
    void setContent(const ReportContent& content);
    [[nodiscard]] const ReportContent& content() const { return m_content; }
    /// The facts the checks are made against; call again when the pictures or measurements change.
    void setContext(const ReportContext& context);
    void setSaveState(DraftController::SaveState state, const QDateTime& savedAt, const QString& problem);
    /// While a signature or a move is under way: buttons rest, `text` says what happens.
    void setBusy(const QString& text);
    void setBusy() { setBusy({}); }
    /// The signing strip closes, the PIN is gone.
    void endSigning();
    void addKeyImage(const KeyImage& image);
    /// Lists it, and writes it into the findings at the cursor.
    void addMeasurement(const ReportMeasurement& measurement);

    [[nodiscard]] Banner& banner() { return *m_banner; }

Q_SIGNALS:
    void contentEdited(const yz::ReportContent& content);
    void signRequested(const QString& pin, const std::vector<yz::Acknowledgement>& acknowledgements);
    void returnRequested(const QString& reason);
    void releaseRequested();
    void rejectRequested(const QString& reason);
    void amendRequested(yz::ReportVersionKind kind);
    void amendReasonChanged(const QString& reason);
    void closeRequested();
    void keyImageActivated(const yz::KeyImage& image);
    /// A number in the report was clicked: the viewer shows what it was measured on.
    void measurementActivated(const QString& id);

private:
    QWidget* buildHeader();
    QWidget* buildTexts();
    QWidget* buildKeyImages();
    QWidget* buildSigning();
    QWidget* buildButtons();
    QPlainTextEdit* addSection(QVBoxLayout& layout, const QString& title, const char* name, int lines);
    void showTexts();
    void showKeyImages();
    void showMode();
    void takeEdits();
    void chooseTemplate(int index);
    void clearChecks();
    void updateChecks();
    void updateSignButton();
    void beginSigning();
    void sign();
    void askReason(bool isReturn);
    [[nodiscard]] std::vector<Acknowledgement> acknowledgements() const;
    [[nodiscard]] bool isEditable() const;

    const TemplateCatalog& m_catalog;
    ReportCase m_case;
    ReportContent m_content;
    ReportContext m_context;
    std::vector<CheckFinding> m_findings;
    QHash<QString, QString> m_reasons; ///< check key -> why it is right all the same
    bool m_showing = false;            ///< texts are being set, not typed
    QString m_busy;

    QLabel* m_patient;
    QLabel* m_exam;
    QLabel* m_people;
    StateBadge* m_badge;
    Banner* m_banner;
    QTabWidget* m_tabs;
    QComboBox* m_template;
    QPlainTextEdit* m_technique;
    QPlainTextEdit* m_comparison;
    QPlainTextEdit* m_findingsEdit;
    QPlainTextEdit* m_impression;
    QPlainTextEdit* m_recommendation;
    MeasurementLinks* m_findingsLinks;
    MeasurementLinks* m_impressionLinks;
    QToolButton* m_negative;
    QToolButton* m_positive;
    QCheckBox* m_recognition;
    TemplateForm* m_form;
    CriticalValueEditor* m_critical;
    TraceView* m_trace;
    QListWidget* m_keyImages;
    QListWidget* m_measurements;
    QWidget* m_checks;
    QVBoxLayout* m_checksLayout;
    QLabel* m_saveState;
    QWidget* m_amendBar;
    QLineEdit* m_amendReason;
    QWidget* m_signing;
    QLabel* m_signingText;
    QLineEdit* m_pin;
    QPushButton* m_sign;
    QPushButton* m_submit;
    QPushButton* m_return;
    QPushButton* m_release;
    QPushButton* m_reject;
    QPushButton* m_addendum;
    QPushButton* m_correction;
    QPushButton* m_close;
    QTimer m_checkTimer;
};

} // namespace yz
