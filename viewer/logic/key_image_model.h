#pragma once

#include "core/cancel.h"
#include "domain/ports.h"
#include "domain/presentation_object.h"
#include "domain/study.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QObject>
#include <QSet>
#include <memory>
#include <vector>

namespace yz {

/// Key images of the studies on the page: those that key object selections among the files name, read off the GUI
/// thread as they arrive, and those that the reader has marked. GUI thread.
class KeyImageModel : public QObject {
    Q_OBJECT

public:
    /// A source that reads no key object selections is none here.
    explicit KeyImageModel(const std::shared_ptr<PixelSource>& source, QObject* parent = nullptr);
    ~KeyImageModel() override;

    void clear();
    /// Anything but a key object selection, and known ones, are passed over.
    void add(const InstanceRecord& instance);
    [[nodiscard]] const std::vector<KeyObjectSelectionPtr>& selections() const { return m_selections; }
    /// The selections that name a frame; frame is 0-based.
    [[nodiscard]] std::vector<KeyObjectSelectionPtr> selectionsOf(const InstanceUid& image, int frame) const;

    /// The reader's own marks: one frame each.
    [[nodiscard]] const std::vector<KeyObjectSelection::Item>& marks() const { return m_marks; }
    [[nodiscard]] bool isMarked(const InstanceUid& image, int frame) const;
    void mark(const KeyObjectSelection::Item& item, bool marked);
    /// Marks that are in no selection the reader has saved.
    [[nodiscard]] bool hasUnsaved() const { return m_marks != m_saved; }
    void markSaved();

    [[nodiscard]] QJsonObject toJson() const;
    void load(const QJsonObject& json);

Q_SIGNALS:
    void changed();
    void marksChanged(); ///< the reader's own

private:
    std::shared_ptr<KeyObjectSource> m_source;
    std::vector<KeyObjectSelectionPtr> m_selections;
    std::vector<KeyObjectSelection::Item> m_marks, m_saved;
    QSet<InstanceUid> m_known;
    CancelToken m_token;
};

} // namespace yz
