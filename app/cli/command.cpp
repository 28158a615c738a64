#include "command.h"

#include <QDir>
#include <QFile>
#include <QJsonObject>

namespace yz::cli {

Result<std::vector<double>> Arguments::numbers(const char* name, int count) const {
    const QStringList parts = option(name).split(u',');
    std::vector<double> values;
    for (const QString& part : parts) {
        bool ok = false;
        values.push_back(part.trimmed().toDouble(&ok));
        if (!ok)
            return fail(ErrorCode::InvalidArgument,
                        QStringLiteral("--%1: '%2' is no number").arg(QLatin1String(name), part));
    }
    if (static_cast<int>(values.size()) != count)
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("--%1 wants %2 numbers separated by commas").arg(QLatin1String(name)).arg(count));
    return values;
}

Result<int> Arguments::integer(const char* name, int fallback, int lowest, int highest) const {
    if (!has(name))
        return fallback;
    bool ok = false;
    const int value = option(name).toInt(&ok);
    if (!ok || value < lowest || value > highest)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("--%1 wants a whole number from %2 to %3")
                                                    .arg(QLatin1String(name))
                                                    .arg(lowest)
                                                    .arg(highest));
    return value;
}

Result<QString> Context::home() const {
    const QString home = m_arguments.has("home") ? m_arguments.option("home") : qEnvironmentVariable("YZ_HOME");
    if (home.isEmpty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("say --home DIR or set YZ_HOME"));
    return QDir(home).absolutePath();
}

Result<PixelSource*> Context::pixelsOf(const QStringList& paths) {
    if (const Result<QString> folder = home())
        for (const QString& path : paths) {
            const QString vault = QDir(*folder).filePath(QStringLiteral("vault"));
            if (!QString(QDir::cleanPath(QFileInfo(path).absoluteFilePath()) + u'/').startsWith(QString(vault + u'/')))
                continue;
            const Result<DeskServices*> desk = services();
            return desk ? Result<PixelSource*>(&(*desk)->pixels()) : fail(desk.error());
        }
    if (!m_pixels)
        m_pixels = makePixelSource();
    return m_pixels.get();
}

Result<DeskServices*> Context::services() {
    if (m_services)
        return m_services.get();
    const Result<QString> folder = home();
    if (!folder)
        return fail(folder.error());
    const Result<Site> site = Site::load(*folder + QStringLiteral("/site.json"));
    if (!site)
        return fail(site.error().code, QStringLiteral("no workstation here (run setup first): ") + site.error().detail);
    DeskServices::Options options{*folder, *site, false};
    Result<std::unique_ptr<DeskServices>> opened = DeskServices::open(options, m_clock, m_uids);
    if (!opened)
        return fail(opened.error());
    m_services = std::move(*opened);
    return m_services.get();
}

Result<User> Context::user() {
    const Result<DeskServices*> desk = services();
    if (!desk)
        return fail(desk.error());
    if (!m_arguments.has("user"))
        return fail(ErrorCode::InvalidArgument, QStringLiteral("say --user NAME"));
    const Result<QString> password = pin();
    if (!password)
        return fail(password.error());
    return (*desk)->login().logIn(m_arguments.option("user"), *password);
}

Result<QString> Context::pin() const {
    if (m_arguments.has("pin-file")) {
        const Result<QByteArray> bytes = readFile(m_arguments.option("pin-file"));
        if (!bytes)
            return fail(bytes.error());
        return QString::fromUtf8(*bytes).trimmed();
    }
    const QString pin = qEnvironmentVariable("YZ_PIN");
    if (pin.isEmpty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("the password is read from --pin-file or YZ_PIN"));
    return pin;
}

QJsonObject toJson(const Error& error) { return {{"error", errorName(error.code)}, {"detail", error.detail}}; }

Result<QByteArray> readFile(const QString& path) {
    QFile file(path);
    if (!file.exists())
        return fail(ErrorCode::FileNotFound, path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::FileUnreadable, path);
    return file.readAll();
}

} // namespace yz::cli
