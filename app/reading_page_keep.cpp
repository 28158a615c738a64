#include "core/log.h"
#include "jobs/jobs.h"
#include "reading_page.h"
#include "reporting_ui/report_panel.h"
#include "screen_page.h"
#include "session/presentation_service.h"
#include "uikit/banner.h"
#include "uikit/error_text.h"
#include "viewer/presentation_capture.h"
#include "viewer_ui/screen_calibration.h"
#include "viewer_ui/viewer_page.h"

// What the reading page keeps: keys, tool and screens in the settings; presentation states and key images in the study.
namespace yz {

namespace {

QString personKey(const char* what, const User& user) {
    return QString::fromLatin1(what) + u'/' + QString::fromLatin1(user.id.value().toUtf8().toHex());
}

void keep(DeskServices& services, const QString& key, const QJsonValue& value) {
    if (const Status kept = services.store().settings().set(key, value); !kept)
        qCWarning(logSession).noquote() << "setting not kept:" << kept.error().toString();
}

} // namespace

void ReadingPage::connectKeeping() {
    connect(m_viewerPage, &ViewerPage::presentationMade, this, &ReadingPage::keepPresentation);
    connect(m_viewerPage, &ViewerPage::keyObjectsMade, this, &ReadingPage::keepKeyObjects);
    connect(m_viewerPage, &ViewerPage::notice, this,
            [this](const QString& text) { m_panel->banner().announce(Tone::Info, text); });
    connect(m_viewerPage, &ViewerPage::shortcutsChanged, this, [this](const ShortcutTable& table) {
        if (!m_user.id.isEmpty())
            keep(m_services, personKey("keys", m_user), table.toJson());
    });
    connect(m_viewerPage, &ViewerPage::screensMeasured, this,
            [this] { keep(m_services, QStringLiteral("screens/measured"), ScreenCalibration::instance().toJson()); });
    connect(m_viewerPage, &ViewerPage::screensRequested, this, &ReadingPage::openScreens);
    connect(&m_viewer, &ViewerController::stateChanged, this, &ReadingPage::rememberTool);
    connect(&m_viewTimer, &QTimer::timeout, this, &ReadingPage::updateContext); // what was seen meanwhile
    const auto keepChoice = [this] {
        keep(m_services, QStringLiteral("screens/choice"), m_arrangement->choice().toJson());
    };
    connect(m_arrangement.get(), &ScreenArrangement::closed, this, keepChoice);
    connect(m_arrangement.get(), &ScreenArrangement::arranged, this, [this] {
        if (m_case)
            tellHangingDesk();
    });
}

void ReadingPage::recallWorkstation() {
    SettingsStore& settings = m_services.store().settings();
    ScreenCalibration::instance().load(settings.value(QStringLiteral("screens/measured")).toObject());
    m_arrangement->choose(ScreenChoice::fromJson(settings.value(QStringLiteral("screens/choice")).toObject()));
}

void ReadingPage::recallPerson() {
    if (m_user.id.isEmpty())
        return;
    SettingsStore& settings = m_services.store().settings();
    m_viewerPage->setShortcuts(ShortcutTable::fromJson(settings.value(personKey("keys", m_user)).toObject()));
    m_rememberedTool = settings.value(personKey("tool", m_user)).toString();
    m_viewer.setTool(toolOfAction(m_rememberedTool).value_or(ViewerTool::Window));
}

void ReadingPage::rememberTool() {
    const QString tool = actionOfTool(m_viewer.state().tool);
    if (m_user.id.isEmpty() || tool.isEmpty() || tool == m_rememberedTool)
        return;
    m_rememberedTool = tool;
    keep(m_services, personKey("tool", m_user), tool);
}

void ReadingPage::countSeen(ReportContext& facts) const {
    for (const LoadedStudy& study : m_viewer.studies().studies()) {
        if (study.isPrior)
            continue;
        for (const SeriesUid& series : study.series) {
            const SeenCount count = m_viewer.seen(series);
            facts.framesSeen += count.seen;
            facts.framesTotal += count.total;
        }
    }
}

void ReadingPage::openScreens() {
    auto* page = findChild<ScreenPage*>();
    if (!page) {
        page = new ScreenPage(*m_arrangement, this);
        page->setAttribute(Qt::WA_DeleteOnClose);
        connect(page, &ScreenPage::chosen, this, [this](const ScreenChoice& choice) {
            keep(m_services, QStringLiteral("screens/choice"), choice.toJson());
            m_arrangement->choose(choice);
        });
    }
    page->show();
    page->raise();
}

void ReadingPage::objectKept(quint64 number, const Result<DataSetHeader>& header, const QString& said) {
    if (!header) {
        m_panel->banner().announce(Tone::Danger, errorSentence(header.error()));
        return;
    }
    Q_EMIT queued();
    if (!isCurrent(number))
        return;
    m_viewer.addInstance(header->instance);
    m_panel->banner().announce(Tone::Info, said);
}

void ReadingPage::keepPresentation(const StudyUid& study, const PresentationCapture& capture) {
    if (!m_case)
        return;
    if (m_case->task.isWithdrawn) {
        announceWithdrawal();
        return;
    }
    jobs::whenDone(jobs::start(jobs::Lane::Storage,
                               [&service = m_services.presentations(), study, capture, user = m_user] {
                                   return service.savePresentation(study, capture.state, capture.images, user);
                               }),
                   this, [this, number = m_case->number](const Result<DataSetHeader>& header) {
                       objectKept(number, header, tr("Kept as a presentation state of the study."));
                   });
}

void ReadingPage::keepKeyObjects(const StudyUid& study, const KeyObjectSelection& selection) {
    if (!m_case)
        return;
    if (m_case->task.isWithdrawn) {
        announceWithdrawal();
        return;
    }
    const int count = static_cast<int>(selection.items.size());
    jobs::whenDone(
        jobs::start(jobs::Lane::Storage, [&service = m_services.presentations(), study, selection,
                                          user = m_user] { return service.saveKeyObjects(study, selection, user); }),
        this, [this, count, number = m_case->number](const Result<DataSetHeader>& header) {
            if (header && isCurrent(number))
                m_viewer.keyImages().markSaved();
            objectKept(number, header, tr("%n key image(s) kept in the study.", nullptr, count));
        });
}

void ReadingPage::keepUnsavedKeyImages() {
    for (const auto& [study, selection] : m_viewerPage->unsavedKeyImages())
        keepKeyObjects(study, selection);
}

} // namespace yz
