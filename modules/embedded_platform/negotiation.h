#pragma once

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmnet/assoc.h>

#include <QHash>
#include <QString>
#include <QStringList>

namespace yz::platform {

/// SOP class -> transfer syntaxes its stored instances have, most frequent first.
using StoredSyntaxes = QHash<QString, QStringList>;

/// Accepts what the platform serves: verification, storage of every composite class, Study Root query and retrieve,
/// UPS, storage commitment. Where the peer offers to receive objects (C-GET), the syntax they are stored in is
/// preferred.
void negotiateContexts(T_ASC_Parameters* parameters, const StoredSyntaxes& stored);

[[nodiscard]] bool isStorageClass(const QString& sopClass);

} // namespace yz::platform
