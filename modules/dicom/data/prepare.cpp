#include "dicom/data/prepare.h"

#include "dicom/data/text.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcspchrs.h>
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
        (void)fromGb18030(QByteArrayLiteral("\xD6\xD0"));
        DcmSpecificCharacterSet set;
        OFString text;
        if (set.selectCharacterSet("\\ISO 2022 IR 58", "ISO_IR 192").good())
            (void)set.convertString("\x1B$)A\xD6\xD0", 6, text);
    });
}

} // namespace yz::dicom
