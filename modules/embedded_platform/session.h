#pragma once

#include "embedded_platform/association.h"
#include "embedded_platform/commitment_service.h"
#include "embedded_platform/object_intake.h"
#include "embedded_platform/query_service.h"
#include "embedded_platform/retrieve_service.h"
#include "embedded_platform/ups_service.h"

namespace yz::platform {

/// What an association may use.
struct Services {
    ObjectIntake& intake;
    QueryService& query;
    RetrieveService& retrieve;
    UpsService& ups;
    CommitmentService& commitment;
    QString aeTitle;
    qint64 mostObjectBytes = 1024LL * 1024 * 1024;
};

/// One association from its first request to its end.
class Session {
public:
    Session(Services& services, Association& association) : m_services(services), m_association(association) {}
    void run();

private:
    [[nodiscard]] Status dispatch(const Message& request);
    [[nodiscard]] Status store(const Message& request);
    [[nodiscard]] Status find(const Message& request);
    [[nodiscard]] Status retrieve(const Message& request);
    [[nodiscard]] Status workitem(const Message& request);
    [[nodiscard]] Status commit(const Message& request);
    [[nodiscard]] Status refuse(const Message& request, quint16 status, const QString& comment = {});
    /// The data set that comes with the request. Without one: an empty one.
    [[nodiscard]] Result<DataSetPtr> identifier(const Message& request);
    [[nodiscard]] bool cancelCame(const Message& request);

    Services& m_services;
    Association& m_association;
};

} // namespace yz::platform
