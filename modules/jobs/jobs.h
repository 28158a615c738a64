#pragma once

#include "core/cancel.h"
#include "core/result.h"

#include <QFuture>
#include <QFutureWatcher>
#include <QObject>
#include <QPromise>
#include <QRunnable>
#include <QThreadPool>
#include <functional>
#include <memory>
#include <type_traits>

/// The one way to do work off the GUI thread. `start` runs a function on a lane, `whenDone` brings its result back to
/// the thread of a context object and drops it when that object is gone. Nothing else in the product makes threads.
namespace yz::jobs {

/// A lane is a pool of its own, so that a slow line never delays a decoder.
enum class Lane {
    Network,  ///< blocking conversations with the platform (several at once)
    Delivery, ///< the outbox, one at a time, in order
    Decode,   ///< parse, decode, reslice: as many as there are cores
    Storage,  ///< database and files, one at a time
    Compute,  ///< everything else that takes longer than 16 ms
};

[[nodiscard]] QThreadPool& pool(Lane lane);

/// Runs `work` on the lane. Higher priority first. A job still waiting in the queue when its token is cancelled never
/// runs where `work` returns a Result: the future then holds ErrorCode::Cancelled.
template <typename Work> [[nodiscard]] auto start(Lane lane, Work work, CancelToken token = {}, int priority = 0) {
    using Value = std::invoke_result_t<Work>;
    auto promise = std::make_shared<QPromise<Value>>();
    QFuture<Value> future = promise->future();
    promise->start();
    pool(lane).start(QRunnable::create([promise, work = std::move(work), token]() mutable {
                         if constexpr (std::is_void_v<Value>) {
                             if (!token.isCancelled())
                                 work();
                         } else if constexpr (requires { typename Value::unexpected_type; }) {
                             if (token.isCancelled())
                                 promise->addResult(Value(tl::unexpect, Error{ErrorCode::Cancelled, {}}));
                             else
                                 promise->addResult(work());
                         } else {
                             promise->addResult(work());
                         }
                         promise->finish();
                     }),
                     priority);
    return future;
}

/// Calls `then(result)` (or `then()` for void) on the context's thread once the future is finished; never if the
/// context is destroyed first. QFuture::then(context, ...) is not used: it asserts in Qt 6.4 when the context dies
/// first.
template <typename Value, typename Then> void whenDone(QFuture<Value> future, QObject* context, Then then) {
    auto* watcher = new QFutureWatcher<Value>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context, [watcher, then = std::move(then)]() mutable {
        watcher->deleteLater();
        if constexpr (std::is_void_v<Value>)
            then();
        else if (watcher->future().resultCount() > 0)
            then(watcher->result());
    });
    watcher->setFuture(std::move(future));
}

/// Waits for all lanes to run dry; for shutdown and tests.
void waitForAll();

} // namespace yz::jobs
