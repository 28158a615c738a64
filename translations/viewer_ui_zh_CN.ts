<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>ViewerText</name>
    <message>
        <source>No slice positions: shown in instance order</source>
        <translation>无层面位置信息：按图像序号显示</translation>
    </message>
    <message numerus="yes">
        <source>%n slice(s) missing at %1 mm</source>
        <translation>
            <numerusform>%1 mm 处缺 %n 层</numerusform>
        </translation>
    </message>
    <message>
        <source>Uneven slice spacing: %1 to %2 mm</source>
        <translation>层间距不均匀：%1～%2 mm</translation>
    </message>
    <message numerus="yes">
        <source>%n slice(s) at the same position</source>
        <translation>
            <numerusform>%n 层位置重复</numerusform>
        </translation>
    </message>
    <message>
        <source>Gantry tilt %1°</source>
        <translation>机架倾斜 %1°</translation>
    </message>
    <message numerus="yes">
        <source>Mixed matrix or pixel spacing: %n image(s) differ</source>
        <translation>
            <numerusform>矩阵或像素间距不一致：%n 幅不同</numerusform>
        </translation>
    </message>
    <message>
        <source>Mixed slice orientation: up to %1°</source>
        <translation>层面方向不一致：最大相差 %1°</translation>
    </message>
    <message>
        <source>Slices shifted sideways by up to %1 mm</source>
        <translation>层面侧向偏移，最大 %1 mm</translation>
    </message>
    <message>
        <source>Gap of %1 mm at %2 mm</source>
        <translation>%2 mm 处层间空隙 %1 mm</translation>
    </message>
    <message>
        <source>Gap of %1 mm at %2 mm, too wide to interpolate across</source>
        <translation>%2 mm 处层间空隙 %1 mm，过大不能插值</translation>
    </message>
    <message>
        <source>Colour images</source>
        <translation>彩色图像</translation>
    </message>
    <message>
        <source>Values of %1 bits</source>
        <translation>像素值为 %1 位</translation>
    </message>
    <message>
        <source>Gantry tilt of %1° is too steep</source>
        <translation>机架倾斜 %1°，过大</translation>
    </message>
    <message>
        <source>Magnitude</source>
        <translation>幅值图</translation>
    </message>
    <message>
        <source>Phase image</source>
        <translation>相位图</translation>
    </message>
    <message>
        <source>Real part</source>
        <translation>实部图</translation>
    </message>
    <message>
        <source>Imaginary part</source>
        <translation>虚部图</translation>
    </message>
    <message>
        <source>Localizer</source>
        <translation>定位像</translation>
    </message>
    <message>
        <source>Frame of reference %1 of %2</source>
        <translation>参考坐标系 %1/%2</translation>
    </message>
    <message>
        <source>Stack %1</source>
        <translation>图像组 %1</translation>
    </message>
    <message>
        <source>Orientation %1 of %2</source>
        <translation>方位 %1/%2</translation>
    </message>
    <message>
        <source>Clip %1 of %2</source>
        <translation>动态片段 %1/%2</translation>
    </message>
    <message>
        <source>Segment %1</source>
        <translation>分割 %1</translation>
    </message>
    <message>
        <source>TE %1 ms</source>
        <translation>TE %1 ms</translation>
    </message>
    <message>
        <source>Echo %1</source>
        <translation>回波 %1</translation>
    </message>
    <message>
        <source>b = %1 s/mm²</source>
        <translation>b = %1 s/mm²</translation>
    </message>
    <message>
        <source>Direction %1 of %2</source>
        <translation>方向 %1/%2</translation>
    </message>
    <message>
        <source>TI %1 ms</source>
        <translation>TI %1 ms</translation>
    </message>
    <message>
        <source>Flip angle %1°</source>
        <translation>翻转角 %1°</translation>
    </message>
    <message>
        <source>%1 kV</source>
        <translation>%1 kV</translation>
    </message>
    <message>
        <source>Kernel %1</source>
        <translation>卷积核 %1</translation>
    </message>
    <message>
        <source>Time %1 of %2</source>
        <translation>时相 %1/%2</translation>
    </message>
    <message>
        <source>Phase %1 %</source>
        <translation>期相 %1 %</translation>
    </message>
    <message>
        <source>Trigger + %1 ms</source>
        <translation>触发后 %1 ms</translation>
    </message>
    <message>
        <source>Acquisition %1</source>
        <translation>采集 %1</translation>
    </message>
    <message>
        <source>Part %1 of %2</source>
        <translation>第 %1/%2 部分</translation>
    </message>
    <message>
        <source>No pixel spacing</source>
        <translation>无像素间距</translation>
    </message>
    <message>
        <source>Not calibrated: lengths in px</source>
        <translation>未校准：长度以像素计</translation>
    </message>
    <message>
        <source>Calibrated by the sender</source>
        <translation>发送方已校准</translation>
    </message>
    <message>
        <source>mm at the detector, not corrected for magnification</source>
        <translation>探测器平面毫米值，未校正放大率</translation>
    </message>
    <message>
        <source>mm corrected by the estimated magnification</source>
        <translation>毫米值已按估计放大率校正</translation>
    </message>
    <message>
        <source>mm from the ultrasound region</source>
        <translation>毫米值来自超声区域校准</translation>
    </message>
    <message>
        <source>Lung</source>
        <translation>肺窗</translation>
    </message>
    <message>
        <source>Mediastinum</source>
        <translation>纵隔窗</translation>
    </message>
    <message>
        <source>Abdomen</source>
        <translation>腹窗</translation>
    </message>
    <message>
        <source>Liver</source>
        <translation>肝窗</translation>
    </message>
    <message>
        <source>Bone</source>
        <translation>骨窗</translation>
    </message>
    <message>
        <source>Brain</source>
        <translation>脑窗</translation>
    </message>
    <message>
        <source>Stroke</source>
        <translation>卒中窗</translation>
    </message>
    <message>
        <source>Vessels</source>
        <translation>血管窗</translation>
    </message>
    <message>
        <source>Spine</source>
        <translation>脊柱窗</translation>
    </message>
    <message>
        <source>From the images</source>
        <translation>图像自带</translation>
    </message>
    <message>
        <source>Axial</source>
        <translation>轴位</translation>
    </message>
    <message>
        <source>Coronal</source>
        <translation>冠状位</translation>
    </message>
    <message>
        <source>Sagittal</source>
        <translation>矢状位</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗宽窗位</translation>
    </message>
    <message>
        <source>Scroll</source>
        <translation>翻页</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Pan</source>
        <translation>平移</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>长度</translation>
    </message>
    <message>
        <source>Angle</source>
        <translation>角度</translation>
    </message>
    <message>
        <source>Rectangle</source>
        <translation>矩形</translation>
    </message>
    <message>
        <source>Ellipse</source>
        <translation>椭圆</translation>
    </message>
    <message>
        <source>Probe</source>
        <translation>探针</translation>
    </message>
    <message>
        <source>Arrow</source>
        <translation>箭头</translation>
    </message>
    <message>
        <source>Cross-hair</source>
        <translation>十字线</translation>
    </message>
    <message>
        <source>%1 (detector)</source>
        <translation>%1（探测器）</translation>
    </message>
    <message>
        <source>Mean %1%2, SD %3</source>
        <translation>均值 %1%2，标准差 %3</translation>
    </message>
    <message>
        <source>Min %1, max %2</source>
        <translation>最小 %1，最大 %2</translation>
    </message>
    <message>
        <source>No earlier examination of this kind and part</source>
        <translation>没有同类同部位的既往检查</translation>
    </message>
    <message>
        <source>No picture of this examination belongs here</source>
        <translation>本次检查没有适合此处的图像</translation>
    </message>
    <message>
        <source>The earlier examination has no picture that belongs here</source>
        <translation>既往检查没有适合此处的图像</translation>
    </message>
    <message>
        <source>No series here forms a volume to cut planes from</source>
        <translation>没有可用于重建平面的容积序列</translation>
    </message>
    <message>
        <source>Empty: drop a series here</source>
        <translation>空：将序列拖到此处</translation>
    </message>
    <message>
        <source>Too few slices for a volume</source>
        <translation>层数过少，无法重建</translation>
    </message>
    <message>
        <source>prior</source>
        <translation>既往</translation>
    </message>
    <message>
        <source>images</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>patient ID: order “%1”, %2 “%3”</source>
        <translation>患者编号：申请单“%1”，%2“%3”</translation>
    </message>
    <message>
        <source>name: order “%1”, %2 “%3”</source>
        <translation>姓名：申请单“%1”，%2“%3”</translation>
    </message>
    <message>
        <source>The images may not belong to the patient of the order: %1</source>
        <translation>图像可能不属于申请单中的患者：%1</translation>
    </message>
    <message>
        <source>SUV mean %1, max %2</source>
        <translation>SUV 平均 %1，最大 %2</translation>
    </message>
</context>
<context>
    <name>ViewportOverlay</name>
    <message>
        <source>(no name)</source>
        <translation>（无姓名）</translation>
    </message>
    <message>
        <source>(no patient ID)</source>
        <translation>（无患者编号）</translation>
    </message>
    <message>
        <source>PRIOR %1</source>
        <translation>既往 %1</translation>
    </message>
    <message>
        <source>%1 / %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>   pos %1 mm</source>
        <translation>   位置 %1 mm</translation>
    </message>
    <message>
        <source>   thick %1 mm</source>
        <translation>   层厚 %1 mm</translation>
    </message>
    <message>
        <source>LOSSY</source>
        <translation>有损压缩</translation>
    </message>
    <message>
        <source>LOSSY %1</source>
        <translation>有损压缩 %1</translation>
    </message>
    <message>
        <source>%1%</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>  mirrored</source>
        <translation>  已镜像</translation>
    </message>
    <message>
        <source>  inverted</source>
        <translation>  已反相</translation>
    </message>
    <message>
        <source>VOI LUT %1</source>
        <translation>VOI LUT %1</translation>
    </message>
    <message>
        <source>C %1  W %2</source>
        <translation>窗位 %1  窗宽 %2</translation>
    </message>
    <message>
        <source>%1 cm</source>
        <translation>%1 cm</translation>
    </message>
    <message>
        <source>%1 mm</source>
        <translation>%1 mm</translation>
    </message>
    <message>
        <source>No MPR: %1</source>
        <translation>不能重建：%1</translation>
    </message>
    <message>
        <source>This image cannot be shown. %1</source>
        <translation>此图像无法显示。%1</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>正在载入…</translation>
    </message>
    <message>
        <source>Reduced resolution 1/%1: not for diagnosis or measuring</source>
        <translation>降低分辨率 1/%1：不可用于诊断和测量</translation>
    </message>
    <message>
        <source>Presentation state %1</source>
        <translation>显示状态 %1</translation>
    </message>
    <message>
        <source>Presentation state: not for this image</source>
        <translation>显示状态：不适用于此图像</translation>
    </message>
    <message>
        <source>Overlays hidden (O)</source>
        <translation>叠加层已隐藏（O）</translation>
    </message>
</context>
<context>
    <name>ViewportWarnings</name>
    <message numerus="yes">
        <source>%n file(s) not shown: %1</source>
        <translation>
            <numerusform>%n 个文件未显示：%1</numerusform>
        </translation>
    </message>
    <message>
        <source>No MPR: %1</source>
        <translation>不能重建：%1</translation>
    </message>
    <message>
        <source>Resampled: %1 of %2 planes are interpolated between slices</source>
        <translation>已重采样：%2 层中有 %1 层由相邻层插值</translation>
    </message>
    <message>
        <source>Gantry tilt of %1° corrected</source>
        <translation>已校正机架倾斜 %1°</translation>
    </message>
    <message numerus="yes">
        <source>%n slice(s) of the volume could not be read</source>
        <translation>
            <numerusform>容积中 %n 层无法读取</numerusform>
        </translation>
    </message>
    <message>
        <source>Volume is loading: %1 of %2 slices</source>
        <translation>正在载入容积：%1/%2 层</translation>
    </message>
</context>
<context>
    <name>yz::ThumbnailStrip</name>
    <message>
        <source>PRIOR %1</source>
        <translation>既往 %1</translation>
    </message>
    <message>
        <source>Current %1</source>
        <translation>本次 %1</translation>
    </message>
</context>
<context>
    <name>yz::ThumbnailTile</name>
    <message numerus="yes">
        <source>%n image(s)</source>
        <translation>
            <numerusform>%n 幅</numerusform>
        </translation>
    </message>
    <message>
        <source>all seen</source>
        <translation>已全部浏览</translation>
    </message>
    <message>
        <source>seen %1 of %2</source>
        <translation>已浏览 %1/%2</translation>
    </message>
</context>
<context>
    <name>yz::ViewerPage</name>
    <message>
        <source>%1, image %2 of %3</source>
        <translation>%1，第 %2/%3 幅</translation>
    </message>
    <message>
        <source>%1, %2 MPR</source>
        <translation>%1，%2重建</translation>
    </message>
</context>
<context>
    <name>yz::ViewerToolBar</name>
    <message>
        <source>Reference lines</source>
        <translation>定位线</translation>
    </message>
    <message>
        <source>Undo measurement</source>
        <translation>撤销测量</translation>
    </message>
    <message>
        <source>Presets</source>
        <translation>窗预设</translation>
    </message>
    <message>
        <source>Window presets (1-9)</source>
        <translation>窗预设（1-9）</translation>
    </message>
    <message>
        <source>Layout</source>
        <translation>布局</translation>
    </message>
    <message>
        <source>Rows and columns of viewports</source>
        <translation>视口行列</translation>
    </message>
    <message>
        <source>Protocol</source>
        <translation>挂片协议</translation>
    </message>
    <message>
        <source>Hanging protocol</source>
        <translation>挂片协议</translation>
    </message>
    <message>
        <source>Previous stage</source>
        <translation>上一阶段</translation>
    </message>
    <message>
        <source>Next stage</source>
        <translation>下一阶段</translation>
    </message>
    <message>
        <source>Linked MPR</source>
        <translation>联动重建</translation>
    </message>
    <message>
        <source>Link scrolling</source>
        <translation>联动翻页</translation>
    </message>
    <message>
        <source>Cine</source>
        <translation>电影播放</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>Turn clockwise</source>
        <translation>顺时针旋转</translation>
    </message>
    <message>
        <source>Mirror left and right</source>
        <translation>左右镜像</translation>
    </message>
    <message>
        <source>Invert</source>
        <translation>反相</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>适合窗口</translation>
    </message>
    <message>
        <source>Reset view and window</source>
        <translation>复位视图与窗</translation>
    </message>
    <message>
        <source>Texts and measurements</source>
        <translation>文字与测量</translation>
    </message>
    <message>
        <source>Key image into the report</source>
        <translation>关键图像加入报告</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>This viewport alone</source>
        <translation>仅此视口</translation>
    </message>
    <message>
        <source>No hanging protocols</source>
        <translation>没有挂片协议</translation>
    </message>
    <message>
        <source>Linked MPR (M)</source>
        <translation>联动重建（M）</translation>
    </message>
    <message>
        <source>No MPR: %1</source>
        <translation>不能重建：%1</translation>
    </message>
    <message>
        <source>Next stage (]): now %1 of %2, %3</source>
        <translation>下一阶段（]）：当前 %1/%2，%3</translation>
    </message>
    <message>
        <source>State</source>
        <translation>显示状态</translation>
    </message>
    <message>
        <source>Presentation states of the image (G)</source>
        <translation>图像的显示状态（G）</translation>
    </message>
    <message>
        <source>Overlays of the images</source>
        <translation>图像叠加层</translation>
    </message>
    <message>
        <source>As sent, no state</source>
        <translation>原样显示，不用显示状态</translation>
    </message>
    <message>
        <source>No presentation state for this image</source>
        <translation>此图像没有显示状态</translation>
    </message>
</context>
<context>
    <name>yz::ViewportCanvas</name>
    <message>
        <source>Into the report</source>
        <translation>写入报告</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Viewport %1</source>
        <translation>视口 %1</translation>
    </message>
</context>
</TS>
