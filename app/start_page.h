#pragma once

#include "core/result.h"

#include <QWidget>

class QLabel;
class QProgressBar;

namespace yz {

/// What is seen while the workstation and, in the demo, the platform beside it come up.
class StartPage final : public QWidget {
    Q_OBJECT
public:
    explicit StartPage(QWidget* parent = nullptr);
    void setProgress(const QString& what, int done, int total);
    void showFailure(const Error& error);

private:
    QLabel* m_text;
    QProgressBar* m_bar;
};

} // namespace yz
