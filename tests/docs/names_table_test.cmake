# docs/fastai_names.md is what tools/names_table.cmake makes of today's sources, and that script finds what is wrong.
cmake_minimum_required(VERSION 3.25)

# make_table(FOLDER ARGUMENTS...): runs the script; `status` and `output` are what came of it.
function(make_table folder)
  execute_process(COMMAND ${CMAKE_COMMAND} -D "ROOT=${folder}" ${ARGN} -P "${SOURCE_DIR}/tools/names_table.cmake"
                  RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE err)
  set(status ${status} PARENT_SCOPE)
  set(output "${out}${err}" PARENT_SCOPE)
endfunction()

function(expect what)
  if(NOT (${ARGN}))
    message(SEND_ERROR "${what}: ended with ${status} and said: ${output}")
  endif()
endfunction()

make_table("${SOURCE_DIR}" -D CHECK=ON)
if(NOT status EQUAL 0)
  message(SEND_ERROR "${output}")
endif()

# A small tree: its table is made, passes, and is out of date once a row is registered.
set(names "${SCRATCH_DIR}/docs/fastai_names.txt")
set(header "${SCRATCH_DIR}/linnet/nn/small.h")
file(REMOVE_RECURSE "${SCRATCH_DIR}")
file(WRITE "${header}" "namespace linnet {
class Later;
class Small final {
 public:
  void step(int64_t n);

 private:
  void hidden();
};
}  // namespace linnet
namespace linnet::losses {
Loss flat();
}  // namespace linnet::losses
")
file(WRITE "${names}" "# kept by hand\n\n## Heading\nSmall.step | Small::step\nFlatLoss, Flat | losses::flat | two names\nGone | - | not yet\n")
file(WRITE "${SCRATCH_DIR}/linnet/nn/small.cpp" "\nconst Registered<LossEntry> flat_entry{\n    {\"flat\", make}};\n")
make_table("${SCRATCH_DIR}")
expect("a small tree" status EQUAL 0)
file(READ "${SCRATCH_DIR}/docs/fastai_names.md" table)
foreach(row IN ITEMS "| `Small.step` | `Small::step` | [nn/small.h](../linnet/nn/small.h) |"
                     "| `FlatLoss`, `Flat` | `losses::flat` | [nn/small.h](../linnet/nn/small.h) | two names |"
                     "| `Gone` | - | | not yet |"
                     "| `flat` | `FlatLoss`, `Flat` | [nn/small.h](../linnet/nn/small.h) |")
  string(FIND "${table}" "${row}" at)
  if(at EQUAL -1)
    message(SEND_ERROR "the table lacks: ${row}\n${table}")
  endif()
endforeach()
make_table("${SCRATCH_DIR}" -D CHECK=ON)
expect("a table just made" status EQUAL 0)
file(APPEND "${SCRATCH_DIR}/linnet/nn/small.cpp" "const Registered<MetricRow> added_row{added};\n")
make_table("${SCRATCH_DIR}" -D CHECK=ON)
expect("a registered row more" NOT status EQUAL 0 AND output MATCHES "Run: cmake -P[ \n]+tools/names_table.cmake")

# A list that holds just one line must be refused with the given words and that line's number.
function(expect_finding line expected)
  file(WRITE "${names}" "## Heading\n${line}\n")
  make_table("${SCRATCH_DIR}")
  expect("${line}" NOT status EQUAL 0 AND output MATCHES "fastai_names.txt:2: [^\n]*${expected}")
endfunction()

expect_finding("Big | Big" "no header in linnet/ declares 'Big'")
expect_finding("Later | Later" "no header in linnet/ declares 'Later'")
expect_finding("Small.hidden | Small::hidden" "no header in linnet/ declares 'Small::hidden'")
expect_finding("FlatLoss | flat" "no header in linnet/ declares 'flat'")
expect_finding("Gone | -" "no word on why")
expect_finding("Small, Small | Small" "'Small' is there twice")
expect_finding("Small" "is no row")
file(REMOVE_RECURSE "${SCRATCH_DIR}")
