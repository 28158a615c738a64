#pragma once

#include <QString>

namespace yz {

/// How finished pixels reach the screen. Both show the same pixels.
enum class DisplayPath { Cpu, Gl };

/// True for renderers that draw on the CPU (llvmpipe, SwiftShader, softpipe, GDI): going through them only costs time.
[[nodiscard]] bool isSoftwareRenderer(const QString& rendererName);

/// "gl" or "cpu" of the setting when given; else Gl where a real GPU answers. Asked once per process; GUI thread, after
/// QApplication.
[[nodiscard]] DisplayPath chooseDisplayPath(const QString& setting = {});

/// The renderer of a usable OpenGL (3.2 or newer) on this display; empty: none. Asked once per process.
[[nodiscard]] QString rendererName();

/// The format SliceScene needs; before QApplication.
void setDefaultGlFormat();

} // namespace yz
