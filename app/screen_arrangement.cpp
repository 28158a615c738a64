#include "screen_arrangement.h"

#include "viewer_ui/screen_calibration.h"

#include <QCloseEvent>
#include <QGuiApplication>
#include <QJsonArray>
#include <QScreen>
#include <QSplitter>
#include <QVBoxLayout>
#include <QWidget>
#include <algorithm>

namespace yz {

namespace {

bool touches(const QRect& a, const QRect& b) {
    const bool sameRow = a.top() == b.top() && a.height() == b.height();
    const bool sameColumn = a.left() == b.left() && a.width() == b.width();
    return (sameRow && (a.right() + 1 == b.left() || b.right() + 1 == a.left())) ||
           (sameColumn && (a.bottom() + 1 == b.top() || b.bottom() + 1 == a.top()));
}

} // namespace

QJsonObject ScreenChoice::toJson() const {
    return {{QStringLiteral("pictures"), QJsonArray::fromStringList(pictures)}, {QStringLiteral("report"), report}};
}

ScreenChoice ScreenChoice::fromJson(const QJsonObject& json) {
    ScreenChoice choice;
    for (const QJsonValue& screen : json[u"pictures"].toArray())
        if (const QString key = screen.toString(); !key.isEmpty() && !choice.pictures.contains(key))
            choice.pictures << key;
    choice.report = json[u"report"].toString();
    return choice;
}

ScreenPlan planScreens(const ScreenChoice& choice, const std::vector<KnownScreen>& screens) {
    ScreenPlan plan;
    const auto find = [&](const QString& key) {
        const auto found =
            std::find_if(screens.begin(), screens.end(), [&](const KnownScreen& screen) { return screen.key == key; });
        return found == screens.end() ? QRect() : found->geometry;
    };
    std::vector<QRect> wanted;
    for (const QString& key : choice.pictures) {
        const QRect screen = find(key);
        if (screen.isNull())
            plan.isPartial = true;
        else
            wanted.push_back(screen);
    }
    if (!wanted.empty()) {
        plan.pictures = wanted.front();
        for (bool grew = true; grew;) { // in whatever order they were named
            grew = false;
            for (const QRect& screen : wanted)
                if (!plan.pictures.contains(screen) && touches(plan.pictures, screen)) {
                    plan.pictures = plan.pictures.united(screen);
                    grew = true;
                }
        }
    }
    if (!choice.report.isEmpty()) {
        plan.report = find(choice.report);
        plan.isPartial = plan.isPartial || plan.report.isNull();
    }
    return plan;
}

/// A window for one part of the reading page; it never owns what it shows.
class ScreenArrangement::ContentWindow final : public QWidget {
public:
    explicit ContentWindow(ScreenArrangement& owner) : QWidget(nullptr, Qt::Window), m_owner(owner) {
        auto* layout = new QVBoxLayout(this);
        layout->setContentsMargins(0, 0, 0, 0);
    }

protected:
    void closeEvent(QCloseEvent* event) override {
        event->ignore(); // the content goes home first, then the window goes
        ScreenChoice choice = m_owner.choice();
        if (m_owner.m_pictureWindow == this)
            choice.pictures.clear();
        else
            choice.report.clear();
        QMetaObject::invokeMethod(
            &m_owner,
            [&owner = m_owner, choice] {
                owner.choose(choice);
                Q_EMIT owner.closed();
            },
            Qt::QueuedConnection);
    }

private:
    ScreenArrangement& m_owner;
};

ScreenArrangement::ScreenArrangement(QSplitter& home, QWidget& pictures, QWidget& report, QObject* parent)
    : QObject(parent), m_home(home), m_pictures(pictures), m_report(report) {
    connect(qGuiApp, &QGuiApplication::screenAdded, this, [this](QScreen* screen) {
        connect(screen, &QScreen::geometryChanged, this, &ScreenArrangement::follow);
        follow();
    });
    // The screen is still listed while it is being removed.
    connect(qGuiApp, &QGuiApplication::screenRemoved, this, &ScreenArrangement::follow, Qt::QueuedConnection);
    for (const QScreen* screen : QGuiApplication::screens())
        connect(screen, &QScreen::geometryChanged, this, &ScreenArrangement::follow);
}

ScreenArrangement::~ScreenArrangement() {
    for (const QPointer<ContentWindow>& window : {m_pictureWindow, m_reportWindow})
        if (window) {
            while (QLayoutItem* item = window->layout()->takeAt(0)) {
                if (item->widget())
                    item->widget()->setParent(&m_home);
                delete item;
            }
            delete window;
        }
}

std::vector<KnownScreen> ScreenArrangement::screens() {
    std::vector<KnownScreen> known;
    for (const QScreen* screen : QGuiApplication::screens())
        known.push_back({ScreenCalibration::keyOf(screen), screen->geometry()});
    return known;
}

void ScreenArrangement::choose(const ScreenChoice& choice) {
    m_choice = choice;
    follow();
}

void ScreenArrangement::setActive(bool active) {
    if (m_active == active)
        return;
    m_active = active;
    follow();
}

void ScreenArrangement::follow() {
    const ScreenPlan plan = m_active ? planScreens(m_choice, screens()) : ScreenPlan{};
    settle(m_pictures, m_pictureWindow, plan.pictures, tr("Images"));
    settle(m_report, m_reportWindow, plan.report, tr("Report"));
    Q_EMIT arranged();
}

void ScreenArrangement::settle(QWidget& content, QPointer<ContentWindow>& window, const QRect& place,
                               const QString& title) {
    if (place.isNull()) {
        if (!window)
            return;
        window->layout()->removeWidget(&content);
        m_home.insertWidget(&content == &m_pictures ? 0 : m_home.count(), &content);
        if (m_homeSizes.size() == m_home.count())
            m_home.setSizes(m_homeSizes);
        content.show();
        window->hide();
        window->deleteLater();
        window.clear();
        return;
    }
    if (!window) {
        if (m_home.count() == 2)
            m_homeSizes = m_home.sizes();
        window = new ContentWindow(*this);
        window->setObjectName(&content == &m_pictures ? QStringLiteral("pictureWindow")
                                                      : QStringLiteral("reportWindow"));
        window->setWindowTitle(title);
        window->layout()->addWidget(&content);
        content.show();
    }
    if (window->geometry() != place || !window->isVisible()) {
        window->setGeometry(place);
        window->show();
    }
}

std::vector<QSize> ScreenArrangement::pictureScreens() const {
    std::vector<QSize> sizes;
    const ScreenPlan plan = planScreens(m_choice, screens());
    for (const KnownScreen& screen : screens())
        if (!plan.pictures.isNull() && plan.pictures.contains(screen.geometry))
            sizes.push_back(screen.geometry.size());
    if (sizes.empty())
        for (const KnownScreen& screen : screens())
            sizes.push_back(screen.geometry.size());
    return sizes;
}

bool ScreenArrangement::isApart(const QWidget& content) const { return content.window() != m_home.window(); }

} // namespace yz
