#include "document/document_text.h"

namespace yz {

namespace {

struct Words {
    const char* chinese;
    const char* english;
};

Words wordsOf(PaperWord word) {
    switch (word) {
    case PaperWord::Report:
        return {"诊断报告", "Diagnostic report"};
    case PaperWord::CorrectionReport:
        return {"更正报告", "Corrected report"};
    case PaperWord::AddendumReport:
        return {"补充报告", "Addendum"};
    case PaperWord::Name:
        return {"姓名", "Name"};
    case PaperWord::Sex:
        return {"性别", "Sex"};
    case PaperWord::Male:
        return {"男", "Male"};
    case PaperWord::Female:
        return {"女", "Female"};
    case PaperWord::OtherSex:
        return {"其他", "Other"};
    case PaperWord::UnknownSex:
        return {"未说明", "Not stated"};
    case PaperWord::Age:
        return {"年龄", "Age"};
    case PaperWord::AgeYears:
        return {"岁", " y"};
    case PaperWord::AgeMonths:
        return {"个月", " months"};
    case PaperWord::AgeWeeks:
        return {"周", " weeks"};
    case PaperWord::AgeDays:
        return {"天", " days"};
    case PaperWord::PatientNumber:
        return {"患者编号", "Patient ID"};
    case PaperWord::Accession:
        return {"检查号", "Accession"};
    case PaperWord::RequestingHospital:
        return {"申请单位", "Requested by"};
    case PaperWord::RequestingDepartment:
        return {"申请科室", "Department"};
    case PaperWord::RequestingPhysician:
        return {"申请医师", "Physician"};
    case PaperWord::ExamItem:
        return {"检查项目", "Examination"};
    case PaperWord::ExamTime:
        return {"检查时间", "Examined"};
    case PaperWord::ReportTime:
        return {"报告时间", "Reported"};
    case PaperWord::ClinicalDiagnosis:
        return {"临床诊断", "Clinical diagnosis"};
    case PaperWord::Technique:
        return {"检查技术", "Technique"};
    case PaperWord::Comparison:
        return {"对比检查", "Comparison"};
    case PaperWord::Findings:
        return {"影像所见", "Findings"};
    case PaperWord::Impression:
        return {"影像诊断", "Impression"};
    case PaperWord::Recommendation:
        return {"建议", "Recommendation"};
    case PaperWord::KeyImages:
        return {"关键图像", "Key images"};
    case PaperWord::KeyImageElsewhere:
        return {"图像见影像资料", "See the study"};
    case PaperWord::Measurements:
        return {"测量", "Measurements"};
    case PaperWord::Result:
        return {"结果", "Result"};
    case PaperWord::Positive:
        return {"阳性", "Positive"};
    case PaperWord::Negative:
        return {"阴性", "Negative"};
    case PaperWord::CriticalValues:
        return {"危急值", "Critical values"};
    case PaperWord::CriticalLine:
        return {"%1：发现时间 %2，报告人 %3，接收人 %4，通知时间 %5，%6。处理：%7",
                "%1: found %2, told by %3 to %4 at %5, %6. Handling: %7"};
    case PaperWord::ReadBackDone:
        return {"已复述确认", "read back"};
    case PaperWord::ReadBackMissing:
        return {"未复述", "not read back"};
    case PaperWord::MutualRecognition:
        return {"检查结果互认：互认仅限影像，不含诊断结论。",
                "Mutual recognition covers the images, never the diagnostic conclusion."};
    case PaperWord::Author:
        return {"报告医师", "Author"};
    case PaperWord::Reviewer:
        return {"审核医师", "Reviewer"};
    case PaperWord::SelfReviewed:
        return {"本报告由同一医师书写并审核。", "Written and reviewed by the same person."};
    case PaperWord::AwaitsReview:
        return {"（待审核）", "(awaits review)"};
    case PaperWord::SignedAt:
        return {"签名时间", "Signed"};
    case PaperWord::Certificate:
        return {"证书：%1，序列号 %2", "Certificate: %1, serial %2"};
    case PaperWord::QrCaption:
        return {"扫码核验", "Scan to verify"};
    case PaperWord::AmendsLine:
        return {"原因：%1。原报告：%2", "Reason: %1. Amended report: %2"};
    case PaperWord::PageOf:
        return {"第 %1 页 共 %2 页", "Page %1 of %2"};
    case PaperWord::NotADevice:
        return {"本系统不是注册医疗器械，报告须由执业医师审核签名后使用。",
                "This system is not a registered medical device. Valid only when reviewed and signed by a physician."};
    case PaperWord::DemoMark:
        return {"演示 DEMO 非真实签名", "DEMO - no real signature"};
    case PaperWord::NotReviewedMark:
        return {"未审核", "NOT REVIEWED"};
    }
    return {"", ""};
}

} // namespace

QString paperText(PaperWord word, PaperLanguage language) {
    const Words words = wordsOf(word);
    return QString::fromUtf8(language == PaperLanguage::Chinese ? words.chinese : words.english);
}

} // namespace yz
