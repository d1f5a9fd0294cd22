# Libraries, all from Debian 12 packages (scripts/setup installs them).
find_package(PkgConfig REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(fmt REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(ZLIB REQUIRED)
find_package(Eigen3 3.4 REQUIRED NO_MODULE)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(Threads REQUIRED)
# Debian ships no CMake package for SimGrid.
pkg_check_modules(SIMGRID REQUIRED IMPORTED_TARGET simgrid>=3.32)
# Debian ships neither a CMake package nor a pkg-config file for GLPK.
find_library(GLPK_LIBRARY glpk REQUIRED)
find_path(GLPK_INCLUDE_DIR glpk.h REQUIRED)
add_library(GLPK::GLPK UNKNOWN IMPORTED)
set_target_properties(GLPK::GLPK PROPERTIES
  IMPORTED_LOCATION "${GLPK_LIBRARY}"
  INTERFACE_INCLUDE_DIRECTORIES "${GLPK_INCLUDE_DIR}")

# orrery-calibrate must run on machines that have none of this, so what it links are archives:
# archive::NAME, of headers that the package's own target knows.
function(orrery_archive name file target)
  find_library(ORRERY_${name}_ARCHIVE NAMES ${file} REQUIRED)
  add_library(archive::${name} STATIC IMPORTED GLOBAL)
  set_target_properties(archive::${name} PROPERTIES
    IMPORTED_LOCATION "${ORRERY_${name}_ARCHIVE}"
    INTERFACE_INCLUDE_DIRECTORIES "$<TARGET_PROPERTY:${target},INTERFACE_INCLUDE_DIRECTORIES>")
endfunction()
orrery_archive(yaml-cpp libyaml-cpp.a yaml-cpp)
orrery_archive(z libz.a ZLIB::ZLIB)
orrery_archive(crypto libcrypto.a OpenSSL::Crypto)
target_link_libraries(archive::crypto INTERFACE Threads::Threads ${CMAKE_DL_LIBS})

# Debian has no archive of fmt, but its headers hold all of it: one file makes one.
add_library(fmt-archive STATIC "${PROJECT_SOURCE_DIR}/models/base/compiled_once/fmt_archive.cpp")
target_include_directories(fmt-archive SYSTEM PUBLIC
  "$<TARGET_PROPERTY:fmt::fmt,INTERFACE_INCLUDE_DIRECTORIES>")
target_compile_definitions(fmt-archive PUBLIC
  "$<TARGET_PROPERTY:fmt::fmt,INTERFACE_COMPILE_DEFINITIONS>")
add_library(archive::fmt ALIAS fmt-archive)
