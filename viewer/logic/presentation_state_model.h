#pragma once

#include "core/cancel.h"
#include "domain/ports.h"
#include "domain/study.h"

#include <QHash>
#include <QObject>
#include <QSet>
#include <memory>
#include <vector>

namespace yz {

/// The softcopy presentation states among the studies' files, read off the GUI thread as they arrive. GUI thread.
class PresentationStateModel : public QObject {
    Q_OBJECT

public:
    explicit PresentationStateModel(std::shared_ptr<PixelSource> source, QObject* parent = nullptr);
    ~PresentationStateModel() override;

    void clear();
    /// Anything but a presentation state of a known class, and known ones, are passed over.
    void add(const InstanceRecord& instance);

    [[nodiscard]] PresentationStatePtr find(const InstanceUid& state) const;
    /// The states about a frame that the chain can draw, in the order of their label.
    [[nodiscard]] std::vector<PresentationStatePtr> statesOf(const InstanceUid& image, int frame) const;
    /// The image as the state wants it; made once. The image itself when it cannot be.
    [[nodiscard]] ImageDescriptionPtr presented(const ImageDescriptionPtr& image, const PresentationState& state);

Q_SIGNALS:
    void changed();

private:
    std::shared_ptr<PixelSource> m_source;
    std::vector<PresentationStatePtr> m_states;
    QSet<InstanceUid> m_known;
    struct Presented {
        std::weak_ptr<const ImageDescription> image;
        ImageDescriptionPtr result;
    };
    QHash<std::pair<InstanceUid, InstanceUid>, Presented> m_presented; ///< by state and image
    CancelToken m_token;
};

} // namespace yz
