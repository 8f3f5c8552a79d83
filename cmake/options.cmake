# SPDX-License-Identifier: Apache-2.0
# Flags that every target gets. The device arithmetic needs each float operation rounded on its
# own: no contraction into fused multiply-add, no reassociation.
option(TERNFAB_SANITIZE "Build with address and undefined-behaviour sanitizers" OFF)
option(TERNFAB_COVERAGE "Build with gcov instrumentation" OFF)
option(TERNFAB_FUZZ "Build the readers of files and their fuzz targets, nothing else (clang)" OFF)

add_library(tf_flags INTERFACE)
target_compile_options(tf_flags INTERFACE -Wall -Wextra -Werror -ffp-contract=off)
# GCC 12 sees overlaps that are not there in inlined std::string operators (its bug 105651).
target_compile_options(tf_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
target_include_directories(tf_flags INTERFACE ${PROJECT_SOURCE_DIR})
if(TERNFAB_SANITIZE)
  target_compile_options(tf_flags INTERFACE -fsanitize=address,undefined
                         -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(tf_flags INTERFACE -fsanitize=address,undefined)
endif()
if(TERNFAB_FUZZ)
  target_compile_options(tf_flags INTERFACE -fsanitize=fuzzer-no-link,address,undefined
                         -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(tf_flags INTERFACE -fsanitize=address,undefined)
endif()
if(TERNFAB_COVERAGE)
  target_compile_options(tf_flags INTERFACE --coverage)
  target_link_options(tf_flags INTERFACE --coverage)
endif()

find_program(TERNFAB_CCACHE ccache)
if(TERNFAB_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${TERNFAB_CCACHE})
endif()
