# Writes generated/linnet/app/torch_package.h: the version of the Debian package that LibTorch comes from, for
# `linnet doctor`. LibTorch's own header and CMake package are no help: Debian's 1.13.1 calls itself 1.13.0 in both. It is
# asked for here, as the header's version would be: a program cannot count on dpkg-query where it runs.
include_guard()

set(LINNET_TORCH_PACKAGE "")          # "libtorch1.13 1.13.1+dfsg-4"; empty: LibTorch is from no package
set(LINNET_TORCH_PACKAGE_VERSION "")  # "1.13.1"

function(linnet_find_torch_package)
  find_program(LINNET_DPKG_QUERY dpkg-query)
  find_library(LINNET_TORCH_CPU_LIBRARY torch_cpu HINTS "${TORCH_INSTALL_PREFIX}/lib")
  mark_as_advanced(LINNET_DPKG_QUERY LINNET_TORCH_CPU_LIBRARY)
  if(NOT LINNET_DPKG_QUERY OR NOT LINNET_TORCH_CPU_LIBRARY)
    return()
  endif()
  file(REAL_PATH "${LINNET_TORCH_CPU_LIBRARY}" library)
  # dpkg knows files by the names they were installed under: /lib may be a link to /usr/lib.
  string(REGEX REPLACE "^/lib/" "/usr/lib/" library "${library}")
  execute_process(COMMAND "${LINNET_DPKG_QUERY}" -S "${library}" OUTPUT_VARIABLE owner RESULT_VARIABLE failed ERROR_QUIET)
  if(failed OR NOT owner MATCHES "^([a-z0-9.+-]+)(:[a-z0-9]+)?: ")
    return()
  endif()
  set(name "${CMAKE_MATCH_1}")
  set(name_and_machine "${CMAKE_MATCH_1}${CMAKE_MATCH_2}")
  execute_process(COMMAND "${LINNET_DPKG_QUERY}" -W -f "\${Version}" "${name_and_machine}" OUTPUT_VARIABLE version
                  RESULT_VARIABLE failed ERROR_QUIET)
  if(failed OR NOT version MATCHES "^([0-9]+:)?([0-9.]+)")
    return()
  endif()
  set(LINNET_TORCH_PACKAGE "${name} ${version}" PARENT_SCOPE)
  set(LINNET_TORCH_PACKAGE_VERSION "${CMAKE_MATCH_2}" PARENT_SCOPE)
  # An upgrade of the package is noticed: dpkg writes this list anew then.
  foreach(list "${name_and_machine}" "${name}")
    if(EXISTS "/var/lib/dpkg/info/${list}.list")
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "/var/lib/dpkg/info/${list}.list")
    endif()
  endforeach()
endfunction()

linnet_find_torch_package()
configure_file("${PROJECT_SOURCE_DIR}/linnet/app/torch_package.h.in"
               "${PROJECT_BINARY_DIR}/generated/linnet/app/torch_package.h" @ONLY)
