# `cpack` in the build folder, which `./dev package` calls: linnet and linnet-dev as packages for this release of Debian.
include_guard()

# "1~deb12": the same version of linnet for two releases is two packages, and the newer release's is the newer one.
function(linnet_package_release out)
  set(release "1")
  if(EXISTS /etc/os-release)
    file(STRINGS /etc/os-release lines REGEX "^(ID|VERSION_ID|VERSION_CODENAME)=")
    foreach(line ${lines})
      if(line MATCHES "^([A-Z_]+)=\"?([^\"]*)\"?$")
        set(${CMAKE_MATCH_1} "${CMAKE_MATCH_2}")
      endif()
    endforeach()
    if(ID STREQUAL "debian")
      set(ID "deb")
    endif()
    if(NOT VERSION_ID)  # Debian's testing has none
      set(VERSION_ID "${VERSION_CODENAME}")
    endif()
    string(TOLOWER "1~${ID}${VERSION_ID}" release)
  endif()
  set(${out} "${release}" PARENT_SCOPE)
endfunction()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME linnet)
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGE_CONTACT "linnet developers <linnet@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_DIRECTORY "${PROJECT_BINARY_DIR}/packages")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")  # the first line of each package's description is it
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL program development)
set(CPACK_COMPONENTS_GROUPING IGNORE)

linnet_package_release(CPACK_DEBIAN_PACKAGE_RELEASE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(package_version "${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}")

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME linnet)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION science)
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION "deep learning for pictures and tables in one command
linnet trains recognizers of pictures, models of tables and recommenders on
your own data and uses them, with the defaults of fastai. It needs no Python.")
# dpkg-shlibdeps reads the libraries; it does not see the matrix library that LibTorch takes through an alternative, and the
# programs that draw.
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${PROJECT_BINARY_DIR}/lib")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS "libopenblas0-openmp, gnuplot-nox, graphviz, ca-certificates")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS "fonts-nanum, fonts-droid-fallback")
file(WRITE "${PROJECT_BINARY_DIR}/debian/triggers" "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_CONTROL_EXTRA "${PROJECT_BINARY_DIR}/debian/triggers")
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY "=")  # before 1.0 a version may break the one before

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME linnet-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "linnet (= ${package_version}), libtorch-dev")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "headers of linnet, deep learning in C++20 on LibTorch
What a program of your own is built with: headers, and the files by which
CMake's find_package(linnet) and pkg-config find the library.")

set(CPACK_PRE_BUILD_SCRIPTS "${CMAKE_CURRENT_LIST_DIR}/LinnetPackageFiles.cmake")
set(CPACK_LINNET_SOURCE_DIR "${PROJECT_SOURCE_DIR}")
include(CPack)
