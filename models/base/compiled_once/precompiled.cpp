// The precompiled header needs a file that it is compiled for (cmake/OrreryPrecompile.cmake).
