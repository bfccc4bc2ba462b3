# examples/own_parts.cpp, run: each of the reader's own parts does its work, and the program is as short as its page says.
cmake_minimum_required(VERSION 3.25)

execute_process(COMMAND "${BUILD_DIR}/examples/own_parts" WORKING_DIRECTORY "${BUILD_DIR}" RESULT_VARIABLE status
                OUTPUT_VARIABLE said ERROR_VARIABLE errors)
message(NOTICE "${said}${errors}")
if(NOT status EQUAL 0)
  message(FATAL_ERROR "own_parts ended with ${status}")
endif()
foreach(expected "own loop, epoch 2: [0-9.]+" "accuracy  sure" "last batch's loss: [0-9.]+"
                 "is it upright\\? (upright|lying)" "another model is registered by the name of its architecture 'xresnet18'")
  if(NOT said MATCHES "${expected}")
    message(SEND_ERROR "own_parts does not say: ${expected}")
  endif()
endforeach()
if(EXISTS "${BUILD_DIR}/thin.safetensors")
  message(SEND_ERROR "own_parts has exported a model that nobody can load")
endif()

file(STRINGS "${SOURCE_DIR}/examples/own_parts.cpp" lines)
list(LENGTH lines count)
if(count GREATER_EQUAL 120)
  message(SEND_ERROR "examples/own_parts.cpp has ${count} lines that are not empty, expected fewer than 120")
endif()
