#include "jobs/jobs.h"
#include "uikit/theme.h"
#include "uikit/translation.h"
#include "viewer/hanging_catalog.h"
#include "viewer/viewer_fixture.h"
#include "viewer_ui/hanging_editor.h"
#include "viewer_ui/viewer_page.h"
#include "viewer_ui/viewport_canvas.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QToolButton>

using namespace yz;
using namespace yz::test;

namespace {

/// The DICOM side, without DICOM: keeps what is written.
class KeptObjects final : public HangingObjectFiles {
public:
    Result<HangingObject> readHangingObject(const QString& path) override {
        if (path.endsWith(QLatin1String("broken.dcm")))
            return fail(ErrorCode::DataSetBroken);
        return kept;
    }
    Result<QByteArray> encodeHangingObject(const HangingObject& object) override {
        kept = object;
        return QByteArray("object");
    }
    HangingObject kept;
};

} // namespace

/// The way of a reader: arrange by hand, save, try, edit, carry out and in, delete.
class HangingEditorTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    StudyRecord m_current;
    std::shared_ptr<SyntheticSource> m_source;
    std::unique_ptr<HangingCatalog> m_catalog;
    std::unique_ptr<ViewerController> m_controller;
    std::unique_ptr<ViewerPage> m_page;
    KeptObjects m_objects;

    template <typename T> T* child(const char* name) {
        auto* editor = m_page->findChild<HangingEditor*>();
        return editor ? editor->findChild<T*>(QLatin1String(name)) : nullptr;
    }
    [[nodiscard]] HangingEditor* editor() const { return m_page->findChild<HangingEditor*>(); }
    QString said() { return child<QLabel>("hangingSaid")->text(); }
    void press(const char* name) { QTest::mouseClick(child<QPushButton>(name), Qt::LeftButton); }
    void chooseFromMenu(const char* action) {
        auto* button = m_page->findChild<QToolButton*>(QStringLiteral("menuProtocol"));
        Q_EMIT button->menu()->aboutToShow();
        auto* entry = button->menu()->findChild<QAction*>(QLatin1String(action));
        QVERIFY2(entry, action);
        entry->trigger();
    }
    /// A thumbnail dropped into a viewport.
    void drop(const char* series, int viewport) {
        QWidget* target = m_page->findChild<QWidget*>(QStringLiteral("viewport%1").arg(viewport));
        QMimeData mime;
        mime.setData(QLatin1String(stackMimeType), QByteArray(series) + "/0");
        const QPoint at = target->rect().center();
        QDragEnterEvent enter(at, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(target, &enter);
        QDropEvent dropped(at, Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(target, &dropped);
    }
    void open() {
        for (const char* uid : {"1.1.1", "1.1.2", "1.1.3"}) {
            auto series = ct(m_current, uid, uid[4] - '0', 24);
            series.record.description = QStringLiteral("Kernel %1").arg(QLatin1Char(uid[4]));
            m_source->add(series);
            m_current.series.push_back(m_source->announced(QString::fromLatin1(uid)));
        }
        m_controller->open(m_current);
        QVERIFY(QTest::qWaitFor([&] { return !m_controller->studies().isReading(); }, 10000));
        QCoreApplication::processEvents();
    }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY(applyTheme(*qApp));
        installTranslations(*qApp, uiLocale(QStringLiteral("zh_CN")));
    }
    void init() {
        m_current = study("1.1", QDate(2026, 3, 2));
        m_source = std::make_shared<SyntheticSource>();
        m_catalog = std::make_unique<HangingCatalog>(QString(), m_folder.filePath(QStringLiteral("mine")));
        m_controller = std::make_unique<ViewerController>(m_source, m_catalog->protocols());
        m_page = std::make_unique<ViewerPage>(*m_controller, DisplayPath::Cpu);
        m_page->setHangingDesk(m_catalog.get(), &m_objects);
        m_page->resize(1400, 900);
        m_page->show();
    }
    void cleanup() {
        m_page.reset();
        m_controller.reset();
        jobs::waitForAll();
    }

    void fromTheScreenToAProtocolAndBack() {
        open();
        QCOMPARE(m_controller->state().protocolId, QStringLiteral("ct-chest"));
        // By hand: two side by side, other series, another window.
        m_page->findChild<QToolButton*>(QStringLiteral("menuLayout"))
            ->menu()
            ->findChild<QAction*>(QStringLiteral("layout1x2"))
            ->trigger();
        drop("1.1.3", 0);
        drop("1.1.2", 1);
        QCOMPARE(m_controller->viewport(0)->stack.series.value(), QStringLiteral("1.1.3"));
        m_controller->applyPreset(1, QStringLiteral("ct-bone"));
        chooseFromMenu("protocolNew");
        QVERIFY(editor());
        QCOMPARE(editor()->protocol().stages.size(), size_t(1));
        QCOMPARE(editor()->protocol().stages[0].viewports[1].preset, QStringLiteral("ct-bone"));
        QVERIFY(child<QPlainTextEdit>("hangingReasons")->toPlainText().contains(QStringLiteral("CT")));
        // Edited in the form.
        auto* name = child<QLineEdit>("hangingName");
        name->selectAll();
        QTest::keyClicks(name, QStringLiteral("two kernels"));
        auto* id = child<QLineEdit>("hangingId");
        id->selectAll();
        QTest::keyClicks(id, QStringLiteral("Two Kernels"));
        QVERIFY(!child<QPushButton>("hangingSave")->isEnabled()); // no id by the schema: said at once
        QVERIFY(said().contains(QStringLiteral("Two Kernels")));
        id->selectAll();
        QTest::keyClicks(id, QStringLiteral("two-kernels"));
        QVERIFY(child<QPushButton>("hangingSave")->isEnabled());
        if (const QString folder = qEnvironmentVariable("YZ_PICTURES"); !folder.isEmpty()) {
            QTest::qWait(50);
            QVERIFY(editor()->grab().save(QDir(folder).filePath(QStringLiteral("editor-rules.png"))));
            child<QTabWidget>("hangingTabs")->setCurrentIndex(1);
            QTest::qWait(50);
            QVERIFY(editor()->grab().save(QDir(folder).filePath(QStringLiteral("editor-stages.png"))));
            child<QTabWidget>("hangingTabs")->setCurrentIndex(0);
        }
        child<QListWidget>("hangingList")->setFocus(); // does not choose another
        QCoreApplication::processEvents();
        press("hangingSave");
        QCOMPARE(m_catalog->originOf(QStringLiteral("two-kernels")), HangingCatalog::Origin::User);
        QVERIFY(QFile::exists(m_folder.filePath(QStringLiteral("mine/two-kernels.json"))));
        // The same examination opened again is hung by it, by itself.
        const StudyRecord again = m_current;
        m_controller->open(again);
        QVERIFY(QTest::qWaitFor([&] { return !m_controller->studies().isReading(); }, 10000));
        QCOMPARE(m_controller->state().protocolId, QStringLiteral("two-kernels"));
        QCOMPARE(m_controller->viewport(0)->stack.series.value(), QStringLiteral("1.1.3"));
        QCOMPARE(m_controller->viewport(1)->stack.series.value(), QStringLiteral("1.1.2"));
        QCOMPARE(m_controller->viewport(1)->presetId, QStringLiteral("ct-bone"));
        press("hangingRemove");
        QVERIFY(!m_catalog->find(QStringLiteral("two-kernels")));
        QVERIFY(!QFile::exists(m_folder.filePath(QStringLiteral("mine/two-kernels.json"))));
    }

    void triedOnTheOpenStudyWithoutBeingSaved() {
        open();
        chooseFromMenu("protocolEdit");
        QCOMPARE(editor()->protocol().id, QStringLiteral("ct-chest"));
        auto* kind = child<QComboBox>("hangingKind");
        kind->setCurrentIndex(kind->findData(QStringLiteral("mpr-sagittal")));
        press("hangingTry");
        QCOMPARE(m_controller->viewport(0)->content, ViewportState::Content::Plane);
        QCOMPARE(m_controller->viewport(0)->orientation, Orientation::Sagittal);
        QTest::keyClick(m_page.get(), Qt::Key_BracketRight); // its stages, too
        QCOMPARE(m_controller->state().stage, 1);
        QCOMPARE(m_catalog->originOf(QStringLiteral("ct-chest")), HangingCatalog::Origin::Shipped);
        m_controller->applyProtocol(QStringLiteral("ct-chest"));
        m_controller->applyProtocol(QStringLiteral("ct-generic"));
        m_controller->applyProtocol(QStringLiteral("ct-chest"));
        QCOMPARE(m_controller->viewport(0)->content, ViewportState::Content::Stack); // the catalogue's own again
    }

    void stagesAreAddedAndRemoved() {
        open();
        chooseFromMenu("protocolNew");
        m_controller->setLayout(1, 1);
        press("hangingAddStage");
        QCOMPARE(editor()->protocol().stages.size(), size_t(2));
        QCOMPARE(editor()->protocol().stages[1].columns, 1);
        press("hangingRemoveStage");
        QCOMPARE(editor()->protocol().stages.size(), size_t(1));
        press("hangingRemoveStage"); // the last one stays
        QCOMPARE(editor()->protocol().stages.size(), size_t(1));
    }

    void rulesAreEditedInTheTable() {
        open();
        chooseFromMenu("protocolEdit");
        auto* rules = editor()->findChild<QWidget*>(QStringLiteral("hangingMatch"));
        const size_t before = editor()->protocol().match.size();
        QTest::mouseClick(rules->findChild<QPushButton*>(QStringLiteral("addRule")), Qt::LeftButton);
        auto* table = rules->findChild<QTableWidget*>();
        const int row = table->rowCount() - 1;
        table->item(row, 2)->setText(QStringLiteral("Kernel"));
        QCOMPARE(editor()->protocol().match.size(), before + 1);
        QCOMPARE(editor()->protocol().match.back().value, QStringLiteral("Kernel"));
        auto* attribute = static_cast<QComboBox*>(table->cellWidget(row, 0));
        attribute->setCurrentIndex(attribute->findData(QStringLiteral("screenCount")));
        QVERIFY(!child<QPushButton>("hangingTry")->isEnabled()); // a number does not contain anything
        auto* op = static_cast<QComboBox*>(table->cellWidget(row, 1));
        op->setCurrentIndex(op->findData(QStringLiteral("atLeast")));
        static_cast<QCheckBox*>(table->cellWidget(row, 4))->setChecked(true);
        QVERIFY(child<QPushButton>("hangingTry")->isEnabled());
        QVERIFY(editor()->protocol().match.back().required);
        table->setCurrentCell(row, 2);
        QTest::mouseClick(rules->findChild<QPushButton*>(QStringLiteral("removeRule")), Qt::LeftButton);
        QCOMPARE(editor()->protocol().match.size(), before);
    }

    void carriedOutAndIn() {
        open();
        chooseFromMenu("protocolEdit");
        const HangingProtocol before = editor()->protocol();
        const QString json = m_folder.filePath(QStringLiteral("p.json"));
        editor()->exportFile(json);
        chooseFromMenu("protocolNew");
        QVERIFY(editor()->protocol() != before);
        editor()->importFile(json);
        QCOMPARE(editor()->protocol(), before);
        // As a DICOM object: what is not carried is listed.
        const QString object = m_folder.filePath(QStringLiteral("p.dcm"));
        editor()->exportFile(object);
        QVERIFY(said().contains(u'\n'));
        QVERIFY(said().contains(QStringLiteral("match[1]")));
        editor()->importFile(object);
        QVERIFY(QTest::qWaitFor([&] { return editor()->protocol() != before; }, 5000));
        QCOMPARE(editor()->protocol().id, before.id);
        QVERIFY(editor()->protocol().stages[0].viewports[0].preset == QLatin1String("ct-lung"));
        editor()->importFile(m_folder.filePath(QStringLiteral("broken.dcm")));
        QVERIFY(QTest::qWaitFor([&] { return said().size() > 4 && !said().endsWith(u'…'); }, 5000));
        QFile broken(m_folder.filePath(QStringLiteral("broken.json")));
        QVERIFY(broken.open(QIODevice::WriteOnly));
        broken.write("{");
        broken.close();
        editor()->importFile(broken.fileName());
        QVERIFY(said().contains(QStringLiteral("line 1")));
    }
};

QTEST_MAIN(HangingEditorTest)
#include "hanging_editor_test.moc"
