#pragma once

#include "reporting/report_template.h"

#include <QHash>
#include <QWidget>
#include <optional>

class QGridLayout;
class QVBoxLayout;

namespace yz {

/// The structured fields of a template as a native form. Widgets are named "field_<id>".
class TemplateForm final : public QWidget {
    Q_OBJECT
public:
    explicit TemplateForm(QWidget* parent = nullptr);
    /// Builds the form with the template's default answers; the template that is shown already is left as it is.
    void setTemplate(const ReportTemplate& reportTemplate);
    void clearTemplate();
    /// Fields without an answer show their default. Does not emit answersEdited.
    void setAnswers(const QJsonObject& answers);
    [[nodiscard]] QJsonObject answers() const;
    void setReadOnly(bool isReadOnly);

Q_SIGNALS:
    void answersEdited(const QJsonObject& answers);

private:
    void build();
    void addLine(QGridLayout& grid, int& row, const TemplateSection& section,
                 const std::vector<const TemplateField*>& fields);
    [[nodiscard]] QWidget* fieldWidget(const TemplateField& field);
    [[nodiscard]] QWidget* choiceWidget(const TemplateField& field);
    [[nodiscard]] QWidget* lineWidget(const TemplateField& field);
    void showAnswer(const TemplateField& field, const QJsonValue& answer);
    [[nodiscard]] QJsonValue answerOf(const TemplateField& field) const;
    void edited();

    std::optional<ReportTemplate> m_template;
    QHash<QString, QWidget*> m_widgets;
    QVBoxLayout* m_layout;
    QWidget* m_body = nullptr;
    bool m_isShowing = false;
};

} // namespace yz
