# Manual pages and completion scripts: `linnet` writes them from its table of commands when it has been linked, into
# share/ of the build folder, laid out as they are installed.
include_guard()

add_custom_command(TARGET linnet_cli POST_BUILD VERBATIM
                   COMMAND ${CMAKE_COMMAND} -D "PROGRAM=$<TARGET_FILE:linnet_cli>" -D "FOLDER=${PROJECT_BINARY_DIR}/share"
                           -P "${PROJECT_SOURCE_DIR}/cmake/LinnetManualFiles.cmake")
