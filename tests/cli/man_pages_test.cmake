# The manual pages that the build made, as the programs that show them read them.
cmake_minimum_required(VERSION 3.25)

file(GLOB pages "${BUILD_DIR}/share/man/man1/*.1")
list(LENGTH pages count)
if(count LESS 10)
  message(FATAL_ERROR "${BUILD_DIR}/share/man/man1 holds ${count} pages")
endif()

find_program(man man)
execute_process(COMMAND "${man}" --version OUTPUT_VARIABLE version ERROR_QUIET)
if(man AND version MATCHES "^man [0-9]")  # man-db's, not a stand-in
  foreach(page ${pages})
    execute_process(COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C.UTF-8 MANROFFSEQ= MANWIDTH=80 "${man}" --warnings -l "${page}"
                    OUTPUT_VARIABLE text ERROR_VARIABLE warnings RESULT_VARIABLE status)
    if(status OR warnings OR NOT text MATCHES "NAME")
      message(SEND_ERROR "man ended with ${status} on ${page}: ${warnings}")
    endif()
  endforeach()
else()
  message("There is no man here: the pages were not shown.")
endif()

find_program(mandoc mandoc)
if(mandoc)
  # A page without a date is meant: the same sources give the same page.
  execute_process(COMMAND "${mandoc}" -Tlint -Wwarning ${pages} OUTPUT_VARIABLE out ERROR_VARIABLE err)
  string(REGEX REPLACE "[^\n]*missing date, using \"\": TH\n" "" warnings "${out}${err}")
  if(warnings)
    message(SEND_ERROR "mandoc has found: ${warnings}")
  endif()
else()
  message("There is no mandoc here: the pages were not checked by it.")
endif()
