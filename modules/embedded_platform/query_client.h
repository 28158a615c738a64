#pragma once

#include "embedded_platform/association.h"

#include <functional>
#include <memory>
#include <vector>

namespace yz::platform {

/// What a C-FIND brought.
struct Matches {
    std::vector<DataSetPtr> rows; ///< text is UTF-8
    bool isCut = false;           ///< the peer has more than it said: ask for less
    int unreadable = 0;           ///< answers that are no data sets or too long; left out
};

/// Where questions go.
class QueryPort {
public:
    virtual ~QueryPort() = default;
    /// Errors of the network group; PeerError with the status where the peer fails.
    [[nodiscard]] virtual Result<Matches> find(DcmDataset& keys) = 0;
    virtual void hangUp() = 0; ///< nothing more for now
};

/// C-FIND as a user of another server (PS3.4 C.4.1, K.4.1). The association is opened by the first question and kept to
/// the next until `hangUp`. One thread at a time.
class QueryClient final : public QueryPort {
public:
    struct Settings {
        PeerAddress peer;
        QString aeTitle;                       ///< ours
        QString model;                         ///< SOP class of the information model
        int timeoutSeconds = 30;               ///< without a word
        size_t mostMatches = 5000;             ///< of one question, with unreadable ones; more count as cut
        qint64 mostBytes = 64LL * 1024 * 1024; ///< of their data sets; likewise
    };
    /// `isStopping` is asked about once a second; the question then ends with Cancelled.
    QueryClient(Settings settings, std::function<bool()> isStopping);
    ~QueryClient() override;

    [[nodiscard]] Result<Matches> find(DcmDataset& keys) override;
    void hangUp() override;

private:
    [[nodiscard]] Status open();
    [[nodiscard]] Status ask(DcmDataset& keys, quint16& id);
    [[nodiscard]] Result<Message> nextAnswer(quint16 id);
    [[nodiscard]] Result<Matches> collect(quint16 id);

    Settings m_settings;
    std::function<bool()> m_isStopping;
    std::unique_ptr<Association> m_association;
};

} // namespace yz::platform
