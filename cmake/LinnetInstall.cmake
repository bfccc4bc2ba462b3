# `cmake --install build --prefix DIR`: headers, library, program, and the package that find_package(linnet) reads.
include_guard()

if(NOT BUILD_SHARED_LIBS)
  message(STATUS "linnet: no install rules for a static library (its registries would lose rows that nobody names)")
  return()
endif()

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/linnet")

# The program finds the library beside it, wherever both are put; the library finds LibTorch where it was linked.
file(RELATIVE_PATH from_bin_to_lib "/${CMAKE_INSTALL_BINDIR}" "/${CMAKE_INSTALL_LIBDIR}")
set_target_properties(linnet PROPERTIES INSTALL_RPATH "$ORIGIN" INSTALL_RPATH_USE_LINK_PATH ON)
install(TARGETS linnet EXPORT linnet LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
if(TARGET linnet_cli)
  set_target_properties(linnet_cli PROPERTIES INSTALL_RPATH "$ORIGIN/${from_bin_to_lib}" INSTALL_RPATH_USE_LINK_PATH ON)
  install(TARGETS linnet_cli RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()

install(DIRECTORY "${PROJECT_SOURCE_DIR}/linnet" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
        FILES_MATCHING PATTERN "*.h" PATTERN "*_impl.h" EXCLUDE PATTERN "linnet/cli" EXCLUDE PATTERN "linnet/web" EXCLUDE)
install(FILES "${PROJECT_BINARY_DIR}/generated/linnet/core/version.h" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/linnet/core")

install(EXPORT linnet NAMESPACE linnet:: FILE linnetTargets.cmake DESTINATION "${package_folder}")
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/linnetConfig.cmake.in" "${PROJECT_BINARY_DIR}/linnetConfig.cmake"
                              INSTALL_DESTINATION "${package_folder}" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/linnetConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/linnetConfig.cmake" "${PROJECT_BINARY_DIR}/linnetConfigVersion.cmake"
        DESTINATION "${package_folder}")
