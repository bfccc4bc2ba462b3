# `cmake --install build --prefix DIR`: program, manual pages, library, headers, and what find_package(linnet) and
# pkg-config read.
include_guard()

if(NOT BUILD_SHARED_LIBS)
  message(STATUS "linnet: no install rules for a static library (its registries would lose rows that nobody names)")
  return()
endif()

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/linnet")

# Two components, which become the packages linnet and linnet-dev: what the program needs, and what building with the
# library needs.
# The programs find the library and each other, wherever all are put; the library finds LibTorch where it was linked.
set_target_properties(linnet PROPERTIES INSTALL_RPATH "$ORIGIN" INSTALL_RPATH_USE_LINK_PATH ON)
install(TARGETS linnet EXPORT linnet
        LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT program NAMELINK_COMPONENT development)
# `linnet` starts linnet-run, which it expects in libexec/linnet beside its own folder.
set_target_properties(linnet_run PROPERTIES INSTALL_RPATH "$ORIGIN/../../${CMAKE_INSTALL_LIBDIR}"
                                            INSTALL_RPATH_USE_LINK_PATH ON)
install(TARGETS linnet_cli RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT program)
install(TARGETS linnet_run RUNTIME DESTINATION libexec/linnet COMPONENT program)
install(DIRECTORY "${PROJECT_BINARY_DIR}/share/" DESTINATION "${CMAKE_INSTALL_DATADIR}" COMPONENT program)

install(DIRECTORY "${PROJECT_SOURCE_DIR}/linnet" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development
        FILES_MATCHING PATTERN "*.h" PATTERN "*_impl.h" EXCLUDE PATTERN "linnet/cli" EXCLUDE PATTERN "linnet/web" EXCLUDE)
install(DIRECTORY "${PROJECT_BINARY_DIR}/umbrella/linnet" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development)
install(FILES "${PROJECT_BINARY_DIR}/generated/linnet/core/version.h" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/linnet/core"
        COMPONENT development)

install(EXPORT linnet NAMESPACE linnet:: FILE linnetTargets.cmake DESTINATION "${package_folder}" COMPONENT development)
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/linnetConfig.cmake.in" "${PROJECT_BINARY_DIR}/linnetConfig.cmake"
                              INSTALL_DESTINATION "${package_folder}" NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/linnetConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/linnetConfig.cmake" "${PROJECT_BINARY_DIR}/linnetConfigVersion.cmake"
        DESTINATION "${package_folder}" COMPONENT development)

include(LinnetPkgConfig)  # linnet.pc
include(LinnetPackage)    # linnet*.deb
