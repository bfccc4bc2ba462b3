# What `cmake --install` puts down is a package: another project finds it, builds with it and runs.
# label: slow
cmake_minimum_required(VERSION 3.25)
if(SANITIZE)
  message("A sanitizer's build is not for installing: skipped.")
  return()
endif()

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE err)
  if(NOT status EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "failed (${status}): ${command}\n${out}${err}")
  endif()
  set(output "${out}" PARENT_SCOPE)
endfunction()

set(prefix "${SCRATCH_DIR}/prefix")
file(REMOVE_RECURSE "${SCRATCH_DIR}")
run(${CMAKE_COMMAND} --install "${BUILD_DIR}" --prefix "${prefix}")

file(GLOB_RECURSE private_headers "${prefix}/include/*_impl.h" "${prefix}/include/linnet/cli/*" "${prefix}/include/linnet/web/*")
if(private_headers)
  message(SEND_ERROR "installed headers that are not for users: ${private_headers}")
endif()

# The installed tree works where it is put, not only where it was built for.
file(RENAME "${prefix}" "${SCRATCH_DIR}/moved")
set(prefix "${SCRATCH_DIR}/moved")
if(EXISTS "${BUILD_DIR}/bin/linnet")
  run("${prefix}/bin/linnet" --version)
  run("${prefix}/bin/linnet" data list)  # this one starts linnet-run
  foreach(file man/man1/linnet-train.1 bash-completion/completions/linnet zsh/site-functions/_linnet
          fish/vendor_completions.d/linnet.fish)
    if(NOT EXISTS "${prefix}/share/${file}")
      message(SEND_ERROR "share/${file} was not installed")
    endif()
  endforeach()
endif()

set(project "${SCRATCH_DIR}/project")
run(${CMAKE_COMMAND} -S "${SOURCE_DIR}/examples/cmake_project" -B "${project}" -G Ninja
    "-DCMAKE_CXX_COMPILER=${CXX}" "-DCMAKE_PREFIX_PATH=${prefix}")
run(${CMAKE_COMMAND} --build "${project}")
# Without CMake: pkg-config tells what the compiler needs.
find_program(pkg_config pkg-config)
if(pkg_config)
  file(GLOB_RECURSE pc "${prefix}/linnet.pc")
  cmake_path(GET pc PARENT_PATH pc_folder)
  set(ENV{PKG_CONFIG_PATH} "${pc_folder}")
  run("${pkg_config}" --cflags --libs linnet)
  separate_arguments(flags UNIX_COMMAND "${output}")
  file(WRITE "${SCRATCH_DIR}/small.cpp" "#include <linnet/core/device.h>
#include <linnet/core/version.h>
#include <iostream>
int main() { std::cout << linnet::kVersion << ' ' << torch::ones(3, linnet::default_device()).sum().item<int>(); }
")
  run("${CXX}" -std=c++20 "${SCRATCH_DIR}/small.cpp" -o "${SCRATCH_DIR}/small" ${flags})
  cmake_path(GET pc_folder PARENT_PATH library_folder)
  run(${CMAKE_COMMAND} -E env "LD_LIBRARY_PATH=${library_folder}" "${SCRATCH_DIR}/small")
  run("${pkg_config}" --modversion linnet)
else()
  message("There is no pkg-config here: linnet.pc was not tried.")
endif()

# It is the book's first program, which begins with a download: nobody answers here.
set(ENV{LINNET_HOME} "${SCRATCH_DIR}/home")
set(ENV{LINNET_MIRROR} "http://127.0.0.1:9")
execute_process(COMMAND "${project}/my_project" RESULT_VARIABLE status ERROR_VARIABLE err OUTPUT_QUIET)
if(NOT status EQUAL 1 OR NOT err MATCHES "127.0.0.1:9[^\n]*oxford-iiit-pet")
  message(SEND_ERROR "without a network the example ended with ${status} and said: ${err}")
endif()
file(REMOVE_RECURSE "${SCRATCH_DIR}")
