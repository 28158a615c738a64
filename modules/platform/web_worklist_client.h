#pragma once

#include "core/clock.h"
#include "domain/ports.h"
#include "platform/http_exchange.h"

namespace yz {

/// Reading tasks on a platform that offers them over the web: UPS-RS (PS3.18 chapter 11). Thread-safe; not for the GUI
/// thread. The same tasks, errors and promises as DicomWorklistClient has.
///
/// HTTP tells less than a DIMSE status: 400 and 409 stand for everything that does not fit the state of the item. The
/// Warning header is read where it has the standard's words (11.7.3.2); where it has not, the item is asked for, and
/// whether it is ours is tried by an update with our Transaction UID, which only the holder's is accepted with. 404 and
/// 410 are TaskGone; 401, 403, 5xx and the rest are as HttpExchange says.
class WebWorklistClient final : public WorklistSource {
public:
    /// `aeTitle`: ours, told as the requester and for subscriptions. `clock` must outlive this object.
    WebWorklistClient(WebNode node, QString aeTitle, const Clock& clock);

    /// A search for one work item: HTTP has nothing smaller that asks for the service itself.
    Status echo(const CancelToken& token) override;
    /// Several states are asked for one after the other, each page by page. An answer that is no work item is left out.
    Result<std::vector<ReadingTask>> query(const WorklistQuery& query, const CancelToken& token) override;
    Result<ReadingTask> get(const WorkitemUid& task, const CancelToken& token) override;
    /// The performer and the start time are set after the claim; when only that fails the claim still stands and is
    /// reported as success.
    Status claim(const WorkitemUid& task, const TransactionUid& transaction, const Performer& performer,
                 const CancelToken& token) override;
    Status setOutput(const WorkitemUid& task, const TransactionUid& transaction, const Performer& performer,
                     const std::vector<ReportReference>& output, const CancelToken& token) override;
    Status complete(const WorkitemUid& task, const TransactionUid& transaction, const CancelToken& token) override;
    Status cancel(const WorkitemUid& task, const TransactionUid& transaction, const QString& reason,
                  const CancelToken& token) override;
    Status requestCancel(const WorkitemUid& task, const QString& reason, const CancelToken& token) override;
    /// Global subscription of our AE title. Our own platform then reports as it does after a subscription over DIMSE.
    /// NotSupported where the server reports over a WebSocket only, which we have not: the subscription is taken back,
    /// and the desk asks by the clock.
    Status subscribe(const CancelToken& token) override;
    Status unsubscribe(const CancelToken& token) override;

private:
    [[nodiscard]] Result<QJsonObject> item(const WorkitemUid& task, const CancelToken& token);
    [[nodiscard]] Result<HttpAnswer> change(const QByteArray& method, const QString& path, const QJsonObject& dataSet,
                                            const CancelToken& token);
    [[nodiscard]] Result<HttpAnswer> update(const WorkitemUid& task, const TransactionUid& transaction,
                                            QJsonObject changes, const CancelToken& token);
    [[nodiscard]] Result<HttpAnswer> changeState(const WorkitemUid& task, const TransactionUid& transaction,
                                                 UpsState state, const CancelToken& token);
    [[nodiscard]] Error refusedStep(const WorkitemUid& task, const TransactionUid& transaction,
                                    const HttpAnswer& answer, const QString& what, bool mayProve,
                                    const CancelToken& token);
    [[nodiscard]] QString subscriberPath() const;

    HttpExchange m_http;
    QString m_aeTitle;
    const Clock& m_clock;
};

} // namespace yz
