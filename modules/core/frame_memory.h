#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace yz {

/// Memory for decoded frames, in pages of 2 MB where the kernel has them. A frame of 512 x 512 x 16 bits from the heap
/// costs 128 faults, more than it takes to copy it; here it costs none or a quarter. Blocks of one size share an arena,
/// which goes back to the system when the last of them is free: frames that have moved into a volume are not held by
/// what was allocated after them. Any thread.
namespace frame_memory {

/// std::bad_alloc. Not set to zero.
[[nodiscard]] void* take(size_t bytes);
void give(void* at, size_t bytes) noexcept;

} // namespace frame_memory

/// The samples of a frame: bytes in frame memory, with the members of a vector that frames need.
class SampleBytes {
public:
    using value_type = std::byte;

    SampleBytes() = default;
    explicit SampleBytes(size_t size) { resize(size); } ///< zero
    SampleBytes(size_t size, std::byte value) { assign(size, value); }
    template <std::forward_iterator Iterator> SampleBytes(Iterator first, Iterator last) { assign(first, last); }
    SampleBytes(const SampleBytes& other) { *this = other; }
    SampleBytes(SampleBytes&& other) noexcept { swap(other); }
    ~SampleBytes() { release(); }
    SampleBytes& operator=(const SampleBytes& other);
    SampleBytes& operator=(SampleBytes&& other) noexcept;

    [[nodiscard]] std::byte* data() { return m_at; }
    [[nodiscard]] const std::byte* data() const { return m_at; }
    [[nodiscard]] size_t size() const { return m_size; }
    [[nodiscard]] bool empty() const { return m_size == 0; }
    [[nodiscard]] std::byte* begin() { return m_at; }
    [[nodiscard]] std::byte* end() { return m_at + m_size; }
    [[nodiscard]] const std::byte* begin() const { return m_at; }
    [[nodiscard]] const std::byte* end() const { return m_at + m_size; }
    [[nodiscard]] std::byte& operator[](size_t i) { return m_at[i]; }
    [[nodiscard]] std::byte operator[](size_t i) const { return m_at[i]; }

    /// What is new is zero.
    void resize(size_t size) { resize(size, std::byte{0}); }
    void resize(size_t size, std::byte value);
    /// What is new may hold samples of another frame: for who writes every byte before anybody reads one.
    void resizeForOverwrite(size_t size);
    void assign(size_t size, std::byte value);
    template <std::forward_iterator Iterator> void assign(Iterator first, Iterator last) {
        SampleBytes other; // the range may be ours
        other.resizeForOverwrite(static_cast<size_t>(std::distance(first, last)));
        std::copy(first, last, other.m_at);
        swap(other);
    }
    void clear() { m_size = 0; }
    void swap(SampleBytes& other) noexcept;
    [[nodiscard]] bool operator==(const SampleBytes& other) const;

private:
    void release() noexcept;

    std::byte* m_at = nullptr;
    size_t m_size = 0, m_capacity = 0;
};

} // namespace yz
