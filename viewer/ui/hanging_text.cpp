#include "viewer_ui/hanging_text.h"

#include <QCoreApplication>

namespace yz::hanging_text {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(HangingText)
};

QString single(const QString& name) {
    if (name == u"modality")
        return Text::tr("modality");
    if (name == u"bodyPart")
        return Text::tr("body part");
    if (name == u"description")
        return Text::tr("description");
    if (name == u"viewPosition")
        return Text::tr("view");
    if (name == u"laterality")
        return Text::tr("side");
    if (name == u"imageType")
        return Text::tr("image type");
    if (name == u"plane")
        return Text::tr("plane");
    if (name == u"orientation")
        return Text::tr("orientation");
    if (name == u"task")
        return Text::tr("kind of task");
    if (name == u"screenOrientation")
        return Text::tr("screen orientation");
    if (name == u"screenCount")
        return Text::tr("number of screens");
    if (name == u"priorCount")
        return Text::tr("number of priors");
    if (name == u"seriesCount")
        return Text::tr("number of series");
    if (name == u"frameCount")
        return Text::tr("number of images");
    return name;
}

} // namespace

QString attribute(const QString& name) {
    QStringList names;
    for (const QString& part : name.split(u'|'))
        names << single(part);
    return names.join(Text::tr(" or "));
}

QString op(const QString& name) {
    if (name == u"equals")
        return Text::tr("is");
    if (name == u"oneOf")
        return Text::tr("is one of");
    if (name == u"contains")
        return Text::tr("contains");
    if (name == u"matches")
        return Text::tr("matches the expression");
    if (name == u"atLeast")
        return Text::tr("is at least");
    if (name == u"atMost")
        return Text::tr("is at most");
    return name;
}

QString kind(const QString& name) {
    if (name == u"mpr-axial")
        return Text::tr("axial plane");
    if (name == u"mpr-coronal")
        return Text::tr("coronal plane");
    if (name == u"mpr-sagittal")
        return Text::tr("sagittal plane");
    if (name == u"mip")
        return Text::tr("rotating MIP");
    if (name == u"volume")
        return Text::tr("volume rendering");
    return Text::tr("images");
}

QString link(const QString& name) {
    return name == u"position" ? Text::tr("by position") : name == u"index" ? Text::tr("by number") : Text::tr("not");
}

QString rule(const HangingRule& rule) {
    return Text::tr("%1 %2 %3").arg(attribute(rule.attribute), op(rule.op), rule.value);
}

QStringList reasons(const HangingScore& score) {
    QStringList lines;
    for (const HangingReason& reason : score.reasons) {
        const QString text = rule(reason.rule);
        const QString found = reason.found.isEmpty() ? Text::tr("not given") : reason.found;
        if (reason.holds)
            lines << Text::tr("+%1  %2 (here: %3)").arg(QString::number(reason.rule.weight), text, found);
        else if (reason.rule.required)
            lines << Text::tr("does not fit: must hold that %1 (here: %2)").arg(text, found);
        else
            lines << Text::tr("+0  %1 (here: %2)").arg(text, found);
    }
    if (score.matches && score.isHollow())
        lines << Text::tr("behind the others: pictures for %1 of %2 viewports").arg(score.filled).arg(score.places);
    return lines;
}

QString loss(const HangingLoss& loss) {
    using What = HangingLoss::What;
    const auto sentence = [&] {
        switch (loss.what) {
        case What::Name:
            return Text::tr("A name was cut or changed");
        case What::Rule:
            return Text::tr("A rule has no counterpart");
        case What::Weight:
            return Text::tr("The weight of a rule is not carried");
        case What::Optional:
            return Text::tr("Whether a rule must hold is not carried");
        case What::Priors:
            return Text::tr("Which earlier examinations count is not carried");
        case What::Link:
            return Text::tr("What scrolls together is not carried");
        case What::Preset:
            return Text::tr("A window is not carried");
        case What::Orientation:
            return Text::tr("The direction of a picture is not carried");
        case What::Grid:
            return Text::tr("Rows and columns were laid out anew");
        case What::Label:
            return Text::tr("A label was cut");
        case What::Definition:
            return Text::tr("Modalities, parts and sides are not tied to each other");
        case What::Anatomy:
            return Text::tr("A part of the body is not known by its code");
        case What::Codes:
            return Text::tr("Codes of procedures and reasons are not carried");
        case What::ImageSet:
            return Text::tr("Which examination is meant is not carried");
        case What::Selector:
            return Text::tr("A condition on the images is not carried");
        case What::Filter:
            return Text::tr("A filter is not carried");
        case What::Sorting:
            return Text::tr("The order of images is not carried");
        case What::Blending:
            return Text::tr("A fusion is not carried");
        case What::Reformatting:
            return Text::tr("A reformatting is not carried");
        case What::Boxes:
            return Text::tr("Several or tiled boxes became one viewport");
        case What::Colour:
            return Text::tr("A colour table is not carried");
        case What::Justification:
            return Text::tr("The vertical place of a picture is not carried");
        case What::Navigation:
            return Text::tr("Navigation indicators are not carried");
        }
        return QString();
    };
    QString text = sentence();
    if (!loss.detail.isEmpty())
        text += QStringLiteral(": ") + loss.detail;
    return loss.where.isEmpty() ? text : QString(text + QStringLiteral("  [") + loss.where + u']');
}

} // namespace yz::hanging_text
