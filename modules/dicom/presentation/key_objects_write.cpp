#include "dicom/presentation/key_objects_dcmtk.h"

#include "dicom/presentation/study_modules_dcmtk.h"
#include "dicom/report/report_codes.h"
#include "dicom/report/report_modules_dcmtk.h"

#include <dcmtk/dcmsr/dsrdoc.h>

#include <set>

namespace yz::dicom {

namespace {

constexpr ReportCode kObserver{"121008", "DCM", "Person Observer Name"};
constexpr ReportCode kDescription{"113012", "DCM", "Key Object Description"};

OFString utf8(const QString& text) { return text.toUtf8().constData(); }

/// The first refusal of the library is kept; everything after it is skipped.
class SelectionTree {
public:
    explicit SelectionTree(DSRDocument& document) : m_document(document), m_tree(document.getTree()) {}

    [[nodiscard]] Status status() const {
        return m_problem.good() ? Status() : fail(ErrorCode::ReportIncomplete, QString::fromLatin1(m_problem.text()));
    }
    void title(const CodedText& title) {
        add(DSRTypes::RT_isRoot, DSRTypes::VT_Container);
        const DSRCodedEntryValue name(utf8(title.value), utf8(title.scheme), utf8(title.meaning));
        if (m_problem.good())
            keep(item().setConceptName(name));
        if (m_problem.good())
            keep(item().setTemplateIdentification("2010", "DCMR"));
    }
    void person(const QString& name) {
        below(DSRTypes::RT_hasObsContext, DSRTypes::VT_PName, kObserver.entry(),
              [&] { keep(item().setStringValue(utf8(personNameFromText(name).toDicom()))); });
    }
    void text(const QString& words) {
        below(DSRTypes::RT_contains, DSRTypes::VT_Text, kDescription.entry(),
              [&] { keep(item().setStringValue(utf8(words))); });
    }
    void image(const KeyObjectSelection::Item& entry, const ReferencedFrames* state) {
        below(DSRTypes::RT_contains, DSRTypes::VT_Image, {}, [&] {
            DSRImageReferenceValue value(utf8(entry.image.object.sopClass.value()),
                                         utf8(entry.image.object.instance.value()), OFFalse);
            for (const int frame : entry.image.frames)
                value.getFrameList().addItem(frame + 1);
            if (state)
                keep(value.setPresentationState(DSRCompositeReferenceValue(utf8(state->object.sopClass.value()),
                                                                           utf8(state->object.instance.value())),
                                                OFFalse));
            if (m_problem.good())
                keep(item().setImageReference(value, OFFalse));
        });
    }
    void evidence(const StudyUid& study, const ReferencedFrames& object) {
        if (m_problem.good() && m_named.insert(object.object.instance.value()).second)
            keep(m_document.getCurrentRequestedProcedureEvidence().addItem(
                utf8(study.value()), utf8(object.series.value()), utf8(object.object.sopClass.value()),
                utf8(object.object.instance.value()), OFFalse));
    }

private:
    DSRContentItem& item() { return m_tree.getCurrentContentItem(); }
    void keep(const OFCondition& condition) {
        if (m_problem.good())
            m_problem = condition;
    }
    void add(DSRTypes::E_RelationshipType relationship, DSRTypes::E_ValueType type) {
        if (m_problem.good() && m_tree.addContentItem(relationship, type,
                                                      m_isRoot   ? DSRTypes::AM_afterCurrent
                                                      : m_isDown ? DSRTypes::AM_afterCurrent
                                                                 : DSRTypes::AM_belowCurrent) == 0)
            m_problem = EC_CorruptedData;
        m_isDown = !m_isRoot;
        m_isRoot = false;
    }
    template <typename Fill>
    void below(DSRTypes::E_RelationshipType relationship, DSRTypes::E_ValueType type, const DSRCodedEntryValue& name,
               Fill fill) {
        add(relationship, type);
        if (m_problem.good() && name.isValid())
            keep(item().setConceptName(name));
        if (m_problem.good())
            fill();
    }

    DSRDocument& m_document;
    DSRDocumentTree& m_tree;
    OFCondition m_problem = EC_Normal;
    bool m_isRoot = true, m_isDown = false;
    std::set<QString> m_named;
};

} // namespace

Result<std::unique_ptr<DcmDataset>> buildKeyObjects(const ObjectOrigin& origin, const KeyObjectSelection& selection,
                                                    const std::vector<ReferencedFrames>& presentations) {
    if (const Status checked = checkOrigin(origin); !checked)
        return fail(checked.error());
    if (selection.items.empty())
        return fail(ErrorCode::ReportIncomplete, QStringLiteral("no key objects"));
    DSRDocument document;
    OFCondition status = document.createNewDocument(DSRTypes::DT_KeyObjectSelectionDocument);
    if (status.good())
        status = document.setSpecificCharacterSetType(DSRTypes::CS_UTF8);
    if (status.bad())
        return fail(ErrorCode::ReportIncomplete, QString::fromLatin1(status.text()));
    SelectionTree tree(document);
    tree.title(selection.title);
    if (!origin.creator.isEmpty())
        tree.person(origin.creator);
    if (!selection.description.trimmed().isEmpty())
        tree.text(selection.description.trimmed());
    for (const KeyObjectSelection::Item& item : selection.items) {
        if (item.image.series.isEmpty() || item.image.object.sopClass.isEmpty())
            return fail(ErrorCode::ReportIncomplete, QStringLiteral("a key object without series or class"));
        const auto state = std::find_if(presentations.begin(), presentations.end(), [&](const ReferencedFrames& some) {
            return some.object.instance == item.presentation;
        });
        const ReferencedFrames* shown = item.presentation.isEmpty() || state == presentations.end() ? nullptr : &*state;
        tree.image(item, shown);
        tree.evidence(origin.study.study, item.image);
        if (shown)
            tree.evidence(origin.study.study, *shown);
    }
    if (const Status built = tree.status(); !built)
        return fail(built.error());
    auto dataSet = std::make_unique<DcmDataset>();
    status = document.write(*dataSet);
    if (status.bad())
        return fail(ErrorCode::ReportIncomplete, QString::fromLatin1(status.text()));
    // The library put in its own UIDs and the clock's time; what the origin says replaces all of it.
    putOrigin(*dataSet, origin, UID_KeyObjectSelectionDocumentStorage, "KO", QStringLiteral("Key images"), 9005);
    putText(*dataSet, DCM_ContentDate, dicomDate(origin.createdAt));
    putText(*dataSet, DCM_ContentTime, dicomTime(origin.createdAt));
    dataSet->findAndDeleteElement(DCM_InstanceCreatorUID);
    return dataSet;
}

} // namespace yz::dicom
