# SPDX-License-Identifier: Apache-2.0
find_package(GTest REQUIRED)
include(GoogleTest)

# tf_add_test(NAME SOURCES a.cc ... LIBS tf_models ... [TIMEOUT seconds] [LABEL full])
# One GoogleTest program; each of its tests is a ctest test NAME.Suite.Test. Label `full` keeps its
# tests out of `make test`; `make test-full` runs them.
function(tf_add_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT;LABEL;LABELS" "SOURCES;LIBS" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "tf_add_test ${name}: unknown arguments ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  set(properties TIMEOUT ${ARG_TIMEOUT})
  if(ARG_LABEL OR ARG_LABELS)
    list(APPEND properties LABELS ${ARG_LABEL}${ARG_LABELS})
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE tf_flags ${ARG_LIBS} GTest::gtest_main GTest::gmock)
  target_compile_definitions(${name} PRIVATE
    TF_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data"
    TF_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 TEST_PREFIX ${name}.
                       PROPERTIES ${properties})
endfunction()
