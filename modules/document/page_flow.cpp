#include "document/page_flow.h"

#include <QStringList>
#include <algorithm>
#include <numbers>

namespace yz {

namespace {

struct DestroySurface {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};

/// Reads a PNG from memory.
struct PngSource {
    const QByteArray* bytes = nullptr;
    qsizetype position = 0;

    static cairo_status_t read(void* closure, unsigned char* to, unsigned int length) {
        auto* source = static_cast<PngSource*>(closure);
        if (source->bytes->size() - source->position < static_cast<qsizetype>(length))
            return CAIRO_STATUS_READ_ERROR;
        std::copy_n(source->bytes->constData() + source->position, length, to);
        source->position += length;
        return CAIRO_STATUS_SUCCESS;
    }
};

/// Control and direction characters have no place on paper, and a lone surrogate is not UTF-8. Characters beyond the
/// basic plane (rare Han in names) stay.
QByteArray printable(const QString& text) {
    QString clean;
    clean.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (c.isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate()) {
            clean += c;
            clean += text[++i];
        } else if (c == u'\t' ||
                   (!c.isSurrogate() && c.category() != QChar::Other_Control && c.category() != QChar::Other_Format)) {
            clean += c;
        }
    }
    return clean.toUtf8();
}

} // namespace

PageFlow::PageFlow(const PageArea& body, const char* family, const char* language)
    : m_body(body), m_family(family), m_fontMap(pango_cairo_font_map_new()), m_y(body.top) {
    // A map of its own: Pango's maps are not for several threads at once.
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(m_fontMap.get()), 72.0);
    m_context.reset(pango_font_map_create_context(m_fontMap.get()));
    pango_context_set_language(m_context.get(), pango_language_from_string(language));
    pango_context_set_round_glyph_positions(m_context.get(), FALSE);
    const std::unique_ptr<cairo_font_options_t, decltype(&cairo_font_options_destroy)> options(
        cairo_font_options_create(), cairo_font_options_destroy);
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(m_context.get(), options.get());
    m_pages.emplace_back();
}

PageFlow::Layout PageFlow::layOut(const QString& paragraph, double widthMm, const TypeStyle& style) const {
    const Layout layout(pango_layout_new(m_context.get()), Unref());
    const std::unique_ptr<PangoFontDescription, decltype(&pango_font_description_free)> font(
        pango_font_description_new(), pango_font_description_free);
    pango_font_description_set_family(font.get(), m_family);
    pango_font_description_set_size(font.get(), qRound(style.points * PANGO_SCALE));
    pango_font_description_set_weight(font.get(), style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout.get(), font.get());
    pango_layout_set_width(layout.get(), qRound(points(widthMm) * PANGO_SCALE));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout.get(), style.align == TextAlign::Center  ? PANGO_ALIGN_CENTER
                                             : style.align == TextAlign::Right ? PANGO_ALIGN_RIGHT
                                                                               : PANGO_ALIGN_LEFT);
    const QByteArray utf8 = printable(paragraph);
    pango_layout_set_text(layout.get(), utf8.constData(), static_cast<int>(utf8.size()));
    return layout;
}

std::vector<PageFlow::Line> PageFlow::linesOf(const QString& text, double widthMm, const TypeStyle& style) const {
    std::vector<Line> lines;
    const QStringList paragraphs = text.split(u'\n');
    for (const QString& paragraph : paragraphs) {
        const Layout layout = layOut(paragraph, widthMm, style);
        PangoLayoutIter* iter = pango_layout_get_iter(layout.get());
        do {
            PangoRectangle extents;
            pango_layout_iter_get_line_extents(iter, nullptr, &extents);
            lines.push_back(
                {layout, pango_layout_iter_get_line_readonly(iter), static_cast<double>(extents.x) / PANGO_SCALE});
        } while (pango_layout_iter_next_line(iter) != FALSE);
        pango_layout_iter_free(iter);
    }
    return lines;
}

void PageFlow::drawLine(cairo_t* cairo, const Line& line, double leftMm, double topMm, const TypeStyle& style) {
    // The baseline at a fixed share of the step, so that lines of one size are evenly spaced whatever glyphs they hold.
    const double baseline = points(topMm) + style.points * (style.lineHeight / 2 + 0.36);
    cairo_set_source_rgb(cairo, style.ink.red, style.ink.green, style.ink.blue);
    cairo_move_to(cairo, points(leftMm) + line.xPt, baseline);
    pango_cairo_show_layout_line(cairo, line.line);
}

double PageFlow::heightOf(const QString& text, double widthMm, const TypeStyle& style) const {
    return static_cast<double>(linesOf(text, widthMm, style).size()) * stepMm(style);
}

void PageFlow::need(double mm) {
    if (m_y + mm > m_body.bottom() && m_y > m_body.top) {
        m_pages.emplace_back();
        m_y = m_body.top;
    }
}

void PageFlow::rule(double widthMm) {
    draw([left = points(m_body.left), right = points(m_body.right()), y = points(m_y),
          width = points(widthMm)](cairo_t* cairo) {
        cairo_set_source_rgb(cairo, 0, 0, 0);
        cairo_set_line_width(cairo, width);
        cairo_move_to(cairo, left, y);
        cairo_line_to(cairo, right, y);
        cairo_stroke(cairo);
    });
}

void PageFlow::text(const QString& text, const TypeStyle& style) {
    for (const Line& line : linesOf(text, m_body.width - style.indentMm, style)) {
        need(stepMm(style));
        draw([line, style, left = m_body.left + style.indentMm, top = m_y](cairo_t* cairo) {
            drawLine(cairo, line, left, top, style);
        });
        m_y += stepMm(style);
    }
}

void PageFlow::write(cairo_t* cairo, const QString& text, const PageArea& area, const TypeStyle& style) const {
    double top = area.top;
    for (const Line& line : linesOf(text, area.width, style)) {
        drawLine(cairo, line, area.left, top, style);
        top += stepMm(style);
    }
}

void PageFlow::writeTurned(cairo_t* cairo, const QString& text, double xMm, double yMm, double degrees,
                           const TypeStyle& style) const {
    constexpr double kWidthMm = 300;
    cairo_save(cairo);
    cairo_translate(cairo, points(xMm), points(yMm));
    cairo_rotate(cairo, degrees * std::numbers::pi / 180.0);
    TypeStyle centred = style;
    centred.align = TextAlign::Center;
    write(cairo, text, {-kWidthMm / 2, -stepMm(style) / 2, kWidthMm, stepMm(style)}, centred);
    cairo_restore(cairo);
}

void PageFlow::boxed(const QString& text, const PageArea& area, const TypeStyle& style) {
    double top = area.top;
    for (const Line& line : linesOf(text, area.width, style)) {
        draw([line, style, left = area.left, top](cairo_t* cairo) { drawLine(cairo, line, left, top, style); });
        top += stepMm(style);
    }
}

void PageFlow::row(const std::vector<Cell>& cells, int columns, double labelMm, const TypeStyle& style) {
    const double columnMm = m_body.width / columns;
    const double valueMm = columnMm - labelMm - 2.0;
    TypeStyle label = style;
    label.ink = {0.33, 0.33, 0.33};
    double height = stepMm(style);
    for (const Cell& cell : cells)
        height = std::max(height, heightOf(cell.value, valueMm, style));
    need(height);
    double x = m_body.left;
    for (const Cell& cell : cells) {
        boxed(cell.label, {x, m_y, labelMm, height}, label);
        boxed(cell.value, {x + labelMm, m_y, valueMm, height}, style);
        x += columnMm;
    }
    m_y += height;
}

void PageFlow::picture(const Picture& picture, const PageArea& cell, const TypeStyle& style) {
    PngSource source{&picture.png, 0};
    const std::shared_ptr<cairo_surface_t> image(cairo_image_surface_create_from_png_stream(&PngSource::read, &source),
                                                 DestroySurface());
    const double width = cairo_image_surface_get_width(image.get());
    const double height = cairo_image_surface_get_height(image.get());
    if (cairo_surface_status(image.get()) != CAIRO_STATUS_SUCCESS || width < 1 || height < 1) {
        draw([cell](cairo_t* cairo) {
            cairo_set_source_rgb(cairo, 0.6, 0.6, 0.6);
            cairo_set_line_width(cairo, 0.4);
            cairo_rectangle(cairo, points(cell.left), points(cell.top), points(cell.width), points(cell.height));
            cairo_stroke(cairo);
        });
        boxed(picture.missing, {cell.left + 2, cell.top + cell.height / 2 - 4, cell.width - 4, 8}, style);
        return;
    }
    const double scale = std::min(points(cell.width) / width, points(cell.height) / height);
    const double left = points(cell.left) + (points(cell.width) - width * scale) / 2;
    const double top = points(cell.bottom()) - height * scale;
    draw([image, scale, left, top](cairo_t* cairo) {
        cairo_save(cairo);
        cairo_translate(cairo, left, top);
        cairo_scale(cairo, scale, scale);
        cairo_set_source_surface(cairo, image.get(), 0, 0);
        cairo_paint(cairo);
        cairo_restore(cairo);
    });
}

void PageFlow::pictures(const std::vector<Picture>& pictures, int columns, double heightMm, const TypeStyle& style) {
    constexpr double kGapMm = 4.0;
    const double width = (m_body.width - kGapMm * (columns - 1)) / columns;
    TypeStyle centred = style;
    centred.align = TextAlign::Center;
    for (size_t first = 0; first < pictures.size(); first += static_cast<size_t>(columns)) {
        const size_t last = std::min(pictures.size(), first + static_cast<size_t>(columns));
        double captions = 0;
        for (size_t i = first; i < last; ++i)
            captions = std::max(captions, heightOf(pictures[i].caption, width, centred));
        need(heightMm + captions + 1.0);
        for (size_t i = first; i < last; ++i) {
            const double x = m_body.left + static_cast<double>(i - first) * (width + kGapMm);
            picture(pictures[i], {x, m_y, width, heightMm}, centred);
            boxed(pictures[i].caption, {x, m_y + heightMm + 0.5, width, captions}, centred);
        }
        m_y += heightMm + captions + 2.0;
    }
}

void PageFlow::paintPage(int index, cairo_t* cairo) const {
    for (const Draw& each : m_pages[static_cast<size_t>(index)])
        each(cairo);
}

} // namespace yz
