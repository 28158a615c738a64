#include "dicom/presentation/key_objects_dcmtk.h"

#include "dicom/data/attributes_dcmtk.h"
#include "dicom/data/text_dcmtk.h"

namespace yz::dicom {

namespace {

constexpr size_t itemsAtMost = 10'000, depthAtMost = 32;

class SelectionReader {
public:
    explicit SelectionReader(TextDecoder decoder) : m_decoder(std::move(decoder)) {}

    Status read(DcmItem& root, KeyObjectSelection& selection) {
        selection.title = codeIn(root, DCM_ConceptNameCodeSequence);
        walk(root, selection, 0);
        if (m_isTooMuch)
            return fail(ErrorCode::LimitExceeded, QStringLiteral("key object selection too large"));
        return {};
    }
    QString text(DcmItem& item, const DcmTagKey& tag) { return dicom::text(item, tag, m_decoder); }

private:
    CodedText codeIn(DcmItem& item, const DcmTagKey& tag) {
        DcmItem* inner = firstItem(item, tag);
        if (!inner)
            return {};
        return {code(*inner, DCM_CodeValue), code(*inner, DCM_CodingSchemeDesignator), text(*inner, DCM_CodeMeaning)};
    }

    void walk(DcmItem& item, KeyObjectSelection& selection, size_t depth) {
        if (depth > depthAtMost || m_isTooMuch)
            return;
        for (DcmItem* child : items(item, DCM_ContentSequence)) {
            const QString type = code(*child, DCM_ValueType);
            if (type == QLatin1String("IMAGE"))
                add(*child, selection);
            else if (type == QLatin1String("TEXT") &&
                     codeIn(*child, DCM_ConceptNameCodeSequence).value == QLatin1String("113012"))
                selection.description = text(*child, DCM_TextValue);
            else if (type == QLatin1String("PNAME"))
                selection.creator = personName(*child, DCM_PersonName, m_decoder).display();
            walk(*child, selection, depth + 1);
        }
    }

    void add(DcmItem& item, KeyObjectSelection& selection) {
        DcmItem* object = firstItem(item, DCM_ReferencedSOPSequence);
        if (!object)
            return;
        KeyObjectSelection::Item entry;
        entry.image.object = {SopClassUid(code(*object, DCM_ReferencedSOPClassUID)),
                              InstanceUid(code(*object, DCM_ReferencedSOPInstanceUID))};
        if (entry.image.object.instance.isEmpty())
            return;
        for (const double frame : numbers(*object, DCM_ReferencedFrameNumber))
            if (frame >= 1.0)
                entry.image.frames.push_back(static_cast<int>(frame) - 1);
        if (DcmItem* state = firstItem(*object, DCM_ReferencedSOPSequence))
            entry.presentation = InstanceUid(code(*state, DCM_ReferencedSOPInstanceUID));
        if (selection.items.size() >= itemsAtMost) {
            m_isTooMuch = true;
            return;
        }
        selection.items.push_back(std::move(entry));
    }

    TextDecoder m_decoder;
    bool m_isTooMuch = false;
};

} // namespace

Result<KeyObjectSelection> readKeyObjects(DcmItem& dataSet) {
    const QString sopClass = code(dataSet, DCM_SOPClassUID);
    if (sopClass != QLatin1String(UID_KeyObjectSelectionDocumentStorage))
        return fail(ErrorCode::NotSupported, QStringLiteral("no key object selection: ") + sopClass);
    KeyObjectSelection selection;
    selection.study = StudyUid(code(dataSet, DCM_StudyInstanceUID));
    selection.series = SeriesUid(code(dataSet, DCM_SeriesInstanceUID));
    selection.instance = InstanceUid(code(dataSet, DCM_SOPInstanceUID));
    selection.created = dateTime(dataSet, DCM_ContentDate, DCM_ContentTime);
    if (const Status read = SelectionReader(textDecoderFor(dataSet)).read(dataSet, selection); !read)
        return fail(read.error());
    if (selection.items.empty())
        return fail(ErrorCode::AttributeMissing, QStringLiteral("a key object selection without images"));
    // The content tree names no series; the evidence does.
    for (DcmItem* study : items(dataSet, DCM_CurrentRequestedProcedureEvidenceSequence))
        for (DcmItem* series : items(*study, DCM_ReferencedSeriesSequence))
            for (DcmItem* object : items(*series, DCM_ReferencedSOPSequence))
                for (KeyObjectSelection::Item& item : selection.items)
                    if (item.image.object.instance.value() == code(*object, DCM_ReferencedSOPInstanceUID))
                        item.image.series = SeriesUid(code(*series, DCM_SeriesInstanceUID));
    return selection;
}

} // namespace yz::dicom
