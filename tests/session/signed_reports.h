#pragma once

#include "session/desk_services.h"

#include <QString>

/// Desks and signed reports for tests that need no platform.
namespace yz::test {

/// Makes a workstation folder with the demo users and their keys. The first one of a process is made, the later ones
/// are copies of it: making keys takes seconds.
[[nodiscard]] Status makeDemoDesk(const QString& home, const Site& site);

/// The demo user of a log-in name.
[[nodiscard]] User demoUser(const char* loginName);

/// A negative chest report that passes every check.
[[nodiscard]] ReportContent plainContent();

/// An order of `study` and the pictures that belong to it.
[[nodiscard]] ReportContext plainContext(const QString& study);

/// zhangwei's version of a report on `study`, with two pictures as evidence; it has no place on any platform.
[[nodiscard]] Result<SignedReport> submitPlain(DeskServices& desk, const QString& study);

/// chenjun's version of it; he changes the impression.
[[nodiscard]] Result<SignedReport> approvePlain(DeskServices& desk, const SignedReport& submitted);

/// What a reader does with the one open reading task of a study: list, claim, pictures, a draft of plainContent.
[[nodiscard]] Result<ReadingTask> openTask(DeskServices& desk, const QString& study, const User& reader);

/// The draft as it would be signed now.
[[nodiscard]] pipeline::SubmitRequest requestFor(DeskServices& desk, const ReadingTask& task, const User& author,
                                                 const QString& pin = QStringLiteral("demo-2026"));

} // namespace yz::test
