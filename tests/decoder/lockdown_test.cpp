#include "decoder/lockdown.h"
#include "decoder/preload.h"
#include "support/sanitized.h"

#include <QDateTime>
#include <QTest>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <iconv.h>
#include <netinet/in.h>
#include <new>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace yz;

namespace {

constexpr int kNotLocked = 100;
constexpr int kThrown = 101;

/// Runs `work` in a child that has locked itself down; its exit status as of waitpid.
int statusOf(const std::function<int()>& work) {
    const pid_t pid = ::fork();
    if (pid == 0) {
        if (!decoder::lockDown(0))
            ::_exit(kNotLocked);
        int code = kThrown;
        try {
            code = work();
        } catch (...) {
        }
        ::_exit(code);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    return status;
}

bool endsWith(int code, const std::function<int()>& work) {
    const int status = statusOf(work);
    if (WIFEXITED(status) && WEXITSTATUS(status) == code)
        return true;
    qWarning("status %x", static_cast<unsigned>(status));
    return false;
}
bool isKilled(const std::function<int()>& work, int signal = SIGSYS) {
    const int status = statusOf(work);
    if (WIFSIGNALED(status) && WTERMSIG(status) == signal)
        return true;
    qWarning("status %x", static_cast<unsigned>(status));
    return false;
}
/// errno of a call that must fail.
template <typename Call> std::function<int()> errorOf(Call call) {
    return [call] {
        errno = 0;
        return call() < 0 ? errno : 0;
    };
}

} // namespace

class LockdownTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { decoder::preload(); }

    void lockDownSucceeds() {
        QVERIFY(endsWith(0, [] { return 0; }));
    }

    void noFileIsOpened() {
        QVERIFY(endsWith(EPERM, errorOf([] { return ::open("/etc/passwd", O_RDONLY); })));
        QVERIFY(endsWith(EPERM, errorOf([] { return ::open("/tmp/yuanzhen-lockdown", O_CREAT | O_WRONLY, 0600); })));
        QVERIFY(endsWith(EPERM, errorOf([] { return static_cast<int>(::syscall(SYS_openat2, AT_FDCWD, "/", 0, 0)); })));
        QVERIFY(endsWith(EPERM, errorOf([] { return ::unlink("/tmp/yuanzhen-lockdown"); })));
        QVERIFY(endsWith(EPERM, errorOf([] { return ::chmod("/tmp", 0777); })));
        QVERIFY(endsWith(EPERM, errorOf([] {
                             struct stat status {};
                             return ::stat("/etc/passwd", &status);
                         })));
        if (!test::kSanitized)
            QVERIFY(endsWith(EPERM, errorOf([] { return static_cast<int>(::write(STDERR_FILENO, "x", 1)); })));
    }

    void nothingIsReached() {
        QVERIFY(isKilled([] { return ::socket(AF_INET, SOCK_STREAM, 0); }));
        QVERIFY(isKilled([] { return ::socket(AF_UNIX, SOCK_STREAM, 0); }));
        QVERIFY(isKilled([] {
            const sockaddr_in nowhere{};
            return ::connect(3, reinterpret_cast<const sockaddr*>(&nowhere), sizeof nowhere);
        }));
    }

    void nothingIsStarted() {
        QVERIFY(isKilled([] { return ::execl("/bin/true", "true", static_cast<char*>(nullptr)); }));
        QVERIFY(isKilled([] { return ::fork() >= 0 ? 0 : 1; }));
        QVERIFY(isKilled([] { return ::kill(::getppid(), 0); }));
        QVERIFY(isKilled([] { return static_cast<int>(::syscall(SYS_ptrace, 0, 0, 0, 0)); }));
        // Another process is not signalled the other way round either.
        QVERIFY(endsWith(EPERM,
                         errorOf([] { return static_cast<int>(::syscall(SYS_tgkill, ::getppid(), ::getppid(), 0)); })));
    }

    void noMemoryIsExecutable() {
        QVERIFY(endsWith(EPERM, errorOf([] {
                             void* p = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                             return p == MAP_FAILED ? -1 : 0;
                         })));
        QVERIFY(endsWith(EPERM, errorOf([] {
                             void* p =
                                 ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                             return ::mprotect(p, 4096, PROT_READ | PROT_EXEC);
                         })));
    }

    void noWayBack() {
        QVERIFY(endsWith(EPERM, errorOf([] {
                             const rlimit much{RLIM_INFINITY, RLIM_INFINITY};
                             return ::setrlimit(RLIMIT_AS, &much);
                         })));
    }

    void memoryEndsAtTheLimit() {
        if (test::kSanitized)
            QSKIP("a sanitizer takes more address space than any limit leaves");
        // 3 GB is beyond the limit, an allocation of 100 MB is daily business.
        QVERIFY(endsWith(7, [] { return ::operator new(3ULL << 30, std::nothrow) ? 0 : 7; }));
        QVERIFY(endsWith(8, [] {
            auto* p = static_cast<volatile char*>(::operator new(100u << 20, std::nothrow));
            if (!p)
                return 0;
            p[99 << 20] = 1;
            return 8;
        }));
    }

    void abortStillEndsTheProcess() {
        QVERIFY(isKilled(
            []() -> int {
                ::signal(SIGABRT, SIG_DFL); // the test library has a handler of its own
                std::abort();
            },
            SIGABRT));
    }

    /// Conversions come from modules that are loaded when first used, which is too late here.
    void characterSetsStillConvert() {
        for (const char* set : {"GB18030", "GBK", "ISO-8859-5", "EUC-KR", "ISO-2022-JP", "TIS-620", "BIG5"})
            QVERIFY2(endsWith(5,
                              [set] {
                                  const iconv_t conversion = iconv_open("UTF-8", set);
                                  if (conversion == reinterpret_cast<iconv_t>(-1))
                                      return 1;
                                  char in[] = "A";
                                  char out[8];
                                  char* from = in;
                                  char* to = out;
                                  size_t left = 1;
                                  size_t room = sizeof out;
                                  return iconv(conversion, &from, &left, &to, &room) == 0 && out[0] == 'A' ? 5 : 2;
                              }),
                     set);
    }
};

QTEST_GUILESS_MAIN(LockdownTest)
#include "lockdown_test.moc"
