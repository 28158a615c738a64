#pragma once

#include "viewer/viewer_controller.h"

#include <QImage>
#include <QScrollArea>
#include <QWidget>
#include <vector>

class QVBoxLayout;

namespace yz {

/// One stack: its picture, what it is, how much of it is there and how much has been seen. Click: into the active
/// viewport; drag: into any.
class ThumbnailTile final : public QWidget {
    Q_OBJECT

public:
    ThumbnailTile(ViewerController& controller, const StackKey& key, int number, QWidget* parent);
    [[nodiscard]] const StackKey& key() const { return m_key; }
    [[nodiscard]] QSize sizeHint() const override;
    void refresh();

Q_SIGNALS:
    void chosen(const yz::StackKey& key);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    void renderPicture();
    [[nodiscard]] bool isShown() const;

    ViewerController& m_controller;
    StackKey m_key;
    QImage m_picture;
    const PixelBuffer* m_drawn = nullptr;
    QPoint m_pressedAt;
};

/// The series of the current study, then those of each prior.
class ThumbnailStrip final : public QScrollArea {
    Q_OBJECT

public:
    explicit ThumbnailStrip(ViewerController& controller, QWidget* parent = nullptr);

private:
    void rebuild();
    void refresh(const SeriesUid& series);
    void scheduleRebuild();
    [[nodiscard]] std::vector<StackKey> stacksInOrder() const;

    ViewerController& m_controller;
    QWidget* m_content;
    QVBoxLayout* m_layout;
    std::vector<ThumbnailTile*> m_tiles;
    bool m_rebuildPending = false;
};

} // namespace yz
