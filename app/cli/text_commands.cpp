#include "command.h"

#include "dicom/data/text_listing.h"

#include <QJsonArray>
#include <QJsonObject>

namespace yz::cli {

namespace {

QJsonValue toJson(const TextRepair& repair) {
    if (repair.isEmpty())
        return QJsonValue::Null;
    return QJsonObject{{"declared", repair.declared},
                       {"used", repair.used.isEmpty() ? repair.declared : repair.used},
                       {"unreadable", repair.hasUnreadable}};
}

QJsonObject toJson(const PersonName& name) {
    return {{"alphabetic", name.alphabetic},
            {"ideographic", name.ideographic},
            {"phonetic", name.phonetic},
            {"display", name.display()}};
}

QJsonObject toJson(const dicom::TextAttribute& attribute) {
    QJsonObject json{{"tag", attribute.path},
                     {"keyword", attribute.keyword},
                     {"vr", attribute.vr},
                     {"characterSet", attribute.characterSet},
                     {"values", QJsonArray::fromStringList(attribute.values)},
                     {"repair", toJson(attribute.repair)}};
    if (!attribute.repair.isEmpty())
        json["originalHex"] = QString::fromLatin1(attribute.original.toHex());
    QJsonArray names;
    for (const PersonName& name : attribute.names)
        names.append(toJson(name));
    if (!names.isEmpty())
        json["names"] = names;
    return json;
}

Result<Answer> text(Context& context) {
    const Result<dicom::TextListing> listing = listText(context.arguments().positional(0));
    if (!listing)
        return fail(listing.error());
    QJsonArray attributes;
    for (const dicom::TextAttribute& attribute : listing->attributes)
        attributes.append(toJson(attribute));
    Answer answer;
    answer.json = QJsonObject{
        {"characterSet", listing->characterSet}, {"repair", toJson(listing->repair)}, {"attributes", attributes}};
    if (context.arguments().has("strict") && !listing->repair.isEmpty())
        answer.exitCode = kAnswerIsNo;
    return answer;
}

} // namespace

std::vector<Command> textCommands() {
    return {{"text",
             "FILE",
             "names and text of a file, decoded, and where its character set was wrong",
             {{"strict", nullptr, "exit code 3 when text had to be repaired or stays unreadable"}},
             text,
             1,
             1}};
}

} // namespace yz::cli
