# orrery_precompile(TARGET): its files begin with what cmake/precompiled.hpp includes, read and
# compiled once. The presets `asan` and `fuzz` do without (ORRERY_PRECOMPILE), so that a file which
# forgets one of those headers is found.
#
# A file of compiler options of its own cannot share it: orrery_file_options.
function(orrery_precompile target)
  if(ORRERY_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM orrery_precompiled)
  endif()
endfunction()

# orrery_file_options(FILE OPTION ...): compiles one file of the folder with these options as well.
function(orrery_file_options file)
  set_source_files_properties("${file}" PROPERTIES
    COMPILE_OPTIONS "${ARGN}" SKIP_PRECOMPILE_HEADERS ON)
endfunction()

if(ORRERY_PRECOMPILE)
  add_library(orrery_precompiled OBJECT "${PROJECT_SOURCE_DIR}/cmake/precompiled.cpp")
  target_link_libraries(orrery_precompiled PRIVATE archive::fmt)
  target_precompile_headers(orrery_precompiled PRIVATE "${PROJECT_SOURCE_DIR}/cmake/precompiled.hpp")
endif()
