#pragma once

#include <QMap>
#include <QString>
#include <vector>

/// Every file of the third-party studies' list against the answer that others computed for it.
namespace yz::test {

enum class Verdict {
    Exact,        ///< the decoded values have the listed hash
    Packed,       ///< the decoded bits have it, packed eight a byte as the reference keeps them
    BeforeColour, ///< the decoder's values have it; what is decoded is these turned from YBR into RGB
    BeforeMask,   ///< the decoder's values have it; what is decoded has other bits than Bits Stored cleared
    Twin,         ///< no hash, but equal to another file or to what other software made of it
    Different,    ///< decoded, but none of the above
    Decoded,      ///< a hostile file that holds a picture; there is no answer to compare with
    Refused,      ///< with a code
    NoPicture,    ///< an object without an image
    NotDicom,     ///< beside the studies: licences, answers, notes
};

struct VerdictRow {
    QString path;           ///< as listed
    QString transferSyntax; ///< UID as listed, may be empty
    Verdict verdict = Verdict::NotDicom;
    QString code;   ///< of a refusal, e.g. "PixelDataBroken"
    QString detail; ///< measured: the error, the worst difference, the twin
    QString reason; ///< of a named exception

    /// "refused PixelDataBroken": what must not change from one version to the next.
    [[nodiscard]] QString summary() const;
    [[nodiscard]] bool isPicture() const { return verdict != Verdict::NoPicture && verdict != Verdict::NotDicom; }
};

/// Judges every line of the list; in its order, nothing left out.
[[nodiscard]] std::vector<VerdictRow> judgeManifest();

/// Why a picture's verdict is not Exact, by the end of its path. Every refusal and every exception has one.
[[nodiscard]] const QMap<QString, QString>& namedReasons();

} // namespace yz::test
