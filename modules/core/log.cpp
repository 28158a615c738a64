#include "core/log.h"

namespace yz {

Q_LOGGING_CATEGORY(logNet, "yz.net", QtWarningMsg)
Q_LOGGING_CATEGORY(logStorage, "yz.storage", QtWarningMsg)
Q_LOGGING_CATEGORY(logDicom, "yz.dicom", QtWarningMsg)
Q_LOGGING_CATEGORY(logSecurity, "yz.security", QtWarningMsg)
Q_LOGGING_CATEGORY(logSession, "yz.session", QtWarningMsg)
Q_LOGGING_CATEGORY(logViewer, "yz.viewer", QtWarningMsg)
Q_LOGGING_CATEGORY(logPlatform, "yz.platform", QtWarningMsg)

} // namespace yz
