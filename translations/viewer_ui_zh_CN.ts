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
        <source>Images are still arriving</source>
        <translation>图像接收中</translation>
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
    <message>
        <source>Cobb angle</source>
        <translation>Cobb 角</translation>
    </message>
    <message>
        <source>Cardiothoracic ratio</source>
        <translation>心胸比</translation>
    </message>
    <message>
        <source>Freehand</source>
        <translation>手绘区域</translation>
    </message>
    <message>
        <source>Long and short axis</source>
        <translation>长短径</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>体积</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Short axis %1</source>
        <translation>短径 %1</translation>
    </message>
    <message>
        <source>Heart %1, thorax %2</source>
        <translation>心脏 %1，胸廓 %2</translation>
    </message>
    <message>
        <source>Volume %1</source>
        <translation>体积 %1</translation>
    </message>
    <message>
        <source>The outline crosses itself: no area</source>
        <translation>轮廓自相交：无面积</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Magnifier</source>
        <translation>放大镜</translation>
    </message>
    <message>
        <source>Point in space</source>
        <translation>空间定位点</translation>
    </message>
    <message>
        <source>A display of this kind cannot be kept as a presentation state: a plane, or colours by a profile of the image.</source>
        <translation>这种显示不能保存为显示状态：重建平面，或使用图像自带颜色特性文件。</translation>
    </message>
    <message>
        <source>Oblique (%1)</source>
        <translation>斜切（%1）</translation>
    </message>
    <message>
        <source>Thin plane</source>
        <translation>薄层</translation>
    </message>
    <message>
        <source>MIP</source>
        <translation>最大密度投影</translation>
    </message>
    <message>
        <source>MinIP</source>
        <translation>最小密度投影</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>平均</translation>
    </message>
    <message>
        <source>%1 of %2 mm</source>
        <translation>%1 %2 mm</translation>
    </message>
    <message>
        <source>Path for curved MPR</source>
        <translation>曲面重建路径</translation>
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
        <source>Preview, not for diagnosis or measuring</source>
        <translation>预览图像，不可用于诊断和测量</translation>
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
    <message>
        <source>MIP</source>
        <translation>MIP</translation>
    </message>
    <message>
        <source>3D</source>
        <translation>三维</translation>
    </message>
    <message>
        <source>Not fused: %1</source>
        <translation>未融合：%1</translation>
    </message>
    <message>
        <source>%1  %2 HU</source>
        <translation>%1  %2 HU</translation>
    </message>
    <message>
        <source>No volume: %1</source>
        <translation>不能做容积：%1</translation>
    </message>
    <message>
        <source>Curved</source>
        <translation>曲面</translation>
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
    <message>
        <source>Oblique: %1° from %2, normal %3</source>
        <translation>斜切面：与%2成 %1°，法线 %3</translation>
    </message>
    <message>
        <source>Slab: %1</source>
        <translation>厚层：%1</translation>
    </message>
    <message>
        <source>Overlay resampled between slices</source>
        <translation>叠加层在层间重采样</translation>
    </message>
    <message numerus="yes">
        <source>%n slice(s) of the overlay could not be read</source>
        <translation>
            <numerusform>叠加层有 %n 层无法读取</numerusform>
        </translation>
    </message>
    <message>
        <source>Overlay is loading: %1 of %2 slices</source>
        <translation>叠加层加载中：%1 / %2 层</translation>
    </message>
    <message>
        <source>Curved along a path of %1 mm: bent picture, no measuring</source>
        <translation>曲面重建，路径长 %1 mm：图像已展平，不可测量</translation>
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
    <message>
        <source>Linked here: the viewports scroll together at this distance.</source>
        <translation>已在此处联动：各视口保持这一距离一起滚动。</translation>
    </message>
    <message>
        <source>Nothing to link: no other viewport shows parallel slices of another frame of reference.</source>
        <translation>无可联动：没有其他视口显示另一参考坐标系的平行层面。</translation>
    </message>
    <message>
        <source>Only an image of the study can be a key image.</source>
        <translation>只有检查中的图像才能作为关键图像。</translation>
    </message>
    <message>
        <source>This study has no key images.</source>
        <translation>本检查没有关键图像。</translation>
    </message>
    <message>
        <source>No true size: the image does not say how large its pixels are.</source>
        <translation>无法按实际大小显示：图像没有像素尺寸信息。</translation>
    </message>
    <message>
        <source>Only an image of the study can be kept as a presentation state.</source>
        <translation>只有检查中的图像才能保存为显示状态。</translation>
    </message>
    <message>
        <source>Presentation state</source>
        <translation>显示状态</translation>
    </message>
    <message>
        <source>What does this display show?</source>
        <translation>这一显示说明什么？</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>No picture is shown.</source>
        <translation>没有显示图像。</translation>
    </message>
    <message>
        <source>No marked image waits to be saved.</source>
        <translation>没有等待保存的标记图像。</translation>
    </message>
    <message>
        <source>%1, volume</source>
        <translation>%1，容积</translation>
    </message>
    <message>
        <source>%1, curved MPR</source>
        <translation>%1，曲面重建</translation>
    </message>
</context>
<context>
    <name>yz::ViewerToolBar</name>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
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
    <message>
        <source>Save this screen as a protocol…</source>
        <translation>将此屏幕保存为协议…</translation>
    </message>
    <message>
        <source>Edit protocols…</source>
        <translation>编辑协议…</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>More measuring tools, list of measurements (J)</source>
        <translation>更多测量工具、测量列表（J）</translation>
    </message>
    <message>
        <source>Redo measurement</source>
        <translation>重做测量</translation>
    </message>
    <message>
        <source>List of measurements</source>
        <translation>测量列表</translation>
    </message>
    <message>
        <source>Next measurement</source>
        <translation>下一个测量</translation>
    </message>
    <message>
        <source>Previous measurement</source>
        <translation>上一个测量</translation>
    </message>
    <message>
        <source>Selected measurement into the report</source>
        <translation>选中的测量写入报告</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Sizes, magnifier, links, key images, keys</source>
        <translation>大小、放大镜、联动、关键图像、快捷键</translation>
    </message>
    <message>
        <source>Save this display as a state…</source>
        <translation>将当前显示保存为状态…</translation>
    </message>
    <message numerus="yes">
        <source>Save %n marked key image(s)</source>
        <translation>
            <numerusform>保存 %n 幅标记的关键图像</numerusform>
        </translation>
    </message>
    <message>
        <source>Slab</source>
        <translation>厚层</translation>
    </message>
    <message>
        <source>Thick slab (Shift+B, + and -), straight planes (Shift+M)</source>
        <translation>厚层（Shift+B、+ 和 -），恢复正交平面（Shift+M）</translation>
    </message>
    <message>
        <source>Fusion</source>
        <translation>融合</translation>
    </message>
    <message>
        <source>Another series of the same frame of reference over this one (Shift+O)</source>
        <translation>把同一参考坐标系的另一序列叠加其上（Shift+O）</translation>
    </message>
    <message>
        <source>3D</source>
        <translation>三维</translation>
    </message>
    <message>
        <source>The series as a volume: rendered (Shift+R), rotating MIP (Shift+I)</source>
        <translation>把序列作为容积：容积再现（Shift+R）、旋转 MIP（Shift+I）</translation>
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
    <message>
        <source>Name of the measurement</source>
        <translation>测量名称</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Change the text…</source>
        <translation>修改文字…</translation>
    </message>
    <message>
        <source>Name…</source>
        <translation>命名…</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>加载中…</translation>
    </message>
    <message>
        <source>The volume is drawn when all its slices are there: %1 of %2</source>
        <translation>全部层面到齐后绘制容积：%1 / %2</translation>
    </message>
    <message>
        <source>Volume rendering needs OpenGL 3.2, which this display does not have. The rotating MIP (Shift+I) works without.</source>
        <translation>容积再现需要 OpenGL 3.2，本显示环境不具备。旋转 MIP（Shift+I）不需要它。</translation>
    </message>
    <message>
        <source>OpenGL refused to draw the volume. The rotating MIP (Shift+I) works without.</source>
        <translation>OpenGL 未能绘制容积。旋转 MIP（Shift+I）不需要它。</translation>
    </message>
</context>
<context>
    <name>yz::HistogramWidget</name>
    <message>
        <source>Histogram</source>
        <translation>直方图</translation>
    </message>
    <message numerus="yes">
        <source>Values of the pixels inside the outline; highest bar: %n pixel(s)</source>
        <translation>
            <numerusform>轮廓内像素值的分布；最高柱：%n 个像素</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>yz::MeasurementPanel</name>
    <message>
        <source>Into the report (Q)</source>
        <translation>写入报告（Q）</translation>
    </message>
    <message>
        <source>Delete (Del)</source>
        <translation>删除（Del）</translation>
    </message>
    <message>
        <source>Measurements</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Close the list (J)</source>
        <translation>关闭列表（J）</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>MPR</source>
        <translation>MPR</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
</context>
<context>
    <name>HangingText</name>
    <message>
        <source>modality</source>
        <translation>检查类型</translation>
    </message>
    <message>
        <source>body part</source>
        <translation>部位</translation>
    </message>
    <message>
        <source>description</source>
        <translation>描述</translation>
    </message>
    <message>
        <source>view</source>
        <translation>体位</translation>
    </message>
    <message>
        <source>side</source>
        <translation>侧别</translation>
    </message>
    <message>
        <source>image type</source>
        <translation>图像类型</translation>
    </message>
    <message>
        <source>plane</source>
        <translation>切面</translation>
    </message>
    <message>
        <source>orientation</source>
        <translation>方向</translation>
    </message>
    <message>
        <source>kind of task</source>
        <translation>任务类型</translation>
    </message>
    <message>
        <source>screen orientation</source>
        <translation>屏幕方向</translation>
    </message>
    <message>
        <source>number of screens</source>
        <translation>屏幕数</translation>
    </message>
    <message>
        <source>number of priors</source>
        <translation>既往检查数</translation>
    </message>
    <message>
        <source>number of series</source>
        <translation>序列数</translation>
    </message>
    <message>
        <source>number of images</source>
        <translation>图像数</translation>
    </message>
    <message>
        <source> or </source>
        <translation>或</translation>
    </message>
    <message>
        <source>is</source>
        <translation>是</translation>
    </message>
    <message>
        <source>is one of</source>
        <translation>是其中之一</translation>
    </message>
    <message>
        <source>contains</source>
        <translation>包含</translation>
    </message>
    <message>
        <source>matches the expression</source>
        <translation>符合表达式</translation>
    </message>
    <message>
        <source>is at least</source>
        <translation>不少于</translation>
    </message>
    <message>
        <source>is at most</source>
        <translation>不多于</translation>
    </message>
    <message>
        <source>axial plane</source>
        <translation>横断面</translation>
    </message>
    <message>
        <source>coronal plane</source>
        <translation>冠状面</translation>
    </message>
    <message>
        <source>sagittal plane</source>
        <translation>矢状面</translation>
    </message>
    <message>
        <source>images</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>by position</source>
        <translation>按位置</translation>
    </message>
    <message>
        <source>by number</source>
        <translation>按序号</translation>
    </message>
    <message>
        <source>not</source>
        <translation>不联动</translation>
    </message>
    <message>
        <source>%1 %2 %3</source>
        <translation>%1 %2 %3</translation>
    </message>
    <message>
        <source>not given</source>
        <translation>未给出</translation>
    </message>
    <message>
        <source>+%1  %2 (here: %3)</source>
        <translation>+%1  %2（当前：%3）</translation>
    </message>
    <message>
        <source>behind the others: pictures for %1 of %2 viewports</source>
        <translation>排在其他协议之后：%2 个视口中仅 %1 个有图像</translation>
    </message>
    <message>
        <source>does not fit: must hold that %1 (here: %2)</source>
        <translation>不符合：要求 %1（当前：%2）</translation>
    </message>
    <message>
        <source>+0  %1 (here: %2)</source>
        <translation>+0  %1（当前：%2）</translation>
    </message>
    <message>
        <source>A name was cut or changed</source>
        <translation>名称被截短或更改</translation>
    </message>
    <message>
        <source>A rule has no counterpart</source>
        <translation>规则没有对应项</translation>
    </message>
    <message>
        <source>The weight of a rule is not carried</source>
        <translation>规则的权重未带上</translation>
    </message>
    <message>
        <source>Whether a rule must hold is not carried</source>
        <translation>规则是否必须成立未带上</translation>
    </message>
    <message>
        <source>Which earlier examinations count is not carried</source>
        <translation>既往检查的选取方式未带上</translation>
    </message>
    <message>
        <source>What scrolls together is not carried</source>
        <translation>联动方式未带上</translation>
    </message>
    <message>
        <source>A window is not carried</source>
        <translation>窗设置未带上</translation>
    </message>
    <message>
        <source>The direction of a picture is not carried</source>
        <translation>图像方向未带上</translation>
    </message>
    <message>
        <source>Rows and columns were laid out anew</source>
        <translation>行列布局已重新排列</translation>
    </message>
    <message>
        <source>A label was cut</source>
        <translation>标签被截短</translation>
    </message>
    <message>
        <source>Modalities, parts and sides are not tied to each other</source>
        <translation>检查类型、部位与侧别之间的对应关系未带上</translation>
    </message>
    <message>
        <source>A part of the body is not known by its code</source>
        <translation>部位编码无法识别</translation>
    </message>
    <message>
        <source>Codes of procedures and reasons are not carried</source>
        <translation>检查项目与原因编码未带上</translation>
    </message>
    <message>
        <source>Which examination is meant is not carried</source>
        <translation>所指的检查未带上</translation>
    </message>
    <message>
        <source>A condition on the images is not carried</source>
        <translation>图像条件未带上</translation>
    </message>
    <message>
        <source>A filter is not carried</source>
        <translation>过滤条件未带上</translation>
    </message>
    <message>
        <source>The order of images is not carried</source>
        <translation>图像排序未带上</translation>
    </message>
    <message>
        <source>A fusion is not carried</source>
        <translation>融合未带上</translation>
    </message>
    <message>
        <source>A reformatting is not carried</source>
        <translation>重建方式未带上</translation>
    </message>
    <message>
        <source>Several or tiled boxes became one viewport</source>
        <translation>多个或平铺的图框合为一个视口</translation>
    </message>
    <message>
        <source>A colour table is not carried</source>
        <translation>伪彩表未带上</translation>
    </message>
    <message>
        <source>The vertical place of a picture is not carried</source>
        <translation>图像的上下位置未带上</translation>
    </message>
    <message>
        <source>Navigation indicators are not carried</source>
        <translation>导航指示未带上</translation>
    </message>
    <message>
        <source>rotating MIP</source>
        <translation>旋转 MIP</translation>
    </message>
    <message>
        <source>volume rendering</source>
        <translation>容积再现</translation>
    </message>
</context>
<context>
    <name>yz::HangingRuleTable</name>
    <message>
        <source>Attribute</source>
        <translation>属性</translation>
    </message>
    <message>
        <source>Comparison</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Must hold</source>
        <translation>必须成立</translation>
    </message>
    <message>
        <source>Add rule</source>
        <translation>添加规则</translation>
    </message>
    <message>
        <source>Remove rule</source>
        <translation>删除规则</translation>
    </message>
</context>
<context>
    <name>yz::HangingEditor</name>
    <message>
        <source>Hanging protocols</source>
        <translation>挂片协议</translation>
    </message>
    <message>
        <source>Try on the open study</source>
        <translation>在当前检查上试用</translation>
    </message>
    <message>
        <source>Save as my protocol</source>
        <translation>保存为我的协议</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>New from the screen</source>
        <translation>由当前屏幕新建</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Delete mine</source>
        <translation>删除我的</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Identifier</source>
        <translation>标识</translation>
    </message>
    <message>
        <source>same modality</source>
        <translation>相同检查类型</translation>
    </message>
    <message>
        <source>same part and side</source>
        <translation>相同部位与侧别</translation>
    </message>
    <message>
        <source>however old</source>
        <translation>不限时间</translation>
    </message>
    <message>
        <source> months</source>
        <translation> 个月内</translation>
    </message>
    <message>
        <source>Earlier examinations:</source>
        <translation>既往检查：</translation>
    </message>
    <message>
        <source>Stages</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Add the screen as a stage</source>
        <translation>将当前屏幕加为一步</translation>
    </message>
    <message>
        <source>Remove stage</source>
        <translation>删除步骤</translation>
    </message>
    <message>
        <source>Viewports (row-column)</source>
        <translation>视口（行-列）</translation>
    </message>
    <message>
        <source>inverted</source>
        <translation>反色</translation>
    </message>
    <message>
        <source>this examination</source>
        <translation>本次检查</translation>
    </message>
    <message>
        <source>prior %1</source>
        <translation>既往 %1</translation>
    </message>
    <message>
        <source>from the data</source>
        <translation>按数据</translation>
    </message>
    <message>
        <source>centred</source>
        <translation>居中</translation>
    </message>
    <message>
        <source>against the left edge</source>
        <translation>靠左</translation>
    </message>
    <message>
        <source>against the right edge</source>
        <translation>靠右</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>步骤</translation>
    </message>
    <message>
        <source>Scrolls together</source>
        <translation>联动</translation>
    </message>
    <message>
        <source>Shows</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>As</source>
        <translation>形式</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗</translation>
    </message>
    <message>
        <source>To the right and down</source>
        <translation>向右与向下的方位</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Which series (the best score wins)</source>
        <translation>选用哪个序列（得分最高者）</translation>
    </message>
    <message>
        <source>When it fits</source>
        <translation>适用条件</translation>
    </message>
    <message>
        <source>What it shows</source>
        <translation>显示内容</translation>
    </message>
    <message>
        <source>mine</source>
        <translation>我的</translation>
    </message>
    <message>
        <source>site</source>
        <translation>本院</translation>
    </message>
    <message>
        <source>shipped</source>
        <translation>随附</translation>
    </message>
    <message>
        <source>%1  (%2%3)</source>
        <translation>%1（%2%3）</translation>
    </message>
    <message>
        <source>, fits: %1</source>
        <translation>，符合：%1</translation>
    </message>
    <message numerus="yes">
        <source>%n protocol file(s) could not be read, the others stand. %1: %2</source>
        <translation>
            <numerusform>%n 个协议文件无法读取，其余有效。%1：%2</numerusform>
        </translation>
    </message>
    <message>
        <source>%1  %2 × %3</source>
        <translation>%1  %2 × %3</translation>
    </message>
    <message>
        <source>Not complete: %1</source>
        <translation>尚不完整：%1</translation>
    </message>
    <message>
        <source>Fits the open study, score %1</source>
        <translation>适用于当前检查，得分 %1</translation>
    </message>
    <message>
        <source>Does not fit the open study</source>
        <translation>不适用于当前检查</translation>
    </message>
    <message>
        <source>My %1</source>
        <translation>我的 %1</translation>
    </message>
    <message>
        <source>Stage 1</source>
        <translation>第 1 步</translation>
    </message>
    <message>
        <source>Stage %1</source>
        <translation>第 %1 步</translation>
    </message>
    <message>
        <source>There is no picture on the screen to take over</source>
        <translation>屏幕上没有可采用的图像</translation>
    </message>
    <message>
        <source>On the screen now. Nothing is saved yet.</source>
        <translation>已按此显示，尚未保存。</translation>
    </message>
    <message>
        <source>Saved as mine.</source>
        <translation>已保存为我的协议。</translation>
    </message>
    <message>
        <source>Deleted. A protocol of the site or of the product with the same identifier is in force again.</source>
        <translation>已删除。同一标识的本院或随附协议重新生效。</translation>
    </message>
    <message>
        <source>Import a hanging protocol</source>
        <translation>导入挂片协议</translation>
    </message>
    <message>
        <source>Protocols (*.json *.dcm);;All files (*)</source>
        <translation>协议 (*.json *.dcm);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Export the hanging protocol</source>
        <translation>导出挂片协议</translation>
    </message>
    <message>
        <source>Protocol (*.json);;DICOM object (*.dcm)</source>
        <translation>协议 (*.json);;DICOM 对象 (*.dcm)</translation>
    </message>
    <message>
        <source>Not a protocol: %1</source>
        <translation>不是协议：%1</translation>
    </message>
    <message>
        <source>Imported, not saved yet.</source>
        <translation>已导入，尚未保存。</translation>
    </message>
    <message>
        <source>DICOM objects cannot be read here</source>
        <translation>此处无法读取 DICOM 对象</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>Imported whole, not saved yet.</source>
        <translation>已完整导入，尚未保存。</translation>
    </message>
    <message>
        <source>Imported, not saved yet. Not carried:
%1</source>
        <translation>已导入，尚未保存。未带上：
%1</translation>
    </message>
    <message>
        <source>DICOM needs a rule that must hold and says a modality, or a part of the body that has a code.</source>
        <translation>DICOM 要求有一条必须成立的规则，说明检查类型或有编码的部位。</translation>
    </message>
    <message>
        <source>Exported whole.</source>
        <translation>已完整导出。</translation>
    </message>
    <message>
        <source>Exported. Not carried:
%1</source>
        <translation>已导出。未带上：
%1</translation>
    </message>
</context>
<context>
    <name>ShortcutTable</name>
    <message>
        <source>Tools of the left mouse button</source>
        <translation>鼠标左键工具</translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>List of measurements</source>
        <translation>测量列表</translation>
    </message>
    <message>
        <source>Next measurement</source>
        <translation>下一个测量</translation>
    </message>
    <message>
        <source>Previous measurement</source>
        <translation>上一个测量</translation>
    </message>
    <message>
        <source>Selected measurement into the report</source>
        <translation>所选测量写入报告</translation>
    </message>
    <message>
        <source>Name the selected measurement</source>
        <translation>为所选测量命名</translation>
    </message>
    <message>
        <source>Undo measurement</source>
        <translation>撤销测量</translation>
    </message>
    <message>
        <source>Redo measurement</source>
        <translation>重做测量</translation>
    </message>
    <message>
        <source>Window and display</source>
        <translation>窗宽窗位与显示</translation>
    </message>
    <message>
        <source>Window preset %1</source>
        <translation>窗预设 %1</translation>
    </message>
    <message>
        <source>Invert</source>
        <translation>反相</translation>
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
        <source>Fit</source>
        <translation>适合窗口</translation>
    </message>
    <message>
        <source>One screen pixel for one pixel</source>
        <translation>1:1 像素</translation>
    </message>
    <message>
        <source>True size</source>
        <translation>实际大小</translation>
    </message>
    <message>
        <source>Reset view and window</source>
        <translation>复位显示与窗</translation>
    </message>
    <message>
        <source>Texts and measurements</source>
        <translation>文字与测量</translation>
    </message>
    <message>
        <source>Overlays of the images</source>
        <translation>图像覆盖层</translation>
    </message>
    <message>
        <source>Reference lines</source>
        <translation>定位线</translation>
    </message>
    <message>
        <source>Cine</source>
        <translation>电影播放</translation>
    </message>
    <message>
        <source>Try an unreadable image again</source>
        <translation>重试无法读取的图像</translation>
    </message>
    <message>
        <source>Layout and links</source>
        <translation>布局与联动</translation>
    </message>
    <message>
        <source>Linked MPR</source>
        <translation>联动 MPR</translation>
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
        <source>Hanging protocols</source>
        <translation>挂片协议</translation>
    </message>
    <message>
        <source>Link scrolling</source>
        <translation>联动滚动</translation>
    </message>
    <message>
        <source>Link here</source>
        <translation>在此处联动</translation>
    </message>
    <message>
        <source>Link the window</source>
        <translation>联动窗宽窗位</translation>
    </message>
    <message>
        <source>Link zoom and pan</source>
        <translation>联动缩放与平移</translation>
    </message>
    <message>
        <source>Key images and presentation states</source>
        <translation>关键图像与显示状态</translation>
    </message>
    <message>
        <source>Key image into the report</source>
        <translation>关键图像写入报告</translation>
    </message>
    <message>
        <source>Mark as key image</source>
        <translation>标记为关键图像</translation>
    </message>
    <message>
        <source>Next key image</source>
        <translation>下一幅关键图像</translation>
    </message>
    <message>
        <source>Previous key image</source>
        <translation>上一幅关键图像</translation>
    </message>
    <message>
        <source>Next presentation state</source>
        <translation>下一个显示状态</translation>
    </message>
    <message>
        <source>Save the display as a presentation state</source>
        <translation>将显示保存为显示状态</translation>
    </message>
    <message>
        <source>Straight planes</source>
        <translation>恢复正交平面</translation>
    </message>
    <message>
        <source>Kind of slab</source>
        <translation>厚层类型</translation>
    </message>
    <message>
        <source>Thicker slab</source>
        <translation>增加层厚</translation>
    </message>
    <message>
        <source>Thinner slab</source>
        <translation>减小层厚</translation>
    </message>
    <message>
        <source>Fusion and volumes</source>
        <translation>融合与容积</translation>
    </message>
    <message>
        <source>Fuse with another series, or end it</source>
        <translation>与另一序列融合 / 取消</translation>
    </message>
    <message>
        <source>Next palette of the overlay</source>
        <translation>叠加层下一色表</translation>
    </message>
    <message>
        <source>Overlay fainter</source>
        <translation>叠加层更淡</translation>
    </message>
    <message>
        <source>Overlay stronger</source>
        <translation>叠加层更浓</translation>
    </message>
    <message>
        <source>Volume rendering</source>
        <translation>容积再现</translation>
    </message>
    <message>
        <source>Rotating MIP</source>
        <translation>旋转 MIP</translation>
    </message>
</context>
<context>
    <name>yz::ShortcutPage</name>
    <message>
        <source>Use this key</source>
        <translation>使用此键</translation>
    </message>
    <message>
        <source>As shipped</source>
        <translation>恢复默认</translation>
    </message>
    <message>
        <source>All as shipped</source>
        <translation>全部恢复默认</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Search for an action or a key</source>
        <translation>搜索操作或按键</translation>
    </message>
    <message>
        <source>Actions and their keys</source>
        <translation>操作及其按键</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>New key</source>
        <translation>新按键</translation>
    </message>
    <message>
        <source>Mouse: left button the tool, middle button pan, right button window, wheel scroll, Ctrl and wheel zoom. Arrow keys and Page Up/Down scroll, Delete removes, Esc ends.</source>
        <translation>鼠标：左键为工具，中键平移，右键调窗，滚轮翻层，Ctrl+滚轮缩放。方向键和 Page Up/Down 翻层，Delete 删除，Esc 结束。</translation>
    </message>
    <message>
        <source>Shipped: %1</source>
        <translation>默认：%1</translation>
    </message>
    <message>
        <source>%1 is kept for the page itself.</source>
        <translation>%1 为页面保留按键。</translation>
    </message>
    <message>
        <source>%1 does this now: %2. It would have no key any more.</source>
        <translation>%1 现用于：%2。改后该操作将没有按键。</translation>
    </message>
</context>
<context>
    <name>NavigationOverlay</name>
    <message>
        <source>Key image: %1</source>
        <translation>关键图像：%1</translation>
    </message>
    <message>
        <source>Key image, not saved yet</source>
        <translation>关键图像，尚未保存</translation>
    </message>
    <message>
        <source>True size</source>
        <translation>实际大小</translation>
    </message>
    <message>
        <source>1:1 pixel</source>
        <translation>1:1 像素</translation>
    </message>
</context>
<context>
    <name>yz::RulerWidget</name>
    <message>
        <source>Outline of a bank card and a ruler</source>
        <translation>银行卡轮廓与标尺</translation>
    </message>
</context>
<context>
    <name>yz::ScreenRuler</name>
    <message>
        <source>Measure this screen</source>
        <translation>测量此屏幕</translation>
    </message>
    <message>
        <source>Hold a bank card to the yellow outline (or a ruler to the scale, in cm) and move the slider until both are of one size. Then pictures can be shown in true size here.</source>
        <translation>将银行卡贴在黄色轮廓上（或将直尺贴在刻度上，单位 cm），移动滑块直到二者大小一致。之后即可在此屏幕按实际大小显示图像。</translation>
    </message>
    <message>
        <source>Size of the outline</source>
        <translation>轮廓大小</translation>
    </message>
    <message>
        <source>It fits</source>
        <translation>大小一致</translation>
    </message>
</context>
<context>
    <name>yz::ViewerViewMenu</name>
    <message>
        <source>Forget links made by hand</source>
        <translation>清除手动联动</translation>
    </message>
    <message>
        <source>Measure this screen…</source>
        <translation>测量此屏幕…</translation>
    </message>
    <message>
        <source>Screens…</source>
        <translation>屏幕…</translation>
    </message>
    <message>
        <source>Keys…</source>
        <translation>快捷键…</translation>
    </message>
</context>
<context>
    <name>MprMenu</name>
    <message>
        <source>Thin plane	Shift+B</source>
        <translation>薄层	Shift+B</translation>
    </message>
    <message>
        <source>%1 mm thick</source>
        <translation>层厚 %1 mm</translation>
    </message>
    <message>
        <source>Straight planes again	Shift+M</source>
        <translation>恢复正交平面	Shift+M</translation>
    </message>
    <message>
        <source>Draw a path for curved MPR	Shift+Q</source>
        <translation>画曲面重建路径	Shift+Q</translation>
    </message>
    <message>
        <source>Show the picture along the path	Enter</source>
        <translation>显示沿路径的图像	Enter</translation>
    </message>
    <message>
        <source>Delete the path</source>
        <translation>删除路径</translation>
    </message>
</context>
<context>
    <name>FusionText</name>
    <message>
        <source>SUV %1 – %2</source>
        <translation>SUV %1～%2</translation>
    </message>
    <message>
        <source>C %1  W %2</source>
        <translation>窗位 %1  窗宽 %2</translation>
    </message>
    <message>
        <source>Hot iron</source>
        <translation>热铁</translation>
    </message>
    <message>
        <source>PET colours</source>
        <translation>PET 彩色</translation>
    </message>
    <message>
        <source>Hot metal, blue</source>
        <translation>热金属（蓝）</translation>
    </message>
    <message>
        <source>PET, 20 steps</source>
        <translation>PET 20 级</translation>
    </message>
    <message>
        <source>Bone</source>
        <translation>骨</translation>
    </message>
    <message>
        <source>Vessels</source>
        <translation>血管</translation>
    </message>
    <message>
        <source>Lung</source>
        <translation>肺</translation>
    </message>
    <message>
        <source>Skin</source>
        <translation>皮肤</translation>
    </message>
    <message>
        <source>the same series</source>
        <translation>同一序列</translation>
    </message>
    <message>
        <source>these images say no place in the patient</source>
        <translation>这些图像没有患者空间位置</translation>
    </message>
    <message>
        <source>the frames of reference differ: positions cannot be compared</source>
        <translation>参考坐标系不同，位置不可比较</translation>
    </message>
    <message>
        <source>the series to lay over forms no volume</source>
        <translation>叠加序列不能构成容积</translation>
    </message>
    <message>
        <source>the series to lay over is in colour</source>
        <translation>叠加序列为彩色图像</translation>
    </message>
    <message>
        <source>no SUV: %1</source>
        <translation>无 SUV：%1</translation>
    </message>
    <message>
        <source>no SUV: %1 (%2)</source>
        <translation>无 SUV：%1（%2）</translation>
    </message>
    <message>
        <source>+ %1   %2, %3 %</source>
        <translation>+ %1   %2，%3 %</translation>
    </message>
    <message>
        <source>%1 %2 g/ml SUVbw</source>
        <translation>%1 %2 g/ml SUVbw</translation>
    </message>
    <message>
        <source>From the front</source>
        <translation>前面观</translation>
    </message>
    <message>
        <source>From the back</source>
        <translation>后面观</translation>
    </message>
    <message>
        <source>From the patient's left</source>
        <translation>左侧观</translation>
    </message>
    <message>
        <source>From the patient's right</source>
        <translation>右侧观</translation>
    </message>
    <message>
        <source>From the head</source>
        <translation>头侧观</translation>
    </message>
    <message>
        <source>From the feet</source>
        <translation>足侧观</translation>
    </message>
</context>
<context>
    <name>yz::FusionMenu</name>
    <message>
        <source>No fusion</source>
        <translation>不融合</translation>
    </message>
    <message>
        <source>Opacity %1 %</source>
        <translation>不透明度 %1 %</translation>
    </message>
    <message>
        <source>Shift and right button: window of the overlay; Ctrl+Shift and wheel: opacity; Shift+P: palette</source>
        <translation>Shift+右键拖动：叠加层窗宽窗位；Ctrl+Shift+滚轮：不透明度；Shift+P：换色表</translation>
    </message>
</context>
<context>
    <name>yz::VolumeMenu</name>
    <message>
        <source>No volume: %1</source>
        <translation>不能做容积：%1</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Volume rendering</source>
        <translation>容积再现</translation>
    </message>
    <message>
        <source>Rotating MIP</source>
        <translation>旋转 MIP</translation>
    </message>
    <message>
        <source>Cut away</source>
        <translation>切除</translation>
    </message>
    <message>
        <source>From the right</source>
        <translation>自右侧</translation>
    </message>
    <message>
        <source>From the left</source>
        <translation>自左侧</translation>
    </message>
    <message>
        <source>From the front</source>
        <translation>自前面</translation>
    </message>
    <message>
        <source>From the back</source>
        <translation>自后面</translation>
    </message>
    <message>
        <source>From the feet</source>
        <translation>自足侧</translation>
    </message>
    <message>
        <source>From the head</source>
        <translation>自头侧</translation>
    </message>
</context>
</TS>
