# Makes C++ of the examples in text: awk -v kind=page -f code_blocks.awk README.md > README.cpp
#
# kind=page     the ```cpp blocks of pages in Markdown. A block may use what the blocks before it on the page declare.
# kind=headers  what stands six columns or more to the right of the star, after an empty line, in the docstrings of headers.
#               Each is a function of its own, in `namespace NAMESPACE`; the header is included.
#
# #include lines come first. #line directives name file and line of the text; the first line says how many blocks there are.

function begin_block() {
  ++blocks
  if (kind == "headers" && FILENAME != last_header) includes = includes "#include \"" FILENAME "\"\n"
  last_header = FILENAME
  body = body (kind == "page" ? "{\n" : "void example_" blocks "() {\n") "#line " FNR " \"" FILENAME "\"\n"
}

function end_block() {
  if (kind == "headers") body = body "}\n"
  in_block = 0
}

function add(line) {
  if (line ~ /^ *#include /) {
    includes = includes "#line " FNR " \"" FILENAME "\"\n" line "\n"
    line = ""
  }
  body = body line "\n"
}

FNR == 1 { in_block = in_docstring = after_empty = 0 }

kind == "page" && in_block && /^ *```/ { end_block(); next }
kind == "page" && in_block { add($0); next }
kind == "page" && /^ *```cpp/ { in_block = 1; ++FNR; begin_block(); --FNR; next }

kind == "headers" && /^ *\/\*\*/ { in_docstring = 1; after_empty = 0 }
kind == "headers" && in_docstring {
  text = $0
  is_last = sub(/ *\*\/.*$/, "", text)
  sub(/^ *\/?\*+/, "", text)
  if (text ~ /^ *$/) {
    after_empty = 1
    if (in_block) add("")
  } else if (text ~ /^      / && (in_block || after_empty)) {
    if (!in_block) begin_block()
    in_block = 1
    add(text)
  } else {
    if (in_block) end_block()
    after_empty = 0
  }
  if (is_last) {
    if (in_block) end_block()
    in_docstring = 0
  }
}

END {
  if (kind == "page") {
    body = "void page() {\n" body
    for (i = 0; i < blocks; ++i) body = body "}\n"
    body = body "}\n"
  }
  printf "// %d\n%s", blocks, includes
  if (kind == "headers") printf "namespace %s {\n", namespace
  printf "%s", body
  if (kind == "headers") printf "}\n"
}
