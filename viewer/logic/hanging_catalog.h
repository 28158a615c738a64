#pragma once

#include "core/result.h"
#include "imaging/hanging.h"

#include <QString>
#include <QStringList>
#include <vector>

namespace yz {

/// The hanging protocols in force: those shipped with the product, those of the site and those of the user, each
/// replacing earlier ones of the same id. Files are read and written where it is called; GUI thread.
class HangingCatalog {
public:
    enum class Origin { Shipped, Site, User };

    /// Reads "*.json" of the folders in name order, schemas left out. A broken file is left out and said in problems();
    /// a folder that is not there holds nothing.
    explicit HangingCatalog(QString siteFolder = {}, QString userFolder = {},
                            QString shippedFolder = QStringLiteral(":/yz/hanging"));

    [[nodiscard]] const std::vector<HangingProtocol>& protocols() const { return m_protocols; }
    [[nodiscard]] const HangingProtocol* find(const QString& id) const;
    /// Where the protocol in force comes from.
    [[nodiscard]] Origin originOf(const QString& id) const;
    struct Problem {
        QString file;
        Error error;
    };
    [[nodiscard]] const std::vector<Problem>& problems() const { return m_problems; }

    /// Reads the folders again.
    void reload();
    /// Into the user's folder, over one of the same id there. InvalidArgument without a user's folder, TemplateBroken
    /// when the protocol would not be read again, FileUnwritable.
    [[nodiscard]] Status save(const HangingProtocol& protocol);
    /// Takes the user's own away; one of the site or of the product with its id is in force again. NotFound when the
    /// user has none of that id.
    [[nodiscard]] Status remove(const QString& id);

private:
    void read(const QString& folder, Origin origin);

    QString m_siteFolder, m_userFolder, m_shippedFolder;
    std::vector<HangingProtocol> m_protocols;
    std::vector<Origin> m_origins; ///< of each protocol
    std::vector<QString> m_files;
    std::vector<Problem> m_problems;
};

} // namespace yz
