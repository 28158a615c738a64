#include "dicom/data/dictionary_dcmtk.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <algorithm>
#include <vector>

namespace yz::dicom {

namespace {

/// A private attribute without its block: the creator reserves that in each data set (PS3.5 7.8.1).
quint32 keyOf(quint32 tag, bool isPrivate) { return isPrivate ? tag & 0xFFFF00FFU : tag; }

std::vector<quint32> sequencesOfDictionary() {
    std::vector<quint32> keys;
    const auto add = [&keys](const DcmDictEntry& entry) {
        if (entry.getEVR() != EVR_SQ)
            return;
        const bool isPrivate = entry.getPrivateCreator() != nullptr;
        for (quint32 group = entry.getGroup(); group <= entry.getUpperGroup(); ++group)
            for (quint32 element = entry.getElement(); element <= entry.getUpperElement(); ++element)
                keys.push_back(keyOf(group << 16 | element, isPrivate));
    };
    DcmDataDictionary& dictionary = dcmDataDict.wrlock(); // there is no other way to its iterators
    for (auto entry = dictionary.normalBegin(); entry != dictionary.normalEnd(); ++entry)
        add(**entry);
    for (auto entry = dictionary.repeatingBegin(); entry != dictionary.repeatingEnd(); ++entry)
        add(**entry);
    dcmDataDict.wrunlock();
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
}

} // namespace

bool mayBeSequence(quint32 tag) {
    static const std::vector<quint32> kKeys = sequencesOfDictionary();
    return std::binary_search(kKeys.begin(), kKeys.end(), keyOf(tag, (tag >> 16 & 1) != 0));
}

} // namespace yz::dicom
