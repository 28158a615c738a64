#pragma once

// Marks a hot function to be compiled three times, for AVX-512, AVX2 and any x86-64; the loader picks one. Sanitizer builds keep
// one version: their run time is not ready when the loader asks which to take.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&               \
    !defined(__SANITIZE_THREAD__)
#define YZ_SIMD_CLONES __attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#else
#define YZ_SIMD_CLONES
#endif
