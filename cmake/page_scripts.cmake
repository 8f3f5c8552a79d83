# SPDX-License-Identifier: Apache-2.0
# tf_embed_page_scripts(target): `std::span<const EmbeddedText> PageScripts()` with the builds of
# vega, vega-lite and vega-embed and the licences of what is in them. Without the npm packages
# (cmake/setup.sh installs them) the list is empty.
set(TF_PAGE_WEB ${PROJECT_SOURCE_DIR}/sim/compare/web)

# Packages that only the command-line programs of the others use; they are in none of the builds.
set(TF_PAGE_UNBUNDLED @types ansi-regex ansi-styles cliui commander emoji-regex escalade
    get-caller-file get-east-asian-width iconv-lite rw safer-buffer string-width strip-ansi
    vega-typings wrap-ansi y18n yargs yargs-parser)

# Writes name, version and licence of each package.
function(tf_write_page_licences out)
  set(text "")
  file(GLOB folders LIST_DIRECTORIES true ${TF_PAGE_WEB}/node_modules/*)
  list(SORT folders)
  foreach(folder IN LISTS folders)
    get_filename_component(name ${folder} NAME)
    if(name IN_LIST TF_PAGE_UNBUNDLED OR NOT EXISTS ${folder}/package.json)
      continue()
    endif()
    file(READ ${folder}/package.json package)
    string(JSON version GET "${package}" version)
    string(JSON licence ERROR_VARIABLE ignored GET "${package}" license)
    string(APPEND text "${name} ${version} (${licence})\n\n")
    file(GLOB files ${folder}/LICEN[CS]E*)
    foreach(file IN LISTS files)
      file(READ ${file} body)
      string(APPEND text "${body}\n")
    endforeach()
  endforeach()
  file(CONFIGURE OUTPUT ${out} CONTENT "@text@" @ONLY)
endfunction()

function(tf_embed_page_scripts target)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${TF_PAGE_WEB}/package-lock.json)
  set(installed ${TF_PAGE_WEB}/node_modules/.package-lock.json)
  if(NOT EXISTS ${installed})
    message(STATUS "No npm packages: `ternfab compare` will refuse --html")
    target_sources(${target} PRIVATE ${PROJECT_SOURCE_DIR}/sim/compare/page_scripts_none.cc)
    return()
  endif()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${installed})
  set(licences ${CMAKE_CURRENT_BINARY_DIR}/licences.txt)
  tf_write_page_licences(${licences})
  file(RELATIVE_PATH licences ${PROJECT_SOURCE_DIR} ${licences})
  set(modules sim/compare/web/node_modules)
  tf_embed(${target} FUNCTION PageScripts HEADER sim/compare/page_files.h
           FILES ${modules}/vega/build/vega.min.js ${modules}/vega-lite/build/vega-lite.min.js
                 ${modules}/vega-embed/build/vega-embed.min.js ${licences})
endfunction()
