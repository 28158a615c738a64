#pragma once

#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmnet/assoc.h>
#include <dcmtk/dcmnet/dimse.h>

#include <QString>
#include <QStringList>
#include <memory>

namespace yz::test {

/// A service user on DCMTK's own DIMSE layer, not on the platform's.
class DimseScu {
public:
    DimseScu(quint16 port, const QStringList& sopClasses, const QString& callingAeTitle = QStringLiteral("TESTSCU"),
             const QString& calledAeTitle = QStringLiteral("YZPLATFORM"));
    ~DimseScu();
    DimseScu(const DimseScu&) = delete;
    DimseScu& operator=(const DimseScu&) = delete;

    [[nodiscard]] bool isOpen() const { return m_association != nullptr; }
    void abort(); ///< as a crash would

    struct Answer {
        int status = -1;
        std::unique_ptr<DcmDataset> dataSet;
        QString instance;
    };
    Answer action(const QString& contextClass, const QString& sopClass, const QString& instance, int type,
                  DcmDataset& information);
    Answer get(const QString& contextClass, const QString& instance, const std::vector<DcmTagKey>& tags = {});
    Answer set(const QString& contextClass, const QString& instance, DcmDataset& modifications);
    Answer create(const QString& contextClass, const QString& instance, DcmDataset& attributes);
    Answer store(DcmDataset& dataSet, const QString& sopClass, const QString& instance);
    std::vector<std::unique_ptr<DcmDataset>> find(const QString& contextClass, DcmDataset& keys);

    /// Waits for an N-EVENT-REPORT request on this association and answers it.
    struct Event {
        int type = 0;
        std::unique_ptr<DcmDataset> dataSet;
    };
    Event waitForEvent(int seconds);

    /// Work item conveniences.
    static QString upsPull(), upsPush(), upsWatch();
    int changeState(const QString& workitem, const char* state, const QString& transactionUid);

private:
    Answer exchange(const QString& contextClass, T_DIMSE_Message& request, DcmDataset* dataSet);

    T_ASC_Network* m_network = nullptr;
    T_ASC_Association* m_association = nullptr;
};

} // namespace yz::test
