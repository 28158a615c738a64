#pragma once

#include <QtGlobal>

/// A worker: parses and decodes what it is handed, one request after the other.
namespace yz::decoder {

/// Maps the answer memory, locks itself down, says so, and serves until the desk closes the socket; returns the exit
/// code. A worker that cannot lock itself down says that and reads nothing. Owns both descriptors.
[[nodiscard]] int serveRequests(int socket, int memory, qint64 answerBytes);

} // namespace yz::decoder
