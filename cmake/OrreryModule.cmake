# orrery_module(NAME [SOURCES a.cpp ...] [USES module-or-library ...])
#
# One folder of the house, by default every *.cpp in it: a new file is picked up by the next build.
# It is an OBJECT library: parts that register themselves (policies, trace readers) would be
# dropped by the linker from a static archive. USES names modules by
# their target (orrery_base) and libraries by theirs; it carries include paths and, through
# orrery_objects, the objects of everything below.
function(orrery_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES" ${ARGN})
  if(NOT ARG_SOURCES)
    file(GLOB ARG_SOURCES CONFIGURE_DEPENDS "*.cpp")
  endif()
  add_library(orrery_${name} OBJECT ${ARG_SOURCES})
  orrery_precompile(orrery_${name})
  target_include_directories(orrery_${name} PUBLIC "${PROJECT_SOURCE_DIR}")
  target_link_libraries(orrery_${name} PUBLIC archive::fmt ${ARG_USES})
  set(all orrery_${name})
  foreach(used IN LISTS ARG_USES)
    if(used MATCHES "^orrery_")
      get_target_property(below ${used} ORRERY_ALL)
      list(APPEND all ${below})
    endif()
  endforeach()
  list(REMOVE_DUPLICATES all)
  set_target_properties(orrery_${name} PROPERTIES ORRERY_ALL "${all}")
endfunction()

# orrery_link(TARGET module ...): links the modules and every module below them. CMake adds the
# objects only of OBJECT libraries that are named directly, so the closure is spelt out here.
function(orrery_link target)
  set(all "")
  foreach(module IN LISTS ARGN)
    get_target_property(below ${module} ORRERY_ALL)
    list(APPEND all ${below})
  endforeach()
  list(REMOVE_DUPLICATES all)
  target_link_libraries(${target} PRIVATE ${all})
endfunction()

# orrery_computes(TARGET ...): tests spend most of their time in these; with sanitizers they are
# optimised, too. GCC 12 crashes where such a file begins with headers precompiled at -Og.
function(orrery_computes)
  if(ORRERY_SANITIZE)
    foreach(target IN LISTS ARGN)
      target_compile_options(${target} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:-O2>")
      set_target_properties(${target} PROPERTIES DISABLE_PRECOMPILE_HEADERS ON)
    endforeach()
  endif()
endfunction()

# orrery_check_program(TARGET): a program that a check runs and no test does. It is not built with
# sanitizers, unless by name.
function(orrery_check_program target)
  set_target_properties(${target} PROPERTIES EXCLUDE_FROM_ALL ${ORRERY_SANITIZE})
endfunction()
