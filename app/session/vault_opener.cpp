#include "session/vault_opener.h"

#include "storage/file_vault.h"

namespace yz {

namespace {

class VaultSource final : public dicom::ByteSource {
public:
    explicit VaultSource(FileVault::FilePtr file) : m_file(std::move(file)) {}
    [[nodiscard]] qint64 size() const override { return m_file->size(); }
    [[nodiscard]] Result<size_t> read(qint64 offset, std::span<std::byte> target) const override {
        return m_file->read(offset, target);
    }

private:
    FileVault::FilePtr m_file;
};

} // namespace

std::optional<Result<dicom::ReceivedFile>> VaultOpener::open(const QString& path) {
    if (!m_vault.holds(path))
        return std::nullopt;
    Result<FileVault::FilePtr> file = m_vault.openPath(path);
    if (!file)
        return fail(file.error());
    dicom::ReceivedFile received;
    const VaultFile::Identity& identity = (*file)->identity();
    received.key = {identity.device, identity.node, identity.bytes, identity.seconds, identity.nanoseconds};
    received.bytes = (*file)->size();
    received.source = std::make_shared<const VaultSource>(std::move(*file));
    return received;
}

} // namespace yz
