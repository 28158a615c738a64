#include "cli_runner.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace yz::test;

/// How yuanzhen-cli is called: help, wrong use, exit codes. No platform listens.
class CliUseTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void helpNamesEveryCommand();
    void helpOfEveryCommand_data();
    void helpOfEveryCommand();
    void version();
    void wrongUse_data();
    void wrongUse();
    void failures_data();
    void failures();
    void textOfAFile();
    void wrongSetUpLeavesNothing();
    void wrongSetUpKeepsWhatIsThere();
    void withoutAPlatformTheListIsTheLastOne();

private:
    QTemporaryDir m_folder;
    std::unique_ptr<CliDesk> m_desk;
};

namespace {

const QStringList kCommands{QStringLiteral("setup"),
                            QStringLiteral("worklist"),
                            QStringLiteral("claim"),
                            QStringLiteral("release"),
                            QStringLiteral("prefetch"),
                            QStringLiteral("acquire"),
                            QStringLiteral("studies"),
                            QStringLiteral("render"),
                            QStringLiteral("pixels"),
                            QStringLiteral("hanging"),
                            QStringLiteral("inspect"),
                            QStringLiteral("mpr"),
                            QStringLiteral("text"),
                            QStringLiteral("report"),
                            QStringLiteral("sign"),
                            QStringLiteral("review"),
                            QStringLiteral("undo"),
                            QStringLiteral("amend"),
                            QStringLiteral("approve-amendment"),
                            QStringLiteral("site"),
                            QStringLiteral("deliver"),
                            QStringLiteral("outbox"),
                            QStringLiteral("reports"),
                            QStringLiteral("export"),
                            QStringLiteral("verify")};

QStringList words(const char* text) { return QString::fromUtf8(text).split(u' ', Qt::SkipEmptyParts); }

} // namespace

void CliUseTest::initTestCase() {
    m_desk = std::make_unique<CliDesk>(m_folder.filePath(QStringLiteral("desk")));
    // Port 1 of the loopback: nobody listens there.
    const Reply made = m_desk->run(words("setup --demo --platform YZPLATFORM:127.0.0.1:1 --event-port 0"));
    QVERIFY2(made.exitCode == 0, made.text());
}

void CliUseTest::helpNamesEveryCommand() {
    const Reply reply = m_desk->run({QStringLiteral("--help")});
    QCOMPARE(reply.exitCode, 0);
    QStringList listed;
    for (const QByteArray& line : reply.out.split('\n'))
        if (line.startsWith("  ") && line.size() > 2 && line[2] != ' ')
            listed.append(QString::fromUtf8(line.trimmed().split(' ').first()));
    QCOMPARE(listed, kCommands);
    QVERIFY(reply.out.contains("not a registered medical device"));
}

void CliUseTest::helpOfEveryCommand_data() {
    QTest::addColumn<QString>("command");
    for (const QString& command : kCommands)
        QTest::newRow(qPrintable(command)) << command;
}

void CliUseTest::helpOfEveryCommand() {
    QFETCH(QString, command);
    for (const char* option : {"--help", "-h"}) {
        const Reply reply = m_desk->run({command, QLatin1String(option)});
        QVERIFY2(reply.exitCode == 0, reply.text());
        QVERIFY2(reply.out.startsWith("Usage:") && reply.out.contains(command.toUtf8()), reply.text());
        QVERIFY2(reply.out.contains("--home"), reply.text());
        QVERIFY2(reply.err.isEmpty(), reply.text());
    }
}

void CliUseTest::version() {
    const Reply reply = m_desk->run({QStringLiteral("--version")});
    QCOMPARE(reply.exitCode, 0);
    QVERIFY(reply.out.startsWith("yuanzhen-cli "));
}

void CliUseTest::wrongUse_data() {
    QTest::addColumn<QStringList>("call");
    const auto row = [](const char* call) { QTest::newRow(call) << words(call); };
    QTest::newRow("nothing") << QStringList();
    row("dance");
    row("worklist --loud");
    row("worklist now");
    row("claim --user zhangwei");
    row("claim 2.25.1 2.25.2 --user zhangwei");
    row("claim 2.25.1");
    row("acquire");
    row("render 2.25.1");
    row("render --study 2.25.1 --out x.png --index two");
    row("render --study 2.25.1 --out x.png --index -1");
    row("render --study 2.25.1 --out x.png --window wide");
    row("render --study 2.25.1 --out x.png --window 40");
    row("render --study 2.25.1 --out x.png --window 40,0");
    row("pixels");
    row("text");
    row("text a.dcm b.dcm");
    row("pixels x.dcm");
    row("pixels x.dcm --out x.raw --stage raw");
    row("review 2.25.1 --user chenjun");
    row("review 2.25.1 praise --user chenjun");
    row("sign --user zhangwei");
    row("undo --user chenjun");
    row("deliver --wait long");
    row("outbox --retry all");
    row("verify");
    row("verify a b c");
    row("setup");
    row("setup --demo --platform YZPLATFORM:127.0.0.1");
    row("setup --demo --platform YZPLATFORM:127.0.0.1:dicom");
    row("setup --demo --platform YZPLATFORM:127.0.0.1:70000");
    row("setup --demo --event-port high");
    row("setup --demo --undo-window soon");
    row("setup --demo --undo-window -5");
    row("setup --demo --aet ABCDEFGHIJKLMNOPQ");
}

void CliUseTest::wrongUse() {
    QFETCH(QStringList, call);
    const Reply reply = m_desk->run(call);
    QVERIFY2(reply.exitCode == 2, reply.text());
    QVERIFY2(reply.out.isEmpty(), reply.text());
    QVERIFY2(!reply.err.trimmed().isEmpty(), "wrong use, and nothing was said");
}

void CliUseTest::failures_data() {
    QTest::addColumn<QStringList>("call");
    QTest::addColumn<QString>("pin");
    QTest::addColumn<QString>("code");
    const QString pin = QStringLiteral("demo-2026");
    const auto row = [](const char* call, const QString& secret, const char* code) {
        QTest::newRow(call) << words(call) << secret << QString::fromLatin1(code);
    };
    row("claim 2.25.1 --user nobody", pin, "PasswordWrong");
    row("claim 2.25.1 --user wangfang", QStringLiteral("demo-2025"), "PasswordWrong");
    row("claim 2.25.1 --user zhangwei", pin, "PlatformUnreachable");
    row("acquire 2.25.1", pin, "NotFound");
    row("acquire --study 2.25.1", pin, "PlatformUnreachable");
    row("sign 2.25.1 --user zhangwei", pin, "NotFound");
    row("undo 2.25.1 --user chenjun", pin, "NotFound");
    row("export 2.25.1", pin, "NotFound");
    row("outbox --retry 5", pin, "NotFound");
    row("pixels /nonexistent.dcm --out x.raw", pin, "FileNotFound");
    row("text /nonexistent.dcm", pin, "FileNotFound");
    row("verify /nonexistent.dcm", pin, "FileNotFound");
    row("worklist --home /nonexistent", pin, "FileNotFound");
}

void CliUseTest::failures() {
    QFETCH(QStringList, call);
    QFETCH(QString, pin);
    QFETCH(QString, code);
    const Reply reply = m_desk->run(call, nullptr, pin);
    QVERIFY2(reply.exitCode == 1, reply.text());
    QVERIFY2(reply.out.isEmpty(), reply.text());
    QVERIFY2(reply.error() == code, reply.text());
}

void CliUseTest::textOfAFile() {
    const auto element = [](quint16 group, quint16 number, const char* vr, QByteArray value) {
        if (value.size() % 2 != 0)
            value.append(value.startsWith("1.2") ? '\0' : ' ');
        QByteArray bytes;
        for (const quint16 word : {group, number})
            bytes.append(static_cast<char>(word & 0xFF)).append(static_cast<char>(word >> 8));
        bytes.append(vr).append(static_cast<char>(value.size())).append('\0');
        return QByteArray(bytes + value);
    };
    const auto write = [&](const char* name, const char* set, const QByteArray& patient) {
        QFile file(m_folder.filePath(QString::fromLatin1(name)));
        if (!file.open(QIODevice::WriteOnly))
            qFatal("no file");
        file.write(QByteArray(128, '\0') + "DICM" + element(0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1") +
                   element(0x0008, 0x0005, "CS", set) + element(0x0010, 0x0010, "PN", patient) +
                   element(0x0010, 0x0020, "LO", "P1"));
        return file.fileName();
    };
    const QString right = write("right.dcm", "GB18030", "Wang^XiaoDong=\xCD\xF5^\xD0\xA1\xB6\xAB=");
    const Reply good = m_desk->run({QStringLiteral("text"), right, QStringLiteral("--strict")});
    QVERIFY2(good.exitCode == 0, good.text());
    QCOMPARE(good.object()["characterSet"].toString(), QStringLiteral("GB18030"));
    QVERIFY(good.object()["repair"].isNull());
    const QJsonObject name = good.object()["attributes"].toArray().at(0).toObject();
    QCOMPARE(name["tag"].toString(), QStringLiteral("00100010"));
    QCOMPARE(name["keyword"].toString(), QStringLiteral("PatientName"));
    const QJsonObject groups = name["names"].toArray().at(0).toObject();
    QCOMPARE(groups["alphabetic"].toString(), QStringLiteral("Wang^XiaoDong"));
    QCOMPARE(groups["ideographic"].toString(), QStringLiteral("王^小东"));
    QCOMPARE(groups["phonetic"].toString(), QString());

    const QString wrong = write("wrong.dcm", "ISO_IR 100", "\xCD\xF5^\xD0\xA1\xB6\xAB");
    const Reply repaired = m_desk->run({QStringLiteral("text"), wrong});
    QCOMPARE(repaired.exitCode, 0);
    QCOMPARE(repaired.object()["repair"].toObject()["used"].toString(), QStringLiteral("GB18030"));
    const QJsonObject mended = repaired.object()["attributes"].toArray().at(0).toObject();
    QCOMPARE(mended["values"].toArray().at(0).toString(), QStringLiteral("王^小东"));
    QCOMPARE(mended["originalHex"].toString(), QStringLiteral("cdf55ed0a1b6ab"));
    QCOMPARE(m_desk->run({QStringLiteral("text"), wrong, QStringLiteral("--strict")}).exitCode, 3);
}

void CliUseTest::wrongSetUpLeavesNothing() {
    const CliDesk fresh(m_folder.filePath(QStringLiteral("fresh")));
    const Reply reply = fresh.run(words("setup --demo --platform YZPLATFORM:127.0.0.1:0"));
    QVERIFY2(reply.exitCode == 2, reply.text());
    QVERIFY(!QFileInfo::exists(fresh.home()));
}

void CliUseTest::wrongSetUpKeepsWhatIsThere() {
    const QString site = m_desk->home() + QStringLiteral("/site.json");
    const QByteArray before = bytesOf(site);
    QVERIFY(!before.isEmpty());
    QCOMPARE(m_desk->run(words("setup --demo --undo-window never")).exitCode, 2);
    QVERIFY(bytesOf(site) == before);
    // A file that cannot be read is not written over either.
    const CliDesk broken(m_folder.filePath(QStringLiteral("broken")));
    QVERIFY(QDir().mkpath(broken.home()));
    QFile file(broken.home() + QStringLiteral("/site.json"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("{\"stationName\": \"DESK9\",}") > 0);
    file.close();
    const Reply reply = broken.run(words("setup --demo"));
    QVERIFY2(reply.exitCode == 2, reply.text());
    QVERIFY(bytesOf(file.fileName()).contains("DESK9"));
}

void CliUseTest::withoutAPlatformTheListIsTheLastOne() {
    const Reply reply = m_desk->run({QStringLiteral("worklist")});
    QVERIFY2(reply.exitCode == 0, reply.text());
    QCOMPARE(reply.object()["offline"].toObject()["error"].toString(), QStringLiteral("PlatformUnreachable"));
    QVERIFY(reply.object()["tasks"].toArray().isEmpty());
    const Reply deliver = m_desk->run({QStringLiteral("deliver")});
    QVERIFY2(deliver.exitCode == 0, deliver.text()); // nothing waits
}

QTEST_GUILESS_MAIN(CliUseTest)
#include "cli_use_test.moc"
