#pragma once

#include "core/clock.h"
#include "core/result.h"
#include "domain/user.h"

#include <QDateTime>
#include <QTimer>
#include <QWidget>
#include <vector>

class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace yz {

/// Who are you. Everything can be done by keyboard: Tab, Enter.
class LoginPage final : public QWidget {
    Q_OBJECT
public:
    explicit LoginPage(const Clock& clock, QWidget* parent = nullptr);

    /// The users of the demo set-up, one click each fills the name; empty: the list is not shown. `passwordHint` is
    /// shown with them.
    void setDemoUsers(const std::vector<User>& users, const QString& passwordHint = {});
    /// While the password is being checked.
    void setChecking(bool isChecking);
    /// The log-in failed. With `lockedUntil` in the future the fields stay closed until then.
    void showFailure(const Error& error, const QDateTime& lockedUntil = {});
    /// Empties the password and the messages; keeps the name.
    void reset();

Q_SIGNALS:
    void loginRequested(const QString& loginName, const QString& password);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void submit();
    void updateLock();
    void updateEnabled();

    const Clock& m_clock;
    QLineEdit* m_name;
    QLineEdit* m_password;
    QLabel* m_capsLock;
    QLabel* m_error;
    QPushButton* m_button;
    QWidget* m_demo;
    QVBoxLayout* m_demoLayout;
    QTimer m_tick;
    QDateTime m_lockedUntil;
    QString m_lockedName;
    bool m_isChecking = false;
};

} // namespace yz
