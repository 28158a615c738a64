#pragma once

#include "core/result.h"

/// What a worker may still do once it has seen a stranger's bytes.
namespace yz::decoder {

/// Limits of the process and a filter of system calls; there is no way back. Left are: messages on the socket it has,
/// reading files it was handed, memory that cannot be executed, waiting, ending. Opening, creating, connecting,
/// starting and signalling are not: what a library tries now and then fails with EPERM, what only an attacker tries
/// ends the process. `answerBytes`: shared memory mapped already, allowed on top of the limit of address space.
/// DecoderUnavailable when any part of it cannot be had; the caller must then read nothing.
[[nodiscard]] Status lockDown(qint64 answerBytes);

} // namespace yz::decoder
