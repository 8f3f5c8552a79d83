# SPDX-License-Identifier: Apache-2.0
# cmake -DFOLDER=... -P verilate_all.cmake: writes FOLDER/all.cc, which includes every .cpp there.
file(GLOB files RELATIVE ${FOLDER} ${FOLDER}/*.cpp)
list(SORT files)
set(text "")
foreach(file IN LISTS files)
  string(APPEND text "#include \"${file}\"\n")
endforeach()
file(WRITE ${FOLDER}/all.cc "${text}")
