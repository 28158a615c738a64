#include "dicom/data/dictionary_dcmtk.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <QHash>
#include <algorithm>
#include <array>
#include <vector>

namespace yz::dicom {

namespace {

/// Sorted tags by creator, the public ones under none. A private tag is without its block, which the creator reserves
/// in each data set.
using SequenceTags = QHash<QByteArray, std::vector<quint32>>;

SequenceTags sequencesOfDictionary() {
    SequenceTags tags;
    const auto add = [&tags](const DcmDictEntry& entry) {
        if (entry.getEVR() != EVR_SQ)
            return;
        const char* creator = entry.getPrivateCreator();
        const quint32 mask = creator ? 0xFFFF00FFU : 0xFFFFFFFFU;
        std::vector<quint32>& of = tags[QByteArray(creator)];
        for (quint32 group = entry.getGroup(); group <= entry.getUpperGroup(); ++group)
            for (quint32 element = entry.getElement(); element <= entry.getUpperElement(); ++element)
                of.push_back((group << 16 | element) & mask);
    };
    DcmDataDictionary& dictionary = dcmDataDict.wrlock(); // there is no other way to its iterators
    for (auto entry = dictionary.normalBegin(); entry != dictionary.normalEnd(); ++entry)
        add(**entry);
    for (auto entry = dictionary.repeatingBegin(); entry != dictionary.repeatingEnd(); ++entry)
        add(**entry);
    dcmDataDict.wrunlock();
    for (std::vector<quint32>& of : tags)
        std::sort(of.begin(), of.end());
    return tags;
}

const SequenceTags& sequenceTags() {
    static const SequenceTags kTags = sequencesOfDictionary();
    return kTags;
}

} // namespace

bool isDictionarySequence(quint32 tag, const QByteArray& creator) {
    const auto of = sequenceTags().constFind(creator);
    return of != sequenceTags().constEnd() &&
           std::binary_search(of->begin(), of->end(), creator.isEmpty() ? tag : tag & 0xFFFF00FFU);
}

bool hasLongLengthForDcmtk(const char* vr) {
    const std::array<char, 3> name{vr[0], vr[1], '\0'};
    return DcmVR(name.data()).usesExtendedLengthEncoding();
}

bool ownsDictionarySequences(const QByteArray& creator) { return sequenceTags().contains(creator); }

} // namespace yz::dicom
