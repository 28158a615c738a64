#include "reporting_ui/conflict_view.h"

#include "reporting/content_diff.h"
#include "reporting_ui/check_text.h"
#include "uikit/fonts.h"
#include "uikit/theme.h"

#include <QGridLayout>
#include <QLabel>
#include <QScrollBar>
#include <QTextBrowser>
#include <array>

namespace yz {

namespace {

struct Section {
    const char16_t* key;
    QString ReportContent::*text;
};
constexpr std::array kSections{
    Section{u"findings", &ReportContent::findings}, Section{u"impression", &ReportContent::impression},
    Section{u"recommendation", &ReportContent::recommendation}, Section{u"comparison", &ReportContent::comparison},
    Section{u"technique", &ReportContent::technique}};

QString html(const QString& text) { return text.toHtmlEscaped().replace(u'\n', QStringLiteral("<br/>")); }

QString positivityWord(Positivity positivity) {
    switch (positivity) {
    case Positivity::Positive:
        return ConflictView::tr("positive");
    case Positivity::Negative:
        return ConflictView::tr("negative");
    case Positivity::Unstated:
        break;
    }
    return ConflictView::tr("not stated");
}

/// `text` with what `other` does not say marked.
QString marked(const QString& text, const std::optional<QString>& other) {
    if (!other)
        return html(text);
    QString page;
    for (const DiffSegment& segment : diffText(*other, text)) {
        if (segment.kind == DiffSegment::Kind::Removed)
            continue;
        page += segment.kind == DiffSegment::Kind::Same
                    ? html(segment.text)
                    : QStringLiteral("<span style=\"background-color:%1;text-decoration:underline\">%2</span>")
                          .arg(theme().urgentTint.name(), html(segment.text));
    }
    return page;
}

QString heading(const QString& text) {
    return QStringLiteral(
               "<p style=\"margin-top:10px;margin-bottom:2px\"><b><span style=\"color:%1\">%2</span></b></p>")
        .arg(theme().accent.name(), html(text));
}

QString page(const ReportContent& content, const std::optional<ReportContent>& other) {
    QString text;
    for (const Section& section : kSections) {
        const QString& own = content.*section.text;
        const std::optional<QString> there = other ? std::optional(*other.*section.text) : std::nullopt;
        if (own.isEmpty() && (!there || there->isEmpty()))
            continue;
        text += heading(sectionTitle(QString::fromUtf16(section.key)));
        text += QStringLiteral("<p style=\"margin-top:0;line-height:150%\">") +
                (own.isEmpty() ? QStringLiteral("<span style=\"color:%1\">%2</span>")
                                     .arg(theme().muted.name(), html(ConflictView::tr("(empty)")))
                               : marked(own, there)) +
                QStringLiteral("</p>");
    }
    text += heading(sectionTitle(QStringLiteral("positivity")));
    const bool differs = other && other->positivity != content.positivity;
    const QString word = positivityWord(content.positivity);
    return text + QStringLiteral("<p style=\"margin-top:0\">") + (differs ? marked(word, QString()) : html(word)) +
           QStringLiteral("</p>");
}

QTextBrowser* newBrowser(const char* name) {
    auto* browser = new QTextBrowser;
    browser->setObjectName(QLatin1String(name));
    browser->setOpenLinks(false);
    browser->setFont(uiFont(kHeadingPx));
    browser->document()->setDefaultFont(uiFont(kHeadingPx));
    browser->document()->setDocumentMargin(12);
    return browser;
}

} // namespace

ConflictView::ConflictView(QWidget* parent)
    : QWidget(parent), m_ourTitle(new QLabel), m_theirTitle(new QLabel), m_ours(newBrowser("conflictOurs")),
      m_theirs(newBrowser("conflictTheirs")) {
    m_ourTitle->setObjectName(QStringLiteral("conflictOurTitle"));
    m_theirTitle->setObjectName(QStringLiteral("conflictTheirTitle"));
    for (QLabel* title : {m_ourTitle, m_theirTitle}) {
        title->setProperty("kind", "heading");
        title->setWordWrap(true);
    }
    auto* layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_ourTitle, 0, 0);
    layout->addWidget(m_theirTitle, 0, 1);
    layout->addWidget(m_ours, 1, 0);
    layout->addWidget(m_theirs, 1, 1);
    layout->setColumnStretch(0, 1);
    layout->setColumnStretch(1, 1);
    layout->setRowStretch(1, 1);
}

void ConflictView::show(const QString& ourTitle, const ReportContent& ours, const QString& theirTitle,
                        const std::optional<ReportContent>& theirs) {
    m_ourTitle->setText(ourTitle);
    m_theirTitle->setText(theirTitle);
    m_ours->setHtml(page(ours, theirs));
    m_theirs->setHtml(theirs ? page(*theirs, ours) : QString());
}

void ConflictView::clear() { show({}, {}, {}, std::nullopt); }

} // namespace yz
