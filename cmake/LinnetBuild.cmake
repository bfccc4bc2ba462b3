# How everything is compiled: the language level, where programs go, the compiler cache, sanitizers.
include_guard()

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
# -O3 makes GCC 12 warn of overlaps that are not there (-Wrestrict on plain std::string code).
string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")

# LibTorch is built with NDEBUG, and some of its classes are laid out otherwise without it.
string(APPEND CMAKE_CXX_FLAGS_DEBUG " -DNDEBUG")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
# For all, programs too, as one precompiled header serves them and the library. LibTorch's at::parallel_for is a header: it
# takes LibTorch's threads only where OpenMP is on.
find_package(OpenMP REQUIRED COMPONENTS CXX)
add_compile_options(-fPIC ${OpenMP_CXX_FLAGS})
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
option(BUILD_SHARED_LIBS "Build linnet as a shared library" ON)

find_program(LINNET_CCACHE ccache)
if(LINNET_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # The sloppiness is what a precompiled header needs to be cached at all; base_dir lets a second clone share it; the inode
  # cache keeps the header's hash, or its 600 MB would be read for every file.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
      "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1 CCACHE_INODECACHE=1
      CCACHE_MAXSIZE=10G ${LINNET_CCACHE})
endif()

if(LINNET_SANITIZE)
  add_compile_options(-fsanitize=${LINNET_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=${LINNET_SANITIZE})
endif()
