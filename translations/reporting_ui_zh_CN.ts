<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>CheckText</name>
    <message>
        <source>left</source>
        <translation>左侧</translation>
    </message>
    <message>
        <source>right</source>
        <translation>右侧</translation>
    </message>
    <message>
        <source>both sides</source>
        <translation>双侧</translation>
    </message>
    <message>
        <source>name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>sex</source>
        <translation>性别</translation>
    </message>
    <message>
        <source>birth date</source>
        <translation>出生日期</translation>
    </message>
    <message>
        <source>Technique</source>
        <translation>检查技术</translation>
    </message>
    <message>
        <source>Comparison</source>
        <translation>对比检查</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>影像所见</translation>
    </message>
    <message>
        <source>Impression</source>
        <translation>影像诊断</translation>
    </message>
    <message>
        <source>Recommendation</source>
        <translation>建议</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Mutual recognition</source>
        <translation>检查结果互认</translation>
    </message>
    <message>
        <source>Critical values</source>
        <translation>危急值</translation>
    </message>
    <message>
        <source>Measurements</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Key images</source>
        <translation>关键图像</translation>
    </message>
    <message>
        <source>The findings are empty.</source>
        <translation>影像所见为空。</translation>
    </message>
    <message>
        <source>The impression is empty.</source>
        <translation>影像诊断为空。</translation>
    </message>
    <message>
        <source>The images on screen belong to another patient.</source>
        <translation>屏幕上的图像属于另一位患者。</translation>
    </message>
    <message>
        <source>Not every image of the study was on the screen.</source>
        <translation>本次检查并非每幅图像都在屏幕上显示过。</translation>
    </message>
    <message>
        <source>The study on screen is not the one of this report.</source>
        <translation>屏幕上的检查不是本报告对应的检查。</translation>
    </message>
    <message>
        <source>An addendum keeps the published text: %1 was changed. Make a correction instead.</source>
        <translation>补充报告须保留已发布的原文，而“%1”已被改动。请改用更正报告。</translation>
    </message>
    <message>
        <source>No image of the study was opened.</source>
        <translation>尚未打开本检查的任何图像。</translation>
    </message>
    <message>
        <source>Order and images differ in the patient&apos;s %1.</source>
        <translation>申请单与图像中的患者%1不一致。</translation>
    </message>
    <message>
        <source>Neither positive nor negative is chosen.</source>
        <translation>尚未选择阳性或阴性。</translation>
    </message>
    <message>
        <source>Side: the findings say %1, the impression says %2. %3</source>
        <translation>侧别不一致：影像所见为%1，影像诊断为%2。%3</translation>
    </message>
    <message>
        <source>&quot;%1&quot; does not fit the patient&apos;s sex.</source>
        <translation>“%1”与患者性别不符。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is an unlikely size: check number and unit.</source>
        <translation>“%1”的大小不合常理，请核对数值与单位。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; has no unit.</source>
        <translation>“%1”缺少单位。</translation>
    </message>
    <message>
        <source>The measurement %1 (%2) is cited but was deleted in the viewer.</source>
        <translation>报告引用的测量“%1”（%2）已在图像上删除。</translation>
    </message>
    <message>
        <source>%1 was measured as %2 but is written as %3.</source>
        <translation>“%1”测量值为 %2，报告中写作 %3。</translation>
    </message>
    <message>
        <source>Marked negative, but the impression names &quot;%1&quot;.</source>
        <translation>已标为阴性，但影像诊断提到“%1”。</translation>
    </message>
    <message>
        <source>Marked positive, but the impression only says &quot;%1&quot;.</source>
        <translation>已标为阳性，但影像诊断仅为“%1”。</translation>
    </message>
    <message>
        <source>%1: &quot;%2&quot; is still to be filled in.</source>
        <translation>%1：“%2”尚未填写。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is a critical finding without a record of who was told.</source>
        <translation>“%1”属于危急值，但没有通知记录。</translation>
    </message>
    <message>
        <source>Critical value &quot;%1&quot;: who was told, when, and the read-back are not complete.</source>
        <translation>危急值“%1”：接收人、通知时间或复述确认不完整。</translation>
    </message>
</context>
<context>
    <name>yz::CriticalValueEditor</name>
    <message>
        <source>Now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>Read back by the receiver</source>
        <translation>接收人已复述确认</translation>
    </message>
    <message>
        <source>Remove this record</source>
        <translation>删除此记录</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>危急值项目</translation>
    </message>
    <message>
        <source>Found at</source>
        <translation>发现时间</translation>
    </message>
    <message>
        <source>Told by</source>
        <translation>报告人</translation>
    </message>
    <message>
        <source>Told to</source>
        <translation>接收人</translation>
    </message>
    <message>
        <source>Told at</source>
        <translation>通知时间</translation>
    </message>
    <message>
        <source>Handling</source>
        <translation>处理措施</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>发现的危急情况</translation>
    </message>
    <message>
        <source>Name at the requesting hospital</source>
        <translation>申请单位接收人姓名</translation>
    </message>
    <message>
        <source>What is being done for the patient</source>
        <translation>对患者采取的处理</translation>
    </message>
    <message>
        <source>Record a critical value</source>
        <translation>登记危急值</translation>
    </message>
    <message>
        <source>A critical finding is told to the requesting hospital at once; the record says who told whom and when, and that it was read back.</source>
        <translation>发现危急值须立即通知申请单位，并记录何人于何时通知何人、对方是否复述确认。</translation>
    </message>
</context>
<context>
    <name>yz::ReportPanel</name>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Form</source>
        <translation>结构化表单</translation>
    </message>
    <message>
        <source>Critical values</source>
        <translation>危急值</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>修改痕迹</translation>
    </message>
    <message numerus="yes">
        <source>%n sentence(s) you edited by hand were left as you wrote them.</source>
        <translation>
            <numerusform>您手工修改过的 %n 句保持原样。</numerusform>
        </translation>
    </message>
    <message>
        <source>Template</source>
        <translation>模板</translation>
    </message>
    <message>
        <source>Reason for the amendment</source>
        <translation>更正或补充的原因</translation>
    </message>
    <message>
        <source>Technique</source>
        <translation>检查技术</translation>
    </message>
    <message>
        <source>Comparison</source>
        <translation>对比检查</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>影像所见</translation>
    </message>
    <message>
        <source>Impression</source>
        <translation>影像诊断</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Negative</source>
        <translation>阴性</translation>
    </message>
    <message>
        <source>Positive</source>
        <translation>阳性</translation>
    </message>
    <message>
        <source>Images fit for mutual recognition</source>
        <translation>图像可供互认</translation>
    </message>
    <message>
        <source>Recognition covers the images, never the doctor&apos;s conclusion.</source>
        <translation>互认仅限影像，不含诊断结论。</translation>
    </message>
    <message>
        <source>Recommendation</source>
        <translation>建议</translation>
    </message>
    <message>
        <source>Key images of the report: double-click shows the image, Delete removes it</source>
        <translation>报告的关键图像：双击显示图像，按 Delete 移除</translation>
    </message>
    <message>
        <source>Remove from the report</source>
        <translation>从报告中移除</translation>
    </message>
    <message>
        <source>Password of your signature key</source>
        <translation>签名密钥口令</translation>
    </message>
    <message>
        <source>Sign</source>
        <translation>签名</translation>
    </message>
    <message>
        <source>Not yet</source>
        <translation>暂不签名</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Give back</source>
        <translation>释放任务</translation>
    </message>
    <message>
        <source>Images unfit…</source>
        <translation>图像不合格退检…</translation>
    </message>
    <message>
        <source>Correction…</source>
        <translation>更正…</translation>
    </message>
    <message>
        <source>Addendum…</source>
        <translation>补充…</translation>
    </message>
    <message>
        <source>Return…</source>
        <translation>退回…</translation>
    </message>
    <message>
        <source>Submit</source>
        <translation>提交</translation>
    </message>
    <message>
        <source>No case open</source>
        <translation>未打开检查</translation>
    </message>
    <message>
        <source>Open one from the work list.</source>
        <translation>请从工作列表中打开。</translation>
    </message>
    <message>
        <source>accession %1</source>
        <translation>检查号 %1</translation>
    </message>
    <message>
        <source>Author: %1</source>
        <translation>报告医师：%1</translation>
    </message>
    <message>
        <source>Reviewer: %1</source>
        <translation>审核医师：%1</translation>
    </message>
    <message>
        <source>Clinical: %1</source>
        <translation>临床：%1</translation>
    </message>
    <message>
        <source>Returned by the reviewer: %1</source>
        <translation>审核医师退回：%1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>The report is not open for writing, so the image was not added.</source>
        <translation>报告当前不可书写，图像未加入。</translation>
    </message>
    <message>
        <source>Image %1</source>
        <translation>图像 %1</translation>
    </message>
    <message>
        <source>The report is not open for writing, so the measurement was not added.</source>
        <translation>报告当前不可书写，测量未加入。</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>正在保存…</translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation>已保存 %1</translation>
    </message>
    <message>
        <source>Approve and sign…</source>
        <translation>审核并签名…</translation>
    </message>
    <message>
        <source>Sign and submit…</source>
        <translation>签名并提交…</translation>
    </message>
    <message>
        <source>It is right because…</source>
        <translation>属实，原因…</translation>
    </message>
    <message numerus="yes">
        <source>%n check(s) below must be mended or answered with a reason before signing.</source>
        <translation>
            <numerusform>签名前须改正下列 %n 项，或逐项说明理由。</numerusform>
        </translation>
    </message>
    <message>
        <source>You sign as reviewer. The report with both signatures goes to the platform after the undo time.</source>
        <translation>您以审核医师身份签名。撤回期满后，带有双方签名的报告将发送至平台。</translation>
    </message>
    <message>
        <source>You sign as author. The report and its PDF are sealed as they stand and go to another doctor for review.</source>
        <translation>您以报告医师身份签名。报告及其 PDF 将按当前内容固化，并提交另一位医师审核。</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>%1
Signing: %2 (demo certificate, no legal force)</source>
        <translation>%1
签名人：%2（演示证书，无法律效力）</translation>
    </message>
    <message>
        <source>%1
Signing: %2</source>
        <translation>%1
签名人：%2</translation>
    </message>
    <message>
        <source>Return the report to its author</source>
        <translation>将报告退回报告医师</translation>
    </message>
    <message>
        <source>What should be changed? The author reads this.</source>
        <translation>需要修改什么？报告医师会看到此说明。</translation>
    </message>
    <message>
        <source>Return</source>
        <translation>退回</translation>
    </message>
    <message>
        <source>Description incomplete</source>
        <translation>影像描述不完整</translation>
    </message>
    <message>
        <source>Conclusion does not follow from the findings</source>
        <translation>诊断与影像所见不符</translation>
    </message>
    <message>
        <source>Compare with the prior study</source>
        <translation>请与既往检查对比</translation>
    </message>
    <message>
        <source>Send the study back as unfit</source>
        <translation>图像不合格，退回检查</translation>
    </message>
    <message>
        <source>What is wrong with the images? The township hospital reads this.</source>
        <translation>图像存在什么问题？基层医院会看到此说明。</translation>
    </message>
    <message>
        <source>Send back</source>
        <translation>退检</translation>
    </message>
    <message>
        <source>Motion artefacts</source>
        <translation>运动伪影</translation>
    </message>
    <message>
        <source>Wrong body part</source>
        <translation>检查部位错误</translation>
    </message>
    <message>
        <source>Images incomplete</source>
        <translation>图像不完整</translation>
    </message>
    <message>
        <source>Measurements of the report: a click shows the image, Delete removes one</source>
        <translation>报告中的测量：单击显示图像，Delete 键移除</translation>
    </message>
</context>
<context>
    <name>yz::TraceView</name>
    <message>
        <source>positive</source>
        <translation>阳性</translation>
    </message>
    <message>
        <source>negative</source>
        <translation>阴性</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>未说明</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>picture without caption</source>
        <translation>无说明的图像</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>The reviewer has changed nothing.</source>
        <translation>审核医师未作修改。</translation>
    </message>
</context>
<context>
    <name>yz::ConflictView</name>
    <message>
        <source>positive</source>
        <translation>阳性</translation>
    </message>
    <message>
        <source>negative</source>
        <translation>阴性</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>未注明</translation>
    </message>
    <message>
        <source>(empty)</source>
        <translation>（空）</translation>
    </message>
</context>
</TS>
