#pragma once

#include "core/cancel.h"
#include "domain/user.h"
#include "session/conflict_service.h"

#include <QWidget>
#include <vector>

class QLabel;
class QListWidget;
class QPushButton;
class QStackedWidget;

namespace yz {

class Banner;
class ConflictView;
class DeskServices;
class EmptyState;

/// What was written here and could not go out because another reader has the task or the sender took the study back:
/// each with the reason in words, and both texts side by side. Nothing in it is in a hurry, and nothing is discarded.
class ConflictsPage final : public QWidget {
    Q_OBJECT
public:
    explicit ConflictsPage(DeskServices& services, QWidget* parent = nullptr);
    void setUser(const User& user);
    /// Reads the database again, off the GUI thread; ends with countChanged().
    void reload();
    [[nodiscard]] int count() const { return static_cast<int>(m_cases.size()); }

Q_SIGNALS:
    void countChanged(int open);
    void outboxChanged();                            ///< rows were withdrawn
    void viewRequested(const yz::ReadingTask& task); ///< the person wants to see the pictures

protected:
    void showEvent(QShowEvent* event) override;

private:
    void show(const std::vector<ConflictService::Case>& cases);
    void showCurrent();
    void keepHere();
    [[nodiscard]] const ConflictService::Case* current() const;
    [[nodiscard]] QString reasonText(const ConflictService::Case& one) const;
    [[nodiscard]] QString sideTitle(const ConflictService::Side& side, bool isOurs) const;

    DeskServices& m_services;
    User m_user;
    std::vector<ConflictService::Case> m_cases;
    CancelToken m_token;
    quint64 m_request = 0;
    QStackedWidget* m_stack;
    Banner* m_banner;
    QListWidget* m_list;
    QLabel* m_reason;
    ConflictView* m_view;
    QPushButton* m_keep;
    QPushButton* m_open;
};

} // namespace yz
