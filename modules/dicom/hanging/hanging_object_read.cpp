#include "dicom/data/attributes_dcmtk.h"
#include "dicom/hanging/hanging_object_dcmtk.h"
#include "dicom/hanging/selector_value_dcmtk.h"

#include <algorithm>

namespace yz::dicom {

namespace {

constexpr size_t kMostItems = 1000;

HangingCode readCode(DcmItem& item, TextDecoder& decoder) {
    return {code(item, DCM_CodeValue), code(item, DCM_CodingSchemeDesignator), text(item, DCM_CodeMeaning, decoder)};
}

quint32 tagValue(DcmItem& item, const DcmTagKey& tag) {
    DcmElement* element = nullptr;
    DcmTagKey value;
    if (item.findAndGetElement(tag, element).bad() || !element || element->ident() != EVR_AT ||
        static_cast<DcmAttributeTag*>(element)->getTagVal(value, 0).bad())
        return 0;
    return static_cast<quint32>(value.getGroup()) << 16 | value.getElement();
}

HangingObjectSelector readSelector(DcmItem& item, TextDecoder& decoder) {
    HangingObjectSelector selector;
    selector.attribute = tagValue(item, DCM_SelectorAttribute);
    selector.category = code(item, DCM_FilterByCategory);
    selector.op = code(item, DCM_FilterByOperator);
    if (selector.op.isEmpty())
        selector.op = code(item, DCM_FilterByAttributePresence);
    selector.vr = code(item, DCM_SelectorAttributeVR);
    selector.valueNumber = integer(item, DCM_SelectorValueNumber).value_or(0);
    selector.isOptional = code(item, DCM_ImageSetSelectorUsageFlag) == u"NO_MATCH";
    selector.isNested = item.tagExists(DCM_SelectorSequencePointer) || item.tagExists(DCM_FunctionalGroupPointer) ||
                        item.tagExists(DCM_SelectorAttributePrivateCreator);
    if (const auto value = selectorValueTag(selector.vr))
        selector.values = textList(item, *value, decoder);
    return selector;
}

HangingObjectDefinition readDefinition(DcmItem& item, TextDecoder& decoder) {
    HangingObjectDefinition definition;
    definition.modality = code(item, DCM_Modality);
    definition.laterality = code(item, DCM_Laterality);
    const std::vector<DcmItem*> anatomies = items(item, DCM_AnatomicRegionSequence);
    if (!anatomies.empty())
        definition.anatomy = readCode(*anatomies.front(), decoder);
    const size_t others = (anatomies.empty() ? 0 : anatomies.size() - 1) +
                          items(item, DCM_ProcedureCodeSequence).size() +
                          items(item, DCM_ReasonForRequestedProcedureCodeSequence).size();
    definition.otherCodes = static_cast<int>(others);
    return definition;
}

void readImageSets(DcmItem& item, TextDecoder& decoder, std::vector<HangingObjectImageSet>& sets) {
    std::vector<HangingObjectSelector> selectors;
    for (DcmItem* selector : items(item, DCM_ImageSetSelectorSequence))
        selectors.push_back(readSelector(*selector, decoder));
    for (DcmItem* entry : items(item, DCM_TimeBasedImageSetsSequence)) {
        HangingObjectImageSet set;
        set.selectors = selectors;
        set.number = integer(*entry, DCM_ImageSetNumber).value_or(0);
        set.category = code(*entry, DCM_ImageSetSelectorCategory);
        const DcmTagKey& range = set.category == u"ABSTRACT_PRIOR" ? DCM_AbstractPriorValue : DCM_RelativeTime;
        set.first = integer(*entry, range, 0).value_or(0);
        set.last = integer(*entry, range, 1).value_or(set.first);
        set.units = code(*entry, DCM_RelativeTimeUnits);
        set.label = text(*entry, DCM_ImageSetLabel, decoder);
        sets.push_back(std::move(set));
    }
}

HangingObjectBox readBox(DcmItem& item) {
    HangingObjectBox box;
    box.layout = code(item, DCM_ImageBoxLayoutType);
    box.tileColumns = std::clamp(integer(item, DCM_ImageBoxTileHorizontalDimension).value_or(1), 1, 1000);
    box.tileRows = std::clamp(integer(item, DCM_ImageBoxTileVerticalDimension).value_or(1), 1, 1000);
    const std::vector<double> place = numbers(item, DCM_DisplayEnvironmentSpatialPosition);
    if (place.size() == 4) { // upper left, lower right
        box.left = place[0];
        box.top = place[1];
        box.right = place[2];
        box.bottom = place[3];
    }
    return box;
}

HangingObjectDisplaySet readDisplaySet(DcmItem& item, TextDecoder& decoder) {
    HangingObjectDisplaySet set;
    set.number = integer(item, DCM_DisplaySetNumber).value_or(0);
    set.label = text(item, DCM_DisplaySetLabel, decoder);
    set.group = integer(item, DCM_DisplaySetPresentationGroup).value_or(1);
    set.groupName = text(item, DCM_DisplaySetPresentationGroupDescription, decoder);
    set.imageSet = integer(item, DCM_ImageSetNumber).value_or(0);
    for (DcmItem* box : items(item, DCM_ImageBoxesSequence))
        set.boxes.push_back(readBox(*box));
    for (DcmItem* filter : items(item, DCM_FilterOperationsSequence))
        set.filters.push_back(readSelector(*filter, decoder));
    set.sortings = static_cast<int>(items(item, DCM_SortingOperationsSequence).size());
    set.blending = code(item, DCM_BlendingOperationType);
    set.reformatting = code(item, DCM_ReformattingOperationType);
    set.viewDirection = code(item, DCM_ReformattingOperationInitialViewDirection);
    set.thicknessMm = number(item, DCM_ReformattingThickness).value_or(0.0);
    set.rendering = codes(item, DCM_ThreeDRenderingType).join(u'\\');
    set.orientation = codes(item, DCM_DisplaySetPatientOrientation).join(u'\\');
    set.voiType = code(item, DCM_VOIType);
    set.pseudoColour = code(item, DCM_PseudoColorType);
    set.inverted = code(item, DCM_ShowGrayscaleInverted) == u"Y";
    set.horizontal = code(item, DCM_DisplaySetHorizontalJustification);
    set.vertical = code(item, DCM_DisplaySetVerticalJustification);
    return set;
}

std::vector<int> readScrollingGroup(DcmItem& item) {
    std::vector<int> group;
    for (const double number : numbers(item, DCM_DisplaySetScrollingGroup))
        group.push_back(static_cast<int>(number));
    return group;
}

} // namespace

Result<HangingObject> readHangingObject(const ParsedHeader& parsed) {
    DcmItem& item = *parsed.dataSet;
    if (code(item, DCM_SOPClassUID) != QLatin1String(kHangingProtocolStorage))
        return fail(ErrorCode::NotSupported, QStringLiteral("not a hanging protocol"));
    TextDecoder decoder = textDecoderFor(item);
    HangingObject object;
    object.instance = code(item, DCM_SOPInstanceUID);
    object.name = text(item, DCM_HangingProtocolName, decoder);
    object.description = text(item, DCM_HangingProtocolDescription, decoder);
    object.level = code(item, DCM_HangingProtocolLevel);
    object.creator = text(item, DCM_HangingProtocolCreator, decoder);
    // The part that every DT has; with or without fraction and zone.
    object.created = QDateTime::fromString(code(item, DCM_HangingProtocolCreationDateTime).left(14),
                                           QStringLiteral("yyyyMMddHHmmss"));
    const std::vector<DcmItem*> displaySets = items(item, DCM_DisplaySetsSequence);
    if (displaySets.empty())
        return fail(ErrorCode::AttributeMissing, QStringLiteral("Display Sets Sequence"));
    const std::vector<DcmItem*> definitions = items(item, DCM_HangingProtocolDefinitionSequence);
    const std::vector<DcmItem*> imageSets = items(item, DCM_ImageSetsSequence);
    if (std::max({displaySets.size(), definitions.size(), imageSets.size()}) > kMostItems)
        return fail(ErrorCode::LimitExceeded, QStringLiteral("display sets, image sets or definitions"));
    for (DcmItem* definition : definitions)
        object.definitions.push_back(readDefinition(*definition, decoder));
    for (DcmItem* set : imageSets)
        readImageSets(*set, decoder, object.imageSets);
    for (DcmItem* set : displaySets)
        object.displaySets.push_back(readDisplaySet(*set, decoder));
    for (DcmItem* group : items(item, DCM_SynchronizedScrollingSequence))
        object.scrollingGroups.push_back(readScrollingGroup(*group));
    object.priors = integer(item, DCM_NumberOfPriorsReferenced).value_or(0);
    object.screens = integer(item, DCM_NumberOfScreens).value_or(0);
    object.navigationIndicators = static_cast<int>(items(item, DCM_NavigationIndicatorSequence).size());
    return object;
}

} // namespace yz::dicom
