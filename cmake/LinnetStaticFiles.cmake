# Run as a script: makes a C++ source of the files of a folder, for the web page that the program holds.
# cmake -D FOLDER=.../web/static -D SOURCE=.../static_files.cpp -P LinnetStaticFiles.cmake
cmake_minimum_required(VERSION 3.25)

function(content_type name out)
  set(type_of_html "text/html; charset=utf-8")
  set(type_of_css "text/css; charset=utf-8")
  set(type_of_js "text/javascript; charset=utf-8")
  set(type_of_svg "image/svg+xml")
  cmake_path(GET name EXTENSION LAST_ONLY ending)
  string(SUBSTRING "${ending}" 1 -1 ending)
  if(NOT type_of_${ending})
    message(FATAL_ERROR "${name}: no content type is known for the ending ${ending}")
  endif()
  set(${out} "${type_of_${ending}}" PARENT_SCOPE)
endfunction()

file(GLOB files "${FOLDER}/*")
set(rows "")
foreach(file IN LISTS files)
  cmake_path(GET file FILENAME name)
  content_type("${name}" type)
  file(READ "${file}" text)
  set(path "/${name}")
  if(name STREQUAL "index.html")
    set(path "/")
  endif()
  string(APPEND rows "    {\"${path}\", \"${type}\", R\"static(${text})static\"},\n")
endforeach()
file(WRITE "${SOURCE}" "#include \"linnet/web/static_files.h\"\n\nnamespace linnet::web {\n\nnamespace {\n\n"
     "constexpr StaticFile kFiles[] = {\n${rows}};\n\n}  // namespace\n\n"
     "const StaticFile* find_static_file(std::string_view path) {\n"
     "  for (const StaticFile& file : kFiles) {\n    if (file.path == path) return &file;\n  }\n"
     "  return nullptr;\n}\n\n}  // namespace linnet::web\n")
