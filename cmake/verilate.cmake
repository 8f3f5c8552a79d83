# SPDX-License-Identifier: Apache-2.0
# SystemVerilog to static libraries. Verilator runs at build time, so that generated RTL works too.
find_program(TERNFAB_VERILATOR verilator REQUIRED)
execute_process(COMMAND ${TERNFAB_VERILATOR} --getenv VERILATOR_ROOT
                OUTPUT_VARIABLE TERNFAB_VERILATOR_ROOT OUTPUT_STRIP_TRAILING_WHITESPACE
                COMMAND_ERROR_IS_FATAL ANY)

# The Verilator runtime, compiled once for all models.
if(NOT TARGET tf_verilated)
  find_package(Threads REQUIRED)
  add_library(tf_verilated STATIC ${TERNFAB_VERILATOR_ROOT}/include/verilated.cpp
                                  ${TERNFAB_VERILATOR_ROOT}/include/verilated_threads.cpp)
  target_include_directories(tf_verilated SYSTEM PUBLIC ${TERNFAB_VERILATOR_ROOT}/include
                                                        ${TERNFAB_VERILATOR_ROOT}/include/vltstd)
  target_compile_definitions(tf_verilated PUBLIC VM_COVERAGE=0 VM_SC=0 VM_TRACE=0 VM_TRACE_FST=0
                                                 VM_TRACE_VCD=0)
  target_compile_options(tf_verilated PRIVATE -w -O2)
  target_link_libraries(tf_verilated PUBLIC Threads::Threads)
endif()

# tf_verilate(TARGET TOP module SOURCES a.sv ... [DEPENDS b.svh ...] [INCLUDES folder ...]
#             [DEFINES NAME[=value] ...] [FLAGS ...])
# A static library TARGET with the class V<TOP>; its users include "V<TOP>.h". SOURCES are given to
# Verilator in this order, packages first; DEPENDS are files they include; a change of either runs
# Verilator again.
function(tf_verilate target)
  cmake_parse_arguments(ARG "" "TOP" "SOURCES;DEPENDS;INCLUDES;DEFINES;FLAGS" ${ARGN})
  if(NOT ARG_TOP OR NOT ARG_SOURCES)
    message(FATAL_ERROR "tf_verilate(${target}): TOP and SOURCES must be given")
  endif()
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${target})
  list(TRANSFORM ARG_INCLUDES PREPEND -I)
  list(TRANSFORM ARG_DEFINES PREPEND -D)
  # Verilator chooses the names of its files; one file that includes them all has a known name.
  add_custom_command(
    OUTPUT ${folder}/all.cc ${folder}/V${ARG_TOP}.h
    COMMAND ${CMAKE_COMMAND} -E rm -rf ${folder}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
    COMMAND ${TERNFAB_VERILATOR} --cc --assert -O3 --x-assign fast --x-initial fast -Wno-fatal
            --prefix V${ARG_TOP} --top-module ${ARG_TOP} --Mdir ${folder} ${ARG_INCLUDES}
            ${ARG_DEFINES} ${ARG_FLAGS} ${ARG_SOURCES}
    COMMAND ${CMAKE_COMMAND} -DFOLDER=${folder}
            -P ${PROJECT_SOURCE_DIR}/cmake/verilate_all.cmake
    DEPENDS ${ARG_SOURCES} ${ARG_DEPENDS} ${PROJECT_SOURCE_DIR}/cmake/verilate_all.cmake
    COMMENT "Verilating ${ARG_TOP}"
    VERBATIM)
  add_library(${target} STATIC ${folder}/all.cc ${folder}/V${ARG_TOP}.h)
  target_include_directories(${target} SYSTEM PUBLIC ${folder})
  target_compile_options(${target} PRIVATE -w -O2)
  target_link_libraries(${target} PUBLIC tf_verilated)
endfunction()
