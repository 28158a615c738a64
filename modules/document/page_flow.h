#pragma once

#include <QByteArray>
#include <QString>
#include <cairo.h>
#include <functional>
#include <memory>
#include <pango/pangocairo.h>
#include <vector>

namespace yz {

/// Lengths in millimetres from the upper left corner of the page.
struct PageArea {
    double left = 0.0, top = 0.0, width = 0.0, height = 0.0;
    [[nodiscard]] double right() const { return left + width; }
    [[nodiscard]] double bottom() const { return top + height; }
};

struct Ink {
    double red = 0.0, green = 0.0, blue = 0.0;
};

enum class TextAlign { Left, Center, Right };

struct TypeStyle {
    double points = 10.5;
    bool bold = false;
    Ink ink = {};
    double lineHeight = 1.5; ///< of the type size
    double indentMm = 0.0;
    TextAlign align = TextAlign::Left;
};

/// Lays blocks out from top to bottom over as many pages as they need and paints them afterwards, when the number of
/// pages is known. Type is set by Pango, so that the text in the PDF is the text that was written, character for
/// character.
class PageFlow {
public:
    using Draw = std::function<void(cairo_t*)>;

    /// `language`: of the type, "zh-cn": decides between the forms a Han character has in different countries.
    PageFlow(const PageArea& body, const char* family, const char* language);

    void space(double mm) { m_y += mm; }
    void rule(double widthMm);
    /// Paragraphs, broken over lines and pages.
    void text(const QString& text, const TypeStyle& style);
    /// Label and value side by side; columns share the width equally. Values wrap inside their cell.
    struct Cell {
        QString label, value;
    };
    void row(const std::vector<Cell>& cells, int columns, double labelMm, const TypeStyle& style);
    /// Pictures in rows with a caption under each.
    struct Picture {
        QByteArray png; ///< not readable: `missing` is written in a frame
        QString caption, missing;
    };
    void pictures(const std::vector<Picture>& pictures, int columns, double heightMm, const TypeStyle& style);
    /// Starts a new page unless so much is left.
    void need(double mm);
    /// Draws on the present page; the context is in points, see points().
    void draw(Draw draw) { m_pages.back().push_back(std::move(draw)); }
    void setY(double mm) { m_y = mm; }

    [[nodiscard]] int pageCount() const { return static_cast<int>(m_pages.size()); }
    [[nodiscard]] const PageArea& body() const { return m_body; }
    void paintPage(int index, cairo_t* cairo) const;

    /// Text at a fixed place, one line or wrapped in the area; for headers and footers drawn while painting.
    void write(cairo_t* cairo, const QString& text, const PageArea& area, const TypeStyle& style) const;
    /// Text around a point, turned.
    void writeTurned(cairo_t* cairo, const QString& text, double xMm, double yMm, double degrees,
                     const TypeStyle& style) const;
    [[nodiscard]] static constexpr double points(double mm) { return mm * 72.0 / 25.4; }

private:
    struct Unref {
        void operator()(void* object) const { g_object_unref(object); }
    };
    using Layout = std::shared_ptr<PangoLayout>;
    struct Line {
        Layout layout; ///< keeps the line alive
        PangoLayoutLine* line = nullptr;
        double xPt = 0.0;
    };
    [[nodiscard]] Layout layOut(const QString& paragraph, double widthMm, const TypeStyle& style) const;
    [[nodiscard]] std::vector<Line> linesOf(const QString& text, double widthMm, const TypeStyle& style) const;
    [[nodiscard]] static double stepMm(const TypeStyle& style) { return style.points * style.lineHeight * 25.4 / 72.0; }
    static void drawLine(cairo_t* cairo, const Line& line, double leftMm, double topMm, const TypeStyle& style);
    [[nodiscard]] double heightOf(const QString& text, double widthMm, const TypeStyle& style) const;
    /// Lines in a box that does not break over pages.
    void boxed(const QString& text, const PageArea& area, const TypeStyle& style);
    void picture(const Picture& picture, const PageArea& cell, const TypeStyle& style);

    PageArea m_body;
    const char* m_family;
    std::unique_ptr<PangoFontMap, Unref> m_fontMap;
    std::unique_ptr<PangoContext, Unref> m_context;
    std::vector<std::vector<Draw>> m_pages;
    double m_y = 0.0;
};

} // namespace yz
