#include "check_line.h"

#include "uikit/icon.h"

#include <QHBoxLayout>
#include <QLabel>

namespace yz {

QWidget* makeCheckLine(const CheckLine& line) {
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* mark = new QLabel;
    mark->setPixmap(iconPixmap(iconOf(line.tone), 16, coloursOf(line.tone).text, row->devicePixelRatioF()));
    mark->setFixedWidth(20);
    auto* text = new QLabel(line.text);
    text->setWordWrap(true);
    text->setTextFormat(Qt::PlainText);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(mark, 0, Qt::AlignTop);
    layout->addWidget(text, 1);
    return row;
}

} // namespace yz
