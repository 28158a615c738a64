#include "jobs/jobs.h"
#include "uikit/theme.h"
#include "uikit/translation.h"
#include "viewer/hanging_catalog.h"
#include "viewer_ui/hanging_samples.h"
#include "viewer_ui/pet_ct_samples.h"
#include "viewer_ui/viewer_page.h"

#include <QApplication>
#include <QDir>
#include <QPainter>
#include <QTest>

using namespace yz;
using namespace yz::test;

namespace {

using Plane = HangingSamples::Plane;
using Value = std::function<int(PatientPoint)>;

double ellipse(double x, double y, double rx, double ry) { return std::hypot(x / rx, y / ry); }
int grain(const PatientPoint& p) {
    const auto cell = [](double mm) { return static_cast<unsigned>(mm + 5000.0); };
    return static_cast<int>((cell(p.x * 3) * 2654435761u ^ cell(p.y * 3) * 2246822519u ^ cell(p.z * 3) * 3266489917u) >>
                            16) %
           19;
}

/// Trunk in HU: liver on the patient's right, spine behind; `vessels` is what contrast adds to the aorta.
int trunk(const PatientPoint& p, int vessels, bool lungs) {
    if (ellipse(p.x, p.y, 165, 115) > 1.0)
        return -1000;
    if (ellipse(p.x, p.y - 75, 20, 18) < 1.0)
        return 500 + grain(p);
    if (ellipse(p.x - 14, p.y - 45, 13, 12) < 1.0)
        return 40 + vessels + grain(p);
    if (lungs)
        for (const double side : {-1.0, 1.0})
            if (ellipse(p.x - side * 78, p.y + 5, 58 - std::abs(p.z) * 0.15, 82) < 1.0)
                return std::sin(p.x * 0.3) * std::sin(p.y * 0.27) * std::cos(p.z * 0.2) > 0.83 ? 20 : -860 + grain(p);
    if (!lungs && ellipse(p.x + 65, p.y + 15, 75, 70) < 1.0) // liver
        return 60 + vessels / 3 + grain(p);
    return ellipse(p.x, p.y, 150, 102) < 1.0 ? 30 + grain(p) : -95 + grain(p);
}
int headCt(const PatientPoint& p) {
    const double r = ellipse(p.x, p.y, 72, 92);
    if (r > 1.0)
        return -1000;
    if (r > 0.9)
        return 900;
    if (ellipse(std::abs(p.x) - 14, p.y, 8, 30) < 1.0)
        return 5;
    return std::hypot(p.x - 35, p.y + 25) < 11.0 ? 68 : 32 + grain(p) / 3; // a bleed on the left side
}
/// Brain with the brightness of fluid and of white matter that a sequence gives.
Value headMr(int fluid, int white) {
    return [=](const PatientPoint& p) {
        const double r = ellipse(p.x, p.y, 72, 92);
        if (r > 1.0 || (r > 0.88 && r < 0.93))
            return 0;
        if (ellipse(std::abs(p.x) - 14, p.y, 8, 30) < 1.0)
            return fluid;
        return ellipse(p.x, p.y, 50, 66) < 1.0 ? white + grain(p) : (white + fluid) / 2 + grain(p);
    };
}
/// Vertebrae along z with discs between, cord behind.
Value spineMr(int bone, int fluid) {
    return [=](const PatientPoint& p) {
        if (ellipse(p.x, p.y, 150, 110) > 1.0)
            return 0;
        if (ellipse(p.x, p.y - 42, 11, 8) < 1.0)
            return fluid;
        if (ellipse(p.x, p.y - 12, 24, 20) < 1.0)
            return std::fmod(p.z + 500.0, 38.0) < 8.0 ? fluid / 2 : bone + grain(p);
        return 90 + grain(p);
    };
}
int petUptake(const PatientPoint& p) {
    if (ellipse(p.x, p.y, 165, 115) > 1.0)
        return 0;
    return std::hypot(std::hypot(p.x - 60, p.y), p.z) < 16.0 ? 900
           : ellipse(p.x + 65, p.y + 15, 70, 65) < 1.0       ? 200
                                                             : 60;
}
/// A breast as its image gives it: chest wall at x = 1 when `wallRight`, else at x = 0; a bright mark above the middle.
Value breast(bool wallRight, bool headUp) {
    return [=](const PatientPoint& p) {
        const double x = wallRight ? 1.0 - p.x : p.x, y = headUp ? p.y : 1.0 - p.y;
        const double r = ellipse(x, y - 0.5, 0.62, 0.42);
        if (r > 1.0)
            return 20;
        if (std::hypot(x - 0.2, y - 0.25) < 0.04)
            return 3800;
        const double tissue = std::sin(x * 23) * std::cos(y * 19);
        return static_cast<int>(1100 + 900 * (1.0 - r) + (tissue > 0.2 ? 500 * tissue : 0));
    };
}
Value chestFilm() {
    return [](const PatientPoint& p) {
        const double dx = p.x - 0.5, dy = p.y - 0.48;
        if (ellipse(std::abs(dx) - 0.2, dy, 0.15, 0.34) < 1.0)
            return static_cast<int>(700 + 250 * std::abs(std::cos(dy * 34)));
        if (ellipse(dx - 0.06, dy - 0.18, 0.17, 0.15) < 1.0)
            return 3100;
        return std::abs(dx) < 0.05 ? 3300 : 2300;
    };
}
Value limbFilm(bool lateral) {
    return [=](const PatientPoint& p) {
        const double bend = lateral ? 0.12 * (p.y - 0.5) : 0.0, dx = p.x - 0.5 - bend;
        const bool joint = std::abs(p.y - 0.5) < 0.015;
        const double width = 0.09 + 0.07 * std::exp(-std::pow((p.y - 0.5) / 0.12, 2));
        if (std::abs(dx) < width && !joint)
            return std::abs(dx) > width - 0.025 ? 3400 : 2500;
        return std::abs(dx) < width * 2.1 ? 1200 : 150;
    };
}
int fan(const PatientPoint& p) {
    const double dx = p.x - 0.5, depth = std::hypot(dx, p.y);
    if (depth < 0.1 || depth > 0.95 || std::abs(std::atan2(dx, p.y)) > 0.6)
        return 0;
    int level = static_cast<int>(90 + 50 * std::sin(depth * 40 + p.z * 0.3) * std::cos(dx * 70));
    if (std::hypot(dx - 0.08, p.y - 0.55) < 0.08)
        level = 12;
    return level << 16 | level << 8 | level;
}
int vesselTree(const PatientPoint& p) {
    const double reach = std::min(1.0, p.z / 10.0);
    int value = 2600 + static_cast<int>(150 * std::sin(p.x * 6));
    for (const double slope : {-0.5, -0.15, 0.25, 0.6})
        if (p.y < reach &&
            std::abs(p.x - 0.5 - slope * p.y * p.y - 0.04 * std::sin(p.y * 14)) < 0.012 + 0.02 * (1 - p.y))
            value = 700;
    return value;
}

QString zh(const char* text) { return QString::fromUtf8(text); }

} // namespace

/// Every shipped protocol on an examination it is for, through the real page: chosen by itself, every slot filled, the
/// pictures where they belong. They are written to $YZ_PICTURES where it is set (docs/manual has some of them).
class HangingScreensTest : public QObject {
    Q_OBJECT

private:
    std::shared_ptr<HangingSamples> m_source;
    std::unique_ptr<ViewerController> m_controller;
    std::unique_ptr<ViewerPage> m_page;
    StudyRecord m_current, m_prior;

    static StudyRecord study(const char* uid, QDate date, const char* description) {
        StudyRecord record;
        record.study = StudyUid(QString::fromLatin1(uid));
        record.patient.id = PatientId(QStringLiteral("DEMO-7"));
        record.patient.name = PersonName::fromDicom(zh("Sample^Case=样^例"));
        record.patient.sex = Sex::Female;
        record.patient.birthDate = QDate(1961, 4, 2);
        record.time = QDateTime(date, QTime(9, 30), Qt::UTC);
        record.description = zh(description);
        record.institution = zh("示例医院");
        return record;
    }
    void begin(const char* description) {
        m_current = study("1.1", QDate(2026, 3, 2), description);
        m_prior = study("1.2", QDate(2025, 1, 9), description);
    }
    void add(bool prior, int number, const char* modality, const char* part, const char* description, Value value,
             const std::function<void(HangingSamples::Series&)>& set = {}) {
        HangingSamples::Series series;
        StudyRecord& owner = prior ? m_prior : m_current;
        series.study = owner;
        series.study.series.clear();
        series.record.series = SeriesUid(QStringLiteral("%1.%2").arg(owner.study.value()).arg(number));
        series.record.seriesNumber = number;
        series.record.modality = QString::fromLatin1(modality);
        series.record.bodyPart = QString::fromLatin1(part);
        series.record.description = zh(description);
        series.value = std::move(value);
        if (set)
            set(series);
        owner.series.push_back(m_source->add(series));
    }
    void open(bool withPrior) {
        std::vector<StudyRecord> priors;
        if (withPrior)
            priors.push_back(m_prior);
        m_controller->open(m_current, priors);
        QVERIFY(QTest::qWaitFor([&] { return !m_controller->studies().isReading(); }, 20000));
        settle();
    }
    void settle() {
        QVERIFY(QTest::qWaitFor(
            [&] {
                for (size_t i = 0; i < m_controller->state().viewports.size(); ++i) {
                    const ViewportState& viewport = m_controller->state().viewports[i];
                    if (viewport.content == ViewportState::Content::Empty)
                        continue;
                    const VolumeBuilder* volume = m_controller->volume(viewport.stack);
                    if (!m_controller->shown(static_cast<int>(i)).pixels ||
                        (viewport.content == ViewportState::Content::Plane &&
                         (!volume || volume->filledCount() < volume->sliceCount())))
                        return false;
                }
                return true;
            },
            20000));
    }
    void keep(const QString& name) {
        QTest::qWait(60);
        const QImage picture = m_page->grab().toImage();
        QVERIFY(!picture.isNull());
        const QString folder = qEnvironmentVariable("YZ_PICTURES");
        if (!folder.isEmpty())
            QVERIFY(picture.save(QDir(folder).filePath(name + QStringLiteral(".png"))));
    }
    /// The page shows this protocol; every stage has `empty` slots without a picture.
    void check(const char* protocol, const QList<int>& empty) {
        QCOMPARE(m_controller->state().protocolId, QString::fromLatin1(protocol));
        const HangingProtocol* shown = m_controller->currentProtocol();
        QVERIFY(shown);
        QCOMPARE(static_cast<int>(shown->stages.size()), static_cast<int>(empty.size()));
        for (int stage = 0; stage < empty.size(); ++stage) {
            QCOMPARE(m_controller->state().stage, stage);
            settle();
            int missing = 0;
            for (const ViewportState& viewport : m_controller->state().viewports) {
                missing += viewport.content == ViewportState::Content::Empty;
                if (viewport.content == ViewportState::Content::Empty)
                    QVERIFY(!viewport.emptyText.isEmpty());
            }
            QCOMPARE(missing, empty[stage]);
            keep(QStringLiteral("%1-%2").arg(QLatin1String(protocol)).arg(stage + 1));
            QTest::keyClick(m_page.get(), Qt::Key_BracketRight);
        }
        QCOMPARE(m_controller->state().stage, 0); // and round again
        QTest::keyClick(m_page.get(), Qt::Key_BracketLeft);
        QCOMPARE(m_controller->state().stage, static_cast<int>(empty.size()) - 1);
    }
    static void thin(HangingSamples::Series& s) {
        s.images = 48;
        s.sliceMm = 4.0;
    }
    static auto film(const char* view, const char* laterality = "") {
        return [view, laterality](HangingSamples::Series& s) {
            s.plane = Plane::None;
            s.images = 1;
            s.columns = 300;
            s.rows = 360;
            s.pixelMm = 1.0;
            s.window = {1900, 3800, {}};
            s.record.viewPosition = QString::fromLatin1(view);
            s.record.laterality = QString::fromLatin1(laterality);
            s.patientOrientation = QStringLiteral("L\\F");
        };
    }
    static auto magnetic(Plane plane) {
        return [plane](HangingSamples::Series& s) {
            s.plane = plane;
            s.images = 12;
            s.columns = s.rows = 160;
            s.pixelMm = plane == Plane::Axial ? 1.25 : 2.0;
            s.sliceMm = 5.0;
            s.window = {400, 800, {}};
        };
    }
    void addMammogram(bool prior, int number, const char* side, const char* view, const char* orientation,
                      bool wallRight, bool headUp) {
        add(prior, number, "MG", "BREAST", view, breast(wallRight, headUp), [&](HangingSamples::Series& s) {
            film(view, side)(s);
            s.columns = 240;
            s.rows = 320;
            s.window = {1900, 3600, {}};
            s.patientOrientation = QString::fromLatin1(orientation);
        });
    }
    [[nodiscard]] QWidget* viewport(int index) const {
        return m_page->findChild<QWidget*>(QStringLiteral("viewport%1").arg(index));
    }

private Q_SLOTS:
    void initTestCase() {
        QVERIFY(applyTheme(*qApp));
        installTranslations(*qApp, uiLocale(QStringLiteral("zh_CN")));
    }
    void init() {
        m_source = std::make_shared<HangingSamples>();
        const HangingCatalog catalog;
        QVERIFY(catalog.problems().empty());
        m_controller = std::make_unique<ViewerController>(m_source, catalog.protocols());
        m_page = std::make_unique<ViewerPage>(*m_controller, DisplayPath::Cpu);
        m_page->resize(1500, 900);
        m_page->show();
    }
    void cleanup() {
        m_page.reset();
        m_controller.reset();
        jobs::waitForAll();
    }

    void chestFilm_() {
        begin("胸部正侧位");
        for (const bool prior : {false, true}) {
            add(prior, 1, "DX", "CHEST", "Chest PA", chestFilm(), film("PA"));
            add(prior, 2, "DX", "CHEST", "Chest LAT", limbFilm(true), film("LL"));
        }
        open(true);
        check("dr-chest-prior", {0, 0});
    }
    void chestFilmWithoutPrior() {
        begin("胸部正位");
        add(false, 1, "DX", "CHEST", "Chest PA", chestFilm(), film("PA"));
        open(false);
        check("dr-chest", {0, 1, 1});
    }
    void chestCt() {
        begin("胸部CT平扫");
        for (const bool prior : {false, true})
            add(
                prior, 2, "CT", "CHEST", "Axial 4.0", [](const PatientPoint& p) { return trunk(p, 0, true); }, thin);
        open(true);
        check("ct-chest", {0, 0, 0});
    }
    void headCtWithBone() {
        begin("颅脑CT平扫");
        const auto small = [](HangingSamples::Series& s) {
            thin(s);
            s.pixelMm = 1.2;
        };
        add(false, 2, "CT", "HEAD", "Brain 4.0", headCt, small);
        add(false, 3, "CT", "HEAD", "Bone 4.0", headCt, small);
        open(false);
        check("ct-head", {0, 0, 1});
    }
    void brainMr() {
        begin("颅脑MR平扫");
        add(false, 2, "MR", "BRAIN", "T1 FSE tra", headMr(120, 620), magnetic(Plane::Axial));
        add(false, 3, "MR", "BRAIN", "T2 FSE tra", headMr(760, 300), magnetic(Plane::Axial));
        add(false, 4, "MR", "BRAIN", "T2 FLAIR tra", headMr(60, 360), magnetic(Plane::Axial));
        add(false, 5, "MR", "BRAIN", "DWI b1000", headMr(40, 300), magnetic(Plane::Axial));
        open(false);
        check("mr-brain", {0, 1});
    }
    void spineMr_() {
        begin("腰椎MR平扫");
        add(false, 2, "MR", "LSPINE", "T2 TSE sag", spineMr(330, 760), magnetic(Plane::Sagittal));
        add(false, 3, "MR", "LSPINE", "T1 TSE sag", spineMr(520, 150), magnetic(Plane::Sagittal));
        add(false, 4, "MR", "LSPINE", "T2 TSE FS sag", spineMr(160, 780), magnetic(Plane::Sagittal));
        add(false, 5, "MR", "LSPINE", "T2 TSE tra", spineMr(330, 760), magnetic(Plane::Axial));
        open(false);
        check("mr-spine", {0, 0, 1});
    }
    void abdomenPhases() {
        begin("上腹部CT平扫+增强");
        const std::pair<const char*, int> phases[] = {{"平扫", 0}, {"动脉期", 260}, {"门静脉期", 150}, {"延迟期", 80}};
        int number = 2;
        for (const auto& [name, vessels] : phases)
            add(
                false, number++, "CT", "ABDOMEN", name,
                [v = vessels](const PatientPoint& p) { return trunk(p, v, false); }, thin);
        open(false);
        check("ct-abdomen-phases", {0, 0, 1});
    }
    void abdomenPlain() {
        begin("腹部CT平扫");
        add(
            false, 2, "CT", "ABDOMEN", "Axial", [](const PatientPoint& p) { return trunk(p, 0, false); }, thin);
        open(false);
        check("ct-abdomen", {0, 0, 1});
    }
    void knee() {
        begin("左膝正侧位");
        for (const bool prior : {false, true}) {
            add(prior, 1, "DX", "KNEE", "Knee AP", limbFilm(false), film("AP", "L"));
            add(prior, 2, "DX", "KNEE", "Knee LAT", limbFilm(true), film("LAT", "L"));
        }
        open(true);
        check("dr-bone", {0, 0});
    }
    void mammographyFacesTheMiddle() {
        begin("乳腺X线摄影");
        // Two pictures are not as they must hang: one left-right, one upside down.
        addMammogram(false, 1, "L", "MLO", "A\\F", false, true);
        addMammogram(false, 2, "R", "MLO", "A\\F", false, true);
        addMammogram(false, 3, "L", "CC", "A\\L", false, false);
        addMammogram(false, 4, "R", "CC", "P\\L", true, true);
        addMammogram(true, 1, "L", "MLO", "A\\F", false, true);
        addMammogram(true, 2, "R", "MLO", "P\\F", true, true);
        open(true);
        keep(QStringLiteral("mg-screening-1"));
        m_controller->setAnnotationsShown(false);
        QTest::qWait(50);
        const char* places[] = {"R CC", "L CC", "R MLO", "L MLO"};
        for (int i = 0; i < 4; ++i) {
            const ShownFrame shown = m_controller->shown(i);
            QCOMPARE(QString(shown.image->laterality + u' ' + shown.image->viewPosition), QLatin1String(places[i]));
            const QImage picture = viewport(i)->grab().toImage();
            const bool isRight = i % 2 == 0;
            // Tissue lies against the middle of the screen, air against its outer edge.
            const int middle = picture.height() / 2, edge = 24;
            const int inner = isRight ? picture.width() - edge : edge, outer = picture.width() - inner;
            QVERIFY2(qGray(picture.pixel(inner, middle)) > 60, places[i]);
            QVERIFY2(qGray(picture.pixel(outer, middle)) < 12, places[i]);
            // The mark is above the middle, near the chest wall.
            int brightest = 0;
            QPoint at;
            for (int y = picture.height() / 8; y < picture.height() * 7 / 8; ++y)
                for (int x = 20; x < picture.width() - 20; ++x)
                    if (const int level = qGray(picture.pixel(x, y)); level > brightest) {
                        brightest = level;
                        at = {x, y};
                    }
            QVERIFY2(at.y() < middle, places[i]);
            QCOMPARE(at.x() > picture.width() / 2, isRight);
        }
        m_controller->setAnnotationsShown(true);
        check("mg-screening", {0, 0, 0, 2});
        // "Reset" goes back to how the protocol hung it.
        m_controller->applyProtocol(QStringLiteral("mg-screening"), 0);
        const ViewAdjustment hung = m_controller->viewport(2)->view;
        QCOMPARE(hung.mirrored, true);
        QCOMPARE(hung.justify, 1);
        m_controller->mirror(2);
        m_controller->panBy(2, 0.2, 0.1);
        m_controller->reset(2);
        QCOMPARE(m_controller->viewport(2)->view, hung);
    }
    void oneSeriesIsNoBrainExamination() {
        begin("颅脑MR");
        add(false, 6, "MR", "BRAIN", "T2 FSE tra", headMr(120, 620), magnetic(Plane::Axial));
        m_controller->open(m_current, {});
        m_controller->setRetrieveProgress({}, true);
        QVERIFY(QTest::qWaitFor([&] { return !m_controller->studies().isReading(); }, 20000));
        settle();
        QCOMPARE(m_controller->state().protocolId, QStringLiteral("mr-brain")); // the rest may still come
        QCOMPARE(m_controller->viewport(m_controller->state().active)->content, ViewportState::Content::Stack);
        m_controller->setRetrieveProgress({}, false);
        settle();
        QCOMPARE(m_controller->state().protocolId, QStringLiteral("generic-1"));
        keep(QStringLiteral("one-series"));
    }
    void mammographyOfOneSide() {
        begin("乳腺X线摄影");
        // One side alone: the other half of the screen says that it is missing.
        addMammogram(false, 1, "R", "CC", "P\\L", true, true);
        addMammogram(false, 2, "R", "MLO", "P\\F", true, true);
        open(false);
        settle();
        QCOMPARE(m_controller->state().protocolId, QStringLiteral("mg-screening"));
        for (const int shown : {0, 2})
            QCOMPARE(m_controller->viewport(shown)->content, ViewportState::Content::Stack);
        for (const int empty : {1, 3})
            QCOMPARE(m_controller->viewport(empty)->emptyText, QStringLiteral("series"));
        keep(QStringLiteral("mg-missing"));
    }
    void ultrasound() {
        begin("腹部超声");
        for (int number = 1; number <= 4; ++number)
            add(false, number, "US", "ABDOMEN", "Abdomen", fan, [](HangingSamples::Series& s) {
                s.plane = Plane::None;
                s.isClip = s.isColour = true;
                s.images = 12;
            });
        open(false);
        check("us", {0, 0});
    }
    void angiography() {
        begin("冠状动脉造影");
        for (int number = 1; number <= 4; ++number)
            add(false, number, "XA", "", "LAO 30", vesselTree, [](HangingSamples::Series& s) {
                s.plane = Plane::None;
                s.isClip = true;
                s.images = 16;
                s.window = {2000, 3200, {}};
            });
        open(false);
        check("xa", {0, 0, 1});
    }
    void petCt() {
        begin("全身PET/CT");
        add(
            false, 2, "CT", "WHOLEBODY", "CT WB", [](const PatientPoint& p) { return trunk(p, 0, true); }, thin);
        add(false, 3, "PT", "WHOLEBODY", "PET WB AC", petUptake, [](HangingSamples::Series& s) {
            thin(s);
            s.columns = s.rows = 96;
            s.pixelMm = 4.0;
            s.window = {350, 700, {}};
            s.pet = PetCt::description();
            s.value = [](const PatientPoint& p) { return petUptake(p) * 40; }; // Bq/ml: SUV 0.7 to 10
        });
        open(false);
        check("pt-ct", {0, 0, 0, 2});
        // Linked by position: scrolling the CT takes the PET along.
        m_controller->applyProtocol(QStringLiteral("pt-ct"), 0);
        settle();
        m_controller->scrollTo(0, 9);
        QCOMPARE(m_controller->viewport(1)->index, 9);
        QVERIFY(m_controller->viewport(2)->fusion);
        QCOMPARE(m_controller->viewport(2)->index, 9);
        QCOMPARE(m_controller->viewport(3)->content, ViewportState::Content::Volume);
    }
    void bySeriesCount() {
        begin("核医学");
        for (int number = 1; number <= 6; ++number)
            add(false, number, "NM", "", "Static", vesselTree, [](HangingSamples::Series& s) {
                s.plane = Plane::None;
                s.images = 1;
                s.window = {2000, 3200, {}};
            });
        open(false);
        check("generic-6", {0, 0});
    }
};

QTEST_MAIN(HangingScreensTest)
#include "hanging_screens_test.moc"
