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
    <message>
        <source>Settings</source>
        <translation>设置</translation>
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
<context>
    <name>CheckText</name>
    <message>
        <source>Nobody answers there. Is the host right, the port open, the server running?</source>
        <translation>无应答。请确认主机是否正确、端口是否开放、服务器是否在运行。</translation>
    </message>
    <message>
        <source>The connection stands, but no answer came in time.</source>
        <translation>已连接，但未在规定时间内应答。</translation>
    </message>
    <message>
        <source>The server does not go by this AE title. Correct the AE title of the server.</source>
        <translation>服务器的 AE 标题不是这个。请更正服务器的 AE 标题。</translation>
    </message>
    <message>
        <source>The server does not know this workstation. Its AE title, host and port must be registered there.</source>
        <translation>服务器不认识本工作站。须在服务器上登记本工作站的 AE 标题、主机和端口。</translation>
    </message>
    <message>
        <source>The server refused the association.</source>
        <translation>服务器拒绝了连接。</translation>
    </message>
    <message>
        <source>The connection was broken off. Does a DICOM server listen at this port, and with the same setting of TLS?</source>
        <translation>连接被中断。请确认该端口是否为 DICOM 服务、TLS 设置是否一致。</translation>
    </message>
    <message>
        <source>The server answers, but does not offer what this role needs.</source>
        <translation>服务器有应答，但不提供此角色所需的服务。</translation>
    </message>
    <message>
        <source>The server's certificate is not trusted: %1.</source>
        <translation>服务器证书不受信任：%1。</translation>
    </message>
    <message>
        <source>No encrypted connection came about: %1.</source>
        <translation>未能建立加密连接：%1。</translation>
    </message>
    <message>
        <source>The server does not accept user and password, or the token.</source>
        <translation>服务器不接受该用户和密码或令牌。</translation>
    </message>
    <message>
        <source>The server knows the user, but does not allow this.</source>
        <translation>服务器认识该用户，但不允许此操作。</translation>
    </message>
    <message>
        <source>There is a web server, but no DICOMweb service at this address.</source>
        <translation>有 Web 服务器，但此地址没有 DICOMweb 服务。</translation>
    </message>
    <message>
        <source>What answers there is no DICOMweb service.</source>
        <translation>应答的不是 DICOMweb 服务。</translation>
    </message>
    <message>
        <source>Not encrypted, and not allowed expressly; or a certificate file cannot be used.</source>
        <translation>未加密且未明确允许，或证书文件无法使用。</translation>
    </message>
    <message>
        <source>The settings of this server are not complete.</source>
        <translation>此服务器的设置不完整。</translation>
    </message>
    <message>
        <source>It failed: %1.</source>
        <translation>失败：%1。</translation>
    </message>
    <message>
        <source>The line is not encrypted.</source>
        <translation>线路未加密。</translation>
    </message>
    <message>
        <source>Encrypted. Certificate of %1, valid until %2. Days left: %3.</source>
        <translation>已加密。证书主体 %1，有效期至 %2，剩余 %3 天。</translation>
    </message>
    <message>
        <source>Its certificate, of %1, ended on %2.</source>
        <translation>其证书（属于 %1）已于 %2 到期。</translation>
    </message>
    <message>
        <source>Its certificate, of %1, is valid until %2.</source>
        <translation>其证书属于 %1，有效期至 %2。</translation>
    </message>
    <message>
        <source>There is a web server, but nothing at this address.</source>
        <translation>有网页服务器应答，但此地址上没有内容。</translation>
    </message>
    <message>
        <source>What answers there is no FHIR R4 server: %1.</source>
        <translation>应答的不是 FHIR R4 服务器：%1。</translation>
    </message>
    <message>
        <source>What answers there is no such receiver: %1.</source>
        <translation>应答的不是此类接收方：%1。</translation>
    </message>
    <message>
        <source>The receiver answers, but does not do what a report needs.</source>
        <translation>接收方有应答，但不支持报告所需的功能。</translation>
    </message>
    <message>
        <source>The receiver closed the connection at once. Does it know our certificate or address, and the same setting of TLS?</source>
        <translation>接收方立即关闭了连接。它是否认识我方证书或地址？两边的 TLS 设置是否一致？</translation>
    </message>
    <message>
        <source>The receiver reports an error of its own: %1.</source>
        <translation>接收方报告自身错误：%1。</translation>
    </message>
    <message>
        <source>There is no such folder on this workstation.</source>
        <translation>本工作站上没有此文件夹。</translation>
    </message>
    <message>
        <source>This workstation may not write into the folder.</source>
        <translation>本工作站不能写入此文件夹。</translation>
    </message>
    <message>
        <source>The receiver takes connections (%1 ms). No message was sent: any could be kept as one.</source>
        <translation>接收方接受连接（%1 毫秒）。未发送任何消息：任何消息都可能被当作报告保存。</translation>
    </message>
    <message>
        <source>The folder is there and may be written to. Nothing was written.</source>
        <translation>文件夹存在且可写入。未写入任何内容。</translation>
    </message>
    <message>
        <source>The receiver answers (%1 ms). No report was sent.</source>
        <translation>接收方有应答（%1 毫秒）。未发送报告。</translation>
    </message>
    <message>
        <source>It says: %1.</source>
        <translation>对方说明：%1。</translation>
    </message>
    <message>
        <source>Offered: %1.</source>
        <translation>支持：%1。</translation>
    </message>
    <message>
        <source>Missing: %1.</source>
        <translation>缺少：%1。</translation>
    </message>
    <message>
        <source>The server does not tell its time.</source>
        <translation>服务器未提供时间。</translation>
    </message>
    <message>
        <source>The server's clock agrees with ours.</source>
        <translation>服务器时钟与本机一致。</translation>
    </message>
    <message>
        <source>The server's clock is %1 s ahead of ours.</source>
        <translation>服务器时钟比本机快 %1 秒。</translation>
    </message>
    <message>
        <source>The server's clock is %1 s behind ours.</source>
        <translation>服务器时钟比本机慢 %1 秒。</translation>
    </message>
    <message>
        <source>No answer to judge the character set by.</source>
        <translation>没有可用于判断字符集的记录。</translation>
    </message>
    <message>
        <source>Text comes in %1 and can be read.</source>
        <translation>文字为 %1，可正常读取。</translation>
    </message>
    <message>
        <source>Text is declared as %1, but comes in %2; it is read so.</source>
        <translation>文字声明为 %1，实际为 %2，已按后者读取。</translation>
    </message>
    <message>
        <source>Text is declared as %1, but some of it cannot be read.</source>
        <translation>文字声明为 %1，但有部分无法读取。</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>Asking for one entry…</source>
        <translation>正在查询一条记录…</translation>
    </message>
    <message>
        <source>The repository takes connections (%1 ms). Nothing was sent.</source>
        <translation>审计服务器可连接（%1 毫秒），未发送任何内容。</translation>
    </message>
    <message>
        <source>Asked: %1. Answered: %2.</source>
        <translation>请求：%1。应答：%2。</translation>
    </message>
    <message>
        <source>It answers (%1 ms).</source>
        <translation>有应答（%1 毫秒）。</translation>
    </message>
    <message>
        <source>Accepted: %1.</source>
        <translation>已接受：%1。</translation>
    </message>
    <message>
        <source>Not accepted: %1.</source>
        <translation>未接受：%1。</translation>
    </message>
    <message>
        <source>Without storage commitment, a query is the proof that a report has arrived.</source>
        <translation>没有存储承诺时，以查询作为报告已送达的证明。</translation>
    </message>
</context>
<context>
    <name>FaultText</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>AE title</source>
        <translation>AE 标题</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>主机</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>DICOMweb address</source>
        <translation>DICOMweb 地址</translation>
    </message>
    <message>
        <source>Log-in</source>
        <translation>登录方式</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Password or token</source>
        <translation>密码或令牌</translation>
    </message>
    <message>
        <source>Trusted authorities</source>
        <translation>信任的证书机构</translation>
    </message>
    <message>
        <source>Our certificate</source>
        <translation>本机证书</translation>
    </message>
    <message>
        <source>Key of our certificate</source>
        <translation>本机证书的私钥</translation>
    </message>
    <message>
        <source>Requests at a time</source>
        <translation>并发请求数</translation>
    </message>
    <message>
        <source>Largest object</source>
        <translation>最大对象</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>标识</translation>
    </message>
    <message>
        <source>Form</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Time-out</source>
        <translation>超时</translation>
    </message>
    <message>
        <source>Messages a second</source>
        <translation>每秒消息数</translation>
    </message>
    <message>
        <source>Work list, server</source>
        <translation>工作列表，服务器</translation>
    </message>
    <message>
        <source>Work list, by</source>
        <translation>工作列表，方式</translation>
    </message>
    <message>
        <source>Images, server</source>
        <translation>影像，服务器</translation>
    </message>
    <message>
        <source>Images, by</source>
        <translation>影像，方式</translation>
    </message>
    <message>
        <source>Reports, server</source>
        <translation>报告，服务器</translation>
    </message>
    <message>
        <source>Reports, by</source>
        <translation>报告，方式</translation>
    </message>
    <message>
        <source>Diagnosing hospital</source>
        <translation>诊断医院</translation>
    </message>
    <message>
        <source>Department</source>
        <translation>科室</translation>
    </message>
    <message>
        <source>Name of this workstation</source>
        <translation>本工作站名称</translation>
    </message>
    <message>
        <source>Platform, AE title</source>
        <translation>平台，AE 标题</translation>
    </message>
    <message>
        <source>Platform, host</source>
        <translation>平台，主机</translation>
    </message>
    <message>
        <source>Platform, port</source>
        <translation>平台，端口</translation>
    </message>
    <message>
        <source>Event port</source>
        <translation>事件端口</translation>
    </message>
    <message>
        <source>Time to undo an approval</source>
        <translation>审核可撤销时间</translation>
    </message>
    <message>
        <source>Refresh of the list</source>
        <translation>列表刷新间隔</translation>
    </message>
    <message>
        <source>Wait for storage commitment</source>
        <translation>等待存储承诺</translation>
    </message>
    <message>
        <source>Outbox alarm</source>
        <translation>发件箱提醒</translation>
    </message>
    <message>
        <source>This is not a site file (JSON): %1.</source>
        <translation>这不是站点文件（JSON）：%1。</translation>
    </message>
    <message>
        <source>It is of the wrong kind, text in place of a number or the like.</source>
        <translation>类型不对，例如应为数字却是文字。</translation>
    </message>
    <message>
        <source>Is needed.</source>
        <translation>必须填写。</translation>
    </message>
    <message>
        <source>At most %1 characters.</source>
        <translation>最多 %1 个字符。</translation>
    </message>
    <message>
        <source>Letters without accents, digits and signs only, no \.</source>
        <translation>只能使用英文字母、数字和符号，不含 \。</translation>
    </message>
    <message>
        <source>Out of range.</source>
        <translation>超出范围。</translation>
    </message>
    <message>
        <source>Must be in the range %1.</source>
        <translation>范围为 %1。</translation>
    </message>
    <message>
        <source>This word is not known here.</source>
        <translation>无法识别的取值。</translation>
    </message>
    <message>
        <source>Another one has this name already.</source>
        <translation>已有同名项。</translation>
    </message>
    <message>
        <source>May not have a / in it.</source>
        <translation>不能含有 /。</translation>
    </message>
    <message>
        <source>Only %1, at most 32.</source>
        <translation>只能使用 %1，最多 32 个。</translation>
    </message>
    <message>
        <source>Not an address of the form shown; no user, password or query in it.</source>
        <translation>地址格式不对；不能含用户、密码或查询参数。</translation>
    </message>
    <message>
        <source>Not encrypted. Use TLS, or allow it expressly below.</source>
        <translation>未加密。请使用 TLS，或在下方明确允许。</translation>
    </message>
    <message>
        <source>There is no server of this name.</source>
        <translation>没有此名称的服务器。</translation>
    </message>
    <message>
        <source>This server has no AE title and host.</source>
        <translation>此服务器没有 AE 标题和主机。</translation>
    </message>
    <message>
        <source>This server has no DICOMweb address.</source>
        <translation>此服务器没有 DICOMweb 地址。</translation>
    </message>
    <message>
        <source>Was never entered on this workstation.</source>
        <translation>尚未在本工作站输入。</translation>
    </message>
    <message>
        <source>The file cannot be read.</source>
        <translation>文件无法读取。</translation>
    </message>
    <message>
        <source>No certificate (PEM) in it.</source>
        <translation>其中没有证书（PEM）。</translation>
    </message>
    <message>
        <source>A certificate in it has ended on %1.</source>
        <translation>其中有证书已于 %1 到期。</translation>
    </message>
    <message>
        <source>The certificate needs its key.</source>
        <translation>此证书需要对应的私钥。</translation>
    </message>
    <message>
        <source>Not the key of this certificate, or it has a password.</source>
        <translation>不是此证书的私钥，或私钥带有密码。</translation>
    </message>
    <message>
        <source>A key without its certificate.</source>
        <translation>有私钥但没有证书。</translation>
    </message>
    <message>
        <source>There is no such folder.</source>
        <translation>没有此文件夹。</translation>
    </message>
    <message>
        <source>Needs two times of day (08:00) and a limit.</source>
        <translation>须有两个时刻（如 08:00）和一个限值。</translation>
    </message>
    <message>
        <source>Never applies: the rows above have all of its time.</source>
        <translation>永不生效：上面各行已占满此时段。</translation>
    </message>
    <message>
        <source>Bandwidth, time %1</source>
        <translation>带宽，时段 %1</translation>
    </message>
    <message>
        <source>Bandwidth</source>
        <translation>带宽</translation>
    </message>
    <message>
        <source>Server %1, %2</source>
        <translation>服务器 %1，%2</translation>
    </message>
    <message>
        <source>Receiver %1, %2</source>
        <translation>接收方 %1，%2</translation>
    </message>
    <message>
        <source>Audit messages, %1</source>
        <translation>审计消息，%1</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>By C-MOVE the images would come unencrypted; use C-GET.</source>
        <translation>用 C-MOVE 时影像会以未加密方式传来，请用 C-GET。</translation>
    </message>
</context>
<context>
    <name>yz::BandwidthSettings</name>
    <message>
        <source>The whole day.</source>
        <translation>全天。</translation>
    </message>
    <message>
        <source>Until the next morning.</source>
        <translation>直到次日。</translation>
    </message>
    <message>
        <source>Until midnight.</source>
        <translation>到午夜为止。</translation>
    </message>
    <message>
        <source>Add a time</source>
        <translation>添加时段</translation>
    </message>
    <message>
        <source>What fetching studies may take of the line</source>
        <translation>获取检查可占用的线路</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>限值</translation>
    </message>
    <message>
        <source>For all studies together, at every time that no row below names; reports are not held back.</source>
        <translation>所有检查合计，用于下面各行未列出的时间；报告不受限。</translation>
    </message>
    <message>
        <source>Times with a limit of their own</source>
        <translation>单独限速的时段</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>From</source>
        <translation>自</translation>
    </message>
    <message>
        <source>To</source>
        <translation>至</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Time %1</source>
        <translation>时段 %1</translation>
    </message>
</context>
<context>
    <name>yz::CertificateField</name>
    <message>
        <source>Choose a file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Certificates (PEM)</source>
        <translation>证书（PEM）</translation>
    </message>
    <message>
        <source>unreadable</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>%1, until %2</source>
        <translation>%1，至 %2</translation>
    </message>
    <message>
        <source>%1 and %2 more, until %3</source>
        <translation>%1 等另 %2 张，至 %3</translation>
    </message>
    <message>
        <source>the file cannot be read</source>
        <translation>文件无法读取</translation>
    </message>
</context>
<context>
    <name>yz::CheckPanel</name>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
</context>
<context>
    <name>yz::NodeSettings</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>DICOM</source>
        <translation>DICOM</translation>
    </message>
    <message>
        <source>DICOMweb</source>
        <translation>DICOMweb</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>线路</translation>
    </message>
    <message>
        <source>To correct</source>
        <translation>待更正</translation>
    </message>
    <message>
        <source>Add a server</source>
        <translation>添加服务器</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Servers</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>Platform</source>
        <translation>平台</translation>
    </message>
    <message>
        <source>AE title</source>
        <translation>AE 标题</translation>
    </message>
    <message>
        <source>Gives the work list; also images and reports unless a role names another server.</source>
        <translation>提供工作列表；角色未指定其他服务器时也提供影像、接收报告。</translation>
    </message>
    <message>
        <source>Host</source>
        <translation>主机</translation>
    </message>
    <message>
        <source>Name or IP address.</source>
        <translation>名称或 IP 地址。</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>As you call it; the roles refer to it.</source>
        <translation>自定名称，角色中按此引用。</translation>
    </message>
    <message>
        <source>Up to 16 characters. Empty where it only speaks DICOMweb.</source>
        <translation>最多 16 个字符。仅支持 DICOMweb 时留空。</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>http:// without encryption is allowed here</source>
        <translation>允许此处使用未加密的 http://</translation>
    </message>
    <message>
        <source>Log-in</source>
        <translation>登录方式</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>User and password (Basic)</source>
        <translation>用户和密码（Basic）</translation>
    </message>
    <message>
        <source>Token (Bearer)</source>
        <translation>令牌（Bearer）</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Password or token</source>
        <translation>密码或令牌</translation>
    </message>
    <message>
        <source>Kept encrypted on this workstation, in no site file; never shown again.</source>
        <translation>在本工作站加密保存，不写入站点文件，也不再显示。</translation>
    </message>
    <message>
        <source>Requests at a time</source>
        <translation>并发请求数</translation>
    </message>
    <message>
        <source>Certificates</source>
        <translation>证书</translation>
    </message>
    <message>
        <source>those the system trusts</source>
        <translation>系统信任的机构</translation>
    </message>
    <message>
        <source>Trusted authorities</source>
        <translation>信任的证书机构</translation>
    </message>
    <message>
        <source>Who may have signed the server's certificate. It is always checked.</source>
        <translation>可签发服务器证书的机构。始终检查证书。</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Our certificate</source>
        <translation>本机证书</translation>
    </message>
    <message>
        <source>Only where the server asks for one (mutual TLS).</source>
        <translation>仅在服务器要求时填写（双向 TLS）。</translation>
    </message>
    <message>
        <source>Key of our certificate</source>
        <translation>本机证书的私钥</translation>
    </message>
    <message>
        <source>not encrypted</source>
        <translation>未加密</translation>
    </message>
    <message>
        <source>this machine</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>encrypted</source>
        <translation>已加密</translation>
    </message>
    <message>
        <source>Not encrypted: patient data can be read on the way. Only within a protected network.</source>
        <translation>未加密：患者数据在传输途中可被读取，仅限受保护的网络内使用。</translation>
    </message>
    <message>
        <source>Encrypted (DICOM TLS)</source>
        <translation>加密（DICOM TLS）</translation>
    </message>
    <message>
        <source>TLS 1.2 or 1.3; see the certificates below.</source>
        <translation>TLS 1.2 或 1.3，证书见下方。</translation>
    </message>
</context>
<context>
    <name>yz::PathField</name>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
</context>
<context>
    <name>yz::PrefetchSettings</name>
    <message>
        <source>Fetch ahead</source>
        <translation>提前获取</translation>
    </message>
    <message>
        <source>Next cases</source>
        <translation>接下来的例数</translation>
    </message>
    <message>
        <source>Of the open list, urgent first; 0: nothing is fetched ahead.</source>
        <translation>取自待办列表，急的在前；0 表示不提前获取。</translation>
    </message>
    <message>
        <source>with the studies to compare with</source>
        <translation>同时获取对比检查</translation>
    </message>
    <message>
        <source>Only these</source>
        <translation>仅限以下</translation>
    </message>
    <message>
        <source>Priorities</source>
        <translation>优先级</translation>
    </message>
    <message>
        <source>None ticked: all.</source>
        <translation>都不勾选表示全部。</translation>
    </message>
    <message>
        <source>Kinds</source>
        <translation>任务类型</translation>
    </message>
    <message>
        <source>Modalities</source>
        <translation>设备类型</translation>
    </message>
    <message>
        <source>CT, MR, DX; empty: all.</source>
        <translation>CT, MR, DX；留空表示全部。</translation>
    </message>
    <message>
        <source>Requesting hospitals</source>
        <translation>申请医院</translation>
    </message>
    <message>
        <source>As they stand in the list, with commas between; empty: all.</source>
        <translation>与列表中的名称一致，用逗号分隔；留空表示全部。</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>空间</translation>
    </message>
    <message>
        <source>All images together</source>
        <translation>影像总量上限</translation>
    </message>
    <message>
        <source>Beyond it what was longest unused goes; never what is unread, claimed or not sent.</source>
        <translation>超出时先删除最久未用的；未阅、已领取和未发送的不会删除。</translation>
    </message>
    <message>
        <source>Left free on the disk</source>
        <translation>磁盘预留空间</translation>
    </message>
    <message>
        <source>So that reports can always be kept.</source>
        <translation>确保报告总能保存。</translation>
    </message>
    <message>
        <source>Kept after the last use</source>
        <translation>最后使用后保留</translation>
    </message>
    <message>
        <source>h</source>
        <translation>小时</translation>
    </message>
</context>
<context>
    <name>yz::RoleSettings</name>
    <message>
        <source>Work list</source>
        <translation>工作列表</translation>
    </message>
    <message>
        <source>Who has the tasks and takes the claims.</source>
        <translation>由谁提供任务并登记领取。</translation>
    </message>
    <message>
        <source>UPS over DICOM</source>
        <translation>UPS（DICOM）</translation>
    </message>
    <message>
        <source>UPS over the web (UPS-RS)</source>
        <translation>UPS（Web，UPS-RS）</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>影像</translation>
    </message>
    <message>
        <source>Who gives the studies to read and to compare with.</source>
        <translation>提供待阅和对比的检查。</translation>
    </message>
    <message>
        <source>C-GET</source>
        <translation>C-GET</translation>
    </message>
    <message>
        <source>C-MOVE</source>
        <translation>C-MOVE</translation>
    </message>
    <message>
        <source>WADO-RS</source>
        <translation>WADO-RS</translation>
    </message>
    <message>
        <source>Reports</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Who takes the signed reports.</source>
        <translation>接收已签名的报告。</translation>
    </message>
    <message>
        <source>C-STORE</source>
        <translation>C-STORE</translation>
    </message>
    <message>
        <source>STOW-RS</source>
        <translation>STOW-RS</translation>
    </message>
    <message>
        <source>Audit messages</source>
        <translation>审计消息</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>已取消。</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>%1, by</source>
        <translation>%1，方式</translation>
    </message>
    <message>
        <source>%1, server</source>
        <translation>%1，服务器</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Platform</source>
        <translation>平台</translation>
    </message>
    <message>
        <source>%1 (is not there)</source>
        <translation>%1（不存在）</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>The address is entered under Other systems.</source>
        <translation>地址在“其他系统”中填写。</translation>
    </message>
</context>
<context>
    <name>yz::SecretField</name>
    <message>
        <source>Choose a file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>entered, not saved yet</source>
        <translation>已输入，尚未保存</translation>
    </message>
    <message>
        <source>will be removed</source>
        <translation>将删除</translation>
    </message>
    <message>
        <source>kept; enter another to replace it</source>
        <translation>已保存；输入新的可替换</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>kept</source>
        <translation>已保存</translation>
    </message>
    <message>
        <source>Private key (PEM)</source>
        <translation>私钥（PEM）</translation>
    </message>
    <message>
        <source>the file cannot be read</source>
        <translation>文件无法读取</translation>
    </message>
</context>
<context>
    <name>yz::SettingsPage</name>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Discard changes</source>
        <translation>放弃更改</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>分类</translation>
    </message>
    <message>
        <source>Workstation</source>
        <translation>工作站</translation>
    </message>
    <message>
        <source>Servers</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>Roles</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>Other systems</source>
        <translation>其他系统</translation>
    </message>
    <message>
        <source>Prefetch</source>
        <translation>提前获取</translation>
    </message>
    <message>
        <source>Bandwidth</source>
        <translation>带宽</translation>
    </message>
    <message>
        <source>Saved. It takes effect when the workstation is started again.</source>
        <translation>已保存，重新启动工作站后生效。</translation>
    </message>
    <message>
        <source>Saved. It takes effect within half a minute.</source>
        <translation>已保存，半分钟内生效。</translation>
    </message>
    <message>
        <source>The settings were changed elsewhere since they were read. Nothing was saved.</source>
        <translation>读取之后设置已在别处更改，未保存。</translation>
    </message>
    <message>
        <source>Read them again</source>
        <translation>重新读取</translation>
    </message>
    <message>
        <source>Nothing was saved or taken over. To be corrected:</source>
        <translation>未保存，也未采用。请更正：</translation>
    </message>
    <message>
        <source>The file was read. Look it over and save it; passwords and keys are not in it and may have to be entered.</source>
        <translation>文件已读入，请核对后保存。文件不含密码和私钥，可能需要重新输入。</translation>
    </message>
    <message>
        <source>Exported without passwords and keys: %1</source>
        <translation>已导出（不含密码和私钥）：%1</translation>
    </message>
    <message>
        <source>Save (Ctrl+S)</source>
        <translation>保存（Ctrl+S）</translation>
    </message>
    <message>
        <source>Site file</source>
        <translation>站点文件</translation>
    </message>
    <message>
        <source>Site file (*.json)</source>
        <translation>站点文件 (*.json)</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>Not saved; to correct: %1</source>
        <translation>尚未保存；待更正：%1</translation>
    </message>
    <message>
        <source>Not saved.</source>
        <translation>尚未保存。</translation>
    </message>
    <message>
        <source>Saved; in use after the next start of the workstation.</source>
        <translation>已保存，下次启动工作站后生效。</translation>
    </message>
    <message>
        <source>Nothing was saved. To be corrected:</source>
        <translation>未保存。请更正：</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>yz::StationSettings</name>
    <message>
        <source>This workstation</source>
        <translation>本工作站</translation>
    </message>
    <message>
        <source>Diagnosing hospital</source>
        <translation>诊断医院</translation>
    </message>
    <message>
        <source>Stands on every report.</source>
        <translation>写在每份报告上。</translation>
    </message>
    <message>
        <source>Department</source>
        <translation>科室</translation>
    </message>
    <message>
        <source>Name of this workstation</source>
        <translation>本工作站名称</translation>
    </message>
    <message>
        <source>Shown to others beside a claim.</source>
        <translation>领取任务时显示给其他人。</translation>
    </message>
    <message>
        <source>AE title</source>
        <translation>AE 标题</translation>
    </message>
    <message>
        <source>Servers must know it. Up to 16 characters.</source>
        <translation>须在各服务器登记。最多 16 个字符。</translation>
    </message>
    <message>
        <source>Event port</source>
        <translation>事件端口</translation>
    </message>
    <message>
        <source>Where events and C-MOVE arrive; 0: chosen by the system.</source>
        <translation>接收事件和 C-MOVE；0 表示由系统选择。</translation>
    </message>
    <message>
        <source>Rules of the house</source>
        <translation>管理规则</translation>
    </message>
    <message>
        <source>One may review one's own report</source>
        <translation>允许审核本人的报告</translation>
    </message>
    <message>
        <source>Time to undo an approval</source>
        <translation>审核可撤销时间</translation>
    </message>
    <message>
        <source>s</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>After it a report is published.</source>
        <translation>此后报告发布。</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Refresh of the list</source>
        <translation>列表刷新间隔</translation>
    </message>
    <message>
        <source>Wait for storage commitment</source>
        <translation>等待存储承诺</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>毫秒</translation>
    </message>
    <message>
        <source>Outbox alarm</source>
        <translation>发件箱提醒</translation>
    </message>
    <message>
        <source>What waits longer is pointed out in the status line.</source>
        <translation>等待更久的项会在状态栏提示。</translation>
    </message>
</context>
<context>
    <name>yz::TargetSettings</name>
    <message>
        <source>Connects with the settings as they stand; no report is sent.</source>
        <translation>按当前设置连接；不发送报告。</translation>
    </message>
    <message>
        <source>Connects with the settings as they stand; no message is sent.</source>
        <translation>按当前设置连接；不发送消息。</translation>
    </message>
    <message>
        <source>Receiver</source>
        <translation>接收方</translation>
    </message>
    <message>
        <source>Form</source>
        <translation>格式</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>线路</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>To correct</source>
        <translation>待更正</translation>
    </message>
    <message>
        <source>Add a receiver</source>
        <translation>添加接收方</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Receivers</source>
        <translation>接收方</translation>
    </message>
    <message>
        <source>On: new reports are sent there</source>
        <translation>启用：新报告发送到此处</translation>
    </message>
    <message>
        <source>Off: new reports get no entry, what is in the outbox waits.</source>
        <translation>关闭：新报告不再发送，发件箱中已有的等待。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>标识</translation>
    </message>
    <message>
        <source>Fixed once it is saved: messages are named by it.</source>
        <translation>保存后不可更改：消息以此命名。</translation>
    </message>
    <message>
        <source>Without encryption is allowed here</source>
        <translation>允许此处不加密</translation>
    </message>
    <message>
        <source>Time-out</source>
        <translation>超时</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>毫秒</translation>
    </message>
    <message>
        <source>The author's version goes out too, as preliminary</source>
        <translation>同时发送作者版本（初步报告）</translation>
    </message>
    <message>
        <source>Certificates and log-in</source>
        <translation>证书和登录</translation>
    </message>
    <message>
        <source>Trusted authorities</source>
        <translation>信任的证书机构</translation>
    </message>
    <message>
        <source>PEM file; empty: those the system trusts.</source>
        <translation>PEM 文件；留空为系统信任的机构。</translation>
    </message>
    <message>
        <source>Our certificate</source>
        <translation>本机证书</translation>
    </message>
    <message>
        <source>Only where the receiver asks for one (mutual TLS).</source>
        <translation>仅在接收方要求时填写（双向 TLS）。</translation>
    </message>
    <message>
        <source>Key of our certificate</source>
        <translation>本机证书的私钥</translation>
    </message>
    <message>
        <source>Authorization header</source>
        <translation>Authorization 头</translation>
    </message>
    <message>
        <source>Content</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Character set</source>
        <translation>字符集</translation>
    </message>
    <message>
        <source>Sending application</source>
        <translation>发送应用</translation>
    </message>
    <message>
        <source>Sending facility</source>
        <translation>发送机构</translation>
    </message>
    <message>
        <source>Empty: the diagnosing hospital.</source>
        <translation>留空表示诊断医院。</translation>
    </message>
    <message>
        <source>Receiving application</source>
        <translation>接收应用</translation>
    </message>
    <message>
        <source>Receiving facility</source>
        <translation>接收机构</translation>
    </message>
    <message>
        <source>Status of an addendum</source>
        <translation>补充报告的状态</translation>
    </message>
    <message>
        <source>C: replaces what was sent</source>
        <translation>C：替换已发送的</translation>
    </message>
    <message>
        <source>A: some of it</source>
        <translation>A：部分结果</translation>
    </message>
    <message>
        <source>Who gives patient ids</source>
        <translation>患者标识的发放者</translation>
    </message>
    <message>
        <source>An OID for HL7 and CDA, a URI for FHIR.</source>
        <translation>HL7 和 CDA 填 OID，FHIR 填 URI。</translation>
    </message>
    <message>
        <source>Who gives order numbers</source>
        <translation>检查号的发放者</translation>
    </message>
    <message>
        <source>Audit messages</source>
        <translation>审计消息</translation>
    </message>
    <message>
        <source>syslogs://audit.example:6514; empty: nothing is sent.</source>
        <translation>syslogs://audit.example:6514；留空表示不发送。</translation>
    </message>
    <message>
        <source>Messages a second</source>
        <translation>每秒消息数</translation>
    </message>
    <message>
        <source>How fast a backlog is caught up with.</source>
        <translation>补发积压消息的速度。</translation>
    </message>
    <message>
        <source>Certificates</source>
        <translation>证书</translation>
    </message>
    <message>
        <source>not encrypted</source>
        <translation>未加密</translation>
    </message>
    <message>
        <source>this machine</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>encrypted</source>
        <translation>已加密</translation>
    </message>
    <message>
        <source>on</source>
        <translation>启用</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Not encrypted: patient data can be read on the way. Only within a protected network.</source>
        <translation>未加密：患者数据在传输途中可被读取，仅限受保护的网络内使用。</translation>
    </message>
    <message>
        <source>Bearer … or Basic …; kept encrypted, never shown again.</source>
        <translation>“Bearer …”或“Basic …”；加密保存，不再显示。</translation>
    </message>
</context>
<context>
    <name>TransferText</name>
    <message>
        <source>%1 s left</source>
        <translation>剩余 %1 秒</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>剩余 %1</translation>
    </message>
    <message>
        <source>Images %1 of %2 · %3</source>
        <translation>图像 %1/%2 · %3</translation>
    </message>
    <message>
        <source>%1 · the line broke, trying again</source>
        <translation>%1 · 线路中断，正在重试</translation>
    </message>
    <message>
        <source>%1 · %2/s</source>
        <comment>transfer: what has come, and bytes per second</comment>
        <translation>%1 · %2/秒</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <comment>transfer: what has come, and the time left</comment>
        <translation>%1 · %2</translation>
    </message>
</context>
</TS>
