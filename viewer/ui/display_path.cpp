#include "viewer_ui/display_path.h"

#include <QGuiApplication>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QSurfaceFormat>

namespace yz {

bool isSoftwareRenderer(const QString& rendererName) {
    for (const char* name :
         {"llvmpipe", "softpipe", "swiftshader", "software", "swrast", "gdi generic", "microsoft basic"})
        if (rendererName.contains(QLatin1String(name), Qt::CaseInsensitive))
            return true;
    return rendererName.isEmpty();
}

namespace {

QString askRenderer() {
    if (QGuiApplication::platformName() == QLatin1String("offscreen") ||
        QGuiApplication::platformName() == QLatin1String("minimal"))
        return {};
    QOffscreenSurface surface;
    surface.create();
    QOpenGLContext context;
    if (!surface.isValid() || !context.create() || !context.makeCurrent(&surface))
        return {};
    const auto* name = reinterpret_cast<const char*>(context.functions()->glGetString(GL_RENDERER));
    const QString renderer = QString::fromLatin1(name);
    const bool isModern = context.format().version() >= qMakePair(3, 2);
    context.doneCurrent();
    return isModern ? renderer : QString();
}

} // namespace

QString rendererName() {
    static const QString name = askRenderer();
    return name;
}

DisplayPath chooseDisplayPath(const QString& setting) {
    if (setting == QLatin1String("gl"))
        return DisplayPath::Gl;
    if (setting == QLatin1String("cpu"))
        return DisplayPath::Cpu;
    static const DisplayPath found = isSoftwareRenderer(rendererName()) ? DisplayPath::Cpu : DisplayPath::Gl;
    return found;
}

void setDefaultGlFormat() {
    QSurfaceFormat format = QSurfaceFormat::defaultFormat();
    format.setVersion(3, 2);
    format.setProfile(QSurfaceFormat::CoreProfile);
    format.setDepthBufferSize(24);
    QSurfaceFormat::setDefaultFormat(format);
}

} // namespace yz
