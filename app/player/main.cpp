#include "main_job.h"

#include "desk_window.h"

#include "uikit/theme.h"
#include "uikit/translation.h"
#include "viewer_ui/display_path.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QScreen>
#include <QTemporaryDir>
#include <QTimer>
#include <cstdio>

/// Plays the main job through the desk's real windows on the display it is given, prints each step and leaves pictures.
int main(int argc, char** argv) {
    yz::setDefaultGlFormat();
    QApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("yuanzhen-player"));
    QCoreApplication::setApplicationVersion(QStringLiteral(YZ_VERSION));
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("Plays the main job of Yuanzhen through its real windows."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOption({QStringLiteral("out"), QStringLiteral("folder for pictures and report"), QStringLiteral("DIR"),
                      QStringLiteral("out")});
    parser.addOption(
        {QStringLiteral("data"), QStringLiteral("serve these studies instead of the samples"), QStringLiteral("DIR")});
    parser.addOption({QStringLiteral("samples"), QStringLiteral("the studies of --data are the generated samples")});
    parser.addOption(
        {QStringLiteral("item"), QStringLiteral("text of the work-list row to read"), QStringLiteral("TEXT")});
    parser.addOption({QStringLiteral("home"),
                      QStringLiteral("play at this workstation (made by \"yuanzhen-cli setup --demo\") and on its "
                                     "platform; default: a new one beside the embedded platform"),
                      QStringLiteral("DIR")});
    parser.process(application);
    const QString out = QDir(parser.value(QStringLiteral("out"))).absolutePath();
    QDir().mkpath(out);

    yz::installTranslations(application, QLocale(QLocale::Chinese, QLocale::SimplifiedChineseScript, QLocale::China));
    if (const yz::Status themed = yz::applyTheme(application); !themed)
        std::fprintf(stderr, "%s\n", qPrintable(themed.error().toString()));

    const QTemporaryDir ownHome;
    yz::DeskOptions options;
    options.home = parser.value(QStringLiteral("home"));
    options.demo = options.home.isEmpty();
    if (options.demo)
        options.home = ownHome.path();
    options.dataFolder = parser.value(QStringLiteral("data"));
    options.undoWindowSeconds = 5; // long enough to be seen, short enough to wait for
    yz::DeskProgram program(options);
    int result = 1;
    QObject::connect(&program, &yz::DeskProgram::failed, &application, [](const yz::Error& error) {
        std::fprintf(stderr, "error: %s\n", qPrintable(error.toString()));
        QCoreApplication::exit(1);
    });
    QObject::connect(&program, &yz::DeskProgram::ready, &application, [&] {
        QTimer::singleShot(0, &application, [&] {
            const bool samples = options.dataFolder.isEmpty() || parser.isSet(QStringLiteral("samples"));
            try {
                program.window()->showMaximized();
                program.window()->resize(QGuiApplication::primaryScreen()->size());
                program.window()->activateWindow();
                yz::player::MainJob(program, out, samples, parser.value(QStringLiteral("item"))).play();
                std::printf("The main job is done. Pictures, report and verification are in %s\n", qPrintable(out));
                result = 0;
            } catch (const yz::player::StepFailed& failure) {
                std::fprintf(stderr, "error: %s\n", failure.what());
            }
            QCoreApplication::exit(result);
        });
    });
    QTimer::singleShot(0, &program, &yz::DeskProgram::start);
    return QApplication::exec();
}
