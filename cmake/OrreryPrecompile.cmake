# orrery_precompile(TARGET [LIKE]): its files begin with what models/base/compiled_once/precompiled.hpp
# includes, read and compiled once. A file which forgets one of those headers is found by
# tests/tree/check_includes.py, the preset `fuzz`, which does without (ORRERY_PRECOMPILE), and
# scripts/reproduce build.alone. LIKE is a target of orrery_precompiled_like: what is compiled with
# other options cannot share what was compiled without them.
function(orrery_precompile target)
  set(like orrery_precompiled)
  if(ARGC GREATER 1)
    set(like "${ARGV1}")
  endif()
  if(ORRERY_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM ${like})
  endif()
endfunction()

# orrery_file_options(FILE OPTION ...): compiles one file of the folder with these options as well,
# and therefore without the precompiled header.
function(orrery_file_options file)
  set_source_files_properties("${file}" PROPERTIES
    COMPILE_OPTIONS "${ARGN}" SKIP_PRECOMPILE_HEADERS ON)
endfunction()

# orrery_precompiled_like(NAME [OPTION ...]): the header for targets that have these options as well.
function(orrery_precompiled_like name)
  if(ORRERY_PRECOMPILE)
    set(once "${PROJECT_SOURCE_DIR}/models/base/compiled_once")
    add_library(${name} OBJECT "${once}/precompiled.cpp")
    target_link_libraries(${name} PRIVATE archive::fmt)
    target_compile_options(${name} PRIVATE ${ARGN})
    target_precompile_headers(${name} PRIVATE "${once}/precompiled.hpp")
  endif()
endfunction()

orrery_precompiled_like(orrery_precompiled)
