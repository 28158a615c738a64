#pragma once

#include "core/result.h"

#include <QByteArray>
#include <cstddef>
#include <memory>
#include <span>

namespace yz {

/// AES-256-GCM over the chunks of one file, each sealed by itself, so that any of them can be opened alone. The file's
/// key is derived (HKDF-SHA-256) from a data key and a random salt of the file, the nonce of a chunk is its number and
/// whether it is the last: no nonce comes twice under one key. A chunk that was changed, took the place of another, of
/// this file or of one with another `binding`, or stands where the file was cut does not open. One thread.
class ChunkCipher {
public:
    static constexpr qsizetype kKeyBytes = 32;
    static constexpr qsizetype kSaltBytes = 32;
    static constexpr size_t kTagBytes = 16; ///< what a sealed chunk is longer

    /// Internal.
    [[nodiscard]] static Result<QByteArray> makeSalt();
    [[nodiscard]] static Result<QByteArray> fileKey(const QByteArray& dataKey, const QByteArray& salt);

    enum class Use { Seal, Open };
    /// binding: what else must be the same when a chunk is opened.
    ChunkCipher(Use use, QByteArray fileKey, QByteArray binding);
    ~ChunkCipher();
    ChunkCipher(const ChunkCipher&) = delete;
    ChunkCipher& operator=(const ChunkCipher&) = delete;

    /// `sealed`: kTagBytes more than `plain`. Internal.
    [[nodiscard]] Status seal(quint32 number, bool isLast, std::span<const std::byte> plain,
                              std::span<std::byte> sealed);
    /// Bytes [skip, skip + target.size()) of the chunk; after an error `target` is undefined. FileUnreadable.
    [[nodiscard]] Status open(quint32 number, bool isLast, std::span<const std::byte> sealed, size_t skip,
                              std::span<std::byte> target);

private:
    struct Context;
    [[nodiscard]] bool begin(quint32 number, bool isLast);

    Use m_use;
    QByteArray m_key;
    QByteArray m_binding;
    std::unique_ptr<Context> m_context;
};

} // namespace yz
