#pragma once

namespace yz::test {

/// SQLite's own file layer with a fault switch: registered as the default VFS, it passes everything on until it is told
/// to fail a write, sync or truncate.
class FailingVfs {
public:
    enum class Duration { Once, FromThenOn };
    enum class Target { AllFiles, MainDatabase };

    FailingVfs();
    ~FailingVfs();
    FailingVfs(const FailingVfs&) = delete;
    FailingVfs& operator=(const FailingVfs&) = delete;

    /// The n-th operation (from 1) gives `code`, an SQLite result code.
    void arm(int n, int code, Duration duration, Target target = Target::AllFiles);
    void disarm();
    /// Whether a fault was given since arm().
    [[nodiscard]] bool fired() const;
    /// Operations counted since arm().
    [[nodiscard]] int operations() const;
};

} // namespace yz::test
