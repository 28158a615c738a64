#include "core/frame_memory.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <mutex>
#include <new>
#include <set>
#include <sys/mman.h>
#include <utility>
#include <vector>

namespace yz::frame_memory {
namespace {

constexpr size_t kLargePage = size_t{2} << 20;
constexpr size_t kArena = 4 * kLargePage;
constexpr size_t kSmallest = 64 * 1024; ///< below it the heap does as well
constexpr size_t kLargest = kLargePage; ///< above it a block is mapped by itself
constexpr size_t kGrain = 4096;
constexpr size_t kSpareArenas = 2; ///< kept when empty, for who frees and allocates in turns

constexpr size_t roundedUp(size_t bytes, size_t unit) { return (bytes + unit - 1) / unit * unit; }

/// `size` a multiple of `alignment`. std::bad_alloc.
std::byte* mapAligned(size_t size, size_t alignment) {
    void* const mapped = ::mmap(nullptr, size + alignment, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED)
        throw std::bad_alloc();
    auto* const begin = static_cast<std::byte*>(mapped);
    const size_t lead = (alignment - reinterpret_cast<std::uintptr_t>(begin) % alignment) % alignment;
    if (lead > 0)
        ::munmap(begin, lead);
    if (lead < alignment)
        ::munmap(begin + lead + size, alignment - lead);
    (void)::madvise(begin + lead, size, MADV_HUGEPAGE); // only a wish
    return begin + lead;
}

/// Arenas of blocks of one size each.
class Arenas {
public:
    void* take(size_t size) {
        const std::lock_guard lock(m_mutex);
        std::set<std::byte*>& open = m_open[size];
        if (open.empty()) {
            std::byte* const base = newArena();
            try {
                Arena& arena = m_arenas[base];
                arena.free.reserve(kArena / size);
                for (size_t at = kArena / size; at > 0; --at)
                    arena.free.push_back(base + (at - 1) * size);
                open.insert(base);
            } catch (...) {
                m_arenas.erase(base);
                ::munmap(base, kArena);
                throw;
            }
        }
        // The lowest arena with room: the others get a chance to empty.
        std::byte* const base = *open.begin();
        Arena& arena = m_arenas[base];
        std::byte* const block = arena.free.back();
        arena.free.pop_back();
        if (arena.free.empty())
            open.erase(open.begin());
        return block;
    }

    void give(std::byte* block, size_t size) noexcept {
        const std::lock_guard lock(m_mutex);
        std::byte* const base = block - reinterpret_cast<std::uintptr_t>(block) % kArena;
        const auto found = m_arenas.find(base);
        Arena& arena = found->second;
        arena.free.push_back(block); // reserved
        std::set<std::byte*>& open = m_open[size];
        if (arena.free.size() < kArena / size) {
            open.insert(base);
            return;
        }
        open.erase(base);
        m_arenas.erase(found);
        if (m_spares.size() < kSpareArenas)
            m_spares.push_back(base);
        else
            ::munmap(base, kArena);
    }

private:
    struct Arena {
        std::vector<std::byte*> free;
    };

    std::byte* newArena() {
        if (m_spares.empty())
            return mapAligned(kArena, kArena);
        std::byte* const base = m_spares.back();
        m_spares.pop_back();
        return base;
    }

    std::mutex m_mutex;
    std::map<std::byte*, Arena> m_arenas;
    std::map<size_t, std::set<std::byte*>> m_open; ///< by the size of the blocks: arenas with room
    std::vector<std::byte*> m_spares = [] {
        std::vector<std::byte*> spares;
        spares.reserve(kSpareArenas);
        return spares;
    }();
};

/// Never destroyed: frames in static objects may outlive it otherwise.
[[maybe_unused]] Arenas& arenas() {
    static Arenas* const all = new Arenas;
    return *all;
}

} // namespace

#ifdef __SANITIZE_ADDRESS__ // which watches what the heap gives
void* take(size_t bytes) { return ::operator new(bytes); }
void give(void* at, size_t) noexcept { ::operator delete(at); }
#else
void* take(size_t bytes) {
    if (bytes < kSmallest)
        return ::operator new(bytes);
    if (bytes > kLargest)
        return mapAligned(roundedUp(bytes, kLargePage), kLargePage);
    return arenas().take(roundedUp(bytes, kGrain));
}

void give(void* at, size_t bytes) noexcept {
    if (bytes < kSmallest)
        ::operator delete(at);
    else if (bytes > kLargest)
        ::munmap(at, roundedUp(bytes, kLargePage));
    else
        arenas().give(static_cast<std::byte*>(at), roundedUp(bytes, kGrain));
}
#endif

} // namespace yz::frame_memory

namespace yz {

SampleBytes& SampleBytes::operator=(const SampleBytes& other) {
    if (this != &other) {
        m_size = 0;
        resizeForOverwrite(other.m_size);
        std::copy(other.begin(), other.end(), m_at);
    }
    return *this;
}

SampleBytes& SampleBytes::operator=(SampleBytes&& other) noexcept {
    SampleBytes taken(std::move(other));
    swap(taken);
    return *this;
}

void SampleBytes::resize(size_t size, std::byte value) {
    const size_t before = m_size;
    resizeForOverwrite(size);
    if (size > before)
        std::fill(m_at + before, m_at + size, value);
}

void SampleBytes::resizeForOverwrite(size_t size) {
    if (size > m_capacity) {
        auto* const at = static_cast<std::byte*>(frame_memory::take(size));
        std::copy(begin(), end(), at);
        release();
        m_at = at;
        m_capacity = size;
    }
    m_size = size;
}

void SampleBytes::assign(size_t size, std::byte value) {
    m_size = 0;
    resize(size, value);
}

void SampleBytes::swap(SampleBytes& other) noexcept {
    std::swap(m_at, other.m_at);
    std::swap(m_size, other.m_size);
    std::swap(m_capacity, other.m_capacity);
}

bool SampleBytes::operator==(const SampleBytes& other) const {
    return std::equal(begin(), end(), other.begin(), other.end());
}

void SampleBytes::release() noexcept {
    if (m_capacity > 0)
        frame_memory::give(m_at, m_capacity);
    m_at = nullptr;
    m_capacity = 0;
}

} // namespace yz
