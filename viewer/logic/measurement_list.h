#pragma once

#include "core/uid.h"
#include "imaging/measurement_result.h"

#include <QJsonArray>
#include <QObject>
#include <QString>
#include <vector>

namespace yz {

/// The measurements of the reading, with undo, and which of them is selected. Geometry only: values are computed on the
/// picture (imaging/measurement_result.h).
class MeasurementList : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    static constexpr int maximumLabel = 64; ///< characters: what a code's meaning holds

    [[nodiscard]] const std::vector<Measurement>& all() const { return m_items; }
    [[nodiscard]] const Measurement* find(const QString& id) const;
    /// Gives the measurement an id and a tracking UID when it has none, selects it; returns the id. A volume's outline
    /// joins the open volume when that is of its series, else begins one.
    QString add(Measurement measurement);
    /// Replaces the one of the same id. `merge`: part of the same gesture as the last change, one undo takes both back;
    /// settle() ends the gesture.
    void change(const Measurement& measurement, bool merge = false);
    void settle();
    void rename(const QString& id, const QString& label);
    void remove(const QString& id);
    void removeGroup(const QString& group); ///< a volume with all its outlines, one step to undo
    void removeAll();
    [[nodiscard]] bool canUndo() const { return !m_undo.empty(); }
    [[nodiscard]] bool canRedo() const { return !m_redo.empty(); }
    void undo();
    void redo();

    [[nodiscard]] const QString& selected() const { return m_selected; } ///< empty: none
    void select(const QString& id);
    /// The next or the previous one of the list, round the end; empty when there is none.
    [[nodiscard]] QString neighbour(int direction) const;
    /// The next outline begins a volume of its own.
    void closeVolume() { m_openVolume.clear(); }

    [[nodiscard]] QJsonArray toJson() const;
    /// Replaces everything; nothing to undo afterwards.
    void load(const QJsonArray& json);

Q_SIGNALS:
    void changed();
    void selectionChanged();
    void settled(); ///< a change is complete: now is the moment to store it

private:
    void remember();
    [[nodiscard]] QString newId();

    std::vector<Measurement> m_items;
    std::vector<std::vector<Measurement>> m_undo, m_redo;
    int m_nextId = 1;
    QString m_selected, m_openVolume;
    RandomUidSource m_uids;
};

} // namespace yz
