#include "decoder/preload.h"
#include "decoder/worker_host.h"
#include "dicom/worker/worker_protocol.h"

#include <cstdio>
#include <cstdlib>
#include <malloc.h>
#include <sys/socket.h>
#include <sys/stat.h>

/// Started by the desk alone: it has its control socket where the desk put it.
int main() {
    struct stat status {};
    if (::fstat(yz::dicom::kControlDescriptor, &status) != 0 || !S_ISSOCK(status.st_mode)) {
        std::fputs("yuanzhen-decoder is a part of the workstation, which starts it itself.\n", stderr);
        return EXIT_FAILURE;
    }
    // A worker decodes one frame after the other of much the same size: memory that is kept need not be faulted in
    // again.
    constexpr int kKept = 32 << 20;
    (void)::mallopt(M_MMAP_THRESHOLD, kKept);
    (void)::mallopt(M_TRIM_THRESHOLD, 2 * kKept);
    yz::decoder::preload();
    return yz::decoder::serveHost(yz::dicom::kControlDescriptor);
}
