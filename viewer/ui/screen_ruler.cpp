#include "viewer_ui/screen_ruler.h"

#include "uikit/fonts.h"
#include "viewer_ui/screen_calibration.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScreen>
#include <QSlider>
#include <QVBoxLayout>
#include <cmath>

namespace yz {

namespace {
constexpr int sliderSteps = 100; // of a device px a mm: 0.26 % at 96 dpi
constexpr double margin = 24.0;
} // namespace

RulerWidget::RulerWidget(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("screenRulerPicture"));
    setAccessibleName(tr("Outline of a bank card and a ruler"));
}

void RulerWidget::setPxPerMm(double pxPerMm) {
    m_pxPerMm = pxPerMm;
    updateGeometry();
    update();
}

QRectF RulerWidget::cardRect() const { return {margin, margin, cardMm * m_pxPerMm, cardHeightMm * m_pxPerMm}; }

QSize RulerWidget::sizeHint() const {
    return {static_cast<int>(std::ceil(100.0 * m_pxPerMm + 2.0 * margin)),
            static_cast<int>(std::ceil(cardHeightMm * m_pxPerMm + 2.0 * margin + 44.0))};
}

void RulerWidget::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), Qt::black);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(QColor(0xff, 0xd8, 0x4d), 1.5));
    painter.drawRoundedRect(cardRect(), 3.18 * m_pxPerMm, 3.18 * m_pxPerMm);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QColor(0xe8, 0xec, 0xef));
    painter.setFont(uiFont(11));
    const double top = cardRect().bottom() + 10.0;
    for (int mm = 0; mm <= 100; ++mm) {
        const double x = margin + mm * m_pxPerMm;
        painter.drawLine(QPointF(x, top), QPointF(x, top + (mm % 10 == 0 ? 14.0 : mm % 5 == 0 ? 10.0 : 6.0)));
        if (mm % 10 == 0)
            painter.drawText(QRectF(x - 20, top + 15.0, 40, 16), Qt::AlignCenter, QString::number(mm / 10));
    }
}

ScreenRuler::ScreenRuler(QWidget* parent) : QDialog(parent), m_ruler(new RulerWidget), m_slider(new QSlider) {
    setObjectName(QStringLiteral("screenRuler"));
    setWindowTitle(tr("Measure this screen"));
    auto* text = new QLabel(tr("Hold a bank card to the yellow outline (or a ruler to the scale, in cm) and move the "
                               "slider until both are of one size. Then pictures can be shown in true size here."));
    text->setWordWrap(true);
    m_slider->setObjectName(QStringLiteral("screenRulerSlider"));
    m_slider->setAccessibleName(tr("Size of the outline"));
    m_slider->setOrientation(Qt::Horizontal);
    m_slider->setRange(1 * sliderSteps, 40 * sliderSteps);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    buttons->button(QDialogButtonBox::Ok)->setText(tr("It fits"));
    buttons->button(QDialogButtonBox::Ok)->setObjectName(QStringLiteral("screenRulerOk"));
    auto* column = new QVBoxLayout(this);
    column->addWidget(text);
    column->addWidget(m_ruler, 1);
    column->addWidget(m_slider);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &ScreenRuler::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_slider, &QSlider::valueChanged, this, [this](int value) {
        m_pxPerMm = double(value) / sliderSteps;
        m_ruler->setPxPerMm(m_pxPerMm / devicePixelRatioF());
    });
    follow();
}

void ScreenRuler::follow() {
    const QString key = ScreenCalibration::keyOf(screen());
    if (key == m_screen && m_pxPerMm > 0.0)
        return;
    m_screen = key;
    const double known = ScreenCalibration::instance().pxPerMm(screen());
    m_pxPerMm = known > 0.0 ? known : ScreenCalibration::claimedPxPerMm(screen());
    const QSignalBlocker quiet(m_slider);
    m_slider->setValue(static_cast<int>(std::lround(m_pxPerMm * sliderSteps)));
    m_ruler->setPxPerMm(m_pxPerMm / devicePixelRatioF());
}

void ScreenRuler::moveEvent(QMoveEvent* event) {
    QDialog::moveEvent(event);
    follow();
}

void ScreenRuler::accept() {
    ScreenCalibration::instance().setPxPerMm(screen(), m_pxPerMm);
    Q_EMIT measured();
    QDialog::accept();
}

} // namespace yz
