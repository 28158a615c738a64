#pragma once

#include "core/ids.h"
#include "domain/text_repair.h"

#include <QDate>
#include <QString>

namespace yz {

/// A person name in the three groups of PS3.5 6.2.1 ("Wang^XiaoDong=王^小东=..."), each as
/// "family^given^middle^prefix^suffix".
struct PersonName {
    QString alphabetic;
    QString ideographic;
    QString phonetic;

    bool operator==(const PersonName&) const = default;
    [[nodiscard]] bool isEmpty() const { return alphabetic.isEmpty() && ideographic.isEmpty() && phonetic.isEmpty(); }
    /// What a Chinese reader expects to see: the ideographic group without carets ("王小东"), else a first group that
    /// is itself Chinese, else the alphabetic one with carets as spaces.
    [[nodiscard]] QString display() const;
    /// The DICOM PN value, trailing empty groups left out.
    [[nodiscard]] QString toDicom() const;
    [[nodiscard]] static PersonName fromDicom(const QString& value);
};

/// A name as a form field has it: Chinese goes to the ideographic group, anything else to the alphabetic one.
[[nodiscard]] PersonName personNameFromText(const QString& text);

enum class Sex { Unknown, Male, Female, Other }; ///< (0010,0040): empty, M, F, O
[[nodiscard]] QString toDicom(Sex sex);
[[nodiscard]] Sex sexFromDicom(const QString& value);

/// Who the pictures and the report belong to.
struct Patient {
    PatientId id;
    QString issuerOfId; ///< (0010,0021)
    QString nationalId; ///< identity card or insurance number where the order gives one
    PersonName name;
    Sex sex = Sex::Unknown;
    QDate birthDate;       ///< invalid when unknown
    QString age;           ///< (0010,1010) as sent, "045Y"; used when there is no birth date
    TextRepair textRepair; ///< of the text of the data set this came from

    bool operator==(const Patient&) const = default;
};

/// Age in DICOM AS form ("045Y", "013M", "002W", "009D") on a day, from the birth date; empty when unknown.
[[nodiscard]] QString ageOn(const Patient& patient, QDate day);

} // namespace yz
