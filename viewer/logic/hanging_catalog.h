#pragma once

#include "core/result.h"
#include "imaging/hanging.h"

#include <QString>
#include <QStringList>
#include <vector>

namespace yz {

/// The hanging protocols in force: those shipped with the product and those of a folder of the site, which replace
/// shipped ones of the same id.
class HangingCatalog {
public:
    /// Reads "*.json" of both folders in name order. A broken file is left out and said in problems().
    explicit HangingCatalog(const QString& userFolder = {},
                            const QString& shippedFolder = QStringLiteral(":/yz/hanging"));

    [[nodiscard]] const std::vector<HangingProtocol>& protocols() const { return m_protocols; }
    struct Problem {
        QString file;
        Error error;
    };
    [[nodiscard]] const std::vector<Problem>& problems() const { return m_problems; }

private:
    void read(const QString& folder);

    std::vector<HangingProtocol> m_protocols;
    std::vector<Problem> m_problems;
};

} // namespace yz
