#include "support/fake_clock.h"

#include "security/secret_store.h"
#include "session/prefetch_service.h"
#include "session/site_settings.h"
#include "storage/desk_store.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace yz;

/// What is wrong with settings, and how they are kept: whole or not at all.
class SiteSettingsTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    test::FakeClock m_clock;
    std::unique_ptr<DeskStore> m_store;
    User m_administrator;

    [[nodiscard]] QString path() const { return m_folder.filePath(QStringLiteral("site.json")); }
    [[nodiscard]] SiteSettings settings() const { return {*m_store, m_folder.path(), m_clock}; }
    static NodeEdit node(const QString& name) {
        NodeEdit edit;
        edit.node.name = name;
        edit.node.aeTitle = QStringLiteral("PACS");
        edit.node.host = QStringLiteral("10.0.0.1");
        return edit;
    }
    static TargetEdit target(ReportTarget::Form form, const QString& address) {
        TargetEdit edit;
        edit.target.id = QStringLiteral("t");
        edit.target.form = form;
        edit.address = address;
        return edit;
    }
    [[nodiscard]] QStringList keysOf(const SiteDraft& draft) const {
        QStringList keys;
        const SiteFaults faults = faultsOf(draft, m_clock.nowUtc()); // the list lives in it
        for (const SiteFault& fault : faults.list())
            keys.append(fault.key);
        return keys;
    }

private Q_SLOTS:
    void initTestCase() {
        auto store = DeskStore::open(m_folder.path(), m_clock);
        QVERIFY(store);
        m_store = std::move(*store);
        m_administrator.id = UserId(QStringLiteral("it"));
        m_administrator.roles = {Role::Administrator};
    }
    void init() {
        QFile::remove(m_folder.filePath(QStringLiteral("keys/secrets.bin")));
        QVERIFY(Site().save(path()));
        QVERIFY(setPrefetchPolicy(*m_store, {}));
    }

    void aFreshSiteIsRight() {
        const auto loaded = settings().load();
        QVERIFY(loaded);
        QVERIFY(loaded->faults.isEmpty());
        QCOMPARE(keysOf(loaded->draft), QStringList());
    }

    void eachFaultHasItsPlace_data() {
        QTest::addColumn<SiteDraft>("draft");
        QTest::addColumn<QStringList>("keys");
        const auto row = [](const char* name, const QStringList& keys, const std::function<void(SiteDraft&)>& change) {
            SiteDraft draft;
            draft.nodes = {node(QStringLiteral("a"))};
            change(draft);
            QTest::newRow(name) << draft << keys;
        };
        const QString web = QStringLiteral("https://x/rs");
        row("nothing", {}, [](SiteDraft&) {});
        row("no platform", {"platformHost"}, [](SiteDraft& d) { d.site.platformHost.clear(); });
        row("a backslash", {"nodes[0].aeTitle"}, [](SiteDraft& d) { d.nodes[0].node.aeTitle = "A\\B"; });
        row("17 characters", {"nodes[0].aeTitle"}, [](SiteDraft& d) { d.nodes[0].node.aeTitle = "ABCDEFGHIJKLMNOPQ"; });
        row("no title, no address", {"nodes[0].aeTitle"}, [](SiteDraft& d) { d.nodes[0].node.aeTitle.clear(); });
        row("web alone", {}, [&](SiteDraft& d) {
            d.nodes[0].node.url = web;
            d.nodes[0].node.aeTitle.clear();
            d.nodes[0].node.host.clear();
        });
        row("half a DICOM address", {"nodes[0].host"}, [&](SiteDraft& d) {
            d.nodes[0].node.url = web;
            d.nodes[0].node.host.clear();
        });
        row("plain without leave", {"nodes[0].url"}, [](SiteDraft& d) { d.nodes[0].node.url = "http://x/rs"; });
        row("plain with leave", {}, [](SiteDraft& d) {
            d.nodes[0].node.url = "http://x/rs";
            d.nodes[0].node.plainAllowed = true;
        });
        row("a token that was never entered", {"nodes[0].secret"}, [&](SiteDraft& d) {
            d.nodes[0].node.url = web;
            d.nodes[0].node.authorization = WebAuthorization::Bearer;
        });
        row("a token that goes", {"nodes[0].secret"}, [&](SiteDraft& d) {
            d.nodes[0].node.url = web;
            d.nodes[0].node.authorization = WebAuthorization::Bearer;
            d.nodes[0].secret = {true, QByteArray()};
        });
        row("authorities that are none", {"nodes[0].authorities"},
            [](SiteDraft& d) { d.nodes[0].node.authorities = "hello"; });
        row("a key without a certificate", {"nodes[0].key"},
            [](SiteDraft& d) { d.nodes[0].key.value = QByteArray("key"); });
        row("twice the name", {"nodes[1].name"}, [](SiteDraft& d) { d.nodes.push_back(node("a")); });
        row("a role of nobody", {"roles.images.node"}, [](SiteDraft& d) { d.site.roles.images = "b"; });
        row("C-MOVE past TLS", {"roles.images.node"}, [](SiteDraft& d) {
            d.nodes[0].node.tls = true;
            d.site.roles.images = "a";
            d.site.roles.imagesBy = ImagesBy::CMove;
        });
        row("C-GET by TLS", {}, [](SiteDraft& d) {
            d.nodes[0].node.tls = true;
            d.site.roles.images = "a";
        });
        row("MLLP without a port", {"reportTargets[0].address"},
            [](SiteDraft& d) { d.targets = {target(ReportTarget::Form::Hl7Oru, "mllps://his")}; });
        row("MLLP without TLS", {"reportTargets[0].address"},
            [](SiteDraft& d) { d.targets = {target(ReportTarget::Form::Hl7Oru, "mllp://his:2575")}; });
        row("MLLP on this machine", {},
            [](SiteDraft& d) { d.targets = {target(ReportTarget::Form::Hl7Oru, "mllp://127.0.0.1:2575")}; });
        row("FHIR by MLLP", {"reportTargets[0].address"},
            [](SiteDraft& d) { d.targets = {target(ReportTarget::Form::FhirBundle, "mllps://his:2575")}; });
        row("no address yet", {"reportTargets[0].address"},
            [](SiteDraft& d) { d.targets = {target(ReportTarget::Form::FhirBundle, {})}; });
        row("audit by another protocol", {"auditRepository.address"},
            [](SiteDraft& d) { d.auditAddress = "udp://audit:514"; });
        row("audit without TLS", {"auditRepository.address"},
            [](SiteDraft& d) { d.auditAddress = "syslog://audit:514"; });
        row("audit", {}, [](SiteDraft& d) { d.auditAddress = "syslogs://audit:6514"; });
    }
    void eachFaultHasItsPlace() {
        QFETCH(SiteDraft, draft);
        QFETCH(QStringList, keys);
        QCOMPARE(keysOf(draft), keys);
        // What is right here can be loaded as a file, whatever is more strict here.
        if (keys.isEmpty()) {
            QVERIFY(siteOf(draft).save(path()));
            const Result<Site> back = Site::load(path());
            QVERIFY2(back, back ? "" : qPrintable(back.error().toString()));
            QVERIFY(*back == siteOf(draft));
        }
    }

    void swappedNamesKeepTheirSecrets() {
        const auto fresh = settings().load();
        SiteDraft draft = fresh->draft;
        draft.nodes = {node(QStringLiteral("a")), node(QStringLiteral("b"))};
        draft.nodes[0].secret.value = QByteArray("of a");
        draft.nodes[1].secret.value = QByteArray("of b");
        QVERIFY(settings().save(draft, fresh->draft, m_administrator)->isDone);
        const auto loaded = settings().load();
        draft = loaded->draft;
        QVERIFY(draft.nodes[0].secret.isKept && draft.nodes[1].secret.isKept);
        QVERIFY(!draft.nodes[0].key.isKept);
        std::swap(draft.nodes[0].node.name, draft.nodes[1].node.name);
        // A test before saving already finds them.
        const SecretStore kept(m_folder.path());
        const SecretReader reader = secretsOf(draft, [&](const QString& name) { return kept.get(name); });
        QCOMPARE(reader(QStringLiteral("node/b/secret")).value(), QByteArray("of a"));
        QVERIFY(settings().save(draft, loaded->draft, m_administrator)->isDone);
        QCOMPARE(kept.get(QStringLiteral("node/b/secret")).value(), QByteArray("of a"));
        QCOMPARE(kept.get(QStringLiteral("node/a/secret")).value(), QByteArray("of b"));
    }

    void whatCannotBeKeptLeavesEverything() {
        const auto fresh = settings().load();
        SiteDraft draft = fresh->draft;
        draft.nodes = {node(QStringLiteral("a"))};
        draft.nodes[0].secret.value = QByteArray("word");
        // The desk's key cannot be made where a folder has its name: the secrets fail, so nothing is saved.
        const QString key = m_folder.filePath(QStringLiteral("keys/desk.key"));
        QVERIFY(QFile::rename(key, key + QStringLiteral(".away")));
        QVERIFY(QDir(m_folder.path()).mkpath(QStringLiteral("keys/desk.key/x")));
        const auto saved = settings().save(draft, fresh->draft, m_administrator);
        QVERIFY(!saved);
        QVERIFY(Site::load(path())->nodes.empty());
        QVERIFY(QDir(key).removeRecursively());
        // Nor is another one made beside what was sealed with it.
        QVERIFY(!settings().save(draft, fresh->draft, m_administrator));
        QVERIFY(!QFile::exists(key));
        QVERIFY(QFile::rename(key + QStringLiteral(".away"), key));
        // Now it goes, and again with the same values nothing is done or noted.
        const auto again = settings().save(draft, fresh->draft, m_administrator);
        QVERIFY(again && again->isDone && again->needsRestart);
        const auto loaded = settings().load();
        const qint64 rows = m_store->audit().latest(1).value()[0].number;
        const auto same = settings().save(loaded->draft, loaded->draft, m_administrator);
        QVERIFY(same && same->isDone && !same->needsRestart);
        QCOMPARE(m_store->audit().latest(1).value()[0].number, rows);
    }

    void filesAreLookedAtWhenSaving() {
        const auto fresh = settings().load();
        SiteDraft draft = fresh->draft;
        draft.targets = {target(ReportTarget::Form::CdaDocument, QStringLiteral("file:///nonexistent/cda"))};
        draft.targets[0].target.tls.caFile = QStringLiteral("/nonexistent/ca.pem");
        const auto saved = settings().save(draft, fresh->draft, m_administrator);
        QVERIFY(saved && !saved->isDone);
        QCOMPARE(saved->faults.of(QStringLiteral("reportTargets[0].address"))->reason, FaultReason::FolderMissing);
        QCOMPARE(saved->faults.of(QStringLiteral("reportTargets[0].tls.caFile"))->reason, FaultReason::FileUnreadable);
        QVERIFY(Site::load(path())->reportTargets.empty());
    }

    void secretsOfAnotherMachineAreSaid() {
        QVERIFY(SecretStore(m_folder.path()).set(QStringLiteral("node/a/secret"), "word"));
        QFile file(m_folder.filePath(QStringLiteral("keys/secrets.bin")));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray bytes = file.readAll();
        bytes.back() = static_cast<char>(bytes.back() ^ 1);
        file.seek(0);
        QCOMPARE(file.write(bytes), bytes.size());
        file.close();
        const auto loaded = settings().load();
        QVERIFY(loaded);
        QVERIFY(loaded->noSecrets);
        QCOMPARE(loaded->noSecrets->code, ErrorCode::KeyUnavailable);
    }
};

QTEST_GUILESS_MAIN(SiteSettingsTest)
#include "site_settings_test.moc"
