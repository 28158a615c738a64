#pragma once

#include <QLocale>
#include <QString>

class QCoreApplication;

namespace yz {

/// The language of the desk: Chinese (zh_CN) unless the user's setting ("en", "zh_CN") or, without one, the locale of
/// the environment (LC_ALL, LC_MESSAGES, LANG beginning with "en") says otherwise.
[[nodiscard]] QLocale uiLocale(const QString& setting = {});

/// Loads every ":/i18n/*_<locale>.qm" and Qt's own texts, replacing those loaded before, and makes the locale the
/// default of QLocale. Texts are English in the source, so English needs no file. Returns the number of files loaded.
/// GUI thread.
int installTranslations(QCoreApplication& application, const QLocale& locale);

} // namespace yz
