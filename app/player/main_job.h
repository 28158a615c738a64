#pragma once

#include "desk_program.h"
#include "screen_hand.h"

namespace yz::player {

/// The main job as two doctors do it at one desk, through the real windows: log in, take a study, read it, measure,
/// write, sign; the second doctor reviews, changes a word, signs; the report arrives at the platform.
class MainJob {
public:
    /// `item`: text of the work-list row to take; empty: the samples' chest CT, else the largest CT.
    MainJob(DeskProgram& program, QString outFolder, bool samples, QString item = {});
    /// Throws StepFailed.
    void play();

private:
    void step(const QString& what, const std::function<void()>& action);
    void logIn(const char* user);
    void logOut();
    void takeStudy();
    void readImages();
    void reconstruct();
    void writeReport();
    void submit();
    void takeReview();
    void approve();
    void awaitReceipt();
    void fetchFromPlatform();
    void answerChecks();
    /// Words of the row of the CT (else the study) with the most images.
    [[nodiscard]] QStringList largestStudy() const;

    DeskProgram& m_program;
    ScreenHand m_hand;
    QString m_outFolder;
    bool m_samples;
    QString m_item;
    bool m_isChestCt;
    int m_stepNumber = 0;
    InstanceUid m_published;
    ReportDocument m_document;
};

} // namespace yz::player
