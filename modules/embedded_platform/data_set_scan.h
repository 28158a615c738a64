#pragma once

#include "core/result.h"

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcxfer.h>

#include <QByteArray>
#include <QByteArrayView>

namespace yz::platform {

/// What a received data set may be at most. DCMTK parses recursively and trusts lengths, so this is checked before it.
struct ScanLimits {
    int depth = 64;
    qint64 elements = 1'000'000;
    quint32 elementBytes = 512U * 1024 * 1024;
    qint64 inflatedBytes = 1024LL * 1024 * 1024;
};

/// Walks the elements without recursion. DataSetTruncated (an element reaches past the end), LimitExceeded,
/// DataSetBroken. Not for the deflated syntax: inflate first.
[[nodiscard]] Status scanDataSet(QByteArrayView bytes, E_TransferSyntax syntax, const ScanLimits& limits = {});

/// Length of the group 0002 elements at the start of `bytes` (behind the "DICM" mark). Same errors.
[[nodiscard]] Result<qint64> metaHeaderLength(QByteArrayView bytes, const ScanLimits& limits = {});

/// The data set of the deflated transfer syntax as explicit little endian. LimitExceeded, DataSetBroken.
[[nodiscard]] Result<QByteArray> inflateDataSet(const QByteArray& bytes, const ScanLimits& limits = {});

} // namespace yz::platform
