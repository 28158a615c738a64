#pragma once

#include <QLoggingCategory>

namespace yz {

// One category per subject; off below warning unless QT_LOGGING_RULES says otherwise. Never log patient data.
Q_DECLARE_LOGGING_CATEGORY(logNet)
Q_DECLARE_LOGGING_CATEGORY(logStorage)
Q_DECLARE_LOGGING_CATEGORY(logDicom)
Q_DECLARE_LOGGING_CATEGORY(logSecurity)
Q_DECLARE_LOGGING_CATEGORY(logSession)
Q_DECLARE_LOGGING_CATEGORY(logViewer)
Q_DECLARE_LOGGING_CATEGORY(logPlatform)

} // namespace yz
