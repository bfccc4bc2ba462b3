# Run as a script: makes a C++ source of the JSON that `linnet-run --job-table` prints, for the launcher.
# cmake -D PROGRAM=.../linnet-run -D SOURCE=.../job_table_text.cpp -P LinnetJobTable.cmake
cmake_minimum_required(VERSION 3.25)
set(ENV{ASAN_OPTIONS} "detect_leaks=0")
execute_process(COMMAND "${PROGRAM}" --job-table OUTPUT_VARIABLE table RESULT_VARIABLE result)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${PROGRAM} --job-table ended with ${result}")
endif()
file(WRITE "${SOURCE}" "#include \"linnet/cli/job_table_text.h\"\n\nnamespace linnet::cli {\n\n"
     "std::string_view job_table_text() {\n  return R\"table(${table})table\";\n}\n\n}  // namespace linnet::cli\n")
