#include "imaging/hanging_dicom.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace yz;

namespace {

std::vector<HangingProtocol> shipped() {
    std::vector<HangingProtocol> protocols;
    const QDir folder(qEnvironmentVariable("YZ_SOURCE_DIR") + QStringLiteral("/resources/hanging"));
    for (const QString& name : folder.entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name)) {
        QFile file(folder.filePath(name));
        if (name.endsWith(QLatin1String(".schema.json")) || !file.open(QIODevice::ReadOnly))
            continue;
        if (auto protocol = parseHangingProtocol(file.readAll()))
            protocols.push_back(std::move(*protocol));
    }
    return protocols;
}

HangingRule rule(const char* attribute, const char* op, const char* value, bool required = true, double weight = 1.0) {
    return {QString::fromLatin1(attribute), QString::fromLatin1(op), QString::fromUtf8(value), weight, required};
}

HangingProtocol breast() {
    HangingProtocol protocol;
    protocol.id = QStringLiteral("breast-four");
    protocol.name = QStringLiteral("乳腺四幅");
    protocol.match = {rule("modality", "oneOf", "MG|CR"), rule("bodyPart", "equals", "BREAST"),
                      rule("laterality", "oneOf", "R|L"), rule("screenCount", "equals", "2", false)};
    HangingStage four{QStringLiteral("四幅"), 2, 3, {}, QStringLiteral("position")};
    const auto add = [&](int row, int column, int span, const char* side, const char* views, int study) {
        HangingViewport viewport;
        viewport.row = row;
        viewport.column = column;
        viewport.columnSpan = span;
        viewport.study = study;
        viewport.select = {rule("laterality", "equals", side), rule("viewPosition", "oneOf", views),
                           rule("imageType", "equals", "PRIMARY")};
        viewport.orientation = QString::fromLatin1(*side == 'R' ? "P\\F" : "A\\F");
        viewport.justify = QLatin1String(*side == 'R' ? "right" : "left");
        viewport.label = QString::fromUtf8(side);
        viewport.inverted = row == 1;
        four.viewports.push_back(viewport);
    };
    add(0, 0, 1, "R", "CC|XCCL", 0);
    add(0, 1, 2, "L", "CC|XCCL", 0);
    add(1, 0, 1, "R", "MLO|ML", 1);
    add(1, 1, 2, "L", "MLO|ML", 2);
    HangingStage planes{QStringLiteral("重建"), 1, 2, {}, QStringLiteral("none")};
    HangingViewport stack;
    stack.select = {rule("plane", "oneOf", "axial|oblique"), rule("description", "equals", "薄层 1.0"),
                    rule("modality", "equals", "CT"), rule("bodyPart", "oneOf", "CHEST|ABDOMEN")};
    stack.preset = QStringLiteral("ct-lung");
    HangingViewport cut = stack;
    cut.column = 1;
    cut.kind = QStringLiteral("mpr-coronal");
    cut.preset = QStringLiteral("ct-bone");
    planes.viewports = {stack, cut};
    protocol.stages = {four, planes};
    return protocol;
}

HangingObject foreign() {
    HangingObject object;
    object.name = QStringLiteral("Neuro Onc. 2");
    object.description = QStringLiteral("Tumour follow-up");
    object.definitions = {{QStringLiteral("MR"), {}, {QStringLiteral("69536005"), QStringLiteral("SCT"), {}}, 0}};
    object.imageSets = {{1, {}, QStringLiteral("RELATIVE_TIME"), 0, 0, QStringLiteral("MINUTES"), {}}};
    HangingObjectDisplaySet set;
    set.number = 1;
    set.boxes = {{0.0, 1.0, 0.5, 0.0, QStringLiteral("STACK"), 1, 1}};
    object.displaySets = {set, set};
    object.displaySets[1].number = 2;
    object.displaySets[1].boxes = {{0.5, 1.0, 1.0, 0.0, QStringLiteral("STACK"), 1, 1}};
    return object;
}

using What = HangingLoss::What;

class HangingDicomTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatBothExpressIsCarriedWhole() {
        const HangingProtocol protocol = breast();
        QVERIFY(parseHangingProtocol(hangingProtocolJson(protocol)));
        const auto exported = toHangingObject(protocol);
        QVERIFY(exported);
        for (const HangingLoss& loss : exported->losses)
            QFAIL(qPrintable(lossText(loss)));
        QCOMPARE(exported->carried, protocol);
        QCOMPARE(exported->object.definitions.size(), size_t(4));
        QCOMPARE(exported->object.priors, 2);
        QCOMPARE(exported->object.imageSets.size(), size_t(3));
        const auto imported = fromHangingObject(exported->object);
        QVERIFY(imported);
        for (const HangingLoss& loss : imported->losses)
            QFAIL(qPrintable(lossText(loss)));
        QCOMPARE(imported->protocol, protocol);
        QCOMPARE(hangingProtocolJson(imported->protocol), hangingProtocolJson(protocol));
    }

    void everyLossIsNamedAndTheRestReturns_data() {
        QTest::addColumn<HangingProtocol>("protocol");
        for (const HangingProtocol& protocol : shipped())
            QTest::newRow(qPrintable(protocol.id)) << protocol;
    }
    void everyLossIsNamedAndTheRestReturns() {
        QFETCH(HangingProtocol, protocol);
        const auto exported = toHangingObject(protocol);
        if (!exported) { // fits any modality and any part, or says them as an expression only
            QCOMPARE(exported.error().code, ErrorCode::InvalidArgument);
            for (const HangingRule& each : protocol.match)
                QVERIFY(each.attribute != QLatin1String("modality") || each.op == QLatin1String("matches"));
            return;
        }
        QCOMPARE(exported->losses.empty(), exported->carried == protocol);
        const auto imported = fromHangingObject(exported->object);
        QVERIFY(imported);
        QVERIFY(imported->losses.empty());
        QCOMPARE(imported->protocol, exported->carried);
        // What is left is all that both express: it goes round without a loss.
        const auto again = toHangingObject(imported->protocol);
        QVERIFY(again);
        QVERIFY(again->losses.empty());
        QCOMPARE(again->object, exported->object);
    }

    void lossesOfAProtocol_data() {
        QTest::addColumn<int>("what");
        QTest::addColumn<QString>("where");
        QTest::addColumn<HangingProtocol>("protocol");
        const auto add = [](const char* name, What what, const char* where, const auto& change) {
            HangingProtocol protocol = breast();
            change(protocol);
            QTest::newRow(name) << static_cast<int>(what) << QString::fromLatin1(where) << protocol;
        };
        add("long id", What::Name, "id", [](HangingProtocol& p) { p.id = QStringLiteral("a-name-of-more-than-16"); });
        add("expression", What::Rule, "match[4]",
            [](HangingProtocol& p) { p.match.push_back(rule("description", "matches", "^a")); });
        add("part without a code", What::Rule, "match[1]",
            [](HangingProtocol& p) { p.match[1].value = QStringLiteral("乳腺"); });
        add("weight", What::Weight, "match[0]", [](HangingProtocol& p) { p.match[0].weight = 3.0; });
        add("required screens", What::Optional, "match[3]", [](HangingProtocol& p) { p.match[3].required = true; });
        add("priors", What::Priors, "priors", [](HangingProtocol& p) { p.priors.withinMonths = 24; });
        add("index link", What::Link, "stages[0].link",
            [](HangingProtocol& p) { p.stages[0].link = QStringLiteral("index"); });
        add("preset", What::Preset, "stages[1].viewports[0]",
            [](HangingProtocol& p) { p.stages[1].viewports[0].preset = QStringLiteral("ct-stroke"); });
        add("half an orientation", What::Orientation, "stages[0].viewports[1]",
            [](HangingProtocol& p) { p.stages[0].viewports[1].orientation = QStringLiteral("A"); });
        add("preference", What::Rule, "stages[0].viewports[0].select[1]",
            [](HangingProtocol& p) { p.stages[0].viewports[0].select[1].required = false; });
        add("number of frames", What::Rule, "stages[1].viewports[0].select[4]",
            [](HangingProtocol& p) { p.stages[1].viewports[0].select.push_back(rule("frameCount", "atLeast", "3")); });
        add("label", What::Label, "stages[0].viewports[0].label",
            [](HangingProtocol& p) { p.stages[0].viewports[0].label = QString(70, u'字'); });
        add("thick slab", What::Reformatting, "stages[1].viewports[0]", [](HangingProtocol& p) {
            p.stages[1].viewports[0].kind = QStringLiteral("mpr-coronal");
            p.stages[1].viewports[0].slab = {SlabMode::Mip, 20.0};
        });
        add("grid", What::Grid, "stages[1]", [](HangingProtocol& p) {
            p.stages[1].rows = 2;
            for (HangingViewport& viewport : p.stages[1].viewports)
                viewport.rowSpan = 2;
        });
    }
    void lossesOfAProtocol() {
        QFETCH(int, what);
        QFETCH(QString, where);
        QFETCH(HangingProtocol, protocol);
        const auto exported = toHangingObject(protocol);
        QVERIFY(exported);
        QCOMPARE(exported->losses.size(), size_t(1));
        QCOMPARE(static_cast<int>(exported->losses[0].what), what);
        QCOMPARE(exported->losses[0].where, where);
        QVERIFY(!lossText(exported->losses[0]).isEmpty());
        const auto imported = fromHangingObject(exported->object);
        QVERIFY(imported);
        QCOMPARE(imported->protocol, exported->carried);
        QVERIFY(imported->protocol != protocol);
    }

    void aProtocolForAnythingIsNoObject() {
        HangingProtocol protocol = breast();
        protocol.match = {rule("seriesCount", "atLeast", "1")};
        QCOMPARE(toHangingObject(protocol).error().code, ErrorCode::InvalidArgument);
    }

    void aForeignObjectIsRead() {
        const auto imported = fromHangingObject(foreign());
        QVERIFY(imported);
        QCOMPARE(imported->losses.size(), size_t(1)); // the name is no id
        QCOMPARE(imported->losses[0].what, What::Name);
        QCOMPARE(imported->protocol.id, QStringLiteral("neuro-onc-2"));
        QCOMPARE(imported->protocol.name, QStringLiteral("Tumour follow-up"));
        QCOMPARE(imported->protocol.match,
                 (std::vector<HangingRule>{rule("modality", "equals", "MR"), rule("bodyPart", "equals", "HEAD")}));
        QCOMPARE(imported->protocol.stages.size(), size_t(1));
        QCOMPARE(imported->protocol.stages[0].columns, 2);
        QCOMPARE(imported->protocol.stages[0].viewports[1].column, 1);
    }

    void lossesOfAForeignObject_data() {
        QTest::addColumn<int>("what");
        QTest::addColumn<HangingObject>("object");
        const auto add = [](const char* name, What what, const auto& change) {
            HangingObject object = foreign();
            object.name = QStringLiteral("neuro");
            change(object, object.displaySets[0]);
            QTest::newRow(name) << static_cast<int>(what) << object;
        };
        using Object = HangingObject;
        using Set = HangingObjectDisplaySet;
        add("procedures", What::Codes, [](Object& o, Set&) { o.definitions[0].otherCodes = 2; });
        add("anatomy", What::Anatomy, [](Object& o, Set&) { o.definitions[0].anatomy.value = QStringLiteral("1"); });
        add("pairs", What::Definition, [](Object& o, Set&) {
            o.definitions.push_back(
                {QStringLiteral("CT"), {}, {QStringLiteral("816094009"), QStringLiteral("SCT"), {}}, 0});
        });
        add("half a definition", What::Definition, [](Object& o, Set&) {
            o.definitions.push_back({QStringLiteral("MR"), {}, {}, 0});
        });
        add("image set not there", What::ImageSet, [](Object&, Set& s) { s.imageSet = 7; });
        add("oldest", What::ImageSet, [](Object& o, Set&) {
            o.imageSets[0].category = QStringLiteral("ABSTRACT_PRIOR");
            o.imageSets[0].first = o.imageSets[0].last = -1;
            o.displaySets.resize(1);
        });
        add("a year ago", What::ImageSet, [](Object& o, Set&) {
            o.imageSets[0].last = 12;
            o.displaySets.resize(1);
        });
        add("selector", What::Selector, [](Object& o, Set&) {
            o.imageSets[0].selectors = {
                {0x00180087, QStringLiteral("DS"), {QStringLiteral("3")}, 1, {}, {}, false, false}};
            o.displaySets.resize(1);
        });
        add("filter by range", What::Filter, [](Object&, Set& s) {
            s.filters = {{0x00180081,
                          QStringLiteral("DS"),
                          {QStringLiteral("60"), QStringLiteral("120")},
                          1,
                          QStringLiteral("RANGE_INCL"),
                          {},
                          false,
                          false}};
        });
        add("not these", What::Filter, [](Object&, Set& s) {
            s.filters = {{0x00080060,
                          QStringLiteral("CS"),
                          {QStringLiteral("SR")},
                          1,
                          QStringLiteral("NOT_MEMBER_OF"),
                          {},
                          false,
                          false}};
        });
        add("sorting", What::Sorting, [](Object&, Set& s) { s.sortings = 1; });
        add("fusion", What::Blending, [](Object&, Set& s) { s.blending = QStringLiteral("COLOR"); });
        add("3D", What::Reformatting, [](Object&, Set& s) { s.reformatting = QStringLiteral("3D_RENDERING"); });
        add("oblique", What::Reformatting, [](Object&, Set& s) {
            s.reformatting = QStringLiteral("MPR");
            s.viewDirection = QStringLiteral("OBLIQUE");
        });
        add("slab", What::Reformatting, [](Object&, Set& s) {
            s.reformatting = QStringLiteral("MPR");
            s.viewDirection = QStringLiteral("CORONAL");
            s.thicknessMm = 5.0;
        });
        add("VOI", What::Preset, [](Object&, Set& s) { s.voiType = QStringLiteral("POST_FOSSA"); });
        add("colour", What::Colour, [](Object&, Set& s) { s.pseudoColour = QStringLiteral("HOT_IRON"); });
        add("tiles", What::Boxes, [](Object&, Set& s) { s.boxes[0].tileColumns = 3; });
        add("overlap", What::Grid, [](Object&, Set& s) { s.boxes[0].right = 1.0; });
        add("no grid", What::Grid, [](Object&, Set& s) { s.boxes[0].right = 0.41; });
        add("outside", What::Grid, [](Object&, Set& s) { s.boxes[0].left = -3.0; });
        add("vertical", What::Justification, [](Object&, Set& s) { s.vertical = QStringLiteral("TOP"); });
        add("navigation", What::Navigation, [](Object& o, Set&) { o.navigationIndicators = 1; });
    }
    void lossesOfAForeignObject() {
        QFETCH(int, what);
        QFETCH(HangingObject, object);
        const auto imported = fromHangingObject(object);
        QVERIFY(imported);
        QCOMPARE(imported->losses.size(), size_t(1));
        QCOMPARE(static_cast<int>(imported->losses[0].what), what);
        QVERIFY(parseHangingProtocol(hangingProtocolJson(imported->protocol)));
    }

    void nothingToHangIsSaid() {
        HangingObject object = foreign();
        object.displaySets.clear();
        QCOMPARE(fromHangingObject(object).error().code, ErrorCode::TemplateBroken);
        object = foreign();
        object.definitions.clear();
        QCOMPARE(fromHangingObject(object).error().code, ErrorCode::TemplateBroken);
    }
};

} // namespace

QTEST_GUILESS_MAIN(HangingDicomTest)
#include "hanging_dicom_test.moc"
