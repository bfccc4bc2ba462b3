# `cmake --install build --prefix DIR`: headers, library, program, and the package that find_package(linnet) reads.
include_guard()

if(NOT BUILD_SHARED_LIBS)
  message(STATUS "linnet: no install rules for a static library (its registries would lose rows that nobody names)")
  return()
endif()

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/linnet")

# The programs find the library and each other, wherever all are put; the library finds LibTorch where it was linked.
set_target_properties(linnet PROPERTIES INSTALL_RPATH "$ORIGIN" INSTALL_RPATH_USE_LINK_PATH ON)
install(TARGETS linnet EXPORT linnet LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
# `linnet` starts linnet-run, which it expects in libexec/linnet beside its own folder.
set_target_properties(linnet_run PROPERTIES INSTALL_RPATH "$ORIGIN/../../${CMAKE_INSTALL_LIBDIR}"
                                            INSTALL_RPATH_USE_LINK_PATH ON)
install(TARGETS linnet_cli RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(TARGETS linnet_run RUNTIME DESTINATION libexec/linnet)

install(DIRECTORY "${PROJECT_SOURCE_DIR}/linnet" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
        FILES_MATCHING PATTERN "*.h" PATTERN "*_impl.h" EXCLUDE PATTERN "linnet/cli" EXCLUDE PATTERN "linnet/web" EXCLUDE)
install(FILES "${PROJECT_BINARY_DIR}/generated/linnet/core/version.h" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/linnet/core")

install(EXPORT linnet NAMESPACE linnet:: FILE linnetTargets.cmake DESTINATION "${package_folder}")
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/linnetConfig.cmake.in" "${PROJECT_BINARY_DIR}/linnetConfig.cmake"
                              INSTALL_DESTINATION "${package_folder}" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/linnetConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/linnetConfig.cmake" "${PROJECT_BINARY_DIR}/linnetConfigVersion.cmake"
        DESTINATION "${package_folder}")
