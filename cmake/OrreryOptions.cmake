# Switches of the build and the flags every target shares.
option(ORRERY_TESTS "Build the tests" ON)
option(ORRERY_BENCHMARKS "Build the benchmarks (needs Google Benchmark)" OFF)
option(ORRERY_WERROR "Treat warnings as errors" OFF)
option(ORRERY_SANITIZE "Address and undefined-behaviour sanitizers" OFF)
option(ORRERY_PRECOMPILE "Read the common headers once for all files" ON)
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
# Optimised debug builds stay debuggable, and the tests finish in time.
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")

# Equal bits in debug and release: no fused multiply-add contraction anywhere.
# C++ only: nvcc takes the wanted ones by -Xcompiler where it compiles.
function(orrery_cxx_options)
  foreach(option IN LISTS ARGN)
    add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:${option}>")
  endforeach()
endfunction()
orrery_cxx_options(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 at -O3 sees overlapping copies in `"text" + std::string` that cannot be (its bug 105651).
  orrery_cxx_options(-Wno-restrict)
endif()
if(ORRERY_WERROR)
  orrery_cxx_options(-Werror)
endif()
if(ORRERY_SANITIZE)
  orrery_cxx_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
if(ORRERY_FUZZ)
  orrery_cxx_options(-fsanitize=fuzzer-no-link)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()

# ccache must be told that a precompiled header is no reason to give up.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER env
    "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime"
    "${CCACHE_PROGRAM}")
endif()
