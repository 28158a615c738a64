#include "bandwidth_settings.h"

#include "settings_form.h"
#include "settings_table.h"

#include <QDoubleSpinBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QTimeEdit>
#include <QVBoxLayout>
#include <cmath>

namespace yz {

namespace {

constexpr double kBytesPerMbit = 125'000.0;
constexpr double kMostMbit = 100'000.0;
constexpr size_t kMostWindows = 24;

qint64 bytesOf(double mbit) { return std::llround(mbit * 1000.0) * 125; } // the file has whole kbit/s
double mbitOf(qint64 bytes) { return static_cast<double>(bytes) / kBytesPerMbit; }

QString keyOf(size_t index) { return QStringLiteral("windows[%1]").arg(index); }

/// "20", "2.5", "2500": zeros behind the point would read as thousands in some languages, a comma as a point in others.
class RateBox final : public QDoubleSpinBox {
public:
    [[nodiscard]] QString textFromValue(double value) const override {
        QLocale plain = locale();
        plain.setNumberOptions(QLocale::OmitGroupSeparator);
        return plain.toString(value, 'f', QLocale::FloatingPointShortest);
    }
};

void showTime(QTimeEdit& edit, QTime time) {
    const QSignalBlocker quiet(&edit);
    if (edit.time() != time)
        edit.setTime(time);
}

void showRate(QDoubleSpinBox& box, qint64 bytes) {
    const QSignalBlocker quiet(&box);
    if (bytesOf(box.value()) != bytes)
        box.setValue(mbitOf(bytes));
}

QString meaning(const BandwidthWindow& window) {
    if (window.from == window.to)
        return BandwidthSettings::tr("The whole day.");
    if (window.to == QTime(0, 0))
        return BandwidthSettings::tr("Until midnight.");
    return window.to < window.from ? BandwidthSettings::tr("Until the next morning.") : QString();
}

} // namespace

BandwidthSettings::BandwidthSettings(SettingsController& controller, QWidget* parent)
    : QWidget(parent), m_controller(controller), m_form(new SettingsForm),
      m_otherwise(newRate(QStringLiteral("bandwidthOtherwise"))), m_add(new QPushButton(tr("Add a time"))) {
    m_add->setObjectName(QStringLiteral("bandwidthAdd"));
    m_form->addHeading(tr("What fetching studies may take of the line"));
    m_form->addField(QStringLiteral("kbitPerSecond"), tr("Limit"), m_otherwise,
                     tr("For all studies together, at every time that no row below names; reports are not held back."));
    m_otherwise->setObjectName(QStringLiteral("bandwidthOtherwise"));
    m_otherwise->setMaximumWidth(160);
    m_form->addHeading(tr("Times with a limit of their own"));
    connect(m_otherwise, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        m_controller.edit([value](SiteDraft& draft) { draft.site.bandwidth.bytesPerSecond = bytesOf(value); });
    });
    auto* content = new QWidget;
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_form);
    auto* bar = new QHBoxLayout;
    bar->setContentsMargins(16, 0, 16, 16);
    bar->addWidget(m_add);
    bar->addStretch();
    column->addLayout(bar);
    column->addStretch();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    layout->addWidget(makeScrolled(content));
    connect(m_add, &QPushButton::clicked, this, [this] {
        size_t last = 0;
        m_controller.edit([&](SiteDraft& draft) {
            std::vector<BandwidthWindow>& windows = draft.site.bandwidth.windows;
            windows.push_back({QTime(8, 0), QTime(18, 0), bytesOf(10.0)});
            last = windows.size() - 1;
        });
        if (last < m_rows.size() && !m_rows[last].field->isHidden())
            m_rows[last].from->setFocus();
    });
    connect(&m_controller, &SettingsController::draftChanged, this, &BandwidthSettings::refresh);
    refresh();
}

QDoubleSpinBox* BandwidthSettings::newRate(const QString& name) {
    auto* box = new RateBox;
    box->setObjectName(name);
    box->setDecimals(3);
    box->setRange(0.0, kMostMbit);
    box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    box->setSuffix(QStringLiteral(" Mbit/s"));
    box->setSpecialValueText(tr("no limit"));
    box->setAccessibleName(tr("Limit"));
    box->setMinimumWidth(130);
    box->installEventFilter(this);
    return box;
}

void BandwidthSettings::buildRow() {
    const size_t index = m_rows.size();
    Row row;
    row.field = new QWidget;
    const auto time = [&](const char* name, const QString& said) {
        auto* edit = new QTimeEdit;
        edit->setDisplayFormat(QStringLiteral("HH:mm"));
        edit->setButtonSymbols(QAbstractSpinBox::NoButtons);
        edit->setObjectName(QStringLiteral("%1%2").arg(QLatin1String(name)).arg(index));
        edit->setAccessibleName(said);
        edit->setFixedWidth(72);
        edit->installEventFilter(this);
        return edit;
    };
    row.from = time("bandwidthFrom", tr("From"));
    row.to = time("bandwidthTo", tr("To"));
    row.rate = newRate(QStringLiteral("bandwidthRate%1").arg(index));
    auto* remove = new QPushButton(tr("Remove"));
    remove->setObjectName(QStringLiteral("bandwidthRemove%1").arg(index));
    auto* layout = new QHBoxLayout(row.field);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(row.from);
    layout->addWidget(new QLabel(QStringLiteral("–")));
    layout->addWidget(row.to);
    layout->addWidget(row.rate, 1);
    layout->addWidget(remove);
    row.field->setFocusProxy(row.from);
    m_form->addField(keyOf(index), tr("Time %1").arg(index + 1), row.field);
    connect(row.from, &QTimeEdit::timeChanged, this, [this, index](QTime value) {
        editWindow(index, [value](BandwidthWindow& window) { window.from = value; });
    });
    connect(row.to, &QTimeEdit::timeChanged, this,
            [this, index](QTime value) { editWindow(index, [value](BandwidthWindow& window) { window.to = value; }); });
    connect(row.rate, &QDoubleSpinBox::valueChanged, this, [this, index](double value) {
        editWindow(index, [value](BandwidthWindow& window) { window.bytesPerSecond = bytesOf(value); });
    });
    connect(remove, &QPushButton::clicked, this, [this, index] {
        m_controller.edit([index](SiteDraft& draft) {
            std::vector<BandwidthWindow>& windows = draft.site.bandwidth.windows;
            if (index < windows.size())
                windows.erase(windows.begin() + static_cast<std::ptrdiff_t>(index));
        });
        m_add->setFocus(); // the button that was pressed may be gone
    });
    m_rows.push_back(row);
}

void BandwidthSettings::editWindow(size_t index, const std::function<void(BandwidthWindow& window)>& change) {
    m_controller.edit([&](SiteDraft& draft) {
        if (index < draft.site.bandwidth.windows.size())
            change(draft.site.bandwidth.windows[index]);
    });
}

void BandwidthSettings::refresh() {
    const BandwidthPlan& plan = m_controller.draft().site.bandwidth;
    showRate(*m_otherwise, plan.bytesPerSecond);
    while (m_rows.size() < plan.windows.size())
        buildRow();
    for (size_t i = 0; i < m_rows.size(); ++i) {
        const bool isThere = i < plan.windows.size();
        m_form->setRowVisible(keyOf(i), isThere);
        if (!isThere)
            continue;
        const BandwidthWindow& window = plan.windows[i];
        showTime(*m_rows[i].from, window.from);
        showTime(*m_rows[i].to, window.to);
        showRate(*m_rows[i].rate, window.bytesPerSecond);
        m_form->setHint(keyOf(i), meaning(window));
    }
    m_add->setEnabled(m_controller.mayChange() && plan.windows.size() < kMostWindows);
    m_form->showFaults(m_controller.faults(), QStringLiteral("bandwidth."));
}

bool BandwidthSettings::focusFault() { return m_form->focusFault(); }

/// Values change by keys only: a wheel that scrolls the page changes nothing.
bool BandwidthSettings::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Wheel) {
        event->ignore();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace yz
