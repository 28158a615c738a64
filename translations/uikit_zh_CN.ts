<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>ErrorText</name>
    <message>
        <source>The program met a condition it was not made for; what you wrote is kept. Repeat the step, and tell IT if it happens again.</source>
        <translation>程序遇到意外情况，已书写的内容均已保留。请重试；如再次出现，请联系信息科。</translation>
    </message>
    <message>
        <source>The step was cancelled; nothing was changed.</source>
        <translation>操作已取消，未作任何更改。</translation>
    </message>
    <message>
        <source>A value given is not valid; nothing was changed. Correct it and try again.</source>
        <translation>输入的内容无效，未作任何更改。请改正后重试。</translation>
    </message>
    <message>
        <source>It is not on this workstation. Refresh the list, or fetch it from the platform again.</source>
        <translation>本工作站上没有该内容。请刷新列表，或重新从平台调取。</translation>
    </message>
    <message>
        <source>It exists already and was left as it is. Choose another name or open the existing one.</source>
        <translation>该内容已存在，原有内容未改动。请换一个名称，或打开已有的内容。</translation>
    </message>
    <message>
        <source>This workstation does not support it; the data is unchanged. Ask IT whether another workstation does.</source>
        <translation>本工作站不支持此内容，数据未改动。请向信息科了解其他工作站是否支持。</translation>
    </message>
    <message>
        <source>You are not permitted to do this; nothing was changed. Ask a person with the right role.</source>
        <translation>您没有此项权限，未作任何更改。请由具备相应角色的人员操作。</translation>
    </message>
    <message>
        <source>A file is missing on this workstation; the platform still has the study. Fetch the study again.</source>
        <translation>本工作站缺少文件，平台上仍保存有该检查。请重新调取。</translation>
    </message>
    <message>
        <source>A file cannot be read from the disk; the platform still has the study. Fetch it again, and tell IT if it happens again.</source>
        <translation>磁盘上的文件无法读取，平台上仍保存有该检查。请重新调取；如再次出现，请联系信息科。</translation>
    </message>
    <message>
        <source>A file cannot be written to the disk; what was saved before is safe. Ask IT to check the permissions of the data folder.</source>
        <translation>文件无法写入磁盘，此前保存的内容安全。请信息科检查数据目录的权限。</translation>
    </message>
    <message>
        <source>The disk is full; what was saved before is safe, new work is not being saved. Free disk space before you go on.</source>
        <translation>磁盘空间已满，此前保存的内容安全，但新内容无法保存。请先清理磁盘空间再继续。</translation>
    </message>
    <message>
        <source>The local database refused the step; what was saved before is safe. Try again, and tell IT if it happens again.</source>
        <translation>本地数据库拒绝了此操作，此前保存的内容安全。请重试；如再次出现，请联系信息科。</translation>
    </message>
    <message>
        <source>The local database is busy; nothing was changed. Try again in a moment.</source>
        <translation>本地数据库忙，未作任何更改。请稍后重试。</translation>
    </message>
    <message>
        <source>The local database is damaged; signed reports already delivered are safe on the platform. Stop working at this workstation and call IT.</source>
        <translation>本地数据库已损坏，已送达的签名报告在平台上安全保存。请停止使用本工作站并联系信息科。</translation>
    </message>
    <message>
        <source>The local database was written by a newer version of this program and was not touched. Start the newer version.</source>
        <translation>本地数据库由更新版本的程序写入，未作任何改动。请启动新版本程序。</translation>
    </message>
    <message>
        <source>Another copy of the program is using the data of this workstation; nothing was changed. Go on in that window or close it first.</source>
        <translation>本工作站的数据正被另一个程序窗口使用，未作任何更改。请在该窗口继续，或先将其关闭。</translation>
    </message>
    <message>
        <source>A received file is not a DICOM file and was set aside; the other images can be read. Ask the sending hospital to send it again.</source>
        <translation>收到的文件不是 DICOM 文件，已隔离存放，其余图像可正常阅片。请联系申请单位重新发送。</translation>
    </message>
    <message>
        <source>A received image is damaged and was set aside; the other images can be read. Ask the sending hospital to send it again.</source>
        <translation>收到的图像已损坏，已隔离存放，其余图像可正常阅片。请联系申请单位重新发送。</translation>
    </message>
    <message>
        <source>A received image ends too early and was set aside; the other images can be read. Fetch the study again.</source>
        <translation>收到的图像不完整，已隔离存放，其余图像可正常阅片。请重新调取该检查。</translation>
    </message>
    <message>
        <source>An image lacks data that is needed here; it can still be viewed as far as its data goes. Do not rely on measurements in it.</source>
        <translation>图像缺少所需的数据，仍可在现有数据范围内浏览。请勿以其测量值为依据。</translation>
    </message>
    <message>
        <source>A received object is larger or deeper than is safe to open and was set aside; the other images can be read. Ask IT to look at it.</source>
        <translation>收到的对象超出安全打开的限度，已隔离存放，其余图像可正常阅片。请信息科查看。</translation>
    </message>
    <message>
        <source>The image is compressed in a way this workstation cannot decode; it is kept unchanged. Ask the sending hospital for another compression.</source>
        <translation>图像的压缩方式本工作站无法解码，原件保留未改动。请申请单位更换压缩方式后重传。</translation>
    </message>
    <message>
        <source>The object holds no pixels; the rest of the study can be read. Ask the sending hospital if you expect an image here.</source>
        <translation>该对象不含像素数据，检查的其余部分可正常阅片。如此处应有图像，请询问申请单位。</translation>
    </message>
    <message>
        <source>The pixels of an image cannot be decoded and are not shown; the other images can be read. Fetch the study again.</source>
        <translation>图像的像素数据无法解码，不予显示，其余图像可正常阅片。请重新调取该检查。</translation>
    </message>
    <message>
        <source>The object is not an image and cannot be shown in a viewport; the rest of the study can be read.</source>
        <translation>该对象不是图像，无法在视口中显示，检查的其余部分可正常阅片。</translation>
    </message>
    <message>
        <source>The program part that decodes images cannot be started; nothing was changed, and no image can be opened. Ask IT to repair the installation.</source>
        <translation>图像解码程序无法启动，数据未作任何更改，暂时无法打开图像。请信息科修复安装。</translation>
    </message>
    <message>
        <source>An object broke the program part that decodes images, and it was started anew; the other images can be read. Do not rely on this object, and ask IT to look at it.</source>
        <translation>某个对象使图像解码程序崩溃，该程序已重新启动，其余图像可正常阅片。请勿依据此对象，并请信息科检查。</translation>
    </message>
    <message>
        <source>An image took longer to decode than is allowed and is not shown; the other images can be read. Ask IT to look at it.</source>
        <translation>某幅图像解码超出允许时间，不予显示，其余图像可正常阅片。请信息科检查。</translation>
    </message>
    <message>
        <source>The images carry another patient than the order; they are held back. Clear the identity with the sending hospital before reading.</source>
        <translation>图像中的患者与申请单不符，图像已暂扣。请先与申请单位核实身份，再行阅片。</translation>
    </message>
    <message>
        <source>An object belongs to another study than the one opened and was set aside. Check the accession number with the sending hospital.</source>
        <translation>有对象不属于当前检查，已隔离存放。请与申请单位核对检查号。</translation>
    </message>
    <message>
        <source>Images of the study are still missing; those here can be viewed. Wait for the rest or fetch the study again before you sign.</source>
        <translation>检查的图像尚不齐全，已到的图像可浏览。请等待其余图像或重新调取后再签名。</translation>
    </message>
    <message>
        <source>The slices do not form an even volume, so there is no MPR; they can be read one by one.</source>
        <translation>层面不构成均匀容积，无法进行 MPR 重建，可逐层阅片。</translation>
    </message>
    <message>
        <source>The platform does not answer; what you write is saved here and sent later. Go on reading, and tell IT if it lasts.</source>
        <translation>平台无应答。您书写的内容保存在本机，稍后自动发送。可继续阅片；如持续不通，请联系信息科。</translation>
    </message>
    <message>
        <source>The platform refused the connection; what you write is saved here and sent later. Tell IT if it lasts.</source>
        <translation>平台拒绝连接。您书写的内容保存在本机，稍后自动发送。如持续不通，请联系信息科。</translation>
    </message>
    <message>
        <source>The platform does not know the name (AE title) it was called by; your work is safe here. Ask IT to correct the platform&apos;s AE title in the settings.</source>
        <translation>平台不认可所呼叫的 AE 名称，您的工作内容在本机安全保存。请信息科在设置中更正平台的 AE 名称。</translation>
    </message>
    <message>
        <source>The platform does not know this workstation&apos;s name (AE title); your work is safe here. Ask IT to register this workstation with the platform.</source>
        <translation>平台不认可本工作站的 AE 名称，您的工作内容在本机安全保存。请信息科在平台登记本工作站。</translation>
    </message>
    <message>
        <source>The platform does not offer the service that was asked for; your work is safe here. Ask IT to compare the settings with the platform.</source>
        <translation>平台不提供所请求的服务，您的工作内容在本机安全保存。请信息科核对本机与平台的设置。</translation>
    </message>
    <message>
        <source>The platform broke off the connection; nothing is lost and it is tried again by itself.</source>
        <translation>平台中断了连接，内容无丢失，系统将自动重试。</translation>
    </message>
    <message>
        <source>The platform did not answer in time; whether it acted is not known yet, and this is settled by itself when it answers again.</source>
        <translation>平台未及时应答，操作是否已执行尚不确定，待平台恢复应答后系统自动核实。</translation>
    </message>
    <message>
        <source>Another program on this workstation uses the port on which the platform reports changes; nothing was changed. Close the other desk, or ask IT to set another event port.</source>
        <translation>本机已有其他程序占用平台通知所用的端口，未作任何更改。请关闭另一个诊断工作站窗口，或联系信息科更换通知端口。</translation>
    </message>
    <message>
        <source>The platform reported an error of its own; your work is safe here. Try again, and tell IT if it happens again.</source>
        <translation>平台报告其自身出错，您的工作内容在本机安全保存。请重试；如再次出现，请联系信息科。</translation>
    </message>
    <message>
        <source>The platform has no room at the moment; the report stays in the outbox and is sent again by itself.</source>
        <translation>平台暂时没有存储空间，报告保留在发件箱，系统将自动重发。</translation>
    </message>
    <message>
        <source>The platform refused an object of the report; it stays in the outbox. Open the outbox and call IT.</source>
        <translation>平台拒收报告中的对象，报告保留在发件箱。请打开发件箱查看，并联系信息科。</translation>
    </message>
    <message>
        <source>The platform did not confirm that it keeps the report; it stays in the outbox and is sent again by itself.</source>
        <translation>平台未确认已保存报告，报告保留在发件箱，系统将自动重发。</translation>
    </message>
    <message>
        <source>The task is no longer on the platform; a draft of yours is kept. Refresh the list.</source>
        <translation>该任务已不在平台上，您的草稿已保留。请刷新列表。</translation>
    </message>
    <message>
        <source>Another reader holds this task; nothing was changed. Choose another task or ask the holder to release it.</source>
        <translation>该任务已被其他医师领取，未作任何更改。请选择其他任务，或请对方退还任务。</translation>
    </message>
    <message>
        <source>The task is not claimed by you; your text is kept as a draft. Claim the task first.</source>
        <translation>您尚未领取该任务，已书写的内容保存为草稿。请先领取任务。</translation>
    </message>
    <message>
        <source>The sending hospital or the platform withdrew this task; your draft is kept. Refresh the list.</source>
        <translation>申请单位或平台已撤回该任务，您的草稿已保留。请刷新列表。</translation>
    </message>
    <message>
        <source>The task is in a state that does not allow this step; nothing was changed. Refresh the list to see its state.</source>
        <translation>任务当前状态不允许此操作，未作任何更改。请刷新列表查看其状态。</translation>
    </message>
    <message>
        <source>Your role does not allow this step; nothing was changed. Log in as a user who has the role.</source>
        <translation>您的角色不允许此操作，未作任何更改。请以具备该角色的用户登录。</translation>
    </message>
    <message>
        <source>You wrote this report, so another doctor must review it; nothing was changed.</source>
        <translation>该报告由您书写，须由其他医师审核，未作任何更改。</translation>
    </message>
    <message>
        <source>This step needs a reason; nothing was changed. Enter the reason and repeat the step.</source>
        <translation>此操作须填写原因，未作任何更改。请填写原因后重试。</translation>
    </message>
    <message>
        <source>The report template cannot be read; your text is kept. Choose another template and tell IT.</source>
        <translation>报告模板无法读取，您书写的内容已保留。请选择其他模板，并告知信息科。</translation>
    </message>
    <message>
        <source>The report is not complete, so it was not signed; the draft is saved. Fill in what is marked.</source>
        <translation>报告内容不完整，未签名，草稿已保存。请补全标出的内容。</translation>
    </message>
    <message>
        <source>This report is signed and cannot be changed. Write an addendum or a correction.</source>
        <translation>该报告已签名，不能修改。请书写补充报告或更正报告。</translation>
    </message>
    <message>
        <source>A newer version of the report has arrived; your draft is kept beside it. Compare the two before you go on.</source>
        <translation>报告有更新的版本，您的草稿已并列保留。请对照后再继续。</translation>
    </message>
    <message>
        <source>The time to take back the approval is over and the report has been sent. Write an addendum or a correction.</source>
        <translation>撤回审核的时限已过，报告已发送。请书写补充报告或更正报告。</translation>
    </message>
    <message>
        <source>There is no user of this name at this workstation. Check the spelling or ask the administrator.</source>
        <translation>本工作站没有该用户。请检查用户名，或联系系统管理员。</translation>
    </message>
    <message>
        <source>The password or PIN is wrong; nothing was changed. Check Caps Lock and try again.</source>
        <translation>密码或 PIN 码错误，未作任何更改。请检查大写锁定后重试。</translation>
    </message>
    <message>
        <source>Too many wrong passwords: the account is locked for a while. Wait, or ask the administrator.</source>
        <translation>密码错误次数过多，账户已暂时锁定。请稍候，或联系系统管理员。</translation>
    </message>
    <message>
        <source>This account is switched off. Ask the administrator.</source>
        <translation>该账户已停用。请联系系统管理员。</translation>
    </message>
    <message>
        <source>The password is too easy to guess; the old one still holds. Choose a longer one with several kinds of characters.</source>
        <translation>密码过于简单，原密码仍然有效。请设置更长且包含多种字符的密码。</translation>
    </message>
    <message>
        <source>The key this step needs cannot be reached: your signing key, or the key of this workstation's images. Nothing is signed, drafts are saved. Plug in your key or ask the administrator.</source>
        <translation>无法读取此步骤所需的密钥：您的签名密钥，或本工作站图像的密钥。报告未签名，草稿已保存。请插入签名密钥（UKey），或联系系统管理员。</translation>
    </message>
    <message>
        <source>The signing key does not belong to your certificate; the report is not signed and the draft is saved. Ask the administrator.</source>
        <translation>签名密钥与您的证书不匹配，报告未签名，草稿已保存。请联系系统管理员。</translation>
    </message>
    <message>
        <source>You have no signing certificate at this workstation; the report is not signed and the draft is saved. Ask the administrator.</source>
        <translation>您在本工作站没有签名证书，报告未签名，草稿已保存。请联系系统管理员。</translation>
    </message>
    <message>
        <source>Your signing certificate has expired; the report is not signed and the draft is saved. Have it renewed by the certificate authority.</source>
        <translation>您的签名证书已过期，报告未签名，草稿已保存。请向证书机构办理更新。</translation>
    </message>
    <message>
        <source>Your signing certificate is not valid yet; the report is not signed and the draft is saved. Check the clock of this workstation.</source>
        <translation>您的签名证书尚未生效，报告未签名，草稿已保存。请检查本工作站的时钟。</translation>
    </message>
    <message>
        <source>Your signing certificate has been revoked; the report is not signed and the draft is saved. Ask the certificate authority.</source>
        <translation>您的签名证书已被吊销，报告未签名，草稿已保存。请联系证书机构。</translation>
    </message>
    <message>
        <source>The certificate does not chain to a trusted authority; the signature is not accepted. Ask the administrator to check the trusted certificates.</source>
        <translation>证书不属于受信任的证书机构，签名不予采信。请系统管理员检查受信任的证书。</translation>
    </message>
    <message>
        <source>A signature of the report does not verify; do not rely on this report. Fetch it again and call IT if it stays so.</source>
        <translation>报告的签名验证未通过，请勿采信该报告。请重新调取；如仍未通过，请联系信息科。</translation>
    </message>
    <message>
        <source>The report lacks a signature it must have; do not rely on it. Ask the author or the reviewer to sign.</source>
        <translation>报告缺少应有的签名，请勿采信。请报告医师或审核医师签名。</translation>
    </message>
    <message>
        <source>The report was changed after it was signed; do not rely on it. Fetch the original from the platform.</source>
        <translation>报告在签名后被改动，请勿采信。请从平台调取原件。</translation>
    </message>
    <message>
        <source>The platform&apos;s certificate is not one this workstation trusts; nothing was sent. Ask IT to check the certificate and the clock of this workstation.</source>
        <translation>平台的证书不受本工作站信任，未发送任何内容。请信息科检查证书和本工作站的时钟。</translation>
    </message>
    <message>
        <source>No encrypted connection to the platform could be made; nothing was sent, and it is tried again by itself. Ask IT to check the certificates of both sides.</source>
        <translation>无法与平台建立加密连接，未发送任何内容，系统会自动重试。请信息科检查双方的证书。</translation>
    </message>
    <message>
        <source>The platform refused the password or token of this workstation; your work is safe here. Ask IT to enter a valid one in the settings.</source>
        <translation>平台拒绝了本工作站的密码或令牌，您的工作已保存在本机。请信息科在设置中填写有效的密码或令牌。</translation>
    </message>
    <message>
        <source>The platform does not permit this workstation what it asked for; your work is safe here. Ask IT to have the right granted.</source>
        <translation>平台不允许本工作站进行此项操作，您的工作已保存在本机。请信息科申请相应权限。</translation>
    </message>
    <message>
        <source>The platform has too much to do at the moment; it is asked again by itself after a pause.</source>
        <translation>平台当前繁忙，系统稍后会自动重试。</translation>
    </message>
    <message>
        <source>The platform does not take an object of this size; it stays in the outbox. Ask IT to raise the platform&apos;s limit.</source>
        <translation>平台不接收这么大的对象，该对象保留在发件箱中。请信息科提高平台的大小限制。</translation>
    </message>
    <message>
        <source>The platform&apos;s answer ended before it was complete; what arrived whole is kept, and the rest is fetched again.</source>
        <translation>平台的应答未传完就中断了，已完整收到的内容均已保留，其余内容会重新调取。</translation>
    </message>
    <message>
        <source>The platform&apos;s answer was not of the kind that was asked for; nothing of it was used. Ask IT to check the platform&apos;s address in the settings.</source>
        <translation>平台的应答不是所请求的类型，未采用其中任何内容。请信息科检查设置中的平台地址。</translation>
    </message>
</context>
<context>
    <name>FormatText</name>
    <message>
        <source>yesterday %1</source>
        <translation>昨天 %1</translation>
    </message>
    <message>
        <source>%1 y</source>
        <comment>age in years</comment>
        <translation>%1岁</translation>
    </message>
    <message>
        <source>%1 mo</source>
        <comment>age in months</comment>
        <translation>%1个月</translation>
    </message>
    <message>
        <source>%1 wk</source>
        <comment>age in weeks</comment>
        <translation>%1周</translation>
    </message>
    <message>
        <source>%1 d</source>
        <comment>age in days</comment>
        <translation>%1天</translation>
    </message>
    <message>
        <source>M</source>
        <comment>sex: male</comment>
        <translation>男</translation>
    </message>
    <message>
        <source>F</source>
        <comment>sex: female</comment>
        <translation>女</translation>
    </message>
    <message>
        <source>Other</source>
        <comment>sex</comment>
        <translation>其他</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 时</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 时 %2 分</translation>
    </message>
    <message>
        <source>%1 d</source>
        <comment>duration in days</comment>
        <translation>%1 天</translation>
    </message>
    <message>
        <source>%1 d %2 h</source>
        <translation>%1 天 %2 时</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>剩 %1</translation>
    </message>
    <message>
        <source>%1 over</source>
        <translation>超 %1</translation>
    </message>
</context>
<context>
    <name>TermText</name>
    <message>
        <source>Head</source>
        <translation>头部</translation>
    </message>
    <message>
        <source>Brain</source>
        <translation>颅脑</translation>
    </message>
    <message>
        <source>Skull</source>
        <translation>颅骨</translation>
    </message>
    <message>
        <source>Orbit</source>
        <translation>眼眶</translation>
    </message>
    <message>
        <source>Sinuses</source>
        <translation>鼻窦</translation>
    </message>
    <message>
        <source>Neck</source>
        <translation>颈部</translation>
    </message>
    <message>
        <source>Thyroid</source>
        <translation>甲状腺</translation>
    </message>
    <message>
        <source>Chest</source>
        <translation>胸部</translation>
    </message>
    <message>
        <source>Lung</source>
        <translation>肺</translation>
    </message>
    <message>
        <source>Heart</source>
        <translation>心脏</translation>
    </message>
    <message>
        <source>Breast</source>
        <translation>乳腺</translation>
    </message>
    <message>
        <source>Ribs</source>
        <translation>肋骨</translation>
    </message>
    <message>
        <source>Abdomen</source>
        <translation>腹部</translation>
    </message>
    <message>
        <source>Liver</source>
        <translation>肝脏</translation>
    </message>
    <message>
        <source>Kidney</source>
        <translation>肾脏</translation>
    </message>
    <message>
        <source>Pelvis</source>
        <translation>盆腔</translation>
    </message>
    <message>
        <source>Spine</source>
        <translation>脊柱</translation>
    </message>
    <message>
        <source>Cervical spine</source>
        <translation>颈椎</translation>
    </message>
    <message>
        <source>Thoracic spine</source>
        <translation>胸椎</translation>
    </message>
    <message>
        <source>Lumbar spine</source>
        <translation>腰椎</translation>
    </message>
    <message>
        <source>Shoulder</source>
        <translation>肩关节</translation>
    </message>
    <message>
        <source>Elbow</source>
        <translation>肘关节</translation>
    </message>
    <message>
        <source>Wrist</source>
        <translation>腕关节</translation>
    </message>
    <message>
        <source>Hand</source>
        <translation>手</translation>
    </message>
    <message>
        <source>Hip</source>
        <translation>髋关节</translation>
    </message>
    <message>
        <source>Knee</source>
        <translation>膝关节</translation>
    </message>
    <message>
        <source>Ankle</source>
        <translation>踝关节</translation>
    </message>
    <message>
        <source>Foot</source>
        <translation>足</translation>
    </message>
    <message>
        <source>Extremity</source>
        <translation>四肢</translation>
    </message>
    <message>
        <source>Whole body</source>
        <translation>全身</translation>
    </message>
    <message>
        <source>To read</source>
        <translation>待诊断</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>诊断中</translation>
    </message>
    <message>
        <source>To review</source>
        <translation>待审核</translation>
    </message>
    <message>
        <source>In review</source>
        <translation>审核中</translation>
    </message>
    <message>
        <source>Returned</source>
        <translation>已退回</translation>
    </message>
    <message>
        <source>Approved</source>
        <translation>已审核</translation>
    </message>
    <message>
        <source>Published</source>
        <translation>已发布</translation>
    </message>
    <message>
        <source>Amended</source>
        <translation>已更正</translation>
    </message>
    <message>
        <source>Withdrawn</source>
        <translation>已作废</translation>
    </message>
    <message>
        <source>Study rejected</source>
        <translation>退检</translation>
    </message>
    <message>
        <source>Routine</source>
        <translation>普通</translation>
    </message>
    <message>
        <source>Urgent</source>
        <translation>加急</translation>
    </message>
    <message>
        <source>Emergency</source>
        <translation>急诊</translation>
    </message>
    <message>
        <source>Diagnosis</source>
        <translation>影像诊断</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>审核</translation>
    </message>
    <message>
        <source>Second look</source>
        <translation>复核</translation>
    </message>
    <message>
        <source>Consultation</source>
        <translation>会诊</translation>
    </message>
    <message>
        <source>Reporting doctor</source>
        <translation>报告医师</translation>
    </message>
    <message>
        <source>Reviewing doctor</source>
        <translation>审核医师</translation>
    </message>
    <message>
        <source>ECG reader</source>
        <translation>心电诊断医师</translation>
    </message>
    <message>
        <source>Pathologist</source>
        <translation>病理诊断医师</translation>
    </message>
    <message>
        <source>Quality supervisor</source>
        <translation>质控员</translation>
    </message>
    <message>
        <source>Administrator</source>
        <translation>系统管理员</translation>
    </message>
</context>
<context>
    <name>yz::Banner</name>
    <message>
        <source>Dismiss</source>
        <translation>关闭提示</translation>
    </message>
</context>
<context>
    <name>yz::ReasonDialog</name>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Reason (may be left empty)</source>
        <translation>原因（可不填）</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>PersonText</name>
    <message>
        <source>%1 (%2)</source>
        <comment>a name and its other spellings</comment>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>none declared</source>
        <translation>未声明</translation>
    </message>
    <message>
        <source>Text partly unreadable in its character set (%1)</source>
        <translation>部分文字无法按其字符集（%1）识别</translation>
    </message>
    <message>
        <source>Character set repaired: %1 → %2</source>
        <translation>字符集已修复：%1 → %2</translation>
    </message>
    <message>
        <source>%1; partly unreadable</source>
        <translation>%1；部分文字无法识别</translation>
    </message>
</context>
</TS>
