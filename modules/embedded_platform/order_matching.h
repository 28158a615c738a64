#pragma once

#include "embedded_platform/archive_store.h"
#include "embedded_platform/data_set.h"

#include <vector>

namespace yz::platform {

/// The keys of a Modality Worklist query for the orders of one patient (PS3.4 table K.6-1: Patient ID is a matching key
/// every worklist has to support). Null: the ID is empty or would be read as a pattern.
[[nodiscard]] DataSetPtr orderKeys(const QString& patientId);

/// What a worklist said about a study.
struct JoinedOrder {
    QJsonObject order;      ///< in the form of an order file; empty: none belongs to it
    int otherPatients = 0;  ///< orders that name the study but another patient
    bool isUnclear = false; ///< several could be meant and nothing tells which
};

/// Finds the order of a study among the answers of a worklist (UTF-8). An order belongs to a study when it has its
/// Study Instance UID, or else its accession number, or else, if the study has none, when it is the only one of the
/// patient for this modality within a day. In every case the patient ID has to be the same, and issuer, birth date and
/// sex must not contradict; nothing of the patient is taken from it. Several orders with the same number: the most
/// urgent priority, texts side by side, and other fields where they agree.
/// `others`: the patient's other studies, whose orders are none of this one's.
[[nodiscard]] JoinedOrder joinOrder(const ArchivedStudy& study, const std::vector<DataSetPtr>& answers,
                                    const std::vector<ArchivedStudy>& others);

/// Not empty, and matched as it stands: no wildcards, no list.
[[nodiscard]] bool isPlainKey(const QString& text);

/// The same ID, and issuer, birth date and sex say nothing else. Attributes as in ArchivedStudy.
[[nodiscard]] bool isSamePatient(const QJsonObject& one, const QJsonObject& other);

} // namespace yz::platform
