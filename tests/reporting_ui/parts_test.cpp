#include "reporting/template_catalog.h"
#include "reporting_ui/check_text.h"
#include "reporting_ui/critical_value_editor.h"
#include "reporting_ui/template_form.h"
#include "reporting_ui/trace_view.h"
#include "uikit/theme.h"
#include "uikit/translation.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QJsonArray>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace yz;

namespace {

template <typename T> T* child(QWidget& parent, const char* name) {
    return parent.findChild<T*>(QString::fromLatin1(name));
}

/// YZ_KEEP_PICTURES keeps what the widgets look like.
void keep(QWidget& widget, const char* name) {
    const QString folder = qEnvironmentVariable("YZ_KEEP_PICTURES");
    if (!folder.isEmpty())
        widget.grab().save(folder + u'/' + QString::fromLatin1(name) + u".png");
}

} // namespace

class PartsTest : public QObject {
    Q_OBJECT
    TemplateCatalog m_catalog;

private Q_SLOTS:
    void initTestCase() {
        QVERIFY(applyTheme(*qApp));
        installTranslations(*QCoreApplication::instance(), QLocale(QLocale::Chinese, QLocale::China));
        m_catalog = TemplateCatalog::load({TemplateCatalog::shippedFolder()});
        QVERIFY(!m_catalog.templates().empty());
    }

    void everyFieldOfEveryTemplateHasAWidgetAndGivesItsAnswerBack() {
        for (const ReportTemplate& each : m_catalog.templates()) {
            TemplateForm form;
            form.setTemplate(each);
            QCOMPARE(form.answers(), defaultAnswers(each));
            for (const TemplateSection& section : each.sections)
                for (const TemplateField& field : section.fields) {
                    QVERIFY2(form.findChild<QWidget*>("field_" + field.id), qPrintable(field.id));
                    QJsonObject answers = defaultAnswers(each);
                    for (const FieldOption& option : field.options) {
                        answers[field.id] = option.value;
                        form.setAnswers(answers);
                        QCOMPARE(form.answers(), answers);
                    }
                    if (field.kind == FieldKind::Number) {
                        answers[field.id] = 12.5;
                        form.setAnswers(answers);
                        QCOMPARE(form.answers(), answers);
                    }
                }
        }
    }

    void editingSpeaksShowingDoesNot() {
        const ReportTemplate& chest = *m_catalog.find("yuanzhen.template.ct-chest");
        TemplateForm form;
        QSignalSpy spy(&form, &TemplateForm::answersEdited);
        form.setTemplate(chest);
        form.setAnswers({{"nodule-lobe", "右肺上叶"}, {"nodule-long", 12}});
        QCOMPARE(spy.count(), 0);
        auto* lung = child<QComboBox>(form, "field_lung");
        lung->setCurrentIndex(3);
        QCOMPARE(spy.count(), 1);
        QCOMPARE(spy[0][0].toJsonObject()["lung"].toString(), chest.field("lung")->options[3].value);
        QCOMPARE(spy[0][0].toJsonObject()["nodule-long"].toDouble(), 12.0);
        form.setReadOnly(true);
        QVERIFY(!lung->isEnabled());
    }

    void aNumberThatIsBeingTypedIsNotTouched() {
        const ReportTemplate& chest = *m_catalog.find("yuanzhen.template.ct-chest");
        TemplateForm form;
        form.setTemplate(chest);
        // As the panel does after each edit: the same template and the answers come back.
        connect(&form, &TemplateForm::answersEdited, &form, [&](const QJsonObject& answers) {
            form.setTemplate(chest);
            form.setAnswers(answers);
        });
        auto* edit = child<QLineEdit>(form, "field_nodule-long");
        edit->setCursorPosition(0);
        QTest::keyClicks(edit, "12.3");
        QCOMPARE(edit->text(), "12.3");
        QCOMPARE(form.answers()["nodule-long"].toDouble(), 12.3);
        QTest::keyClicks(edit, "x9"); // letters are no number
        QCOMPARE(edit->text().count('x'), 0);
        keep(form, "form");
    }

    void everyKindOfField() {
        ReportTemplate t;
        t.id = "t";
        TemplateSection s;
        s.title = "S";
        TemplateField many;
        many.id = "many";
        many.kind = FieldKind::MultipleChoice;
        many.options = {{"a", "A", Positivity::Unstated, {}, {}}, {"b", "B", Positivity::Unstated, {}, {}}};
        TemplateField box;
        box.id = "box";
        box.kind = FieldKind::CheckBox;
        TemplateField area;
        area.id = "area";
        area.kind = FieldKind::TextArea;
        s.fields = {many, box, area};
        for (int i = 0; i < 3; ++i) {
            TemplateLine line;
            line.pieces.push_back({{}, i});
            s.lines.push_back(line);
        }
        t.sections = {s};
        TemplateForm form;
        form.setTemplate(t);
        QSignalSpy spy(&form, &TemplateForm::answersEdited);
        const QJsonObject answers{{"many", QJsonArray{"a", "b"}}, {"box", true}, {"area", "text\nmore"}};
        form.setAnswers(answers);
        QCOMPARE(form.answers(), answers);
        QCOMPARE(spy.count(), 0);
        child<QCheckBox>(form, "field_box")->click();
        QCOMPARE(form.answers()["box"].toBool(), false);
        QCOMPARE(spy.count(), 1);
    }

    void criticalValues() {
        CriticalValueEditor editor;
        editor.resize(460, 420);
        QSignalSpy spy(&editor, &CriticalValueEditor::edited);
        const QDateTime now(QDate(2026, 3, 2), QTime(1, 0, 31, 250), Qt::UTC);
        editor.setDefaults("张伟", now);
        child<QPushButton>(editor, "addCriticalButton")->click();
        QCOMPARE(spy.count(), 1);
        QCOMPARE(editor.values().size(), 1u);
        QCOMPARE(editor.values()[0].toldBy, "张伟");
        QVERIFY(!editor.values()[0].toldAt.isValid());
        QVERIFY(std::abs(editor.values()[0].foundAt.secsTo(now)) <= 60);
        QTest::keyClicks(child<QLineEdit>(editor, "criticalItem_0"), "tension pneumothorax ");
        child<QLineEdit>(editor, "criticalToldTo_0")->setText("赵勇");
        child<QPushButton>(editor, "criticalNow_0")->click();
        child<QCheckBox>(editor, "criticalReadBack_0")->click();
        const CriticalValue value = editor.values()[0];
        QCOMPARE(value.item, "tension pneumothorax");
        QVERIFY(value.toldAt.isValid() && value.readBack);
        keep(editor, "critical");

        // What is shown already is not built anew: the field keeps its focus and cursor.
        QWidget* before = child<QLineEdit>(editor, "criticalItem_0");
        const auto shown = editor.values();
        editor.setValues(shown);
        QCOMPARE(child<QLineEdit>(editor, "criticalItem_0"), before);

        const int edits = static_cast<int>(spy.count());
        CriticalValue second;
        second.item = "主动脉夹层";
        second.toldAt = now;
        editor.setValues({value, second});
        QCOMPARE(spy.count(), edits);
        QCOMPARE(editor.values().size(), 2u);
        QCOMPARE(editor.values()[1].toldAt, now.addMSecs(-31250)); // to the minute
        child<QToolButton>(editor, "criticalRemove_0")->click();
        QCOMPARE(editor.values().size(), 1u);
        QCOMPARE(child<QLineEdit>(editor, "criticalItem_0")->text(), "主动脉夹层");
        editor.setReadOnly(true);
        QVERIFY(child<QLineEdit>(editor, "criticalItem_0")->isReadOnly());
        QVERIFY(child<QPushButton>(editor, "addCriticalButton")->isHidden());
    }

    void everyCheckHasItsSentence() {
        QStringList seen;
        for (int i = 0; i <= int(CheckCode::CriticalRecordOpen); ++i) {
            CheckFinding finding;
            finding.code = static_cast<CheckCode>(i);
            finding.parameters = {"findings", "left", "right"};
            const QString sentence = checkSentence(finding);
            QVERIFY2(!sentence.isEmpty() && !sentence.contains("%1") && !sentence.contains("%2"), qPrintable(sentence));
            QVERIFY2(!seen.contains(sentence), qPrintable(sentence));
            seen.append(sentence);
        }
        const CheckFinding side{CheckCode::SideMismatch, CheckSeverity::Acknowledgeable, {"肺上叶", "left", "right"}};
        QVERIFY2(checkSentence(side).contains("左") && checkSentence(side).contains("肺上叶"),
                 qPrintable(checkSentence(side)));
    }

    void theTraceShowsWhatChanged() {
        ReportContent author, now;
        author.findings = "右肺上叶见实性结节，大小约12mm×8mm。";
        now = author;
        TraceView view;
        view.resize(460, 300);
        view.show(author, now);
        QVERIFY(view.changedSections().isEmpty());
        QVERIFY(!view.toPlainText().isEmpty());
        now.findings = "右肺上叶尖段见实性结节，大小约15mm×8mm <b>。";
        now.positivity = Positivity::Positive;
        view.show(author, now);
        QCOMPARE(view.changedSections(), (QStringList{"findings", "positivity"}));
        const QString html = view.toHtml();
        QVERIFY(html.contains("line-through") && html.contains("underline"));
        QVERIFY(view.toPlainText().contains("12mm15mm"));
        QVERIFY(view.toPlainText().contains("<b>")); // text stays text
        keep(view, "trace");
    }
};

QTEST_MAIN(PartsTest)
#include "parts_test.moc"
