#include "dicom/data/prepare.h"

#include "dicom/data/dictionary_dcmtk.h"
#include "dicom/data/text_iconv.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/oflog/oflog.h>

#include <mutex>

namespace yz::dicom {

void prepareDicom() {
    static std::once_flag once;
    std::call_once(once, [] {
        // The library's own messages may quote values, so they stay out of logs.
        OFLog::configure(OFLogger::OFF_LOG_LEVEL);
        dcmEnableUnknownVRConversion.set(OFTrue); // public elements sent as UN are read by the dictionary
        (void)dcmDataDict.isDictionaryLoaded();
        (void)isDictionarySequence(0);
        loadCodeTables();
    });
}

} // namespace yz::dicom
