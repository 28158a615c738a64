#pragma once

#include "core/result.h"
#include "domain/report.h"

#include <QByteArray>
#include <vector>

/// Signatures inside a report object: a private block at the end of the data set, so that the signed file is the
/// canonical file followed by the block and nothing before it changes.
///
/// (0099,0010) LO  "YUANZHEN SIGNATURE 1.0"
/// (0099,1001) SQ  one item per signature, in the order they were made:
///     (0099,0010) LO  "YUANZHEN SIGNATURE 1.0"
///     (0099,1011) CS  AUTHOR or REVIEWER
///     (0099,1012) OB  manifest, (0099,1013) UL its length without padding
///     (0099,1014) OB  detached CMS, (0099,1015) UL its length without padding
/// (0099,10FF) OB  SHA-256 over every byte of the file before this value
namespace yz::dicom {

/// The file with its block. InvalidArgument when `canonical` already carries one or there are no signatures.
[[nodiscard]] Result<QByteArray> withSignatureBlock(const QByteArray& canonical,
                                                    const std::vector<SignatureRecord>& signatures);

struct SplitReportFile {
    QByteArray canonical;
    std::vector<SignatureRecord> signatures;
};
/// SignatureMissing without a block; SignedContentChanged when the digest, the block or any other byte is not what
/// withSignatureBlock writes, under file meta information of our own or of an archive (withOwnFileMeta).
[[nodiscard]] Result<SplitReportFile> splitSignatureBlock(const QByteArray& file);

/// The file meta information names who wrote the file (PS3.10 7.1), so an archive that received the object by C-STORE
/// has put its own in front of the data set; ours is put back. The data set is neither parsed nor changed, and a digest
/// made under ours judges it. A file under our own, or one that is none, comes back as it is.
[[nodiscard]] QByteArray withOwnFileMeta(const QByteArray& file);

/// Puts the parts together without looking into `canonical`: only right when it is canonical and carries no block.
[[nodiscard]] Result<QByteArray> joinSignatureBlock(const QByteArray& canonical,
                                                    const std::vector<SignatureRecord>& signatures);

} // namespace yz::dicom
