# Third-party libraries. Only LibTorch is part of linnet's public headers; the rest is used inside .cpp files.
include_guard()

set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL TRUE)  # so that a project that adds this one with add_subdirectory can link them
if(NOT LINNET_WITHOUT_TORCH)  # as the fuzzers are built (tests/fuzz)
  find_package(Torch REQUIRED)
endif()
find_package(Threads REQUIRED)
find_package(LibArchive REQUIRED)
find_package(CURL REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(nlohmann_json 3 REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Boost 1.74 REQUIRED)  # headers only: Boost.Beast
find_package(JPEG REQUIRED)
find_package(PNG REQUIRED)
find_package(GIF REQUIRED)

# Debian keeps OpenCV's CMake package in libopencv-dev, which needs all of OpenCV: 55 MB more to download and 370 MB more
# on disk than the three parts used here.
find_package(OpenCV QUIET COMPONENTS core imgproc imgcodecs)
if(NOT OpenCV_FOUND)
  find_path(OpenCV_INCLUDE_DIRS opencv2/core.hpp PATH_SUFFIXES opencv4 REQUIRED)
  set(OpenCV_LIBS)
  foreach(part core imgproc imgcodecs)
    find_library(OpenCV_${part}_LIBRARY opencv_${part} REQUIRED)
    list(APPEND OpenCV_LIBS "${OpenCV_${part}_LIBRARY}")
  endforeach()
endif()

find_path(PCRE2_INCLUDE_DIR pcre2.h REQUIRED)
find_library(PCRE2_LIBRARY pcre2-8 REQUIRED)

find_path(WEBP_INCLUDE_DIR webp/demux.h REQUIRED)
find_library(WEBP_LIBRARY webp REQUIRED)
find_library(WEBP_DEMUX_LIBRARY webpdemux REQUIRED)

# linnet_imported(NAME INCLUDES dir... LIBRARIES lib...): linnet::NAME for packages that give variables, not targets.
# Includes of an imported target count as system ones, so their headers raise no warnings here.
function(linnet_imported name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "INCLUDES;LIBRARIES")
  add_library(linnet::${name} INTERFACE IMPORTED GLOBAL)
  target_include_directories(linnet::${name} INTERFACE ${arg_INCLUDES})
  target_link_libraries(linnet::${name} INTERFACE ${arg_LIBRARIES})
endfunction()

if(NOT LINNET_WITHOUT_TORCH)
  linnet_imported(torch INCLUDES ${TORCH_INCLUDE_DIRS} LIBRARIES ${TORCH_LIBRARIES} Threads::Threads)
endif()
linnet_imported(opencv INCLUDES ${OpenCV_INCLUDE_DIRS} LIBRARIES ${OpenCV_LIBS})
linnet_imported(pcre2 INCLUDES ${PCRE2_INCLUDE_DIR} LIBRARIES ${PCRE2_LIBRARY})
linnet_imported(webp INCLUDES ${WEBP_INCLUDE_DIR} LIBRARIES ${WEBP_LIBRARY} ${WEBP_DEMUX_LIBRARY})
