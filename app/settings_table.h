#pragma once

#include <QColor>
#include <QString>
#include <QStringList>

class QScrollArea;
class QTableWidget;
class QWidget;

/// Tables and forms of the settings look alike.
namespace yz {

/// One row chosen at a time, nothing edited in place. The last column is as wide as what is left.
[[nodiscard]] QTableWidget* makeSettingsTable(const QString& name, const QStringList& headers,
                                              const QList<int>& widths);
void setSettingsCell(QTableWidget& table, int row, int column, const QString& text, const QColor& colour);
/// A page that scrolls where the screen is too low for it.
[[nodiscard]] QScrollArea* makeScrolled(QWidget* content);

} // namespace yz
