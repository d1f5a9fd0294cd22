// Index arithmetic stands in functions that run on both sides: the kernel calls them, and the tests
// call the same ones without a GPU.
#pragma once

#ifdef __CUDACC__
#define ORRERY_HOST_DEVICE __host__ __device__
#else
#define ORRERY_HOST_DEVICE
#endif
