/// Report templates: HTML by libxml2, then our reader.
#include "fuzz_input.h"
#include "reporting/mrrt_reader.h"

using namespace yz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    (void)MrrtReader::read(fuzz::bytesOf(data, size));
    return 0;
}
