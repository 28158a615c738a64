#include "storage/row_values.h"

#include <QHash>
#include <QJsonDocument>

namespace yz {

void bindTime(Statement& statement, int index, const QDateTime& time) {
    if (time.isValid())
        statement.bind(index, time.toMSecsSinceEpoch());
    else
        statement.bindNull(index);
}

QDateTime timeAt(const Statement& statement, int column) {
    return statement.isNull(column) ? QDateTime() : QDateTime::fromMSecsSinceEpoch(statement.integer(column), Qt::UTC);
}

QString jsonText(const QJsonObject& object) {
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

QJsonObject jsonFromText(const QString& text) { return QJsonDocument::fromJson(text.toUtf8()).object(); }

ErrorCode errorCodeFromName(const QString& name) {
    static const QHash<QString, ErrorCode> codes{
#define YZ_ERROR_PAIR(code) {QStringLiteral(#code), ErrorCode::code},
        YZ_ERROR_CODES(YZ_ERROR_PAIR)
#undef YZ_ERROR_PAIR
    };
    return codes.value(name, ErrorCode::Internal);
}

} // namespace yz
