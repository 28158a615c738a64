#include "worklist/sample_tasks.h"

namespace yz::test {

ReadingTask makeTask(const TaskSketch& sketch, const QDateTime& now) {
    ReadingTask task;
    task.uid = WorkitemUid(sketch.uid);
    task.kind = sketch.kind;
    task.state = sketch.state;
    task.priority = sketch.priority;
    task.scheduledTime = now.addSecs(-60LL * sketch.minutesAgo);
    if (sketch.dueIn != 0)
        task.dueTime = now.addSecs(60LL * sketch.dueIn);
    Order& order = task.order;
    order.patient.id = PatientId(u"P" + sketch.uid.section(u'.', -1).rightJustified(6, u'0'));
    order.patient.name = PersonName::fromDicom(sketch.name);
    order.patient.sex = qHash(sketch.name) % 2 == 0 ? Sex::Male : Sex::Female;
    order.patient.birthDate = QDate(1940, 1, 7).addDays(static_cast<qint64>(qHash(sketch.uid) % 24000));
    order.accessionNumber = u"A2026" + sketch.uid.section(u'.', -1).rightJustified(5, u'0');
    order.requestingHospital = sketch.hospital;
    order.requestingDepartment = QStringLiteral("内科");
    order.requestingPhysician = QStringLiteral("=陈晓");
    order.item = sketch.item;
    order.modality = sketch.modality;
    order.bodyPart = sketch.bodyPart;
    order.examTime = task.scheduledTime;
    order.study = StudyUid(u"1.2.3." + sketch.uid);
    return task;
}

std::vector<ReadingTask> morningTasks(const QDateTime& now) {
    using P = Priority;
    using K = TaskKind;
    using S = UpsState;
    const std::vector<TaskSketch> sketches{
        {"2.25.101", "Wang^JianGuo=王^建国", "青石镇中心卫生院", "颅脑CT平扫", "CT", "HEAD", P::Emergency, K::Read,
         S::Scheduled, 21, 9},
        {"2.25.102", "Liu^XiuYing=刘^秀英", "河口乡卫生院", "胸部CT平扫（绿色通道）", "CT", "CHEST", P::Emergency,
         K::Read, S::InProgress, 74, -14},
        {"2.25.103", "Chen^Hao=陈^浩", "柳林镇卫生院", "右腕关节正侧位", "DX", "WRIST", P::Emergency, K::Review,
         S::Scheduled, 12, 18},
        {"2.25.104", "Zhao^GuiLan=赵^桂兰", "青石镇中心卫生院", "腰椎MR平扫", "MR", "LSPINE", P::Urgent, K::Read,
         S::Scheduled, 95, 25},
        {"2.25.105", "Sun^Lei=孙^磊", "县人民医院城东分院", "腹部超声（肝胆胰脾）", "US", "ABDOMEN", P::Urgent, K::Read,
         S::Scheduled, 30, 30},
        {"2.25.106", "Zhou^MinHua=周^敏华", "马家铺村卫生室", "胸部正侧位", "DX", "CHEST", P::Routine, K::Read,
         S::Scheduled, 130, -10},
        {"2.25.107", "Wu^ZhiQiang=吴^志强", "河口乡卫生院", "胸部CT平扫", "CT", "CHEST", P::Routine, K::Read,
         S::InProgress, 60, 180},
        {"2.25.108", "Xu^Ting=徐^婷", "柳林镇卫生院", "颅脑MR平扫+DWI", "MR", "BRAIN", P::Routine, K::Read,
         S::Scheduled, 55, 185},
        {"2.25.109", "Ma^DeMing=马^德明", "青石镇中心卫生院", "胸部CT平扫", "CT", "CHEST", P::Routine, K::SecondLook,
         S::Scheduled, 48, 192},
        {"2.25.110", "OuYang^XueFeng=欧阳^雪峰", "县中医院", "全腹部CT增强三期扫描", "CT", "ABDOMEN", P::Routine,
         K::Consultation, S::Scheduled, 45, 1395},
        {"2.25.111", "Hu^YueE=胡^月娥", "石桥乡卫生院", "左膝关节正侧位", "DX", "KNEE", P::Routine, K::Read,
         S::Scheduled, 40, 80},
        {"2.25.112", "Guo^BaoBao=郭^宝宝", "县妇幼保健院", "胸部正位（床旁）", "DX", "CHEST", P::Routine, K::Review,
         S::Scheduled, 38, 82},
        {"2.25.113", "Lin^GuoDong=林^国栋", "石桥乡卫生院", "胸部CT平扫", "CT", "CHEST", P::Routine, K::Review,
         S::InProgress, 35, 205},
        {"2.25.114", "He^JiaYi=何^佳怡", "河口乡卫生院", "甲状腺超声", "US", "THYROID", P::Routine, K::Read,
         S::Scheduled, 33, 87},
        {"2.25.115", "Gao^ShuFen=高^淑芬", "马家铺村卫生室", "颈椎正侧双斜位", "DX", "CSPINE", P::Routine, K::Read,
         S::Scheduled, 31, 89},
        {"2.25.116", "Tang^Wei=唐^伟", "县人民医院城东分院", "盆腔MR平扫", "MR", "PELVIS", P::Routine, K::Read,
         S::Scheduled, 28, 212},
        {"2.25.117", "Luo^YongFu=罗^永福", "青石镇中心卫生院", "胸部CT平扫", "CT", "CHEST", P::Routine, K::Read,
         S::Scheduled, 26, 214},
        {"2.25.118", "Song^XiaoMei=宋^小梅", "柳林镇卫生院", "双髋关节正位", "DX", "HIP", P::Routine, K::Review,
         S::Scheduled, 22, 98},
        {"2.25.119", "Deng^QiMing=邓^启明", "石桥乡卫生院", "腹部CT平扫", "CT", "ABDOMEN", P::Routine, K::Read,
         S::Scheduled, 19, 221},
        {"2.25.120", "Feng^YaLi=冯^雅丽", "县中医院", "鼻窦CT平扫", "CT", "SINUS", P::Routine, K::Read, S::Scheduled,
         11, 229},
        {"2.25.121", "Cao^ZhenHua=曹^振华", "河口乡卫生院", "胸部正侧位", "DX", "CHEST", P::Routine, K::Read,
         S::Scheduled, 6, 114},
        {"2.25.122", "Peng^Li=彭^丽", "石桥乡卫生院", "颅脑CT平扫", "CT", "HEAD", P::Routine, K::Read, S::Completed,
         180, 60},
        {"2.25.123", "Xiao^Jun=肖^军", "青石镇中心卫生院", "左足正斜位", "DX", "FOOT", P::Routine, K::Read, S::Canceled,
         200, -80},
    };
    std::vector<ReadingTask> tasks;
    for (const TaskSketch& sketch : sketches)
        tasks.push_back(makeTask(sketch, now));
    const auto hold = [&](size_t at, const char* name, const char* station) {
        tasks[at].holderName = QString::fromUtf8(name);
        tasks[at].holderStation = QString::fromLatin1(station);
    };
    hold(1, "=王^芳", "DESK2");
    hold(6, "=张伟", "DESK1");
    hold(12, "=刘^洋", "DESK4");
    Order& head = tasks[0].order;
    head.clinicalDiagnosis = QStringLiteral("突发意识障碍2小时，左侧肢体偏瘫，脑出血？");
    head.history = QStringLiteral("高血压病史12年，未规律服药。今晨6时突发头痛、呕吐，随后意识模糊。"
                                  "血压 205/118 mmHg，左侧肢体肌力 1 级。");
    head.imageQualityRemarks = QStringLiteral("患者躁动，部分层面运动伪影。");
    head.priors = {{StudyUid("1.2.9"), "A202401233", QDate(2024, 5, 11), "CT", QStringLiteral("颅脑CT平扫")},
                   {StudyUid("1.2.8"), "A202300871", QDate(2023, 2, 3), "DX", QStringLiteral("胸部正侧位")}};
    tasks[2].authorName = QStringLiteral("=王^芳");
    tasks[11].authorName = QStringLiteral("=张^伟");
    tasks[17].authorName = QStringLiteral("=刘^洋");
    tasks[11].order.patient.birthDate = now.date().addDays(-40);
    tasks[7].reason = QStringLiteral("RETURNED: 描述中左右侧与诊断意见不一致，请核对");
    tasks[21].holderName = QStringLiteral("=王^芳");
    tasks[22].reason = QStringLiteral("REJECTED: 运动伪影，无法诊断");
    return tasks;
}

std::vector<ReadingTask> manyTasks(int count, const QDateTime& now) {
    const std::vector<ReadingTask> pattern = morningTasks(now);
    std::vector<ReadingTask> tasks;
    tasks.reserve(static_cast<size_t>(count));
    for (int i = 0; i < count; ++i) {
        ReadingTask task = pattern[static_cast<size_t>(i) % pattern.size()];
        task.uid = WorkitemUid(u"2.25.9." + QString::number(i + 1));
        task.order.accessionNumber = QStringLiteral("B%1").arg(i, 6, 10, QChar(u'0'));
        task.dueTime = now.addSecs(static_cast<qint64>(i) * 7);
        tasks.push_back(std::move(task));
    }
    return tasks;
}

User reader() {
    return {UserId("u1"),
            "zhangwei",
            QStringLiteral("张伟"),
            QStringLiteral("主治医师"),
            QStringLiteral("县人民医院"),
            QStringLiteral("影像科"),
            {Role::Reader},
            true};
}

User reviewer() {
    return {UserId("u2"),
            "lijing",
            QStringLiteral("李静"),
            QStringLiteral("副主任医师"),
            QStringLiteral("县人民医院"),
            QStringLiteral("影像科"),
            {Role::Reader, Role::Reviewer},
            true};
}

} // namespace yz::test
