#include "reporting/check_vocabulary.h"

#include <array>
#include <string_view>

namespace yz::vocabulary {

namespace {

QStringList words(std::string_view list) { return QString::fromUtf8(list.data(), list.size()).split(u' '); }

// The tightest name in a clause decides: 结节 is by definition at most 30 mm.
constexpr std::array<SizeLimit, 14> kSizeLimits{{{"结节", 30},
                                                 {"nodule", 30},
                                                 {"淋巴结", 80},
                                                 {"lymph node", 80},
                                                 {"结石", 120},
                                                 {"stone", 120},
                                                 {"管壁", 30},
                                                 {"胆总管", 60},
                                                 {"胰管", 40},
                                                 {"动脉瘤", 200},
                                                 {"中线", 60},
                                                 {"血肿", 200},
                                                 {"囊肿", 250},
                                                 {"肿块", 300}}};
constexpr double kLargestInBodyMm = 450;

} // namespace

const QStringList& pairedOrgans() {
    static const QStringList list = words(
        "肺上叶 肺中叶 肺下叶 肺尖 肺门 肺 上肺 中肺 下肺 胸腔 胸膜 胸廓 肋 锁骨 肩胛骨 肩关节 肱骨 乳腺 腋窝 腋下 膈 "
        "肾上腺 肾盂 肾 输尿管 附件区 附件 卵巢 输卵管 睾丸 附睾 腹股沟 髋关节 股骨 膝关节 胫骨 腓骨 踝关节 髂骨 "
        "骶髂关节 "
        "额叶 颞叶 顶叶 枕叶 岛叶 额颞叶 额顶叶 颞顶叶 颞枕叶 顶枕叶 额顶颞 额颞顶 基底节 丘脑 小脑半球 小脑 大脑半球 "
        "侧脑室 放射冠 半卵圆中心 脑桥 海马 大脑中动脉 大脑前动脉 大脑后动脉 颈内动脉 颈总动脉 椎动脉 上颌窦 筛窦 额窦 "
        "蝶窦 乳突 眼眶 眼球 甲状腺 腮腺 颌下腺 肝叶 肝外叶 肝内叶 主支气管 肺动脉 颞部 额部 顶部 枕部 "
        "lung lobe kidney adrenal breast ovary testis pleura hemithorax frontal temporal parietal occipital thalamus "
        "cerebellum hip knee shoulder femur");
    return list;
}

const QStringList& femaleOrgans() {
    static const QStringList list =
        words("子宫 宫颈 宫腔 宫体 卵巢 输卵管 阴道 胎儿 孕囊 妊娠囊 双侧附件 左侧附件 右侧附件 附件区 子宫内膜 "
              "uterus uterine cervical-canal ovary ovaries ovarian vagina endometrium");
    return list;
}

const QStringList& maleOrgans() {
    static const QStringList list = words(
        "前列腺 精囊 睾丸 附睾 阴茎 阴囊 精索 prostate seminal testis testes testicular scrotum epididymis penis");
    return list;
}

const QStringList& abnormalities() {
    static const QStringList list = words(
        "结节 肿块 占位 肿瘤 癌 转移 骨折 脱位 出血 血肿 梗死 梗塞 积液 积血 积气 气胸 肺炎 炎症 炎性 感染 结核 结石 "
        "栓塞 血栓 夹层 动脉瘤 囊肿 增生 肺不张 肺气肿 肝硬化 脂肪肝 胆囊炎 胰腺炎 阑尾炎 扩张 狭窄 闭塞 破裂 穿孔 "
        "梗阻 "
        "脑疝 水肿 脱髓鞘 萎缩 疝 畸形 肿大 增大 实变 磨玻璃影 斑片影 空洞 支气管扩张 间质性 纤维化 退行性变 突出 膨出 "
        "游离气体 nodule mass tumour tumor carcinoma metastas fracture dislocation hemorrhage haemorrhage hematoma "
        "infarct effusion pneumothorax pneumonia infection stone embol thromb dissection aneurysm cyst atelectasis "
        "emphysema cirrhosis stenosis occlusion rupture perforation obstruction hernia edema consolidation");
    return list;
}

const QStringList& criticalPhrases() {
    static const QStringList list = [] {
        QStringList all = words("张力性气胸 主动脉夹层 主动脉破裂 主动脉瘤破裂 脑疝 硬膜外血肿 硬膜下血肿 "
                                "蛛网膜下腔出血 脑出血 颅内出血 脑室出血 "
                                "脑干出血 小脑出血 基底节区出血 急性脑梗死 大面积脑梗死 肺栓塞 肺动脉栓塞 游离气体 "
                                "消化道穿孔 胃肠道穿孔 心包填塞 "
                                "心脏压塞 肠系膜上动脉栓塞 绞窄性肠梗阻 肠扭转 脾破裂 肝破裂 肾破裂 异位妊娠破裂 "
                                "宫外孕破裂 睾丸扭转 卵巢扭转 "
                                "椎管内血肿 急性胰腺炎坏死");
        all += {QStringLiteral("tension pneumothorax"),    QStringLiteral("aortic dissection"),
                QStringLiteral("aortic rupture"),          QStringLiteral("brain herniation"),
                QStringLiteral("epidural hematoma"),       QStringLiteral("subdural hematoma"),
                QStringLiteral("subarachnoid hemorrhage"), QStringLiteral("intracranial hemorrhage"),
                QStringLiteral("pulmonary embolism"),      QStringLiteral("free air"),
                QStringLiteral("cardiac tamponade"),       QStringLiteral("testicular torsion")};
        return all;
    }();
    return list;
}

double largestBelievableMm(const QString& clause) {
    double largest = kLargestInBodyMm;
    for (const SizeLimit& limit : kSizeLimits)
        if (clause.contains(QString::fromUtf8(limit.word), Qt::CaseInsensitive) && limit.largestMm < largest)
            largest = limit.largestMm;
    return largest;
}

} // namespace yz::vocabulary
