# SPDX-License-Identifier: Apache-2.0
# cmake -DOUT=x.cc -DROOT=dir -DHEADER=a/b.h -DFUNCTION=Name -DFILES=a|b -P embed.cmake
# Writes OUT: `std::span<const EmbeddedText> Name()`, the texts of FILES (paths relative to ROOT) in
# their order. As a module it gives tf_embed.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  # tf_embed(target FUNCTION Name HEADER a/b.h FILES ...) adds such a source to the library `target`.
  set(TF_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})
  function(tf_embed target)
    cmake_parse_arguments(ARG "" "FUNCTION;HEADER" "FILES" ${ARGN})
    set(out ${CMAKE_CURRENT_BINARY_DIR}/${target}_${ARG_FUNCTION}.cc)
    set(depends ${ARG_FILES})
    list(TRANSFORM depends PREPEND ${PROJECT_SOURCE_DIR}/)
    list(JOIN ARG_FILES "|" files)
    add_custom_command(
      OUTPUT ${out}
      COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DROOT=${PROJECT_SOURCE_DIR} -DHEADER=${ARG_HEADER}
              -DFUNCTION=${ARG_FUNCTION} "-DFILES=${files}" -P ${TF_EMBED_SCRIPT}
      DEPENDS ${depends} ${TF_EMBED_SCRIPT}
      COMMENT "Embedding files for ${ARG_FUNCTION}"
      VERBATIM)
    target_sources(${target} PRIVATE ${out})
  endfunction()
  return()
endif()

string(REPLACE "|" ";" files "${FILES}")
set(text "// SPDX-License-Identifier: Apache-2.0\n#include \"${HEADER}\"\n\nnamespace ternfab {\n")
# The suffix counts the characters: a constant expression would take too long over a large file.
string(APPEND text "namespace {\nusing namespace std::string_view_literals;\n")
string(APPEND text "constexpr EmbeddedText kFiles[] = {\n")
foreach(file IN LISTS files)
  file(READ ${ROOT}/${file} body)
  string(APPEND text "{\"${file}\", R\"tf_embed(${body})tf_embed\"sv},\n")
endforeach()
string(APPEND text "};\n}  // namespace\n\n")
string(APPEND text "std::span<const EmbeddedText> ${FUNCTION}() { return kFiles; }\n")
string(APPEND text "}  // namespace ternfab\n")
file(WRITE ${OUT} "${text}")
