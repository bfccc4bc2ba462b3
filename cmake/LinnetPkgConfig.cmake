# linnet.pc, for builds that do not use CMake.
include_guard()

# Found again from where the file lies, so that the installed tree can be moved.
file(RELATIVE_PATH pc_prefix "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
string(REGEX REPLACE "/$" "" pc_prefix "${pc_prefix}")

# What the compiler looks through anyway is left out: named once more, it would come before the standard library's own.
set(pc_torch_cflags "")
foreach(folder ${TORCH_INCLUDE_DIRS})
  if(NOT folder IN_LIST CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES)
    string(APPEND pc_torch_cflags " -isystem ${folder}")
  endif()
endforeach()
string(STRIP "${pc_torch_cflags} ${TORCH_CXX_FLAGS}" pc_torch_cflags)

# Inline functions of the headers call all three libraries.
set(pc_torch_libs "-ltorch -ltorch_cpu -lc10")
find_library(LINNET_TORCH_CPU_LIBRARY torch_cpu HINTS "${TORCH_INSTALL_PREFIX}/lib")
cmake_path(GET LINNET_TORCH_CPU_LIBRARY PARENT_PATH folder)
if(NOT folder IN_LIST CMAKE_CXX_IMPLICIT_LINK_DIRECTORIES)
  string(PREPEND pc_torch_libs "-L${folder} -Wl,-rpath,${folder} ")
endif()
configure_file("${CMAKE_CURRENT_LIST_DIR}/linnet.pc.in" "${PROJECT_BINARY_DIR}/linnet.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/linnet.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT development)
