#include "dicom/data/text_dcmtk.h"
#include "dicom/hanging/hanging_object_dcmtk.h"
#include "dicom/hanging/selector_value_dcmtk.h"

namespace yz::dicom {

namespace {

/// Puts values into items and remembers the first that does not fit.
class Writer {
public:
    [[nodiscard]] Status status() const {
        return m_failed.isEmpty() ? Status() : fail(ErrorCode::InvalidArgument, m_failed);
    }

    void number(DcmItem& item, const DcmTagKey& tag, int value) {
        if (value < 0 || value > 65535)
            wrong(tag);
        check(item.putAndInsertUint16(tag, static_cast<Uint16>(value)), tag);
    }
    void numbers(DcmItem& item, const DcmTagKey& tag, const std::vector<int>& values) {
        std::vector<Uint16> words;
        for (const int value : values)
            words.push_back(static_cast<Uint16>(value));
        check(item.putAndInsertUint16Array(tag, words.data(), words.size()), tag);
    }
    void words(DcmItem& item, const DcmTagKey& tag, const QString& value) { putText(item, tag, value); }
    void some(DcmItem& item, const DcmTagKey& tag, const QString& value) {
        if (!value.isEmpty())
            putText(item, tag, value);
    }
    DcmItem& add(DcmItem& item, const DcmTagKey& sequence) {
        DcmItem* added = nullptr;
        check(item.findOrCreateSequenceItem(sequence, added, -2), sequence);
        return added ? *added : item;
    }
    void empty(DcmItem& item, const DcmTagKey& sequence) { check(item.insertEmptyElement(sequence), sequence); }
    void check(const OFCondition& condition, const DcmTagKey& tag) {
        if (condition.bad())
            wrong(tag);
    }

    void code(DcmItem& item, const DcmTagKey& tag, const HangingCode& value) {
        DcmItem& entry = add(item, tag);
        words(entry, DCM_CodeValue, value.value);
        words(entry, DCM_CodingSchemeDesignator, value.scheme);
        words(entry, DCM_CodeMeaning, value.meaning);
    }

    void selector(DcmItem& item, const HangingObjectSelector& value) {
        some(item, DCM_FilterByCategory, value.category);
        if (value.attribute != 0) {
            words(item, DCM_ImageSetSelectorUsageFlag,
                  value.isOptional ? QStringLiteral("NO_MATCH") : QStringLiteral("MATCH"));
            const DcmTag tag(static_cast<Uint16>(value.attribute >> 16), static_cast<Uint16>(value.attribute & 0xFFFF));
            check(item.putAndInsertTagKey(DCM_SelectorAttribute, tag), DCM_SelectorAttribute);
            number(item, DCM_SelectorValueNumber, value.valueNumber);
        }
        words(item, DCM_SelectorAttributeVR, value.vr);
        const auto tag = selectorValueTag(value.vr);
        if (tag && !value.isNested)
            words(item, *tag, value.values.join(u'\\'));
        else
            wrong(DCM_SelectorAttributeVR);
        some(item, DCM_FilterByOperator, value.op);
    }

private:
    void wrong(const DcmTagKey& tag) {
        if (m_failed.isEmpty())
            m_failed = QString::fromLatin1(DcmTag(tag).getTagName());
    }
    QString m_failed;
};

void putImageSets(Writer& write, DcmItem& item, const std::vector<HangingObjectImageSet>& sets) {
    DcmItem* entry = nullptr;
    const std::vector<HangingObjectSelector>* selectors = nullptr;
    for (const HangingObjectImageSet& set : sets) {
        // Sets of the same selectors stand in one item.
        if (!selectors || *selectors != set.selectors) {
            entry = &write.add(item, DCM_ImageSetsSequence);
            selectors = &set.selectors;
            for (const HangingObjectSelector& selector : set.selectors)
                write.selector(write.add(*entry, DCM_ImageSetSelectorSequence), selector);
        }
        DcmItem& each = write.add(*entry, DCM_TimeBasedImageSetsSequence);
        write.number(each, DCM_ImageSetNumber, set.number);
        write.words(each, DCM_ImageSetSelectorCategory, set.category);
        if (set.category == u"ABSTRACT_PRIOR") {
            const Sint16 range[] = {static_cast<Sint16>(set.first), static_cast<Sint16>(set.last)};
            write.check(each.putAndInsertSint16Array(DCM_AbstractPriorValue, range, 2), DCM_AbstractPriorValue);
        } else {
            write.numbers(each, DCM_RelativeTime, {set.first, set.last});
            write.words(each, DCM_RelativeTimeUnits, set.units);
        }
        write.some(each, DCM_ImageSetLabel, set.label);
    }
}

void putDisplaySet(Writer& write, DcmItem& item, const HangingObjectDisplaySet& set) {
    write.number(item, DCM_DisplaySetNumber, set.number);
    write.some(item, DCM_DisplaySetLabel, set.label);
    write.number(item, DCM_DisplaySetPresentationGroup, set.group);
    write.some(item, DCM_DisplaySetPresentationGroupDescription, set.groupName);
    write.number(item, DCM_ImageSetNumber, set.imageSet);
    int number = 1;
    for (const HangingObjectBox& box : set.boxes) {
        DcmItem& entry = write.add(item, DCM_ImageBoxesSequence);
        write.number(entry, DCM_ImageBoxNumber, number++);
        const Float64 place[] = {box.left, box.top, box.right, box.bottom};
        write.check(entry.putAndInsertFloat64Array(DCM_DisplayEnvironmentSpatialPosition, place, 4),
                    DCM_DisplayEnvironmentSpatialPosition);
        write.words(entry, DCM_ImageBoxLayoutType, box.layout);
        if (box.layout == u"TILED") {
            write.number(entry, DCM_ImageBoxTileHorizontalDimension, box.tileColumns);
            write.number(entry, DCM_ImageBoxTileVerticalDimension, box.tileRows);
        }
    }
    if (set.filters.empty())
        write.empty(item, DCM_FilterOperationsSequence);
    for (const HangingObjectSelector& filter : set.filters)
        write.selector(write.add(item, DCM_FilterOperationsSequence), filter);
    write.empty(item, DCM_SortingOperationsSequence);
    write.some(item, DCM_BlendingOperationType, set.blending);
    write.some(item, DCM_ReformattingOperationType, set.reformatting);
    if (!set.reformatting.isEmpty()) {
        write.words(item, DCM_ReformattingOperationInitialViewDirection, set.viewDirection);
        write.check(item.putAndInsertFloat64(DCM_ReformattingThickness, set.thicknessMm), DCM_ReformattingThickness);
        write.check(item.putAndInsertFloat64(DCM_ReformattingInterval, set.thicknessMm), DCM_ReformattingInterval);
    }
    write.some(item, DCM_DisplaySetPatientOrientation, set.orientation);
    write.some(item, DCM_VOIType, set.voiType);
    if (set.inverted)
        write.words(item, DCM_ShowGrayscaleInverted, QStringLiteral("Y"));
    write.some(item, DCM_DisplaySetHorizontalJustification, set.horizontal);
}

} // namespace

Result<std::unique_ptr<DcmDataset>> buildHangingObject(const HangingObject& object) {
    auto dataSet = std::make_unique<DcmDataset>();
    DcmItem& item = *dataSet;
    Writer write;
    markUtf8(item);
    write.words(item, DCM_SOPClassUID, QString::fromLatin1(kHangingProtocolStorage));
    write.words(item, DCM_SOPInstanceUID, object.instance);
    write.words(item, DCM_HangingProtocolName, object.name);
    write.words(item, DCM_HangingProtocolDescription, object.description);
    write.words(item, DCM_HangingProtocolLevel, object.level);
    write.words(item, DCM_HangingProtocolCreator, object.creator);
    write.words(item, DCM_HangingProtocolCreationDateTime, object.created.toString(QStringLiteral("yyyyMMddHHmmss")));
    for (const HangingObjectDefinition& definition : object.definitions) {
        DcmItem& entry = write.add(item, DCM_HangingProtocolDefinitionSequence);
        write.some(entry, DCM_Modality, definition.modality);
        if (!definition.anatomy.value.isEmpty())
            write.code(entry, DCM_AnatomicRegionSequence, definition.anatomy);
        if (!definition.laterality.isEmpty() || !definition.anatomy.value.isEmpty()) // type 2C
            write.words(entry, DCM_Laterality, definition.laterality);
        write.empty(entry, DCM_ProcedureCodeSequence);
        write.empty(entry, DCM_ReasonForRequestedProcedureCodeSequence);
    }
    write.number(item, DCM_NumberOfPriorsReferenced, object.priors);
    putImageSets(write, item, object.imageSets);
    write.empty(item, DCM_HangingProtocolUserIdentificationCodeSequence);
    if (object.screens > 0)
        write.number(item, DCM_NumberOfScreens, object.screens);
    else
        write.empty(item, DCM_NumberOfScreens);
    write.empty(item, DCM_NominalScreenDefinitionSequence);
    for (const HangingObjectDisplaySet& set : object.displaySets)
        putDisplaySet(write, write.add(item, DCM_DisplaySetsSequence), set);
    write.words(item, DCM_PartialDataDisplayHandling, QStringLiteral("MAINTAIN_LAYOUT"));
    for (const std::vector<int>& group : object.scrollingGroups)
        write.numbers(write.add(item, DCM_SynchronizedScrollingSequence), DCM_DisplaySetScrollingGroup, group);
    if (const Status written = write.status(); !written)
        return fail(written.error());
    return dataSet;
}

} // namespace yz::dicom
