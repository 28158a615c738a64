<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>yz::DeskProgram</name>
    <message>
        <source>Yuanzhen</source>
        <translation>远诊</translation>
    </message>
</context>
<context>
    <name>yz::DeskWindow</name>
    <message>
        <source>Yuanzhen</source>
        <translation>远诊</translation>
    </message>
    <message>
        <source>Work list</source>
        <translation>工作列表</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>阅片</translation>
    </message>
    <message>
        <source>Reports</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>Log out</source>
        <translation>退出登录</translation>
    </message>
    <message>
        <source>Outbox</source>
        <translation>发件箱</translation>
    </message>
</context>
<context>
    <name>yz::ReadingPage</name>
    <message>
        <source>The sending hospital withdrew this study: %1. Your draft stays on this workstation; the report cannot be signed.</source>
        <translation>送检医院已撤回本检查：%1。草稿保存在本机，报告不能签名。</translation>
    </message>
    <message>
        <source>no reason given</source>
        <translation>未说明原因</translation>
    </message>
    <message>
        <source>Give the task back</source>
        <translation>退还任务</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>Fetching the author&apos;s report…</source>
        <translation>正在调取报告医师的报告…</translation>
    </message>
    <message>
        <source>Images %1 of %2 · %3</source>
        <translation>图像 %1/%2 · %3</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) of this study were set aside: %1</source>
        <translation>
            <numerusform>本检查有 %n 个文件已隔离：%1</numerusform>
        </translation>
    </message>
    <message>
        <source>Signing…</source>
        <translation>正在签名…</translation>
    </message>
    <message>
        <source>Signed. Another doctor signs the amendment from the list of reports.</source>
        <translation>已签名。请另一位医师在“报告”页中签发该更正/补充。</translation>
    </message>
    <message>
        <source>Approved.</source>
        <translation>已审核。</translation>
    </message>
    <message>
        <source>Signed and submitted for review.</source>
        <translation>已签名并提交审核。</translation>
    </message>
    <message>
        <source>Giving the task back…</source>
        <translation>正在释放任务…</translation>
    </message>
    <message>
        <source>Sending the study back…</source>
        <translation>正在退检…</translation>
    </message>
    <message>
        <source>Returning the report…</source>
        <translation>正在退回报告…</translation>
    </message>
    <message>
        <source>The image of this measurement is not open.</source>
        <translation>此测量所在的图像未打开。</translation>
    </message>
    <message>
        <source>Kept as a presentation state of the study.</source>
        <translation>已保存为本检查的显示状态。</translation>
    </message>
    <message numerus="yes">
        <source>%n key image(s) kept in the study.</source>
        <translation>
            <numerusform>已在检查中保存 %n 幅关键图像。</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 (%2) took this task while this workstation had no connection. Your draft stays here, beside the other report, under &quot;Conflicts&quot; in the line below; this report cannot be sent.</source>
        <translation>本机断线期间，%1（%2）领取了该任务。您的草稿保留在本机，可在下方状态栏的“冲突”中与对方的报告对照；本报告无法发出。</translation>
    </message>
    <message>
        <source>This task is no longer yours: %1 Your draft stays here under &quot;Conflicts&quot; in the line below.</source>
        <translation>该任务已不属于您：%1您的草稿保留在本机，见下方状态栏的“冲突”。</translation>
    </message>
    <message numerus="yes">
        <source>%n image file(s) of this study were damaged on this workstation and are not shown. They are fetched from the platform again as soon as it answers.</source>
        <translation>
            <numerusform>本机上该检查有 %n 个图像文件已损坏，不予显示；平台一有应答即重新获取。</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 What is known of revoked certificates is %2 old.</source>
        <translation>%1本机的证书吊销信息已是 %2前的。</translation>
    </message>
</context>
<context>
    <name>yz::ReportsPage</name>
    <message>
        <source>Name, patient ID, accession number, item</source>
        <translation>姓名、患者编号、检查号、检查项目</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <translation>未找到</translation>
    </message>
    <message>
        <source>The newest %1 that fit</source>
        <translation>最近 %1 份符合条件的报告</translation>
    </message>
    <message>
        <source>The newest %1, and what is not delivered</source>
        <translation>最近 %1 份及所有未送达的报告</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Save PDF…</source>
        <translation>保存 PDF…</translation>
    </message>
    <message>
        <source>Try again now</source>
        <translation>立即重试</translation>
    </message>
    <message>
        <source>No report has been signed here yet</source>
        <translation>本工作站尚无已签名的报告</translation>
    </message>
    <message>
        <source>Signed reports and what the platform said to them appear here.</source>
        <translation>已签名的报告及平台的回执将显示在此处。</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Patient</source>
        <translation>患者</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>检查项目</translation>
    </message>
    <message>
        <source>Requesting hospital</source>
        <translation>申请单位</translation>
    </message>
    <message>
        <source>Author</source>
        <translation>报告医师</translation>
    </message>
    <message>
        <source>Reviewer</source>
        <translation>审核医师</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Signed</source>
        <translation>签名时间</translation>
    </message>
    <message>
        <source>Delivery</source>
        <translation>送达</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>序号</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Tries</source>
        <translation>次数</translation>
    </message>
    <message>
        <source>Next try</source>
        <translation>下次重试</translation>
    </message>
    <message>
        <source>Last answer</source>
        <translation>最近答复</translation>
    </message>
    <message>
        <source>Received by the platform %1</source>
        <translation>平台已接收 %1</translation>
    </message>
    <message>
        <source>Sent, waiting for the platform&apos;s commitment</source>
        <translation>已发送，等待平台存储承诺</translation>
    </message>
    <message>
        <source>The platform refuses it: see below</source>
        <translation>平台拒收，详见下方</translation>
    </message>
    <message>
        <source>Taken back before it left</source>
        <translation>发出前已撤回</translation>
    </message>
    <message>
        <source>Leaves at %1</source>
        <translation>将于 %1 发出</translation>
    </message>
    <message numerus="yes">
        <source>Waiting for the platform (%n tries)</source>
        <translation>
            <numerusform>等待平台（已尝试 %n 次）</numerusform>
        </translation>
    </message>
    <message>
        <source>Waiting to be sent</source>
        <translation>等待发送</translation>
    </message>
    <message>
        <source>Came from the platform</source>
        <translation>来自平台</translation>
    </message>
    <message>
        <source>Taken back</source>
        <translation>已撤回</translation>
    </message>
    <message>
        <source>Addendum</source>
        <translation>补充</translation>
    </message>
    <message>
        <source>Correction</source>
        <translation>更正</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>Outbox of this version</source>
        <translation>该版本的发件记录</translation>
    </message>
    <message>
        <source>Report and PDF to the archive</source>
        <translation>报告与 PDF 归档</translation>
    </message>
    <message>
        <source>Report named in the work item</source>
        <translation>工作项登记报告</translation>
    </message>
    <message>
        <source>Work item completed</source>
        <translation>工作项完成</translation>
    </message>
    <message>
        <source>Work item given back</source>
        <translation>工作项退回</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>已发送</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>已送达</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>被拒收</translation>
    </message>
    <message>
        <source>Take the approval back (%1 left)</source>
        <translation>撤销审核（剩余 %1）</translation>
    </message>
    <message>
        <source>The approval was taken back; the report is in review again and nothing was sent.</source>
        <translation>审核已撤销，报告回到审核中，未发出任何内容。</translation>
    </message>
    <message>
        <source>Save PDF</source>
        <translation>保存 PDF</translation>
    </message>
    <message>
        <source>report-%1.pdf</source>
        <translation>报告-%1.pdf</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>The PDF was saved as %1.</source>
        <translation>PDF 已保存为 %1。</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Held back by a person: see the outbox</source>
        <translation>已人工暂缓发送：见发件箱</translation>
    </message>
    <message>
        <source>Not sent: another doctor has this task, see Conflicts</source>
        <translation>未发送：该任务已由其他医师领取，见“冲突”</translation>
    </message>
    <message>
        <source>Not sent: the task was taken back, see Conflicts</source>
        <translation>未发送：该任务已被撤回，见“冲突”</translation>
    </message>
</context>
<context>
    <name>yz::StartPage</name>
    <message>
        <source>Yuanzhen</source>
        <translation>远诊</translation>
    </message>
    <message>
        <source>The workstation is starting.</source>
        <translation>工作站正在启动。</translation>
    </message>
    <message>
        <source>The training platform is preparing its sample studies (%1 of %2 images). This happens once.</source>
        <translation>演示平台正在准备样例检查（%1/%2 幅图像），仅首次启动需要。</translation>
    </message>
</context>
<context>
    <name>yz::ScreenArrangement</name>
    <message>
        <source>Images</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
</context>
<context>
    <name>yz::ScreenPage</name>
    <message>
        <source>Screens</source>
        <translation>屏幕</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>屏幕</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>What is not ticked stays in the main window. Images may cover several screens that stand side by side.</source>
        <translation>未勾选的留在主窗口。图像可以占用并排的多个屏幕。</translation>
    </message>
    <message>
        <source>%1   %2 × %3 at %4, %5</source>
        <translation>%1   %2 × %3，位置 %4, %5</translation>
    </message>
    <message>
        <source>A chosen screen is not there: what stood on it is in the main window until it comes back.</source>
        <translation>所选屏幕未连接：其内容暂在主窗口，屏幕恢复后自动移回。</translation>
    </message>
</context>
<context>
    <name>OutboxText</name>
    <message>
        <source>Report and PDF to the archive</source>
        <translation>报告与 PDF 归档</translation>
    </message>
    <message>
        <source>Report named in the work item</source>
        <translation>工作项登记报告</translation>
    </message>
    <message>
        <source>Work item completed</source>
        <translation>工作项完成</translation>
    </message>
    <message>
        <source>Work item given back</source>
        <translation>工作项退回</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>已发送</translation>
    </message>
    <message>
        <source>Delivered</source>
        <translation>已送达</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>被拒收</translation>
    </message>
    <message>
        <source>Taken back</source>
        <translation>已撤回</translation>
    </message>
    <message>
        <source>Report as a message</source>
        <translation>报告消息</translation>
    </message>
    <message>
        <source>Held back</source>
        <translation>暂缓发送</translation>
    </message>
    <message>
        <source>Platform</source>
        <translation>平台</translation>
    </message>
    <message>
        <source>%1 (no longer set up)</source>
        <translation>%1（已不在设置中）</translation>
    </message>
    <message>
        <source>%1 (not encrypted)</source>
        <translation>%1（未加密）</translation>
    </message>
    <message>
        <source>It does not answer; the message is sent again by itself.</source>
        <translation>对方没有应答；消息会自动重发。</translation>
    </message>
    <message>
        <source>It and this workstation do not accept each other&apos;s certificate or password; nothing was sent. Ask IT to check the settings and the clock.</source>
        <translation>对方与本工作站互不认可证书或口令；没有发送任何内容。请信息科检查设置和时钟。</translation>
    </message>
    <message>
        <source>It is switched off or not set up completely; the message waits. Ask IT to check its address and files in the settings.</source>
        <translation>该接收方已停用或没有设置完整；消息等待中。请信息科在设置中检查其地址和文件。</translation>
    </message>
    <message>
        <source>The report cannot be put into its form: an identifier or its character set is missing. Ask IT to check the settings, then try again.</source>
        <translation>报告无法转换成对方的格式：缺少标识或字符集。请信息科检查设置，然后重试。</translation>
    </message>
    <message>
        <source>It cannot take a message at the moment; it is sent again by itself.</source>
        <translation>对方目前不能接收消息；会自动重发。</translation>
    </message>
    <message>
        <source>It refuses this message, which is not sent again by itself. Call its IT with the answer shown.</source>
        <translation>对方拒绝这条消息，不会自动重发。请将所示的应答告知对方信息科。</translation>
    </message>
    <message>
        <source>It gave no clear answer; the same message is sent again by itself, and it can tell that it is the same.</source>
        <translation>对方没有给出明确的应答；同一条消息会自动重发，对方能识别出是同一条。</translation>
    </message>
    <message>
        <source>It did not answer in time; the same message is sent again by itself.</source>
        <translation>对方没有及时应答；同一条消息会自动重发。</translation>
    </message>
    <message>
        <source>Confirmed</source>
        <translation>已确认</translation>
    </message>
    <message>
        <source>Receipt: %1</source>
        <translation>回执：%1</translation>
    </message>
    <message>
        <source>%1 [%2]</source>
        <translation>%1 [%2]</translation>
    </message>
    <message>
        <source>Presentation state or key images to the archive</source>
        <translation>显示状态或关键图像存档</translation>
    </message>
</context>
<context>
    <name>yz::OutboxPage</name>
    <message>
        <source>Only what is not delivered</source>
        <translation>仅显示未送达的</translation>
    </message>
    <message>
        <source>Try again now</source>
        <translation>立即重试</translation>
    </message>
    <message>
        <source>Hold back</source>
        <translation>暂缓发送</translation>
    </message>
    <message>
        <source>Let it go</source>
        <translation>恢复发送</translation>
    </message>
    <message>
        <source>Save to a folder…</source>
        <translation>保存到文件夹…</translation>
    </message>
    <message>
        <source>Save to a folder</source>
        <translation>保存到文件夹</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>序号</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>To</source>
        <translation>接收方</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Tries</source>
        <translation>尝试次数</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>开始时间</translation>
    </message>
    <message>
        <source>Next try</source>
        <translation>下次尝试</translation>
    </message>
    <message>
        <source>Last answer</source>
        <translation>最近应答</translation>
    </message>
    <message>
        <source>All receivers</source>
        <translation>全部接收方</translation>
    </message>
    <message>
        <source>Platform</source>
        <translation>平台</translation>
    </message>
    <message>
        <source>–</source>
        <translation>–</translation>
    </message>
    <message>
        <source>Everything is delivered</source>
        <translation>全部已送达</translation>
    </message>
    <message>
        <source>%1 not delivered, of them refused %2, waiting too long %3</source>
        <translation>%1 项未送达，其中被拒绝 %2 项，等待过久 %3 项</translation>
    </message>
    <message>
        <source>%1 not delivered, of them refused %2</source>
        <translation>%1 项未送达，其中被拒绝 %2 项</translation>
    </message>
    <message>
        <source>Saved: %1</source>
        <translation>已保存：%1</translation>
    </message>
</context>
<context>
    <name>yz::ConflictsPage</name>
    <message>
        <source>Keep mine here, do not send it</source>
        <translation>我的留在本机，不再发送</translation>
    </message>
    <message>
        <source>View the images</source>
        <translation>查看图像</translation>
    </message>
    <message>
        <source>No conflicts</source>
        <translation>没有冲突</translation>
    </message>
    <message>
        <source>Text of yours that cannot go out because another doctor reported the same study, or the sender took it back, appears here beside the other report.</source>
        <translation>因其他医师已报告同一检查、或送检方已撤回而未能发出的文字，会显示在这里，与对方的报告并列。</translation>
    </message>
    <message>
        <source>(patient no longer in the list)</source>
        <translation>（患者已不在列表中）</translation>
    </message>
    <message>
        <source>%1 · %2
%3</source>
        <translation>%1 · %2
%3</translation>
    </message>
    <message>
        <source>Your signed report was not sent and stays on this workstation.</source>
        <translation>您已签名的报告没有发出，保留在本机。</translation>
    </message>
    <message>
        <source>Your draft stays on this workstation.</source>
        <translation>您的草稿保留在本机。</translation>
    </message>
    <message>
        <source>The task was taken back, by the sending hospital or because it came up again as a new task. %1 If it is in the list again, claim it there: your text is put into the new report.</source>
        <translation>该任务已被撤回：送检医院撤回，或已作为新任务重新列出。%1如列表中再次出现，请在那里领取，您的文字会带入新报告。</translation>
    </message>
    <message>
        <source>The task is no longer on the platform. %1</source>
        <translation>该任务已不在平台上。%1</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>Another doctor took this task while this workstation had no connection. %1</source>
        <translation>本机断线期间，另一位医师领取了该任务。%1</translation>
    </message>
    <message>
        <source>%1 took this task while this workstation had no connection. %2</source>
        <translation>本机断线期间，%1 领取了该任务。%2</translation>
    </message>
    <message>
        <source>Draft of %1, %2</source>
        <translation>%1 的草稿，%2</translation>
    </message>
    <message>
        <source>%1, reviewed by %2</source>
        <translation>%1，审核 %2</translation>
    </message>
    <message>
        <source>Signed here by %1, %2</source>
        <translation>%1 在本机签名，%2</translation>
    </message>
    <message>
        <source>Report of %1, %2: it stands</source>
        <translation>%1 的报告，%2：以此为准</translation>
    </message>
    <message>
        <source>Only %1 can decide this.</source>
        <translation>只有 %1 可以决定。</translation>
    </message>
    <message>
        <source>Fetching the other report…</source>
        <translation>正在获取对方的报告…</translation>
    </message>
    <message>
        <source>The other report cannot be shown now: %1</source>
        <translation>暂时无法显示对方的报告：%1</translation>
    </message>
    <message>
        <source>No other report of this study is on the platform yet</source>
        <translation>平台上尚无该检查的其他报告</translation>
    </message>
    <message>
        <source>Your text is kept on this workstation and will not be sent. You find what was signed in the list of reports.</source>
        <translation>您的文字保留在本机，不会再发送。已签名的内容可在报告列表中找到。</translation>
    </message>
</context>
</TS>
