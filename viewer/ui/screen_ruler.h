#pragma once

#include <QDialog>
#include <QWidget>

class QDoubleSpinBox;
class QSlider;

namespace yz {

/// The outline of a bank card (ISO/IEC 7810 ID-1: 85.60 x 53.98 mm) and a ruler, at a given number of px a mm.
class RulerWidget final : public QWidget {
    Q_OBJECT

public:
    static constexpr double cardMm = 85.60, cardHeightMm = 53.98;

    explicit RulerWidget(QWidget* parent = nullptr);
    /// Logical px a mm.
    void setPxPerMm(double pxPerMm);
    [[nodiscard]] QRectF cardRect() const; ///< logical px
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    double m_pxPerMm = 3.78;
};

/// Measures the screen the dialog stands on: the outline is drawn out until a bank card, or a ruler, fits it.
/// Non-modal.
class ScreenRuler final : public QDialog {
    Q_OBJECT

public:
    explicit ScreenRuler(QWidget* parent = nullptr);
    [[nodiscard]] double pxPerMm() const { return m_pxPerMm; } ///< device px

Q_SIGNALS:
    /// Kept in ScreenCalibration already.
    void measured();

protected:
    void moveEvent(QMoveEvent* event) override;

private:
    void follow();
    void accept() override;

    RulerWidget* m_ruler;
    QSlider* m_slider;
    double m_pxPerMm = 0.0;
    QString m_screen; ///< ScreenCalibration::keyOf
};

} // namespace yz
