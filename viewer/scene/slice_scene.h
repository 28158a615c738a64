#pragma once

#include "imaging/display_chain.h"

#include <memory>

namespace yz {

/// Shows the finished pixels of a viewport through VTK, one screen pixel a picture pixel, unchanged. It lives in
/// somebody else's OpenGL context (3.2 core or newer): every call is made on the GUI thread with that context current,
/// the destructor and setPicture excepted.
class SliceScene {
public:
    SliceScene();
    ~SliceScene();
    SliceScene(const SliceScene&) = delete;
    SliceScene& operator=(const SliceScene&) = delete;

    /// Once per context.
    void initialize();
    /// Size of the target in device pixels.
    void resize(int width, int height);
    /// Copies the picture; it is shown from the top left corner on.
    void setPicture(const ScreenPicture& picture);
    /// Draws and copies the result into the framebuffer object, which is bound afterwards.
    void render(unsigned framebufferId);
    /// Gives the context's resources back; initialize() may follow.
    void release();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace yz
