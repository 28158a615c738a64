#include "uikit/translation.h"

#include <QCoreApplication>
#include <QDir>
#include <QLibraryInfo>
#include <QTranslator>
#include <memory>

namespace yz {

QLocale uiLocale(const QString& setting) {
    const QLocale chinese(QLocale::Chinese, QLocale::SimplifiedHanScript, QLocale::China);
    const QLocale english(QLocale::English, QLocale::UnitedStates);
    if (!setting.isEmpty())
        return setting.startsWith(u"en") ? english : chinese;
    for (const char* variable : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const QString value = qEnvironmentVariable(variable);
        if (!value.isEmpty())
            return value.startsWith(u"en") ? english : chinese;
    }
    return chinese;
}

int installTranslations(QCoreApplication& application, const QLocale& locale) {
    static const auto kOwner = QStringLiteral("yzTranslator");
    const auto old = application.findChildren<QTranslator*>(kOwner, Qt::FindDirectChildrenOnly);
    for (QTranslator* translator : old) {
        QCoreApplication::removeTranslator(translator);
        delete translator;
    }
    int loaded = 0;
    const auto install = [&](const QString& file) {
        auto translator = std::make_unique<QTranslator>(&application);
        translator->setObjectName(kOwner);
        if (!translator->load(file) || !QCoreApplication::installTranslator(translator.get()))
            return;
        (void)translator.release(); // the application owns it
        ++loaded;
    };
    QLocale::setDefault(locale);
    install(QLibraryInfo::path(QLibraryInfo::TranslationsPath) + u"/qtbase_" + locale.name() + u".qm");
    const QStringList files =
        QDir(QStringLiteral(":/i18n")).entryList({u"*_" + locale.name() + u".qm"}, QDir::Files, QDir::Name);
    for (const QString& file : files)
        install(u":/i18n/" + file);
    return loaded;
}

} // namespace yz
