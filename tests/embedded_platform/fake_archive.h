#pragma once

#include "embedded_platform/matching.h"
#include "embedded_platform/query_client.h"

#include <functional>
#include <vector>

namespace yz::test {

/// A study as an archive's tables have it; rows are made of it.
struct FakeStudy {
    QString uid, patientId, accession, date, time = QStringLiteral("101500");
    QString name = QStringLiteral("Zhang^San=张^三");
    QString birthDate = QStringLiteral("19600102"), sex = QStringLiteral("M");
    std::vector<std::pair<QString, int>> series{{QStringLiteral("CT"), 10}}; ///< modality and number of images
};

/// An archive in memory behind the port, with the bad habits of real ones.
class FakeArchive {
public:
    std::vector<FakeStudy> studies;
    size_t most = 0; ///< answers to one question, then it is cut; 0: all
    bool ignoresDates = false;
    bool saysCounts = true; ///< of studies and series
    bool isAway = false;
    QString brokenStudy; ///< questions about this one fail
    int questions = 0;
    size_t answered = 0;
    std::function<void(DcmDataset&)> spoil; ///< alters each answer

    /// Another line to it.
    [[nodiscard]] std::unique_ptr<platform::QueryPort> port() { return std::make_unique<Port>(*this); }

private:
    class Port final : public platform::QueryPort {
    public:
        explicit Port(FakeArchive& archive) : m_archive(archive) {}
        Result<platform::Matches> find(DcmDataset& keys) override { return m_archive.find(keys); }
        void hangUp() override {}

    private:
        FakeArchive& m_archive;
    };

    static std::unique_ptr<DcmDataset> studyRow(const FakeStudy& study) {
        auto row = std::make_unique<DcmDataset>();
        const auto put = [&](const DcmTagKey& tag, const QString& value) { platform::putText(*row, tag, value); };
        QStringList modalities;
        int images = 0;
        for (const auto& [modality, count] : study.series) {
            if (!modalities.contains(modality))
                modalities.append(modality);
            images += count;
        }
        put(DCM_StudyInstanceUID, study.uid);
        put(DCM_StudyDate, study.date);
        put(DCM_StudyTime, study.time);
        put(DCM_AccessionNumber, study.accession);
        put(DCM_ModalitiesInStudy, modalities.join(u'\\'));
        put(DCM_PatientName, study.name);
        put(DCM_PatientID, study.patientId);
        put(DCM_PatientBirthDate, study.birthDate);
        put(DCM_PatientSex, study.sex);
        put(DCM_StudyDescription, QStringLiteral("CT"));
        put(DCM_NumberOfStudyRelatedInstances, QString::number(images));
        return row;
    }
    std::vector<std::unique_ptr<DcmDataset>> rowsOf(const FakeStudy& study, const QString& level) const {
        std::vector<std::unique_ptr<DcmDataset>> rows;
        if (level == u"STUDY") {
            rows.push_back(studyRow(study));
            return rows;
        }
        for (size_t i = 0; i < study.series.size(); ++i) {
            auto row = std::make_unique<DcmDataset>();
            const QString uid = study.uid + QStringLiteral(".%1").arg(i + 1);
            platform::putText(*row, DCM_StudyInstanceUID, study.uid);
            platform::putText(*row, DCM_SeriesInstanceUID, uid);
            platform::putText(*row, DCM_Modality, study.series[i].first);
            platform::putText(*row, DCM_BodyPartExamined, QStringLiteral("CHEST"));
            platform::putText(*row, DCM_InstitutionName, QStringLiteral("青山镇卫生院"));
            platform::putText(*row, DCM_NumberOfSeriesRelatedInstances, QString::number(study.series[i].second));
            if (level == u"SERIES")
                rows.push_back(std::move(row));
            for (int k = 0; level == u"IMAGE" && k < study.series[i].second; ++k) {
                auto image = platform::copyOf(*row);
                platform::putText(*image, DCM_SOPInstanceUID, uid + QStringLiteral(".%1").arg(k + 1));
                rows.push_back(std::move(image));
            }
        }
        return rows;
    }
    Result<platform::Matches> find(DcmDataset& keys) {
        ++questions;
        if (isAway)
            return fail(ErrorCode::PlatformUnreachable);
        const QString level = platform::textOf(keys, DCM_QueryRetrieveLevel);
        const QString wantedUid = platform::textOf(keys, DCM_StudyInstanceUID);
        if (!brokenStudy.isEmpty() && wantedUid == brokenStudy)
            return fail(ErrorCode::PeerError, QStringLiteral("C-FIND status 0xc001"));
        const auto wanted = platform::copyOf(keys);
        wanted->findAndDeleteElement(DCM_QueryRetrieveLevel);
        wanted->findAndDeleteElement(DCM_SpecificCharacterSet);
        if (ignoresDates)
            for (const DcmTagKey& tag : {DCM_StudyDate, DCM_StudyTime})
                platform::putText(*wanted, tag, {});
        platform::Matches matches;
        for (const FakeStudy& study : studies) {
            if (!wantedUid.isEmpty() && study.uid != wantedUid)
                continue;
            // What a table would do; rows are made for the rest.
            const QString date = platform::textOf(*wanted, DCM_StudyDate);
            const QString patient = platform::textOf(*wanted, DCM_PatientID);
            if ((!date.isEmpty() && (study.date < date.left(8) || study.date > date.right(8))) ||
                (!patient.isEmpty() && study.patientId != patient))
                continue;
            for (const auto& row : rowsOf(study, level)) {
                if (!platform::dataSetMatches(*wanted, *row))
                    continue;
                if (most > 0 && matches.rows.size() == most) {
                    matches.isCut = true;
                    return matches;
                }
                auto answer = std::make_unique<DcmDataset>();
                platform::copyRequested(*wanted, *row, *answer);
                if (!saysCounts)
                    for (const DcmTagKey& tag : {DCM_NumberOfStudyRelatedInstances, DCM_NumberOfSeriesRelatedInstances})
                        answer->findAndDeleteElement(tag);
                if (spoil)
                    spoil(*answer);
                ++answered;
                matches.rows.push_back(std::move(answer));
            }
        }
        return matches;
    }
};

/// A Modality Worklist in memory: what it has, it says to everybody.
class FakeWorklist {
public:
    std::vector<std::unique_ptr<DcmDataset>> orders;
    bool isAway = false;
    int questions = 0;

    DcmDataset& add(const QString& patientId, const QString& accession, const QString& studyUid, const char* priority) {
        orders.push_back(std::make_unique<DcmDataset>());
        DcmDataset& order = *orders.back();
        platform::putText(order, DCM_PatientID, patientId);
        platform::putText(order, DCM_PatientBirthDate, QStringLiteral("19600102"));
        platform::putText(order, DCM_PatientName, QStringLiteral("Li^Si=李^四"));
        platform::putText(order, DCM_AccessionNumber, accession);
        platform::putText(order, DCM_StudyInstanceUID, studyUid);
        platform::putText(order, DCM_RequestedProcedureID, u'R' + QString::number(orders.size()));
        platform::putText(order, DCM_RequestedProcedurePriority, QLatin1String(priority));
        platform::putText(order, DCM_RequestedProcedureDescription, u"胸部CT" + QString::number(orders.size()));
        DcmItem& step = platform::addItem(order, DCM_ScheduledProcedureStepSequence);
        platform::putText(step, DCM_Modality, QStringLiteral("CT"));
        platform::putText(step, DCM_ScheduledProcedureStepStartDate, QStringLiteral("20260310"));
        return order;
    }
    [[nodiscard]] std::unique_ptr<platform::QueryPort> port() { return std::make_unique<Port>(*this); }

private:
    class Port final : public platform::QueryPort {
    public:
        explicit Port(FakeWorklist& list) : m_list(list) {}
        Result<platform::Matches> find(DcmDataset&) override {
            ++m_list.questions;
            if (m_list.isAway)
                return fail(ErrorCode::PlatformUnreachable);
            platform::Matches matches;
            for (const auto& order : m_list.orders)
                matches.rows.push_back(platform::copyOf(*order));
            return matches;
        }
        void hangUp() override {}

    private:
        FakeWorklist& m_list;
    };
};

} // namespace yz::test
