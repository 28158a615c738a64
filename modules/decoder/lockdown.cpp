#include "decoder/lockdown.h"

#include <QString>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace yz::decoder {

namespace {

struct Limit {
    __rlimit_resource resource;
    rlim_t value;
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

// One decoded frame is at most 256 MB, and JPEG 2000 works on 32 bits a sample beside it.
constexpr rlim_t kAddressSpace = 2ULL << 30;
// The desk replaces a worker after 10 minutes of work; this ends one whose desk does not look after it any more.
constexpr rlim_t kProcessorSeconds = 3600;
// 16 files kept open, one coming in, the socket, 0 to 2.
constexpr rlim_t kDescriptors = 64;

constexpr std::array kLimits{
    Limit{RLIMIT_CPU, kProcessorSeconds},
    Limit{RLIMIT_NPROC, 0},
    Limit{RLIMIT_FSIZE, 0},
    Limit{RLIMIT_NOFILE, kDescriptors},
    Limit{RLIMIT_CORE, 0}, // a core would be a patient's data on disk
    Limit{RLIMIT_MEMLOCK, 0},
    Limit{RLIMIT_MSGQUEUE, 0},
};

struct FilterDeleter {
    void operator()(void* filter) const { seccomp_release(filter); }
};

tl::unexpected<Error> refused(const char* what, int error) {
    return fail(ErrorCode::DecoderUnavailable,
                QString::fromLatin1(what) + u": " + QString::fromLocal8Bit(std::strerror(error)));
}

Status setLimits([[maybe_unused]] qint64 answerBytes) {
    for (const Limit& limit : kLimits) {
        const rlimit value{limit.value, limit.value};
        if (::setrlimit(limit.resource, &value) != 0)
            return refused("setrlimit", errno);
    }
    if constexpr (!kSanitized) { // a sanitizer's shadow takes terabytes of address space
        const rlim_t space = kAddressSpace + static_cast<rlim_t>(answerBytes);
        const rlimit value{space, space};
        if (::setrlimit(RLIMIT_AS, &value) != 0)
            return refused("setrlimit", errno);
    }
    return {};
}

Status setFilter() {
    const std::unique_ptr<void, FilterDeleter> filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)));
    if (!filter)
        return refused("seccomp_init", ENOMEM);
    int error = 0;
    const auto rule = [&](uint32_t action, int call) {
        if (error == 0)
            error = seccomp_rule_add(filter.get(), action, call, 0);
    };
    for (const int call : {SCMP_SYS(recvmsg),
                           SCMP_SYS(sendmsg),
                           SCMP_SYS(pread64),
                           SCMP_SYS(close),
                           SCMP_SYS(munmap),
                           SCMP_SYS(mremap),
                           SCMP_SYS(brk),
                           SCMP_SYS(madvise),
                           SCMP_SYS(futex),
                           SCMP_SYS(sched_yield),
                           SCMP_SYS(getrandom),
                           SCMP_SYS(clock_gettime),
                           SCMP_SYS(gettimeofday),
                           SCMP_SYS(getpid),
                           SCMP_SYS(gettid),
                           SCMP_SYS(rt_sigprocmask),
                           SCMP_SYS(rt_sigaction),
                           SCMP_SYS(rt_sigreturn),
                           SCMP_SYS(restart_syscall),
                           SCMP_SYS(exit),
                           SCMP_SYS(exit_group)})
        rule(SCMP_ACT_ALLOW, call);
    // A sanitizer asks for the process's memory by a pipe, for its thread's signal stack, and prints what it found.
    if constexpr (kSanitized)
        for (const int call : {SCMP_SYS(pipe2), SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(sigaltstack),
                               SCMP_SYS(readlink), SCMP_SYS(ioctl)})
            rule(SCMP_ACT_ALLOW, call);
    // Memory, but none that can be executed.
    for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)})
        if (error == 0)
            error = seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    // abort() signals itself.
    if (error == 0)
        error = seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                                 SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(::getpid())));
    for (const int call : {SCMP_SYS(execve),
                           SCMP_SYS(execveat),
                           SCMP_SYS(fork),
                           SCMP_SYS(vfork),
                           SCMP_SYS(clone),
                           SCMP_SYS(clone3),
                           SCMP_SYS(socket),
                           SCMP_SYS(socketpair),
                           SCMP_SYS(connect),
                           SCMP_SYS(bind),
                           SCMP_SYS(listen),
                           SCMP_SYS(accept),
                           SCMP_SYS(accept4),
                           SCMP_SYS(ptrace),
                           SCMP_SYS(kill),
                           SCMP_SYS(tkill),
                           SCMP_SYS(process_vm_readv),
                           SCMP_SYS(process_vm_writev),
                           SCMP_SYS(pidfd_open),
                           SCMP_SYS(pidfd_getfd),
                           SCMP_SYS(bpf),
                           SCMP_SYS(io_uring_setup),
                           SCMP_SYS(userfaultfd),
                           SCMP_SYS(keyctl),
                           SCMP_SYS(mount),
                           SCMP_SYS(unshare),
                           SCMP_SYS(setns)})
        rule(SCMP_ACT_KILL_PROCESS, call);
    if (error == 0)
        error = seccomp_load(filter.get());
    return error == 0 ? Status() : Status(refused("seccomp", -error));
}

} // namespace

Status lockDown(qint64 answerBytes) {
    if (const Status limited = setLimits(answerBytes); !limited)
        return limited;
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return refused("prctl", errno);
    return setFilter();
}

} // namespace yz::decoder
