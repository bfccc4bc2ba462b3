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
endif()

set(project "${SCRATCH_DIR}/project")
run(${CMAKE_COMMAND} -S "${SOURCE_DIR}/examples/cmake_project" -B "${project}" -G Ninja
    "-DCMAKE_CXX_COMPILER=${CXX}" "-DCMAKE_PREFIX_PATH=${prefix}")
run(${CMAKE_COMMAND} --build "${project}")
# It is the book's first program, which begins with a download: nobody answers here.
set(ENV{LINNET_HOME} "${SCRATCH_DIR}/home")
set(ENV{LINNET_MIRROR} "http://127.0.0.1:9")
execute_process(COMMAND "${project}/my_project" RESULT_VARIABLE status ERROR_VARIABLE err OUTPUT_QUIET)
if(NOT status EQUAL 1 OR NOT err MATCHES "127.0.0.1:9[^\n]*oxford-iiit-pet")
  message(SEND_ERROR "without a network the example ended with ${status} and said: ${err}")
endif()
file(REMOVE_RECURSE "${SCRATCH_DIR}")
