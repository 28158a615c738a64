#include "uikit/icon.h"
#include "uikit/theme.h"

#include <QDir>
#include <QPainter>
#include <QtTest>

using namespace yz;

class IconTest final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyIconDraws_data();
    void everyIconDraws();
    void unknownNameIsNull();
    void modesHaveTheirColours();
    void largeIconsAreDrawnNotScaled();
    void sheetForPeople();
};

namespace {

/// The strongest pixel of a picture, and how many are not empty.
std::pair<QColor, int> inkOf(const QPixmap& pixmap) {
    const QImage image = pixmap.toImage().convertToFormat(QImage::Format_ARGB32);
    QColor strongest(0, 0, 0, 0);
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
            const QColor colour = image.pixelColor(x, y);
            count += colour.alpha() > 0 ? 1 : 0;
            if (colour.alpha() > strongest.alpha())
                strongest = colour;
        }
    return {strongest, count};
}

} // namespace

void IconTest::everyIconDraws_data() {
    QTest::addColumn<QString>("name");
    const QStringList files = QDir(QStringLiteral(":/yz/icons")).entryList({QStringLiteral("*.svg")});
    QVERIFY(files.size() > 60);
    for (const QString& file : files)
        QTest::newRow(qPrintable(file)) << file.chopped(4);
    for (const char* name :
         {"worklist", "image",   "report",  "outbox", "settings",  "refresh", "search", "claim",  "lock",   "unlock",
          "online",   "offline", "warning", "error",  "ok",        "user",    "logout", "length", "angle",  "rectangle",
          "ellipse",  "probe",   "window",  "zoom",   "pan",       "scroll",  "mpr",    "cine",   "invert", "rotate",
          "mirror",   "reset",   "link",    "layout", "key-image", "prior",   "undo",   "send",   "sign"})
        QTest::addRow("used: %s", name) << QString::fromLatin1(name);
}

void IconTest::everyIconDraws() {
    QFETCH(QString, name);
    const QColor colour(0x10, 0xc0, 0x40);
    const auto [strongest, count] = inkOf(iconPixmap(name, 24, colour));
    QVERIFY2(count > 20 && count < 24 * 24, qPrintable(QString::number(count)));
    if (!name.endsWith(u"-dark") && !name.endsWith(u"-muted")) // those carry a colour of their own for the style sheet
        QCOMPARE(QColor(strongest.rgb()), colour);
}

void IconTest::unknownNameIsNull() {
    QVERIFY(icon(QStringLiteral("no-such-icon")).isNull());
    QVERIFY(iconPixmap(QStringLiteral("no-such-icon"), 24, Qt::white).isNull());
}

void IconTest::modesHaveTheirColours() {
    const QIcon length = icon(QStringLiteral("length"));
    const auto colour = [&](QIcon::Mode mode, QIcon::State state) {
        return QColor(inkOf(length.pixmap(QSize(48, 48), 1.0, mode, state)).first.rgb());
    };
    QCOMPARE(colour(QIcon::Normal, QIcon::Off), theme().text);
    QCOMPARE(colour(QIcon::Normal, QIcon::On), theme().accent);
    QCOMPARE(colour(QIcon::Disabled, QIcon::Off), theme().outline);
}

void IconTest::largeIconsAreDrawnNotScaled() {
    const QPixmap pixmap = iconPixmap(QStringLiteral("mpr"), 40, Qt::white, 2.0);
    QCOMPARE(pixmap.size(), QSize(80, 80));
    QCOMPARE(pixmap.deviceIndependentSize(), QSizeF(40, 40));
}

/// All icons on one picture in $YZ_PICTURE_FOLDER, where it is set.
void IconTest::sheetForPeople() {
    const QString folder = qEnvironmentVariable("YZ_PICTURE_FOLDER");
    if (folder.isEmpty())
        QSKIP("no folder for pictures given");
    const QStringList files = QDir(QStringLiteral(":/yz/icons")).entryList({QStringLiteral("*.svg")});
    constexpr int kColumns = 12, kCell = 96;
    QImage sheet(kColumns * kCell, (static_cast<int>(files.size()) / kColumns + 1) * kCell, QImage::Format_RGB32);
    sheet.fill(theme().surface);
    QPainter painter(&sheet);
    painter.setPen(theme().muted);
    for (int i = 0; i < files.size(); ++i) {
        const QPoint at(i % kColumns * kCell, i / kColumns * kCell);
        painter.drawPixmap(at + QPoint(24, 12), iconPixmap(files[i].chopped(4), 48, theme().text));
        painter.drawText(QRect(at + QPoint(0, 66), QSize(kCell, 20)), Qt::AlignCenter, files[i].chopped(4));
    }
    painter.end();
    QVERIFY(sheet.save(folder + QStringLiteral("/icons.png")));
}

QTEST_MAIN(IconTest)
#include "icon_test.moc"
