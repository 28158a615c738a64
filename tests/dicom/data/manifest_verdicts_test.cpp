#include "manifest.h"
#include "manifest_verdicts.h"

#include <QFile>
#include <QTest>
#include <cstdio>

using namespace yz;
using test::Verdict;
using test::VerdictRow;

namespace {

QString expectedFile() {
    return qEnvironmentVariable("YZ_SOURCE_DIR") + QStringLiteral("/tests/dicom/data/manifest_verdicts.tsv");
}

/// One line for each file that is an image or pretends to be one.
QString lineOf(const VerdictRow& row) { return QString(row.path + u'\t' + row.summary()); }

/// The table of all files: `test_dicom_manifest_verdicts --table`.
int printTable() {
    const auto print = [](const QString& text) { std::fputs(qPrintable(text + u'\n'), stdout); };
    QMap<QString, QMap<QString, int>> counts;
    int beside = 0;
    int others = 0;
    print(QStringLiteral("file\ttransfer syntax\tverdict\tmeasured\treason"));
    for (const VerdictRow& row : test::judgeManifest()) {
        if (row.verdict == Verdict::NotDicom)
            ++beside;
        else if (row.verdict == Verdict::NoPicture)
            ++others;
        if (row.verdict != Verdict::NotDicom)
            print(QStringList{row.path, row.transferSyntax, row.summary(), row.detail, row.reason}.join(u'\t'));
        if (row.isPicture())
            ++counts[row.transferSyntax.isEmpty() ? QStringLiteral("(none listed)") : row.transferSyntax]
                    [row.summary()];
    }
    print({});
    for (auto syntax = counts.begin(); syntax != counts.end(); ++syntax)
        for (auto verdict = syntax->begin(); verdict != syntax->end(); ++verdict)
            print(QStringLiteral("%1  %2  %3").arg(verdict.value(), 5).arg(verdict.key(), -32).arg(syntax.key()));
    print(QStringLiteral("%1  DICOM objects without a picture").arg(others, 5));
    print(QStringLiteral("%1  files beside the studies that are not DICOM").arg(beside, 5));
    return 0;
}

/// After a change that was meant: `test_dicom_manifest_verdicts --write`, then read the difference.
int writeExpected() {
    QFile file(expectedFile());
    if (!file.open(QIODevice::WriteOnly))
        return 1;
    for (const VerdictRow& row : test::judgeManifest())
        if (row.isPicture())
            file.write(QString(lineOf(row) + u'\n').toUtf8());
    return 0;
}

} // namespace

class ManifestVerdictsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        if (test::sharedData().isEmpty())
            QSKIP("no third-party studies");
        m_rows = test::judgeManifest();
    }
    void everyVerdictIsTheExpectedOne();
    void picturesEqualTheirReference();
    void everyExceptionHasAReason();

private:
    std::vector<VerdictRow> m_rows;
};

void ManifestVerdictsTest::everyVerdictIsTheExpectedOne() {
    QFile file(expectedFile());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QStringList expected = QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts);
    QStringList actual;
    for (const VerdictRow& row : m_rows)
        if (row.isPicture())
            actual.append(lineOf(row));
    expected.sort();
    actual.sort();
    QStringList problems;
    for (const QString& line : actual)
        if (!expected.contains(line))
            problems.append(QStringLiteral("now:      ") + line);
    for (const QString& line : expected)
        if (!actual.contains(line))
            problems.append(QStringLiteral("expected: ") + line);
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
    QCOMPARE(actual.size(), expected.size());
    QCOMPARE(m_rows.size(), test::manifest().size()); // nothing left out
}

/// Whatever the expected file says: no picture may differ from an answer that others computed.
void ManifestVerdictsTest::picturesEqualTheirReference() {
    int equal = 0;
    for (const VerdictRow& row : m_rows) {
        QVERIFY2(row.verdict != Verdict::Different, qPrintable(row.path + u' ' + row.detail));
        equal += row.verdict <= Verdict::Twin ? 1 : 0;
    }
    QVERIFY2(equal >= 400, qPrintable(QString::number(equal)));
}

void ManifestVerdictsTest::everyExceptionHasAReason() {
    QStringList used;
    for (const VerdictRow& row : m_rows) {
        const bool isPlain = row.verdict == Verdict::Exact || row.verdict == Verdict::Twin || !row.isPicture();
        if (!row.reason.isEmpty())
            QVERIFY2(!isPlain, qPrintable(row.path + QStringLiteral(" needs its exception no more")));
        // Hostile files are refused for what is wrong with them; their names say it.
        if (!isPlain && !row.path.startsWith(u"pwnlab"))
            QVERIFY2(!row.reason.isEmpty(), qPrintable(row.path + u' ' + row.summary() + u' ' + row.detail));
        if (!row.reason.isEmpty())
            used.append(row.path);
    }
    QCOMPARE(used.size(), test::namedReasons().size());
}

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const QStringList arguments = application.arguments();
    if (arguments.contains(QStringLiteral("--table")))
        return printTable();
    if (arguments.contains(QStringLiteral("--write")))
        return writeExpected();
    ManifestVerdictsTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "manifest_verdicts_test.moc"
