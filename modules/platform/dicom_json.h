#pragma once

#include "core/result.h"
#include "domain/person.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QString>
#include <QStringList>
#include <vector>

/// The DICOM JSON Model (PS3.18 Annex F): a data set is an object, tag (eight hexadecimal digits) -> {"vr", "Value"}.
/// Reading takes what is there and never fails on one odd attribute; all text is UTF-8.
namespace yz::json {

/// The data sets of an answer: an array of objects. An empty body is no data set. AnswerUnexpected.
[[nodiscard]] Result<std::vector<QJsonObject>> dataSets(const QByteArray& body);

/// Values as text; numbers become text, person names their DICOM form. Empty when absent.
[[nodiscard]] QStringList texts(const QJsonObject& dataSet, const char* tag);
[[nodiscard]] QString text(const QJsonObject& dataSet, const char* tag); ///< the first value
[[nodiscard]] int number(const QJsonObject& dataSet, const char* tag);   ///< 0 when absent or no number
[[nodiscard]] PersonName person(const QJsonObject& dataSet, const char* tag);
[[nodiscard]] std::vector<QJsonObject> items(const QJsonObject& dataSet, const char* tag); ///< of a sequence

void putText(QJsonObject& dataSet, const char* tag, const char* vr, const QString& value);
void putPerson(QJsonObject& dataSet, const char* tag, const PersonName& name);
void putItems(QJsonObject& dataSet, const char* tag, const QJsonArray& items);

} // namespace yz::json
