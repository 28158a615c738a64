#pragma once

#include <QByteArray>
#include <QDebug>
#include <cstdint>
#include <cstdlib>

namespace yz::fuzz {

inline QByteArray bytesOf(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), static_cast<qsizetype>(size)};
}

/// A rule that has to hold whatever the input: a broken one ends the run as a crash does.
inline void require(bool holds, const char* rule) {
    if (holds)
        return;
    qCritical("broken: %s", rule);
    std::abort();
}

} // namespace yz::fuzz
