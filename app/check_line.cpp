#include "check_line.h"

#include "uikit/icon.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

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

QStringList showCheckLines(QVBoxLayout& layout, const RoleCheck* check) {
    while (QLayoutItem* item = layout.takeAt(0)) {
        delete item->widget();
        delete item;
    }
    QStringList texts;
    if (check == nullptr)
        return texts;
    for (const CheckLine& line : checkLines(*check, QDateTime::currentDateTimeUtc())) {
        layout.addWidget(makeCheckLine(line));
        texts.append(line.text);
    }
    return texts;
}

} // namespace yz
