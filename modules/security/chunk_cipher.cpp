#include "security/chunk_cipher.h"

#include "security/key_derivation.h"
#include "security/openssl_values.h"

#include <QtEndian>
#include <array>
#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace yz {

namespace {

constexpr char kPurpose[] = "yuanzhen image file 1";
constexpr size_t kNonceBytes = 12;

const uchar* in(std::span<const std::byte> bytes) { return reinterpret_cast<const uchar*>(bytes.data()); }
uchar* out(std::span<std::byte> bytes) { return reinterpret_cast<uchar*>(bytes.data()); }
const uchar* in(const QByteArray& bytes) { return reinterpret_cast<const uchar*>(bytes.constData()); }

/// Looked up once: OpenSSL 3 searches its providers each time it is asked.
const EVP_CIPHER* cipher() {
    static const EVP_CIPHER* const found = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    return found;
}

} // namespace

struct ChunkCipher::Context {
    OpensslPtr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> cipher{EVP_CIPHER_CTX_new()};
    bool hasKey = false;
    std::array<std::byte, 16384> rest{}; ///< what is opened but not wanted
};

Result<QByteArray> ChunkCipher::makeSalt() { return randomBytes(kSaltBytes); }

Result<QByteArray> ChunkCipher::fileKey(const QByteArray& dataKey, const QByteArray& salt) {
    return deriveBytes(dataKey, salt, kPurpose, kKeyBytes);
}

ChunkCipher::ChunkCipher(Use use, QByteArray fileKey, QByteArray binding)
    : m_use(use), m_key(std::move(fileKey)), m_binding(std::move(binding)), m_context(std::make_unique<Context>()) {}

ChunkCipher::~ChunkCipher() = default;

bool ChunkCipher::begin(quint32 number, bool isLast) {
    EVP_CIPHER_CTX* context = m_context->cipher.get();
    const int encrypts = m_use == Use::Seal ? 1 : 0;
    if (!context || m_key.size() != kKeyBytes)
        return false;
    if (!m_context->hasKey &&
        EVP_CipherInit_ex(context, cipher(), nullptr, in(m_key), nullptr, encrypts) != 1) // the length is GCM's own
        return false;
    m_context->hasKey = true;
    std::array<uchar, kNonceBytes> nonce{}; // the key is the file's alone
    qToBigEndian(number, nonce.data() + 7);
    nonce[11] = isLast ? 1 : 0;
    int length = 0;
    return EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, nonce.data(), encrypts) == 1 &&
           EVP_CipherUpdate(context, nullptr, &length, in(m_binding), static_cast<int>(m_binding.size())) == 1;
}

Status ChunkCipher::seal(quint32 number, bool isLast, std::span<const std::byte> plain, std::span<std::byte> sealed) {
    if (m_use != Use::Seal || sealed.size() != plain.size() + kTagBytes)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("a chunk to seal"));
    EVP_CIPHER_CTX* context = m_context->cipher.get();
    int length = 0;
    if (!begin(number, isLast) ||
        EVP_CipherUpdate(context, out(sealed), &length, in(plain), static_cast<int>(plain.size())) != 1 ||
        EVP_CipherFinal_ex(context, out(sealed.last(kTagBytes)), &length) != 1 ||
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, static_cast<int>(kTagBytes), out(sealed.last(kTagBytes))) !=
            1)
        return fail(opensslError(ErrorCode::Internal, "encryption"));
    return {};
}

Status ChunkCipher::open(quint32 number, bool isLast, std::span<const std::byte> sealed, size_t skip,
                         std::span<std::byte> target) {
    if (m_use != Use::Open || sealed.size() < kTagBytes || skip + target.size() > sealed.size() - kTagBytes)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("a chunk to open"));
    const auto damaged = [] {
        return fail(opensslError(ErrorCode::FileUnreadable, "a chunk does not open with the store's key"));
    };
    EVP_CIPHER_CTX* context = m_context->cipher.get();
    if (!begin(number, isLast))
        return fail(opensslError(ErrorCode::Internal, "decryption"));
    std::span<const std::byte> left = sealed.first(sealed.size() - kTagBytes);
    const auto decrypt = [&](std::span<std::byte> to) {
        int length = 0;
        const bool done = EVP_CipherUpdate(context, out(to), &length, in(left), static_cast<int>(to.size())) == 1;
        left = left.subspan(to.size());
        return done;
    };
    // The tag covers all of the chunk, so all of it is gone through.
    const auto drop = [&](size_t count) {
        while (count > 0) {
            const std::span<std::byte> piece =
                std::span(m_context->rest).first(std::min(count, m_context->rest.size()));
            if (!decrypt(piece))
                return false;
            count -= piece.size();
        }
        return true;
    };
    std::array<uchar, kTagBytes> tag{};
    std::copy_n(in(sealed.last(kTagBytes)), kTagBytes, tag.data());
    int length = 0;
    if (!drop(skip) || !decrypt(target) || !drop(left.size()) ||
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, static_cast<int>(kTagBytes), tag.data()) != 1 ||
        EVP_CipherFinal_ex(context, tag.data(), &length) != 1)
        return damaged();
    return {};
}

} // namespace yz
