#pragma once

#include "storage/desk_store.h"
#include "support/fake_clock.h"

#include <functional>
#include <memory>
#include <vector>

namespace yz::test {

/// A workstation in a folder of its own, as the steps of a report's life work on it.
struct LifeDesk {
    QString home; ///< exists; the desk's folder is made inside it
    FakeClock clock;
    std::unique_ptr<DeskStore> store;

    [[nodiscard]] QString deskFolder() const { return home + QStringLiteral("/var/desk"); }
    [[nodiscard]] QString siteFile() const { return home + QStringLiteral("/site.json"); }
    [[nodiscard]] Status open();
};

struct LifeStep {
    const char* name;
    std::function<Status(LifeDesk&)> run;
};

/// One report from the first start of the desk to its receipt: users, list, claim, pictures, autosaves, the author's
/// version, the platform's answers, the reviewer's version, undo and approval, nights in between. The same steps always
/// write the same rows; a step that failed may be run again.
[[nodiscard]] const std::vector<LifeStep>& reportLife();

/// Runs step `index` of reportLife() at its own time.
[[nodiscard]] Status runStep(LifeDesk& desk, size_t index);

/// Everything the open desk knows, as text: two desks with the same are in the same state.
[[nodiscard]] Result<QByteArray> deskContent(LifeDesk& desk);

/// What must hold of a desk at every moment, whatever it knows: the database is whole, the audit chain unbroken, no
/// version without its audit row, pictures, signatures and outbox rows, no outbox row without its version, no torn
/// file. Empty, or what is wrong.
[[nodiscard]] QString deskFault(LifeDesk& desk);

/// The desk can go on: the claim keeps its Transaction UID, and one more report is signed, sent and still there after
/// the next start. Empty, or what is wrong.
[[nodiscard]] QString cannotGoOn(LifeDesk& desk);

} // namespace yz::test
