#include "command.h"

#include "session/prefetch_service.h"

#include <QJsonArray>
#include <QJsonObject>

namespace yz::cli {

namespace {

/// The stored policy with the options laid over it.
Result<PrefetchPolicy> policyOf(Context& context, const PrefetchPolicy& stored) {
    const Arguments& arguments = context.arguments();
    QJsonObject json = yz::toJson(stored);
    struct Number {
        const char* option;
        const char* key;
        int highest;
    };
    for (const Number& number : {Number{"tasks", "tasks", 10'000}, Number{"quota", "quotaMiB", 1 << 30},
                                 Number{"reserve", "reserveMiB", 1 << 30}, Number{"keep", "keepHours", 87'840}}) {
        if (!arguments.has(number.option))
            continue;
        const Result<int> value = arguments.integer(number.option, 0, 0, number.highest);
        if (!value)
            return fail(value.error());
        json[QLatin1String(number.key)] = *value;
    }
    if (arguments.has("modalities"))
        json[QStringLiteral("modalities")] =
            QJsonArray::fromStringList(arguments.option("modalities").split(u',', Qt::SkipEmptyParts));
    return prefetchPolicyFromJson(json);
}

QJsonArray uids(const std::vector<StudyUid>& studies) {
    QJsonArray array;
    for (const StudyUid& study : studies)
        array.append(study.value());
    return array;
}

Result<Answer> prefetch(Context& context) {
    const Result<DeskServices*> desk = context.services();
    if (!desk)
        return fail(desk.error());
    pipeline::Deps& deps = (*desk)->pipeline();
    PrefetchService service(deps.store, deps.acquire, deps.clock);
    PrefetchService::Request request;
    const Result<PrefetchPolicy> policy = policyOf(context, service.policy());
    if (!policy)
        return fail(policy.error());
    if (const Status kept = service.setPolicy(*policy); !kept)
        return fail(kept.error());
    request.policy = *policy;
    const Result<pipeline::Worklist> list = pipeline::refreshWorklist(deps, context.token());
    if (!list)
        return fail(list.error());
    const Result<std::vector<WorklistRowPtr>> rows = service.rows({});
    if (!rows)
        return fail(rows.error());
    request.order = prefetchOrder(*rows, *policy);
    QJsonArray fetched;
    QJsonArray failed;
    QJsonArray removed;
    QJsonObject json{{"policy", yz::toJson(*policy)}, {"order", uids(request.order)}};
    for (;;) {
        const Result<PrefetchService::Outcome> outcome = service.step(request, {}, context.token());
        if (!outcome)
            return fail(outcome.error());
        for (const StudyUid& study : outcome->removed)
            removed.append(study.value());
        json[QStringLiteral("wanted")] = outcome->wanted;
        json[QStringLiteral("here")] = outcome->here;
        json[QStringLiteral("full")] = outcome->isFull;
        if (!outcome->fetched)
            break;
        if (outcome->problem) {
            QJsonObject problem = cli::toJson(*outcome->problem);
            problem[QStringLiteral("study")] = outcome->fetched->value();
            failed.append(problem);
            request.notBefore.insert(*outcome->fetched);
        } else {
            fetched.append(outcome->fetched->value());
        }
    }
    json[QStringLiteral("fetched")] = fetched;
    json[QStringLiteral("failed")] = failed;
    json[QStringLiteral("removed")] = removed;
    return Answer{json, failed.isEmpty() ? kDone : kAnswerIsNo};
}

} // namespace

std::vector<Command> prefetchCommands() {
    return {{"prefetch",
             "[--tasks N] [--quota MIB] [--reserve MIB] [--keep HOURS] [--modalities CT,MR]",
             "fetch the next cases of the list, make room by the workstation's rules; what is given is remembered",
             {{"tasks", "N", "open tasks to be ahead of"},
              {"quota", "MIB", "of all images kept here"},
              {"reserve", "MIB", "of the disk, left free"},
              {"keep", "HOURS", "what nobody needs any more goes after this"},
              {"modalities", "LIST", "only these, by comma; empty: all"}},
             prefetch}};
}

} // namespace yz::cli
