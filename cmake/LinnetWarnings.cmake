# linnet_warnings(target): the warnings our own code is held to; third-party headers come in as SYSTEM.
function(linnet_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
  if(LINNET_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()
