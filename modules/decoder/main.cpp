#include "decoder/preload.h"
#include "decoder/worker_host.h"
#include "dicom/worker/worker_protocol.h"

#include <cstdio>
#include <cstdlib>
#include <sys/socket.h>
#include <sys/stat.h>

/// Started by the desk alone: it has its control socket where the desk put it.
int main() {
    struct stat status {};
    if (::fstat(yz::dicom::kControlDescriptor, &status) != 0 || !S_ISSOCK(status.st_mode)) {
        std::fputs("yuanzhen-decoder is a part of the workstation, which starts it itself.\n", stderr);
        return EXIT_FAILURE;
    }
    yz::decoder::preload();
    return yz::decoder::serveHost(yz::dicom::kControlDescriptor);
}
