#include "domain/user.h"

#include <array>
#include <utility>

namespace yz {

namespace {

constexpr std::array<std::pair<Role, const char*>, 6> kNames{{
    {Role::Reader, "reader"},
    {Role::Reviewer, "reviewer"},
    {Role::EcgReader, "ecg-reader"},
    {Role::PathologyReader, "pathology-reader"},
    {Role::QaSupervisor, "qa-supervisor"},
    {Role::Administrator, "administrator"},
}};

} // namespace

QString roleName(Role role) {
    for (const auto& [value, name] : kNames)
        if (value == role)
            return QString::fromLatin1(name);
    return {};
}

bool roleFromName(const QString& text, Role& role) {
    for (const auto& [value, name] : kNames)
        if (text == QLatin1String(name)) {
            role = value;
            return true;
        }
    return false;
}

} // namespace yz
