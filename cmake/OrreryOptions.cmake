# Switches of the build and the flags every target shares.
option(ORRERY_TESTS "Build the tests" ON)
option(ORRERY_BENCHMARKS "Build the benchmarks (needs Google Benchmark)" OFF)
option(ORRERY_WERROR "Treat warnings as errors" OFF)
option(ORRERY_SANITIZE "Address and undefined-behaviour sanitizers" OFF)
option(ORRERY_PRECOMPILE "Read the common headers once for all files" ON)
option(ORRERY_UNITY "Compile the files of a folder a few at once" ON)
option(ORRERY_FUZZ "Build the libFuzzer targets (needs clang)" OFF)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
# -O3 compiles a fifth longer (Helios under SRTF: 0.80 s against 0.83 s, once, of other sources);
# kernels that are timed ask for it themselves. scripts/reproduce worlds.speed compares.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
# The tests finish in time, and code with sanitizers compiles in two thirds of the time of -O1.
set(CMAKE_CXX_FLAGS_DEBUG "-Og -g1")

# Equal bits in debug and release: no fused multiply-add contraction anywhere.
# C++ only: nvcc takes the wanted ones by -Xcompiler where it compiles.
function(orrery_cxx_options)
  foreach(option IN LISTS ARGN)
    add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:${option}>")
  endforeach()
endfunction()
orrery_cxx_options(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -ffp-contract=off)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  # Ledgers and policies count free slots by std::popcount; without the instruction, which every
  # x86-64 processor has had since 2008, each count is a call: a sixth of a run under Crius.
  orrery_cxx_options(-mpopcnt)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 at -O3 sees overlapping copies in `"text" + std::string` that cannot be (its bug 105651).
  orrery_cxx_options(-Wno-restrict)
endif()
if(ORRERY_UNITY)
  # Most of a file's time goes into headers and templates that its neighbours need too. Names at
  # namespace scope must therefore differ within a target. An include that a file forgets is found
  # by tests/tree/check_includes.py and scripts/reproduce build.alone.
  set(CMAKE_UNITY_BUILD ON)
  set(CMAKE_UNITY_BUILD_BATCH_SIZE 10)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC takes a file that a unit includes for a header whose types must have linkage.
    orrery_cxx_options(-Wno-subobject-linkage)
  endif()
endif()
if(ORRERY_WERROR)
  orrery_cxx_options(-Werror)
endif()
# Of the loops that the calibrator times; nobody reads times of a build with sanitizers.
set(ORRERY_TIMED_OPTIONS -O3)
if(ORRERY_SANITIZE)
  set(ORRERY_TIMED_OPTIONS "")
  orrery_cxx_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  # What is read through null or behind an object, the address sanitizer stops as well. These three
  # are a fifth of a compilation; calibrate/, which reads memory by addresses, switches them on.
  set(ORRERY_POINTER_CHECKS null,object-size,alignment)
  if(NOT ORRERY_FUZZ)
    orrery_cxx_options(-fno-sanitize=${ORRERY_POINTER_CHECKS})
  endif()
  add_link_options(-fsanitize=address,undefined)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # At a fixed address: a good part of what it takes to start such a program is moving it to
    # another one, and the tests of the command start it some hundred times.
    orrery_cxx_options(-fno-pie)
    add_link_options(-no-pie)
  endif()
endif()
if(ORRERY_FUZZ)
  orrery_cxx_options(-fsanitize=fuzzer-no-link)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()

# ccache must be told that a precompiled header is not a reason to give up.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER env
    "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime"
    "${CCACHE_PROGRAM}")
endif()
