#include "desk_program.h"

#include "uikit/theme.h"
#include "uikit/translation.h"
#include "viewer_ui/display_path.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QStandardPaths>
#include <cstdio>

int main(int argc, char** argv) {
    const auto decoder = yz::launchDecoder(); // first of all: nothing of the windows is in its process
    yz::setDefaultGlFormat();
    QApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("yuanzhen"));
    QCoreApplication::setApplicationVersion(QStringLiteral(YZ_VERSION));

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Yuanzhen, the diagnostic workstation of a regional center. Not a registered medical device."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOption({QStringLiteral("home"), QStringLiteral("folder of the workstation"), QStringLiteral("DIR")});
    parser.addOption(
        {QStringLiteral("demo"), QStringLiteral("invented users, and the embedded platform beside the desk")});
    parser.addOption({QStringLiteral("data"), QStringLiteral("with --demo: serve these studies instead of the samples"),
                      QStringLiteral("DIR")});
    parser.addOption({QStringLiteral("lang"), QStringLiteral("zh_CN or en"), QStringLiteral("LANGUAGE")});
    parser.process(application);

    yz::installTranslations(application, yz::uiLocale(parser.value(QStringLiteral("lang"))));
    if (const yz::Status themed = yz::applyTheme(application); !themed)
        std::fprintf(stderr, "%s\n", qPrintable(themed.error().toString()));

    yz::DeskOptions options;
    options.home = parser.isSet(QStringLiteral("home"))
                       ? QDir(parser.value(QStringLiteral("home"))).absolutePath()
                       : QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
    options.decoder = decoder;
    options.demo = parser.isSet(QStringLiteral("demo"));
    options.dataFolder = parser.value(QStringLiteral("data"));
    yz::DeskProgram program(options);
    program.start();
    return QApplication::exec();
}
