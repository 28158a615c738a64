#pragma once

#include "dicom/worker/received_file.h"

namespace yz {

class FileVault;

/// Lets the decoder read what lies sealed in the desk's vault: the desk opens and unseals it, the decoder gets bytes.
/// Files elsewhere are read where they lie. The vault must outlive it.
class VaultOpener final : public dicom::FileOpener {
public:
    explicit VaultOpener(const FileVault& vault) : m_vault(vault) {}
    /// Errors of FileVault::open.
    std::optional<Result<dicom::ReceivedFile>> open(const QString& path) override;

private:
    const FileVault& m_vault;
};

} // namespace yz
