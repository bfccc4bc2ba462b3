# The headers that gather others, in umbrella/ of the build folder, laid out as they are installed: linnet_umbrella makes them
# again when a header changes. They are made here too, as what is only configured is read by clang-tidy and by linnet_units.
include_guard()

set(linnet_umbrella_folder "${PROJECT_BINARY_DIR}/umbrella")
set(make_umbrella ${CMAKE_COMMAND} -D "SOURCE=${PROJECT_SOURCE_DIR}" -D "FOLDER=${linnet_umbrella_folder}"
                  -P "${CMAKE_CURRENT_LIST_DIR}/LinnetUmbrellaFiles.cmake")
execute_process(COMMAND ${make_umbrella} COMMAND_ERROR_IS_FATAL ANY)

file(GLOB_RECURSE umbrella_headers "${linnet_umbrella_folder}/*.h")
set(made "${PROJECT_BINARY_DIR}/umbrella.made")
add_custom_command(OUTPUT "${made}" BYPRODUCTS ${umbrella_headers} VERBATIM
                   DEPENDS ${linnet_headers} ${linnet_sources} "${CMAKE_CURRENT_LIST_DIR}/LinnetUmbrellaFiles.cmake"
                   COMMAND ${make_umbrella}
                   COMMAND ${CMAKE_COMMAND} -E touch "${made}")
add_custom_target(linnet_umbrella DEPENDS "${made}")
