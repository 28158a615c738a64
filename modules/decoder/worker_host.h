#pragma once

/// The decoder program between two requests for a worker: it waits, forks, and takes exit codes. It reads nothing but
/// the desk's requests.
namespace yz::decoder {

/// Serves the control socket until the desk closes it; returns the exit code. In a forked worker it does not return.
[[nodiscard]] int serveHost(int control);

} // namespace yz::decoder
