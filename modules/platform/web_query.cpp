#include "platform/web_query.h"

#include "platform/dicom_json.h"

#include <QUrl>

namespace yz {

namespace {

constexpr size_t kPage = 1000;
constexpr size_t kMostMatches = 200000;

bool isJson(const QByteArray& contentType) {
    const QByteArray type = contentType.split(';').constFirst().trimmed().toLower();
    return type == "application/dicom+json" || type == "application/json";
}

} // namespace

QString queryKey(const char* name, const QString& value) {
    if (value.isEmpty())
        return {};
    return u'&' + QLatin1String(name) + u'=' + QString::fromLatin1(QUrl::toPercentEncoding(value, "*?"));
}

Result<std::vector<QJsonObject>> runQido(HttpExchange& http, const QString& path, const CancelToken& token) {
    std::vector<QJsonObject> matches;
    while (true) {
        HttpRequest request;
        request.path = path + QStringLiteral("&limit=%1").arg(kPage) +
                       (matches.empty() ? QString() : QStringLiteral("&offset=%1").arg(matches.size()));
        request.headers = {{"Accept", "application/dicom+json"}};
        const Result<HttpAnswer> answer = http.sendPatiently(request, token);
        if (!answer)
            return fail(answer.error());
        if (answer->status == 204)
            return matches;
        if (!answer->body.isEmpty() && !isJson(answer->contentType))
            return fail(ErrorCode::AnswerUnexpected, QStringLiteral("the query was answered with no JSON"));
        Result<std::vector<QJsonObject>> page = json::dataSets(answer->body);
        if (!page)
            return page;
        // A server that knows no offset gives its first page again.
        const bool isRepeated = !matches.empty() && !page->empty() && page->front() == matches.front();
        // One that knows no limit gives everything at once, another fewer than asked for and says so (299, or 206 where
        // work items are asked for).
        const bool isLast = page->size() < kPage && !answer->warning.startsWith("299") && answer->status != 206;
        if (isRepeated || page->empty())
            return matches;
        if (matches.size() + page->size() > kMostMatches)
            return fail(ErrorCode::LimitExceeded, QStringLiteral("more than %1 matches").arg(kMostMatches));
        const bool isAll = page->size() > kPage;
        std::move(page->begin(), page->end(), std::back_inserter(matches));
        if (isLast || isAll)
            return matches;
    }
}

} // namespace yz
