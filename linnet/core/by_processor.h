#pragma once

// LINNET_BY_PROCESSOR before a function: it is compiled for three widths of vectors, and the
// program takes the processor's when it is loaded. The sanitizers are not there yet at that time.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define LINNET_BY_PROCESSOR [[gnu::target_clones("avx512f", "avx2", "default")]]
#else
#define LINNET_BY_PROCESSOR
#endif
