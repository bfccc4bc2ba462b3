# Run by cpack when the files of the packages lie below CPACK_TEMPORARY_DIRECTORY, a folder for each package: what Debian's
# policy asks for beyond `cmake --install`.
cmake_minimum_required(VERSION 3.25)

function(compress file)
  execute_process(COMMAND gzip -9nf "${file}" RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "gzip could not compress ${file}")
  endif()
endfunction()

set(copyright "linnet, fastai's high level in C++20 on LibTorch.

Copyright (c) 2026 the linnet developers

License: Apache-2.0
On Debian systems the full text of the Apache License, version 2.0, is in
/usr/share/common-licenses/Apache-2.0.
")

set(names_of_program linnet)
set(names_of_development linnet-dev)
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
foreach(component program development)
  set(root "${CPACK_TEMPORARY_DIRECTORY}/${component}${CPACK_PACKAGING_INSTALL_PREFIX}")
  set(doc "${root}/share/doc/${names_of_${component}}")
  file(WRITE "${doc}/copyright" "${copyright}")
  file(COPY_FILE "${CPACK_LINNET_SOURCE_DIR}/CHANGELOG.md" "${doc}/changelog")
  file(WRITE "${doc}/changelog.Debian" "linnet (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium

  * Built by linnet's own ./dev package. What is new stands in changelog.gz.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
  compress("${doc}/changelog")
  compress("${doc}/changelog.Debian")
  file(GLOB pages "${root}/share/man/man*/*.[0-9]")
  foreach(page ${pages})
    compress("${page}")
  endforeach()
  if(EXISTS "${root}/share/zsh/site-functions")  # Debian's zsh looks there for those of packages
    file(RENAME "${root}/share/zsh/site-functions" "${root}/share/zsh/vendor-completions")
  endif()
endforeach()
