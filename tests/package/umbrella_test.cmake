# The headers that gather others hold what the sources hold today, without anybody listing it.
cmake_minimum_required(VERSION 3.25)

# make(SOURCE): the headers made of a tree; linnet.h, vision.h ... get the variables of their names.
macro(make source)
  execute_process(COMMAND ${CMAKE_COMMAND} -D "SOURCE=${source}" -D "FOLDER=${SCRATCH_DIR}/umbrella"
                          -P "${SOURCE_DIR}/cmake/LinnetUmbrellaFiles.cmake" COMMAND_ERROR_IS_FATAL ANY)
  foreach(name linnet vision tabular collab)
    file(READ "${SCRATCH_DIR}/umbrella/linnet/${name}.h" ${name})
  endforeach()
endmacro()

function(expect text line)
  string(FIND "${text}" "\n${line}\n" at)
  if(at EQUAL -1)
    message(SEND_ERROR "expected the line ${line} in:\n${text}")
  endif()
endfunction()

function(expect_none text word)
  string(FIND "${text}" "${word}" at)
  if(NOT at EQUAL -1)
    message(SEND_ERROR "did not expect ${word} in:\n${text}")
  endif()
endfunction()

# every_row(TEXT FOLDER ROW SPACE): there is a short name for each row that the folder's units register.
function(every_row text folder row space)
  file(GLOB units "${SOURCE_DIR}/linnet/${folder}/*.cpp")
  set(rows 0)
  foreach(unit IN LISTS units)
    file(STRINGS "${unit}" found REGEX "^const Registered<${row}> ")
    list(LENGTH found count)
    math(EXPR rows "${rows} + ${count}")
  endforeach()
  string(REGEX MATCHALL "\nusing ${space}::[a-z]" names "${text}")
  list(LENGTH names count)
  if(rows EQUAL 0 OR NOT count EQUAL rows)
    message(SEND_ERROR "${rows} of ${row} are registered, ${count} have a short name:\n${text}")
  endif()
endfunction()

file(REMOVE_RECURSE "${SCRATCH_DIR}")
make("${SOURCE_DIR}")
every_row("${linnet}" metric MetricRow metrics)
every_row("${vision}" models ModelEntry models)
expect_none("${tabular}${collab}" "using models::resnet")

# A small tree: what is added is there at the next run, what is taken away is gone.
set(tree "${SCRATCH_DIR}/tree")
# header(PATH NAMESPACE): one that declares something.
function(header path space)
  file(WRITE "${tree}/linnet/${path}" "#pragma once\n\nnamespace ${space} {\nint f();\n}  // namespace ${space}\n")
endfunction()
header(data/items.h linnet)
header(data/insides.h linnet::detail)
header(data/transforms/to_tensor.h linnet)
header(train/callbacks/csv_logger.h linnet)
header(models/for_tables.h linnet)
header(tabular/learner.h linnet)
file(WRITE "${tree}/linnet/tabular/learner.cpp" "#include \"linnet/models/for_tables.h\"\n")
file(WRITE "${tree}/linnet/metric/small.h" "
namespace linnet {
inline constexpr int outside{0};
namespace detail {
}
}  // namespace linnet
namespace linnet::metrics {
enum class Way { up, down };
inline constexpr MetricRow short_one{
    \"short_one\", make, Better::higher};
inline constexpr ConfigurableMetric<QuiteALongOptionsStruct>
    long_one{{\"long_one\", make, Better::higher}, make};
int64_t function(int64_t n);
}  // namespace linnet::metrics
")
make("${tree}")
foreach(line "#include \"linnet/data/items.h\"" "#include \"linnet/train/callbacks/csv_logger.h\""
             "using metrics::Way;" "using metrics::short_one;" "using metrics::long_one;")
  expect("${linnet}" "${line}")
endforeach()
foreach(word insides to_tensor for_tables outside function)
  expect_none("${linnet}" "${word}")
endforeach()
foreach(line "#include \"linnet/linnet.h\"" "#include \"linnet/data/transforms/to_tensor.h\"")
  expect("${vision}" "${line}")
endforeach()
expect("${tabular}" "#include \"linnet/models/for_tables.h\"")
expect_none("${vision}${collab}" "for_tables")

file(TIMESTAMP "${SCRATCH_DIR}/umbrella/linnet/tabular.h" before "%s")
file(WRITE "${SCRATCH_DIR}/umbrella/linnet/gone.h" "")
header(models/new_net.h linnet)
header(train/callbacks/new_one.h linnet)
execute_process(COMMAND ${CMAKE_COMMAND} -E sleep 1.1)
make("${tree}")
expect("${vision}" "#include \"linnet/models/new_net.h\"")
expect("${linnet}" "#include \"linnet/train/callbacks/new_one.h\"")
file(TIMESTAMP "${SCRATCH_DIR}/umbrella/linnet/tabular.h" after "%s")
if(NOT before EQUAL after OR EXISTS "${SCRATCH_DIR}/umbrella/linnet/gone.h")
  message(SEND_ERROR "a header that did not change was written anew, or one that nothing makes any more was kept")
endif()
file(REMOVE_RECURSE "${SCRATCH_DIR}")
