#include "viewer_ui/presentation_text.h"

#include "uikit/error_text.h"

#include <QCoreApplication>

namespace yz::viewer_text {

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(ViewerText)
};
} // namespace

QString captureRefusal(const Error& error) {
    if (error.code == ErrorCode::NotSupported)
        return Text::tr(
            "A display of this kind cannot be kept as a presentation state: a plane, or colours by a profile "
            "of the image.");
    return errorSentence(error);
}

} // namespace yz::viewer_text
