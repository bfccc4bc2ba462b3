# The packages that cpack makes of this build: names, what they depend on, where their files lie.
# label: slow
cmake_minimum_required(VERSION 3.25)
find_program(shlibdeps dpkg-shlibdeps)
find_program(file file)
if(SANITIZE OR NOT shlibdeps OR NOT file)
  message("A sanitizer's build, or no dpkg-shlibdeps and file here (./dev setup package): skipped.")
  return()
endif()

file(REMOVE_RECURSE "${SCRATCH_DIR}")
execute_process(COMMAND cpack --config "${BUILD_DIR}/CPackConfig.cmake" -G DEB -B "${SCRATCH_DIR}" RESULT_VARIABLE status
                OUTPUT_VARIABLE out ERROR_VARIABLE err WORKING_DIRECTORY "${BUILD_DIR}")
if(status)
  message(FATAL_ERROR "cpack ended with ${status}: ${out}${err}")
endif()

function(look package out_fields out_files)
  file(GLOB deb "${SCRATCH_DIR}/${package}_*.deb")
  execute_process(COMMAND dpkg-deb -f "${deb}" OUTPUT_VARIABLE fields RESULT_VARIABLE failed)
  execute_process(COMMAND dpkg-deb -c "${deb}" OUTPUT_VARIABLE files RESULT_VARIABLE also_failed)
  if(failed OR also_failed)
    message(FATAL_ERROR "no package ${package} was made: ${out}")
  endif()
  set(${out_fields} "${fields}" PARENT_SCOPE)
  set(${out_files} "${files}" PARENT_SCOPE)
endfunction()

function(expect text pattern)
  if(NOT text MATCHES "${pattern}")
    message(SEND_ERROR "expected ${pattern} in:\n${text}")
  endif()
endfunction()

look(linnet fields files)
expect("${fields}" "Version: [0-9.]+-1~[a-z0-9.]+\n")
foreach(needed libopenblas0-openmp gnuplot-nox graphviz libtorch libc6)
  expect("${fields}" "Depends:[^\n]* ${needed}")
endforeach()
expect("${fields}" "Recommends: fonts-nanum, fonts-droid-fallback")
foreach(path bin/linnet libexec/linnet/linnet-run share/man/man1/linnet-train-segment.1.gz share/doc/linnet/copyright
        share/doc/linnet/changelog.Debian.gz share/bash-completion/completions/linnet share/zsh/vendor-completions/_linnet
        share/fish/vendor_completions.d/linnet.fish)
  expect("${files}" " ./usr/${path}\n")
endforeach()
if(files MATCHES "/include/|\\.1\n")
  message(SEND_ERROR "headers or pages that are not compressed are in linnet:\n${files}")
endif()

look(linnet-dev fields files)
expect("${fields}" "Depends: linnet \\(= [0-9.]+-1~[a-z0-9.]+\\), libtorch-dev")
foreach(path include/linnet/vision.h "lib[^\n]*/liblinnet.so -> liblinnet.so" "lib[^\n]*/cmake/linnet/linnetConfig.cmake\n"
        "lib[^\n]*/pkgconfig/linnet.pc\n")
  expect("${files}" " ./usr/${path}")
endforeach()
file(REMOVE_RECURSE "${SCRATCH_DIR}")
