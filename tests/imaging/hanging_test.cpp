#include "imaging/display_chain.h"
#include "imaging/hanging.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <algorithm>

using namespace yz;

Q_DECLARE_METATYPE(HangingInput)
Q_DECLARE_METATYPE(HangingRule)

namespace {

QByteArray readFile(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString sourceDir() { return qEnvironmentVariable("YZ_SOURCE_DIR"); }

std::vector<HangingProtocol> shipped() {
    std::vector<HangingProtocol> protocols;
    const QDir folder(sourceDir() + QStringLiteral("/resources/hanging"));
    const QStringList files = folder.entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name);
    for (const QString& file : files) {
        if (file.endsWith(QLatin1String(".schema.json")))
            continue;
        auto protocol = parseHangingProtocol(readFile(folder.filePath(file)));
        if (protocol)
            protocols.push_back(std::move(*protocol));
    }
    return protocols;
}

const PlanePosition kAxial{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}};
const PlanePosition kCoronal{{0, 0, 0}, {1, 0, 0}, {0, 0, -1}};
const PlanePosition kSagittal{{0, 0, 0}, {0, 1, 0}, {0, 0, -1}};

HangingSeries series(int number, const QString& modality, const QString& description, int frames,
                     std::optional<PlanePosition> plane, const QString& view = {}) {
    HangingSeries out;
    out.series = SeriesUid(QStringLiteral("s.%1").arg(number));
    out.seriesNumber = number;
    out.modality = modality;
    out.description = description;
    out.frameCount = frames;
    out.plane = plane;
    out.viewPosition = view;
    out.canFormVolume = plane.has_value() && frames >= 20;
    return out;
}

HangingStudy study(const QString& uid, const QString& modality, const QString& part, const QString& description,
                   std::vector<HangingSeries> members) {
    for (HangingSeries& member : members)
        member.series = SeriesUid(uid + u'.' + QString::number(member.seriesNumber));
    return {StudyUid(uid), QDate(2024, 1, 1), modality, part, description, std::move(members)};
}

/// "1:stack:ct-lung" for each slot: series number, kind and preset; "prior/1" for a prior; "-prior" or "-series" when
/// empty.
QStringList slotTexts(const HangingProtocol& protocol, int stage, const HangingInput& input) {
    QStringList texts;
    for (const HangingSlot& slot : assignSeries(protocol, stage, input)) {
        QString text;
        if (!slot.series)
            text = u'-' + slot.missing;
        else if (slot.study != input.current.study)
            text = slot.study->value() + u'/' + QString::number(slot.series->seriesNumber);
        else
            text = QString::number(slot.series->seriesNumber);
        if (slot.viewport.kind != QLatin1String("stack"))
            text += u':' + slot.viewport.kind;
        if (!slot.viewport.preset.isEmpty())
            text += u':' + slot.viewport.preset;
        if (slot.overlay)
            text += u'+' + QString::number(slot.overlay->seriesNumber);
        texts << text;
    }
    return texts;
}

const char* kSmall = R"({"id":"x","name":"n","match":[{"attribute":"modality","op":"equals","value":"CT"}],
 "stages":[{"name":"s","rows":1,"columns":2,"viewports":[{"row":0,"column":0},{"row":0,"column":1}]}]})";

class HangingTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyShippedFileIsValid() {
        const QDir folder(sourceDir() + QStringLiteral("/resources/hanging"));
        const QStringList files = folder.entryList({QStringLiteral("*.json")}, QDir::Files);
        QVERIFY(files.size() >= 10);
        for (const QString& file : files) {
            if (file.endsWith(QLatin1String(".schema.json")))
                continue;
            const auto protocol = parseHangingProtocol(readFile(folder.filePath(file)));
            QVERIFY2(protocol, qPrintable(QString(file + u' ' + (protocol ? QString() : protocol.error().detail))));
            QCOMPARE(QString(protocol->id + QLatin1String(".json")), file);
        }
    }

    void schemaSaysWhatTheParserTakes() {
        const QJsonObject schema =
            QJsonDocument::fromJson(readFile(sourceDir() + QStringLiteral("/resources/hanging/hanging.schema.json")))
                .object();
        QVERIFY(!schema.isEmpty());
        const QJsonObject viewport =
            schema[QLatin1String("$defs")][QLatin1String("viewport")][QLatin1String("properties")].toObject();
        const auto words = [](const QJsonValue& property) {
            QStringList list;
            const QJsonArray values = property[QLatin1String("enum")].toArray();
            for (const QJsonValue value : values)
                list << value.toString();
            return list;
        };
        QStringList presets{QString()};
        for (const WindowPreset& preset : windowPresets())
            presets << preset.id;
        QCOMPARE(words(viewport[QLatin1String("preset")]), presets);
        const auto accepts = [](const char* before, const char* key, const QString& value) {
            QByteArray json = kSmall;
            const QByteArray after = before + QByteArray(",\"") + key + "\":\"" + value.toUtf8() + '"';
            json.replace(before, after);
            return parseHangingProtocol(json).has_value();
        };
        for (const QString& word : words(viewport[QLatin1String("slab")]))
            QVERIFY2(accepts("{\"row\":0,\"column\":0", "kind\":\"mpr-axial\",\"slab", word), qPrintable(word));
        QCOMPARE(words(viewport[QLatin1String("slab")]).size(), 4);
        QVERIFY(!accepts("{\"row\":0,\"column\":0", "kind\":\"mpr-axial\",\"slab", QStringLiteral("max")));
        QVERIFY(!accepts("{\"row\":0,\"column\":0", "slab", QStringLiteral("mip"))); // a stack has no slab
        for (const char* key : {"kind", "preset", "justify"}) {
            const QStringList list = words(viewport[QLatin1String(key)]);
            QVERIFY(!list.isEmpty());
            for (const QString& word : list)
                QVERIFY2(accepts("{\"row\":0,\"column\":0", key, word), qPrintable(word));
            QVERIFY(!accepts("{\"row\":0,\"column\":0", key, QStringLiteral("nonsense")));
        }
        const QStringList links = words(
            schema[QLatin1String("$defs")][QLatin1String("stage")][QLatin1String("properties")][QLatin1String("link")]);
        QVERIFY(!links.isEmpty());
        for (const QString& word : links)
            QVERIFY(accepts("\"rows\":1", "link", word));
        QVERIFY(!accepts("\"rows\":1", "link", QStringLiteral("nonsense")));
    }

    void aMinimalFileGetsDefaults() {
        const auto protocol = parseHangingProtocol(kSmall);
        QVERIFY(protocol);
        const HangingStage& stage = protocol->stages.front();
        QCOMPARE(stage.link, QStringLiteral("none"));
        QCOMPARE(stage.viewports[0].kind, QStringLiteral("stack"));
        QCOMPARE(stage.viewports[0].rowSpan, 1);
        QCOMPARE(protocol->match.front().weight, 1.0);
        QVERIFY(!protocol->match.front().required);
    }

    void faultsAreNamedWithTheirPlace_data() {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QString>("detail");
        const auto add = [](const char* name, const char* from, const char* to, const char* detail) {
            QTest::newRow(name) << QByteArray(from) << QByteArray(to) << QString::fromUtf8(detail);
        };
        add("syntax", "\n \"stages\"", "\n \"stages", "line 2");
        add("no id", "\"id\":\"x\",", "", "id: is missing");
        add("bad id", "\"id\":\"x\"", "\"id\":\"X y\"", "id: 'X y'");
        add("no name", "\"name\":\"n\",", "", "name: is missing");
        add("no rules", "{\"attribute\":\"modality\",\"op\":\"equals\",\"value\":\"CT\"}", "",
            "match: needs at least one rule");
        add("rule not an object", "{\"attribute\":\"modality\",\"op\":\"equals\",\"value\":\"CT\"}", "7",
            "match[0]: must be an object");
        add("attribute", "modality", "mood", "match[0].attribute: 'mood' is not known");
        add("joined attribute", "modality", "modality|mood", "match[0].attribute: 'mood' is not known");
        add("op", "equals", "resembles", "match[0].op: 'resembles' is not known");
        add("op of a number on text", "equals", "atLeast", "match[0].op: 'atLeast' is not known");
        add("text value of a number", "modality", "priorCount", "match[0].value: must be a whole number");
        add("regular expression", "equals\",\"value\":\"CT", "matches\",\"value\":\"(CT",
            "match[0].value: not a regular expression");
        add("weight", "\"value\":\"CT\"", "\"value\":\"CT\",\"weight\":\"much\"", "match[0].weight: must be a number");
        add("required", "\"value\":\"CT\"", "\"value\":\"CT\",\"required\":1",
            "match[0].required: must be true or false");
        add("unknown key", "\"value\":\"CT\"", "\"value\":\"CT\",\"wieght\":1", "match[0].wieght: unknown key");
        add("unknown key on top", "\"name\":\"n\"", "\"name\":\"n\",\"nmae\":1", "nmae: unknown key");
        add("no viewports", "{\"row\":0,\"column\":0},{\"row\":0,\"column\":1}", "",
            "stages[0].viewports: needs at least one viewport");
        add("beyond the grid", "{\"row\":0,\"column\":1}", "{\"row\":0,\"column\":2}",
            "stages[0].viewports[1]: reaches beyond the grid of 1 x 2");
        add("overlap", "{\"row\":0,\"column\":1}", "{\"row\":0,\"column\":0}",
            "stages[0].viewports[1]: covers viewport 0");
        add("span overlap", "{\"row\":0,\"column\":0}", "{\"row\":0,\"column\":0,\"columnSpan\":2}",
            "stages[0].viewports[1]: covers viewport 0");
        add("rows", "\"rows\":1", "\"rows\":99", "stages[0].rows: must be a whole number from 1 to 8");
        add("fraction", "\"rows\":1", "\"rows\":1.5", "stages[0].rows: must be a whole number");
        add("kind", "{\"row\":0,\"column\":0}", "{\"row\":0,\"column\":0,\"kind\":\"movie\"}",
            "stages[0].viewports[0].kind: 'movie' is not known");
        add("preset", "{\"row\":0,\"column\":0}", "{\"row\":0,\"column\":0,\"preset\":\"ct-ear\"}",
            "stages[0].viewports[0].preset: 'ct-ear' is not known");
        add("study", "{\"row\":0,\"column\":0}", "{\"row\":0,\"column\":0,\"study\":-1}",
            "stages[0].viewports[0].study: must be a whole number from 0 to 8");
        add("select", "{\"row\":0,\"column\":0}", "{\"row\":0,\"column\":0,\"select\":{}}",
            "stages[0].viewports[0].select: must be a list");
        add("rule of the desk on a series", "{\"row\":0,\"column\":0}",
            "{\"row\":0,\"column\":0,\"select\":[{\"attribute\":\"task\",\"op\":\"equals\",\"value\":\"view\"}]}",
            "stages[0].viewports[0].select[0].attribute: 'task' says nothing about a series");
        add("number of the study on a series", "{\"row\":0,\"column\":0}",
            "{\"row\":0,\"column\":0,\"select\":[{\"attribute\":\"priorCount\",\"op\":\"equals\",\"value\":1}]}",
            "select[0].attribute: 'priorCount' says nothing about a series");
        add("orientation", "{\"row\":0,\"column\":0}", "{\"row\":0,\"column\":0,\"orientation\":\"up\"}",
            "stages[0].viewports[0].orientation: 'up' is no pair");
        add("justify", "{\"row\":0,\"column\":0}", "{\"row\":0,\"column\":0,\"justify\":\"top\"}",
            "stages[0].viewports[0].justify: 'top' is not known");
        add("priors", "\"name\":\"n\"", "\"name\":\"n\",\"priors\":{\"samePart\":\"yes\"}",
            "priors.samePart: must be true or false");
        add("months", "\"name\":\"n\"", "\"name\":\"n\",\"priors\":{\"withinMonths\":-1}",
            "priors.withinMonths: must be a whole number from 0");
        add("whole file", kSmall, "[]", "must hold one object");
        add("empty", kSmall, "", "line 1");
    }
    void faultsAreNamedWithTheirPlace() {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QString, detail);
        QByteArray json = kSmall;
        QVERIFY(json.contains(from));
        json.replace(from, to);
        const auto protocol = parseHangingProtocol(json);
        QVERIFY(!protocol);
        QCOMPARE(protocol.error().code, ErrorCode::TemplateBroken);
        QVERIFY2(protocol.error().detail.contains(detail), qPrintable(protocol.error().detail));
    }

    void reasonsAreGiven() {
        HangingProtocol protocol;
        protocol.id = QStringLiteral("p");
        protocol.match = {{QStringLiteral("modality"), QStringLiteral("equals"), QStringLiteral("ct"), 2.0, false},
                          {QStringLiteral("bodyPart"), QStringLiteral("equals"), QStringLiteral("HEAD"), 1.0, true},
                          {QStringLiteral("seriesCount"), QStringLiteral("atLeast"), QStringLiteral("5"), 1.0, false}};
        const std::vector<HangingProtocol> protocols{protocol};
        HangingInput input{
            study(QStringLiteral("s"), QStringLiteral("CT"), QStringLiteral("CHEST"), {}, {}), {}, {}, {}};
        auto scores = rankProtocols(protocols, input);
        QCOMPARE(scores.size(), size_t(1));
        QVERIFY(!scores[0].matches);
        QCOMPARE(scores[0].score, 2.0);
        QCOMPARE(scores[0].texts(), (QStringList{QStringLiteral("+2 modality equals ct (found CT)"),
                                                 QStringLiteral("- required bodyPart equals HEAD (found CHEST)"),
                                                 QStringLiteral("+0 seriesCount atLeast 5 (found 0)")}));
        input.current.bodyPart = QStringLiteral("head ");
        scores = rankProtocols(protocols, input);
        QVERIFY(scores[0].matches);
        QCOMPARE(scores[0].score, 3.0);
        QCOMPARE(scores[0].protocol, &protocols[0]);
    }

    void whatWouldStayEmptyStandsBehind() {
        HangingProtocol four, one;
        four.id = QStringLiteral("four");
        four.match = {{QStringLiteral("modality"), QStringLiteral("equals"), QStringLiteral("MR"), 5.0, true}};
        HangingStage stage;
        for (const char* name : {"T1", "T2", "FLAIR", "DWI"}) {
            HangingViewport viewport;
            viewport.select = {
                {QStringLiteral("description"), QStringLiteral("contains"), QString::fromLatin1(name), 1.0, true}};
            stage.viewports.push_back(viewport);
        }
        four.stages = {stage};
        one.id = QStringLiteral("one");
        one.stages = {HangingStage{{}, 1, 1, {HangingViewport{}}, QStringLiteral("none")}};
        const std::vector<HangingProtocol> protocols{one, four};
        const auto best = [&](const HangingInput& input) { return rankProtocols(protocols, input).front(); };
        const QString mr = QStringLiteral("MR");
        HangingInput input{study(QStringLiteral("s"), mr, QStringLiteral("BRAIN"), {},
                                 {series(1, mr, QStringLiteral("T2 tra"), 20, {})}),
                           {},
                           {},
                           {}};
        QCOMPARE(best(input).protocol->id, QStringLiteral("one"));
        const HangingScore hollow = rankProtocols(protocols, input).back();
        QVERIFY(hollow.matches && hollow.isHollow());
        QCOMPARE(hollow.texts().back(), QStringLiteral("- pictures for 1 of 4 viewports"));
        input.isWhole = false; // the others may still come
        QCOMPARE(best(input).protocol->id, QStringLiteral("four"));
        input.isWhole = true;
        input.current.series.push_back(series(2, mr, QStringLiteral("DWI b1000"), 20, {})); // half of it is enough
        QCOMPARE(best(input).protocol->id, QStringLiteral("four"));
    }

    void studiesGetTheirProtocolAndSlots_data() {
        QTest::addColumn<HangingInput>("input");
        QTest::addColumn<QString>("protocol");
        QTest::addColumn<QStringList>("first");
        QTest::addColumn<QStringList>("second");
        const auto q = [](const char* text) { return QString::fromUtf8(text); };
        const auto list = [](const char* text) { return QString::fromUtf8(text).split(u' '); };
        const QString ct = q("CT"), mr = q("MR"), dx = q("DX");

        const HangingStudy chest =
            study(q("a"), ct, q("CHEST"), q("胸部平扫"),
                  {series(1, ct, q("Scout"), 1, kCoronal), series(2, ct, q("Mediastinum 5.0"), 60, kAxial),
                   series(3, ct, q("Lung 1.0"), 300, kAxial), series(4, ct, q("COR Lung"), 80, kCoronal)});
        QTest::newRow("chest CT, two kernels")
            << HangingInput{chest, {}, {}, {}} << q("ct-chest")
            << list("3:ct-lung 2:ct-mediastinum 2:mpr-coronal:ct-mediastinum")
            << list("3:mpr-axial:ct-lung 3:mpr-coronal:ct-lung 3:mpr-sagittal:ct-lung");
        const HangingStudy one = study(q("a"), ct, QString(), q("CT THORAX"), {series(5, ct, q("Axial"), 100, kAxial)});
        QTest::newRow("chest CT, one series")
            << HangingInput{one, {}, {}, {}} << q("ct-chest")
            << list("5:ct-lung 5:ct-mediastinum 5:mpr-coronal:ct-mediastinum")
            << list("5:mpr-axial:ct-lung 5:mpr-coronal:ct-lung 5:mpr-sagittal:ct-lung");
        const HangingStudy thick = study(q("a"), ct, q("LUNG"), QString(), {series(5, ct, q("Axial"), 10, kAxial)});
        QTest::newRow("chest CT that forms no volume")
            << HangingInput{thick, {}, {}, {}} << q("ct-chest")
            << list("5:ct-lung 5:ct-mediastinum -volume:mpr-coronal:ct-mediastinum")
            << list("-volume:mpr-axial:ct-lung -volume:mpr-coronal:ct-lung -volume:mpr-sagittal:ct-lung");
        const HangingStudy head = study(q("a"), ct, q("HEAD"), q("颅脑CT平扫"),
                                        {series(2, ct, q("Bone"), 60, kAxial), series(3, ct, q("Brain"), 60, kAxial)});
        QTest::newRow("head CT") << HangingInput{head, {}, {}, {}} << q("ct-head")
                                 << list("3:ct-brain 2:ct-bone 3:mpr-coronal:ct-brain")
                                 << list("3:mpr-axial:ct-brain 3:mpr-coronal:ct-brain 3:mpr-sagittal:ct-brain");
        for (const char* part : {"BRAIN", "SKULL", "头颅", "颅脑"}) {
            const HangingStudy other = study(q("a"), ct, q(part), QString(), {series(2, ct, QString(), 60, kAxial)});
            QTest::addRow("head CT named %s", part)
                << HangingInput{other, {}, {}, {}} << q("ct-head")
                << list("2:ct-brain 2:ct-bone 2:mpr-coronal:ct-brain")
                << list("2:mpr-axial:ct-brain 2:mpr-coronal:ct-brain 2:mpr-sagittal:ct-brain");
        }
        const HangingStudy spine = study(q("a"), ct, QString(), q("胸椎CT"), {series(2, ct, QString(), 60, kAxial)});
        QTest::newRow("thoracic spine is not a chest") << HangingInput{spine, {}, {}, {}} << q("ct-generic")
                                                       << list("2") << list("2:mpr-axial 2:mpr-coronal 2:mpr-sagittal");
        const HangingStudy abdomen =
            study(q("a"), ct, q("ABDOMEN"), q("abdomen"),
                  {series(1, ct, q("scout"), 1, kCoronal), series(2, ct, q("portal"), 60, kAxial)});
        QTest::newRow("abdomen CT, one enhanced phase so far")
            << HangingInput{abdomen, {}, {}, {}, false} << q("ct-abdomen-phases")
            << list("-series:ct-abdomen -series:ct-abdomen 2:ct-abdomen -series:ct-abdomen")
            << list("2:mpr-axial:ct-abdomen 2:mpr-coronal:ct-abdomen 2:mpr-sagittal:ct-abdomen");
        const HangingStudy phases =
            study(q("a"), ct, q("LIVER"), q("上腹部CT平扫+增强"),
                  {series(1, ct, q("Scout"), 1, kCoronal), series(2, ct, q("延迟期 5mm"), 60, kAxial),
                   series(3, ct, q("平扫 5mm"), 60, kAxial), series(4, ct, q("门静脉期 5mm"), 60, kAxial),
                   series(5, ct, q("动脉期 5mm"), 60, kAxial), series(6, ct, q("COR 动脉期"), 40, kCoronal)});
        QTest::newRow("abdomen CT, four phases") << HangingInput{phases, {}, {}, {}} << q("ct-abdomen-phases")
                                                 << list("3:ct-abdomen 5:ct-abdomen 4:ct-abdomen 2:ct-abdomen")
                                                 << list("4:mpr-axial:ct-abdomen 4:mpr-coronal:ct-abdomen "
                                                         "4:mpr-sagittal:ct-abdomen");
        const HangingStudy phasesInLatin =
            study(q("a"), ct, q("ABDOMEN"), QString(),
                  {series(2, ct, q("ABD C- 5.0"), 60, kAxial), series(3, ct, q("C+ ART 5.0"), 60, kAxial),
                   series(4, ct, q("C+ PV 5.0"), 60, kAxial), series(5, ct, q("C+ DELAY 5.0"), 60, kAxial)});
        QTest::newRow("abdomen CT, phases in Latin")
            << HangingInput{phasesInLatin, {}, {}, {}} << q("ct-abdomen-phases")
            << list("2:ct-abdomen 3:ct-abdomen 4:ct-abdomen 5:ct-abdomen") << QStringList();
        const HangingStudy plain =
            study(q("a"), ct, q("ABDOMEN"), q("腹部平扫"), {series(2, ct, q("Axial"), 60, kAxial)});
        QTest::newRow("abdomen CT, plain")
            << HangingInput{plain, {}, {}, {}} << q("ct-abdomen")
            << list("2:ct-abdomen 2:mpr-coronal:ct-abdomen 2:mpr-sagittal:ct-abdomen") << QStringList();

        const HangingStudy brain =
            study(q("a"), mr, q("BRAIN"), q("Brain routine"),
                  {series(1, mr, q("loc"), 3, kSagittal), series(2, mr, q("SAG T1 FLAIR"), 20, kSagittal),
                   series(3, mr, q("OAx T2 FLAIR"), 20, kAxial), series(4, mr, q("OAx T2 FSE"), 20, kAxial),
                   series(5, mr, q("OAx T1 FSE"), 20, kAxial), series(6, mr, q("OAx DWI b=1000"), 40, kAxial),
                   series(7, mr, q("OAx T2* SWAN"), 40, kAxial)});
        QTest::newRow("brain MR") << HangingInput{brain, {}, {}, {}} << q("mr-brain") << list("5 4 3 6")
                                  << list("3 -prior");
        const HangingStudy partial =
            study(q("a"), mr, q("HEAD"), QString(),
                  {series(1, mr, q("t2_tse_tra"), 20, kAxial), series(2, mr, q("swi"), 60, kAxial)});
        QTest::newRow("brain MR, little acquired")
            << HangingInput{partial, {}, {}, {}} << q("mr-brain") << list("-series 1 -series 2") << list("1 -prior");
        const HangingStudy knee =
            study(q("a"), mr, q("KNEE"), QString(),
                  {series(1, mr, q("pd sag"), 20, kSagittal), series(2, mr, q("pd cor"), 20, kCoronal),
                   series(3, mr, q("t1"), 20, kSagittal)});
        QTest::newRow("knee MR") << HangingInput{knee, {}, {}, {}} << q("mr-generic") << list("1 2 3 -series")
                                 << list("1");

        const HangingStudy field = study(q("a"), mr, q("PHANTOM"), QString(),
                                         {series(1, mr, q("AP"), 20, kAxial), series(2, mr, q("PA"), 20, kAxial)});
        QTest::newRow("two series of MR")
            << HangingInput{field, {}, {}, {}} << q("generic-2") << list("1 2") << QStringList();

        const HangingStudy film =
            study(q("a"), dx, q("CHEST"), q("胸部正侧位"),
                  {series(1, dx, q("LAT"), 1, {}, q("LL")), series(2, dx, q("Chest PA"), 1, {}, q("PA"))});
        const HangingStudy old =
            study(q("old"), q("CR"), q("THORAX"), QString(),
                  {series(1, q("CR"), QString(), 1, {}, q("LATERAL")), series(2, q("CR"), QString(), 1, {}, q("PA"))});
        const HangingStudy older = study(q("older"), dx, q("胸部"), QString(), {series(9, dx, q("胸部正位"), 1, {})});
        const HangingStudy hand =
            study(q("hand"), dx, q("HAND"), QString(), {series(1, dx, QString(), 1, {}, q("PA"))});
        QTest::newRow("chest film without prior")
            << HangingInput{film, {}, {}, {}} << q("dr-chest") << list("2") << list("1");
        QTest::newRow("chest film with priors of other kinds only")
            << HangingInput{film, {hand, chest}, {}, {}} << q("dr-chest") << list("2") << list("1");
        QTest::newRow("chest film with priors") << HangingInput{film, {hand, chest, old, older}, {}, {}}
                                                << q("dr-chest-prior") << list("2 old/2") << list("1 old/1");
        QTest::newRow("chest film, prior without lateral") << HangingInput{film, {older}, {}, {}} << q("dr-chest-prior")
                                                           << list("2 older/9") << list("1 -prior-series");
        const HangingStudy bare =
            study(q("a"), q("DR"), QString(), q("胸部正位"), {series(4, q("DR"), QString(), 1, {})});
        QTest::newRow("chest film without view position")
            << HangingInput{bare, {}, {}, {}} << q("dr-chest") << list("4") << list("-series");
        const HangingStudy hands =
            study(q("a"), dx, q("HAND"), QString(), {series(1, dx, QString(), 1, {}), series(2, dx, QString(), 1, {})});
        QTest::newRow("hand film, views not given")
            << HangingInput{hands, {film}, {}, {}} << q("dr-bone") << list("1 2") << list("1 2 -prior -prior");
        const auto side = [](HangingSeries each, const char* laterality) {
            each.laterality = QString::fromLatin1(laterality);
            return each;
        };
        const HangingStudy knees = study(q("a"), dx, q("KNEE"), q("左膝正侧位"),
                                         {side(series(1, dx, QString(), 1, {}, q("LAT")), "L"),
                                          side(series(2, dx, QString(), 1, {}, q("AP")), "L")});
        HangingStudy rightKnee = knees, leftKnee = knees;
        rightKnee = study(q("right"), dx, q("KNEE"), QString(), knees.series);
        leftKnee = study(q("left"), dx, q("KNEE"), q("左膝正侧位"), knees.series);
        for (HangingSeries& each : rightKnee.series)
            each.laterality = q("R");
        rightKnee.description = q("右膝正侧位");
        QTest::newRow("knee film, a prior of the other knee")
            << HangingInput{knees, {rightKnee}, {}, {}} << q("dr-bone") << list("2 1") << list("2 1 -prior -prior");
        QTest::newRow("knee film with prior") << HangingInput{knees, {rightKnee, leftKnee}, {}, {}} << q("dr-bone")
                                              << list("2 1") << list("2 1 left/2 left/1");
        const HangingStudy lumbar = study(q("a"), dx, QString(), q("腰椎正侧位"),
                                          {series(1, dx, q("腰椎正位"), 1, {}), series(2, dx, q("腰椎侧位"), 1, {})});
        const HangingStudy cervical =
            study(q("c"), dx, QString(), q("颈椎正侧位"), {series(1, dx, q("颈椎正位"), 1, {})});
        QTest::newRow("lumbar film, a prior of the neck")
            << HangingInput{lumbar, {cervical}, {}, {}} << q("dr-bone") << list("1 2") << list("1 2 -prior -prior");
        const HangingStudy facial = study(q("a"), dx, q("SINUS"), QString(), {series(1, dx, QString(), 1, {})});
        QTest::newRow("other film") << HangingInput{facial, {film}, {}, {}} << q("dr-generic") << list("1")
                                    << QStringList();

        const QString mg = q("MG");
        const auto breast = [&](int number, const char* laterality, const char* view, int stack = 0) {
            HangingSeries each = side(series(number, mg, QString(), 1, {}, q(view)), laterality);
            each.stackIndex = stack;
            each.imageType = {q("DERIVED"), q("PRIMARY")};
            return each;
        };
        const HangingStudy breasts = study(q("a"), mg, q("BREAST"), QString(),
                                           {breast(1, "L", "MLO"), breast(2, "R", "MLO"), breast(3, "L", "CC"),
                                            breast(4, "R", "CC"), breast(5, "R", "ML")});
        QTest::newRow("mammography") << HangingInput{breasts, {}, {}, {}} << q("mg-screening") << list("4 3 2 1")
                                     << list("4 3");
        const HangingStudy leftBreast =
            study(q("a"), mg, q("BREAST"), QString(), {breast(1, "L", "ML"), breast(2, "L", "CC")});
        QTest::newRow("mammography of one side") << HangingInput{leftBreast, {}, {}, {}} << q("mg-screening")
                                                 << list("-series 2 -series 1") << list("-series 2");

        const HangingStudy spineMr =
            study(q("a"), mr, q("LSPINE"), q("腰椎MR平扫"),
                  {series(1, mr, q("loc"), 3, kCoronal), series(2, mr, q("T2_TSE_SAG_FS"), 15, kSagittal),
                   series(3, mr, q("T1_TSE_SAG"), 15, kSagittal), series(4, mr, q("T2_TSE_SAG"), 15, kSagittal),
                   series(5, mr, q("T2_TSE_TRA"), 20, kAxial)});
        QTest::newRow("spine MR") << HangingInput{spineMr, {}, {}, {}} << q("mr-spine") << list("4 3 2 5")
                                  << list("4 5");
        const HangingStudy neckMr =
            study(q("a"), mr, QString(), q("颈椎MR"), {series(1, mr, q("SAG T2"), 15, kSagittal)});
        QTest::newRow("spine MR, little so far") << HangingInput{neckMr, {}, {}, {}, false} << q("mr-spine")
                                                 << list("1 -series -series -series") << QStringList();
        QTest::newRow("spine MR, nothing else acquired")
            << HangingInput{neckMr, {}, {}, {}} << q("generic-1") << list("1") << QStringList();

        const HangingStudy petct =
            study(q("a"), ct, q("WHOLEBODY"), q("全身PET/CT"),
                  {series(1, ct, q("Topogram"), 1, kCoronal), series(2, ct, q("CT WB 3.0"), 300, kAxial),
                   series(3, q("PT"), q("PET NAC"), 300, kAxial), series(4, q("PT"), q("PET AC"), 300, kAxial)});
        QTest::newRow("PET/CT") << HangingInput{petct, {chest}, {}, {}} << q("pt-ct")
                                << list("2:ct-abdomen 4:pt-suv-5 2:ct-abdomen+4 4:mip:pt-suv-10")
                                << list("2:ct-abdomen 4:pt-suv-5 2:mpr-coronal:ct-abdomen 4:mpr-coronal:pt-suv-5");
        const HangingStudy us = study(q("a"), q("US"), q("ABDOMEN"), QString(),
                                      {series(1, q("US"), QString(), 1, {}), series(2, q("US"), QString(), 30, {})});
        QTest::newRow("ultrasound") << HangingInput{us, {}, {}, {}} << q("us") << list("1")
                                    << list("1 2 -series -series");
        const HangingStudy angio =
            study(q("a"), q("XA"), QString(), QString(), {series(1, q("XA"), QString(), 50, {})});
        QTest::newRow("angiography") << HangingInput{angio, {}, {}, {}} << q("xa") << list("1")
                                     << list("1 -series -series -series");
        const HangingStudy otherKind =
            study(q("a"), q("NM"), QString(), QString(), {series(1, q("NM"), QString(), 50, {})});
        QTest::newRow("one series of no known kind")
            << HangingInput{otherKind, {}, {}, {}} << q("generic-1") << list("1") << QStringList();
        HangingStudy more = otherKind;
        more.series.push_back(series(2, q("NM"), QString(), 50, {}));
        QTest::newRow("two") << HangingInput{more, {}, {}, {}} << q("generic-2") << list("1 2") << QStringList();
        more.series.push_back(series(3, q("NM"), QString(), 50, {}));
        QTest::newRow("three") << HangingInput{more, {}, {}, {}} << q("generic-4") << list("1 2 3 -series")
                               << list("1");
        more.series.push_back(series(4, q("NM"), QString(), 50, {}));
        more.series.push_back(series(5, q("NM"), QString(), 50, {}));
        QTest::newRow("five") << HangingInput{more, {}, {}, {}} << q("generic-6") << list("1 2 3 4 5 -series")
                              << list("1");
        QTest::newRow("nothing yet") << HangingInput{} << q("generic-1") << list("-series") << QStringList();
    }
    void studiesGetTheirProtocolAndSlots() {
        QFETCH(HangingInput, input);
        QFETCH(QString, protocol);
        QFETCH(QStringList, first);
        QFETCH(QStringList, second);
        const std::vector<HangingProtocol> protocols = shipped();
        const auto scores = rankProtocols(protocols, input);
        QCOMPARE(scores.size(), protocols.size());
        QVERIFY(scores.front().matches);
        QCOMPARE(scores.front().protocol->id, protocol);
        for (size_t i = 1; i < scores.size(); ++i) {
            if (scores[i].matches) {
                QVERIFY(scores[i - 1].matches);
                const bool isBehind = input.isWhole && scores[i].isHollow() && !scores[i - 1].isHollow();
                QVERIFY(isBehind || scores[i - 1].score >= scores[i].score);
            }
        }
        const HangingProtocol& chosen = *scores.front().protocol;
        QCOMPARE(slotTexts(chosen, 0, input), first);
        if (!second.isEmpty())
            QCOMPARE(slotTexts(chosen, 1, input), second);
    }

    void eachAttributeIsMatched_data() {
        QTest::addColumn<HangingRule>("rule");
        QTest::addColumn<bool>("holds");
        QTest::addColumn<QString>("found");
        const auto add = [](const char* attribute, const char* op, const char* value, bool holds, const char* found) {
            QTest::addRow("%s %s %s", attribute, op, value)
                << HangingRule{QString::fromLatin1(attribute), QString::fromLatin1(op), QString::fromUtf8(value), 1.0,
                               false}
                << holds << QString::fromUtf8(found);
        };
        add("modality", "equals", "mg", true, "MG");
        add("modality", "oneOf", "CT|mg", true, "MG");
        add("modality", "oneOf", "CT|MR", false, "MG");
        add("bodyPart", "equals", "BREAST", true, "BREAST");
        add("laterality", "equals", "L", true, "L");
        add("laterality", "equals", "B", false, "R, L");
        add("viewPosition", "oneOf", "CC|MLO", true, "MLO");
        add("description", "contains", "筛查", true, "乳腺筛查");
        add("description", "matches", "^SCREEN", false, "乳腺筛查");
        add("imageType", "equals", "derived", true, "DERIVED");
        add("orientation", "equals", "A\\F", true, "A\\F");
        add("orientation", "contains", "H", false, "P\\F, A\\F");
        add("plane", "equals", "axial", true, "axial");
        add("plane", "equals", "coronal", false, "axial");
        add("frameCount", "atLeast", "50", true, "50");
        add("frameCount", "atMost", "0", false, "1, 50");
        add("seriesCount", "equals", "3", true, "3");
        add("priorCount", "atLeast", "1", true, "1");
        add("priorCount", "atLeast", "2", false, "1");
        add("task", "equals", "review", true, "review");
        add("task", "equals", "report", false, "review");
        add("screenCount", "atLeast", "2", true, "2");
        add("screenCount", "equals", "1", false, "2");
        add("screenOrientation", "equals", "portrait", true, "portrait");
        add("modality|task", "equals", "MG", true, "MG");
    }
    void eachAttributeIsMatched() {
        QFETCH(HangingRule, rule);
        QFETCH(bool, holds);
        QFETCH(QString, found);
        HangingSeries right = series(1, QStringLiteral("MG"), {}, 1, {}, QStringLiteral("MLO"));
        right.laterality = QStringLiteral("R");
        right.patientOrientation = QStringLiteral("P\\F");
        right.imageType = {QStringLiteral("DERIVED"), QStringLiteral("PRIMARY")};
        HangingSeries left = right;
        left.seriesNumber = 2;
        left.laterality = QStringLiteral("L");
        left.patientOrientation = QStringLiteral("A\\F");
        const HangingSeries tomo = series(3, QStringLiteral("MG"), {}, 50, kAxial);
        HangingInput input;
        input.current = study(QStringLiteral("a"), QStringLiteral("MG"), QStringLiteral("BREAST"),
                              QStringLiteral("乳腺筛查"), {right, left, tomo});
        input.priors = {input.current, input.current};
        input.priors[0].date = QDate(2025, 1, 1); // after the current one
        input.task = QStringLiteral("review");
        input.screens = {{1920, 1080}, {2048, 2560}};
        HangingProtocol protocol;
        protocol.match = {rule};
        const HangingScore score = scoreProtocol(protocol, input);
        QCOMPARE(score.reasons.size(), size_t(1));
        QCOMPARE(score.reasons[0].holds, holds);
        QCOMPARE(score.reasons[0].found, found);
        QCOMPARE(score.score, holds ? 1.0 : 0.0);
        QVERIFY(score.matches);
        protocol.match[0].required = true;
        QCOMPARE(scoreProtocol(protocol, input).matches, holds);
    }

    void priorsAreCountedByTheirRule() {
        const QString ct = QStringLiteral("CT"), mr = QStringLiteral("MR");
        const auto on = [](HangingStudy each, QDate date) {
            each.date = date;
            return each;
        };
        const HangingStudy head =
            study(QStringLiteral("h"), ct, QStringLiteral("HEAD"), {}, {series(1, ct, {}, 9, kAxial)});
        const HangingStudy brain =
            study(QStringLiteral("b"), mr, QStringLiteral("BRAIN"), {}, {series(1, mr, {}, 9, kAxial)});
        const HangingStudy chest =
            study(QStringLiteral("c"), ct, QStringLiteral("CHEST"), {}, {series(1, ct, {}, 9, kAxial)});
        HangingInput input;
        input.current = on(head, QDate(2024, 6, 1));
        input.current.study = StudyUid(QStringLiteral("now"));
        input.priors = {on(brain, QDate(2024, 5, 1)), on(head, QDate(2019, 1, 1)), on(chest, QDate(2024, 4, 1)),
                        on(head, QDate(2023, 9, 1)), on(head, QDate(2024, 6, 2))};
        const auto dates = [&](const HangingPriors& rule) {
            QStringList texts;
            for (const HangingStudy* prior : countedPriors(rule, input))
                texts << QString(prior->study.value() + prior->date.toString(QStringLiteral("yyyy")));
            return texts.join(u' ');
        };
        QCOMPARE(dates({true, true, 0}), QStringLiteral("h2023 h2019"));
        QCOMPARE(dates({true, true, 24}), QStringLiteral("h2023"));
        QCOMPARE(dates({false, true, 0}), QStringLiteral("b2024 h2023 h2019"));
        QCOMPARE(dates({true, false, 0}), QStringLiteral("c2024 h2023 h2019"));
        QCOMPARE(dates({false, false, 6}), QStringLiteral("b2024 c2024"));
    }

    void picturesTurnTowardsTheWantedDirections_data() {
        QTest::addColumn<QString>("sent");
        QTest::addColumn<QString>("wanted");
        QTest::addColumn<int>("turns");
        QTest::addColumn<bool>("mirrored");
        const auto add = [](const char* sent, const char* wanted, int turns, bool mirrored) {
            QTest::addRow("%s to %s", sent, wanted)
                << QString::fromLatin1(sent) << QString::fromLatin1(wanted) << turns << mirrored;
        };
        add("P\\F", "P\\F", 0, false);
        add("A\\F", "P\\F", 0, true);
        add("A\\H", "P\\F", 2, false);
        add("P\\H", "P\\F", 2, true);
        add("F\\A", "P\\F", 1, false);
        add("H\\P", "P\\F", 3, false);
        add("P\\FL", "P\\F", 0, false);
        add("A\\R", "P\\L", 2, false); // a left CC in the place of a right one
        add("A\\L", "P\\L", 0, true);
        add("L\\F", "P\\F", 0, false); // says nothing of front and back
        add("L\\H", "P\\F", 2, false);
        add("", "P\\F", 0, false);
        add("A\\F", "", 0, false);
        add("P", "A", 0, true);
    }
    void picturesTurnTowardsTheWantedDirections() {
        QFETCH(QString, sent);
        QFETCH(QString, wanted);
        QFETCH(int, turns);
        QFETCH(bool, mirrored);
        QCOMPARE(turnTowards(sent, wanted), (HangingTurn{turns, mirrored}));
    }

    void writtenFilesReadBackTheSame() {
        for (const HangingProtocol& protocol : shipped()) {
            const auto again = parseHangingProtocol(hangingProtocolJson(protocol));
            QVERIFY2(again, qPrintable(protocol.id));
            QCOMPARE(*again, protocol);
        }
        HangingProtocol all = shipped().front();
        all.priors = {false, true, 30};
        HangingViewport& viewport = all.stages[0].viewports[0];
        viewport.orientation = QStringLiteral("P\\F");
        viewport.justify = QStringLiteral("right");
        viewport.inverted = true;
        viewport.label = QStringLiteral("右 MLO");
        viewport.study = 2;
        viewport.kind = QStringLiteral("mpr-coronal");
        viewport.slab = {SlabMode::Mip, 15.0};
        const auto again = parseHangingProtocol(hangingProtocolJson(all));
        QVERIFY(again);
        QCOMPARE(*again, all);
    }

    void slotsSayTheStudyTheyShow() {
        const HangingStudy current = study(QStringLiteral("now"), QStringLiteral("DX"), QStringLiteral("HAND"), {},
                                           {series(1, QStringLiteral("DX"), {}, 1, {})});
        HangingStudy prior = current;
        prior.study = StudyUid(QStringLiteral("then"));
        prior.series[0].series = SeriesUid(QStringLiteral("then.1"));
        HangingStage stage;
        stage.viewports.resize(3);
        stage.viewports[1].study = 1;
        stage.viewports[2].study = 2;
        HangingProtocol protocol;
        protocol.stages = {stage};
        const auto filled = assignSeries(protocol, 0, {current, {prior}, {}, {}});
        QCOMPARE(filled.size(), size_t(3));
        QCOMPARE(filled[0].study, std::optional<StudyUid>(current.study));
        QCOMPARE(filled[1].study, std::optional<StudyUid>(prior.study));
        QVERIFY(!filled[2].study && !filled[2].series);
        QCOMPARE(filled[2].missing, QStringLiteral("prior"));
        QVERIFY(filled[0].missing.isEmpty());
        QVERIFY(assignSeries(protocol, 1, {current, {prior}, {}, {}}).empty());
    }
};

} // namespace

QTEST_GUILESS_MAIN(HangingTest)
#include "hanging_test.moc"
