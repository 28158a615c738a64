#pragma once

#include <QDir>
#include <QString>
#include <QtGlobal>

namespace yz::test {

/// Folder of third-party studies, empty when it is absent. Tests then QSKIP("no third-party studies").
inline QString sharedData() {
    const QString path = qEnvironmentVariable("YZ_SHARED_DATA");
    return !path.isEmpty() && QDir(path).exists() ? path : QString();
}

} // namespace yz::test
