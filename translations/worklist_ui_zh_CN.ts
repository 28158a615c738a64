<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>WorklistText</name>
    <message>
        <source>Withdrawn by the sender</source>
        <translation>送检方已撤回</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>Given back</source>
        <translation>已退还</translation>
    </message>
    <message>
        <source>Me</source>
        <translation>本人</translation>
    </message>
    <message>
        <source>Me (not confirmed)</source>
        <translation>本人（待确认）</translation>
    </message>
    <message>
        <source>Due %1</source>
        <translation>时限 %1</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>优先级</translation>
    </message>
    <message>
        <source>Time left</source>
        <translation>时限</translation>
    </message>
    <message>
        <source>Hospital</source>
        <translation>申请单位</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Sex, age</source>
        <translation>性别 年龄</translation>
    </message>
    <message>
        <source>Modality</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>部位</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>检查项目</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Held by</source>
        <translation>领取人</translation>
    </message>
    <message>
        <source>Examined</source>
        <translation>检查时间</translation>
    </message>
    <message>
        <source>All images are on this workstation: it can be read without the platform.</source>
        <translation>图像已全部在本机，平台断开也可诊断。</translation>
    </message>
    <message>
        <source>%1 of %2 images are on this workstation.</source>
        <translation>本机已有 %2 幅图像中的 %1 幅。</translation>
    </message>
    <message>
        <source>No images are on this workstation yet.</source>
        <translation>本机尚无图像。</translation>
    </message>
    <message>
        <source>All</source>
        <translation>齐全</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>Images on this workstation</source>
        <translation>本机已有的图像</translation>
    </message>
</context>
<context>
    <name>yz::FilterBar</name>
    <message>
        <source>Name, pinyin, ID, accession, item, hospital  ( / )</source>
        <translation>姓名、拼音、患者编号、检查号、项目、单位（按 / 查找）</translation>
    </message>
    <message>
        <source>Reviews only</source>
        <translation>只看审核</translation>
    </message>
    <message>
        <source>Only mine</source>
        <translation>只看本人</translation>
    </message>
    <message>
        <source>All open</source>
        <translation>全部待办</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>已办结</translation>
    </message>
</context>
<context>
    <name>yz::LoginPage</name>
    <message>
        <source>Caps Lock is on</source>
        <translation>大写锁定已打开</translation>
    </message>
    <message>
        <source>Log in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Reading and reporting for regional diagnostic centers</source>
        <translation>区域影像诊断中心阅片与报告工作站</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>用户名</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Not a registered medical device. Not to be used for the diagnosis of patients.</source>
        <translation>本产品未注册为医疗器械，不得用于患者的临床诊断。</translation>
    </message>
    <message>
        <source>Demo users – invented persons, not for patient care</source>
        <translation>演示用户：均为虚构人物，不得用于诊疗</translation>
    </message>
    <message>
        <source>Password of the demo users: %1</source>
        <translation>演示用户密码：%1</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>正在验证…</translation>
    </message>
    <message>
        <source>Too many wrong passwords: the account is locked for %1 more.</source>
        <translation>密码错误次数过多，账户已锁定，%1 后可重试。</translation>
    </message>
</context>
<context>
    <name>yz::StatusBarWidget</name>
    <message>
        <source>DEMO – not for patient care</source>
        <translation>演示环境 · 不得用于诊疗</translation>
    </message>
    <message>
        <source>(demo user)</source>
        <translation>（演示用户）</translation>
    </message>
    <message>
        <source>Platform connected</source>
        <translation>平台已连接</translation>
    </message>
    <message>
        <source>Platform away since %1</source>
        <translation>平台自 %1 起无法连接</translation>
    </message>
    <message>
        <source>Platform not connected</source>
        <translation>平台未连接</translation>
    </message>
    <message>
        <source>Outbox %1, of them refused %2</source>
        <translation>发件箱 %1，其中被拒 %2</translation>
    </message>
    <message>
        <source>Outbox %1</source>
        <translation>发件箱 %1</translation>
    </message>
    <message>
        <source>Outbox empty</source>
        <translation>发件箱为空</translation>
    </message>
    <message>
        <source>List as of %1</source>
        <translation>列表更新于 %1</translation>
    </message>
    <message>
        <source>Ahead %1 of %2, no room for more</source>
        <translation>预取 %1/%2，空间不足</translation>
    </message>
    <message>
        <source>Ahead %1 of %2</source>
        <translation>预取 %1/%2</translation>
    </message>
    <message>
        <source>Studies fetched before they are opened. The disk or the quota for images is full of studies that are still needed.</source>
        <translation>打开之前预先取回的检查。磁盘或图像配额已满，且都是仍需保留的检查。</translation>
    </message>
    <message>
        <source>Studies fetched before they are opened: they can be read without the platform.</source>
        <translation>打开之前预先取回的检查，平台断开也可诊断。</translation>
    </message>
    <message>
        <source>Outbox %1, waiting too long %2 (since %3)</source>
        <translation>发件箱 %1，等待过久 %2（自 %3）</translation>
    </message>
    <message>
        <source>Conflicts %1</source>
        <translation>冲突 %1</translation>
    </message>
    <message>
        <source>Your text and another doctor's for the same study: compare them when you have time.</source>
        <translation>同一检查上您的文字与其他医师的报告：有空时请对照。</translation>
    </message>
</context>
<context>
    <name>yz::TaskDetailsWidget</name>
    <message>
        <source>Clinical diagnosis</source>
        <translation>临床诊断</translation>
    </message>
    <message>
        <source>History</source>
        <translation>病史</translation>
    </message>
    <message>
        <source>Image quality remarks</source>
        <translation>图像质量备注</translation>
    </message>
    <message>
        <source>Prior studies</source>
        <translation>既往检查</translation>
    </message>
    <message>
        <source>View only</source>
        <translation>仅浏览</translation>
    </message>
    <message>
        <source>Give back…</source>
        <translation>退还…</translation>
    </message>
    <message>
        <source>Reject study…</source>
        <translation>退检…</translation>
    </message>
    <message>
        <source>Patient ID</source>
        <translation>患者编号</translation>
    </message>
    <message>
        <source>Hospital</source>
        <translation>申请单位</translation>
    </message>
    <message>
        <source>Requested by</source>
        <translation>申请科室</translation>
    </message>
    <message>
        <source>Item</source>
        <translation>检查项目</translation>
    </message>
    <message>
        <source>Accession</source>
        <translation>检查号</translation>
    </message>
    <message>
        <source>Examined</source>
        <translation>检查时间</translation>
    </message>
    <message>
        <source>Due</source>
        <translation>时限</translation>
    </message>
    <message>
        <source>Held by</source>
        <translation>领取人</translation>
    </message>
    <message>
        <source>born %1</source>
        <translation>%1 出生</translation>
    </message>
    <message>
        <source>asking…</source>
        <translation>处理中…</translation>
    </message>
    <message>
        <source>Reason: %1</source>
        <translation>原因：%1</translation>
    </message>
    <message>
        <source>nobody</source>
        <translation>无人领取</translation>
    </message>
    <message>
        <source>Go on reading  (Enter)</source>
        <translation>继续阅片（回车）</translation>
    </message>
    <message>
        <source>Take for review  (Enter)</source>
        <translation>领取审核（回车）</translation>
    </message>
    <message>
        <source>Claim and read  (Enter)</source>
        <translation>领取并阅片（回车）</translation>
    </message>
    <message>
        <source>Another reader holds this task.</source>
        <translation>该任务已被其他医师领取。</translation>
    </message>
    <message>
        <source>Held by %1.</source>
        <translation>已由 %1 领取。</translation>
    </message>
    <message>
        <source>You wrote this report: another doctor reviews it.</source>
        <translation>该报告由您书写，须由其他医师审核。</translation>
    </message>
    <message>
        <source>Only a reviewing doctor can take this task.</source>
        <translation>仅审核医师可领取该任务。</translation>
    </message>
    <message>
        <source>Only a reporting doctor can claim this task.</source>
        <translation>仅报告医师可领取该任务。</translation>
    </message>
</context>
<context>
    <name>yz::WorklistDelegate</name>
    <message>
        <source>asking…</source>
        <translation>处理中…</translation>
    </message>
</context>
<context>
    <name>yz::WorklistPage</name>
    <message>
        <source>Refresh (R)</source>
        <translation>刷新（R）</translation>
    </message>
    <message>
        <source>Give the task back</source>
        <translation>退还任务</translation>
    </message>
    <message>
        <source>It goes back to the list for any reader. Your draft stays on this workstation.</source>
        <translation>任务回到列表，供其他医师领取。您的草稿仍保留在本工作站。</translation>
    </message>
    <message>
        <source>Give back</source>
        <translation>退还</translation>
    </message>
    <message>
        <source>Claimed by mistake</source>
        <translation>误领</translation>
    </message>
    <message>
        <source>Needs a colleague of another field</source>
        <translation>需由其他专业医师诊断</translation>
    </message>
    <message>
        <source>End of shift</source>
        <translation>交班</translation>
    </message>
    <message>
        <source>Reject the study</source>
        <translation>退检</translation>
    </message>
    <message>
        <source>The sending hospital gets the study back with this reason and must examine again.</source>
        <translation>检查连同此原因退回申请单位，由其重新检查。</translation>
    </message>
    <message>
        <source>Reject study</source>
        <translation>确认退检</translation>
    </message>
    <message>
        <source>Motion artefacts, not readable</source>
        <translation>运动伪影，无法诊断</translation>
    </message>
    <message>
        <source>Wrong or incomplete body part</source>
        <translation>检查部位错误或不完整</translation>
    </message>
    <message>
        <source>Images belong to another patient</source>
        <translation>图像与患者不符</translation>
    </message>
    <message>
        <source>%1 holds the task of %2; nothing was changed. Choose another task.</source>
        <translation>%1 已领取 %2 的任务，未作任何更改。请选择其他任务。</translation>
    </message>
    <message>
        <source>%1 at %2 holds the task of %3; nothing was changed. Choose another task.</source>
        <translation>%1（%2）已领取 %3 的任务，未作任何更改。请选择其他任务。</translation>
    </message>
    <message>
        <source>: </source>
        <translation>：</translation>
    </message>
    <message>
        <source>emergencies %1</source>
        <translation>急诊 %1</translation>
    </message>
    <message>
        <source>overdue %1</source>
        <translation>超时 %1</translation>
    </message>
    <message>
        <source>as of %1</source>
        <translation>更新于 %1</translation>
    </message>
    <message>
        <source>%1 The list is as of %2.</source>
        <translation>%1列表更新于 %2。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>No task matches</source>
        <translation>没有符合条件的任务</translation>
    </message>
    <message>
        <source>None of the tasks fits the search and the filters chosen.</source>
        <translation>没有任务符合当前的查找内容和筛选条件。</translation>
    </message>
    <message>
        <source>Clear the filters</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>No worklist yet</source>
        <translation>暂无工作列表</translation>
    </message>
    <message>
        <source>Fetching the worklist</source>
        <translation>正在获取工作列表</translation>
    </message>
    <message>
        <source>The platform is being asked for the tasks.</source>
        <translation>正在向平台查询任务。</translation>
    </message>
    <message>
        <source>Nothing to read</source>
        <translation>暂无待办任务</translation>
    </message>
    <message>
        <source>New tasks appear here by themselves as soon as a hospital sends them.</source>
        <translation>各单位发来新任务后会自动显示在此处。</translation>
    </message>
</context>
</TS>
