# orrery_precompile(TARGET): its files begin with what models/base/compiled_once/precompiled.hpp
# includes, read and compiled once. A file which forgets one of those headers is found by
# tests/tree/check_includes.py, the preset `fuzz`, which does without (ORRERY_PRECOMPILE), and
# scripts/reproduce build.alone.
function(orrery_precompile target)
  if(ORRERY_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM orrery_precompiled)
  endif()
endfunction()

# orrery_file_options(FILE OPTION ...): compiles one file of the folder with these options as well.
# It cannot share what was compiled without them.
function(orrery_file_options file)
  set_source_files_properties("${file}" PROPERTIES
    COMPILE_OPTIONS "${ARGN}" SKIP_PRECOMPILE_HEADERS ON)
endfunction()

if(ORRERY_PRECOMPILE)
  set(once "${PROJECT_SOURCE_DIR}/models/base/compiled_once")
  add_library(orrery_precompiled OBJECT "${once}/precompiled.cpp")
  target_link_libraries(orrery_precompiled PRIVATE archive::fmt)
  target_precompile_headers(orrery_precompiled PRIVATE "${once}/precompiled.hpp")
endif()
