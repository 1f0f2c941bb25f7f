/*
 * A driver for tests: the calls of libcuda.so.1 that LibCuda makes, on the process's memory, with the public header's
 * types. It is compiled where there is a C compiler, and shows that arguments and structures arrive as they are meant.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef int CUresult;
typedef int CUdevice;
typedef unsigned long long CUdeviceptr;
typedef void *CUcontext;
typedef void *CUstream;
typedef enum { HOST = 1, DEVICE = 2 } CUmemorytype;

typedef struct {
    size_t srcXInBytes, srcY, srcZ, srcLOD;
    CUmemorytype srcMemoryType;
    const void *srcHost;
    CUdeviceptr srcDevice;
    void *srcArray, *reserved0;
    size_t srcPitch, srcHeight;
    size_t dstXInBytes, dstY, dstZ, dstLOD;
    CUmemorytype dstMemoryType;
    void *dstHost;
    CUdeviceptr dstDevice;
    void *dstArray, *reserved1;
    size_t dstPitch, dstHeight;
    size_t WidthInBytes, Height, Depth;
} CUDA_MEMCPY3D;

#define INVALID_VALUE 1
#define OUT_OF_MEMORY 2
#define NOT_INITIALIZED 3
#define CAPACITY ((size_t) 1 << 30)

static int started;
static size_t taken;
static char context;
static char streams[4096];
static int nextStream;

static int isStream(CUstream stream) {
    return (char *) stream > streams && (char *) stream <= streams + nextStream;
}

CUresult cuInit(unsigned flags) {
    started = flags == 0;
    return started ? 0 : INVALID_VALUE;
}

CUresult cuGetErrorName(CUresult code, const char **name) {
    *name = code == OUT_OF_MEMORY ? "CUDA_ERROR_OUT_OF_MEMORY" : "CUDA_ERROR_INVALID_VALUE";
    return 0;
}

CUresult cuDeviceGet(CUdevice *device, int index) {
    *device = 40 + index; /* a handle, not the index */
    return !started ? NOT_INITIALIZED : index == 0 ? 0 : INVALID_VALUE;
}

CUresult cuDevicePrimaryCtxRetain(CUcontext *out, CUdevice device) {
    *out = &context;
    return device == 40 ? 0 : INVALID_VALUE;
}

CUresult cuDevicePrimaryCtxRelease_v2(CUdevice device) { return device == 40 ? 0 : INVALID_VALUE; }

CUresult cuCtxSetCurrent(CUcontext given) { return given == &context ? 0 : INVALID_VALUE; }

CUresult cuMemGetInfo_v2(size_t *free, size_t *total) {
    *free = CAPACITY - taken;
    *total = CAPACITY;
    return 0;
}

/* The size stands before the memory. */
static void *allocate(size_t bytes) {
    size_t *block = aligned_alloc(256, (bytes + 511) / 256 * 256);
    taken += bytes;
    *block = bytes;
    return (char *) block + 256;
}

static void release(void *memory) {
    size_t *block = (size_t *) ((char *) memory - 256);
    taken -= *block;
    free(block);
}

CUresult cuMemAlloc_v2(CUdeviceptr *out, size_t bytes) {
    if (bytes > CAPACITY - taken) {
        return OUT_OF_MEMORY;
    }
    *out = (CUdeviceptr) (uintptr_t) allocate(bytes);
    return 0;
}

CUresult cuMemFree_v2(CUdeviceptr address) {
    release((void *) (uintptr_t) address);
    return 0;
}

CUresult cuMemHostAlloc(void **out, size_t bytes, unsigned flags) {
    *out = allocate(bytes);
    return flags == 1 ? 0 : INVALID_VALUE;
}

CUresult cuMemFreeHost(void *memory) {
    release(memory);
    return 0;
}

CUresult cuCtxGetStreamPriorityRange(int *least, int *greatest) {
    *least = 0;
    *greatest = -5;
    return 0;
}

CUresult cuStreamCreateWithPriority(CUstream *out, unsigned flags, int priority) {
    *out = streams + ++nextStream;
    return flags == 1 && (priority == 0 || priority == -5) && nextStream < (int) sizeof streams ? 0 : INVALID_VALUE;
}

CUresult cuStreamDestroy_v2(CUstream stream) { return isStream(stream) ? 0 : INVALID_VALUE; }

CUresult cuStreamSynchronize(CUstream stream) { return isStream(stream) ? 0 : INVALID_VALUE; }

CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void *from, size_t bytes, CUstream stream) {
    memcpy((void *) (uintptr_t) to, from, bytes);
    return isStream(stream) ? 0 : INVALID_VALUE;
}

CUresult cuMemcpyDtoHAsync_v2(void *to, CUdeviceptr from, size_t bytes, CUstream stream) {
    memcpy(to, (void *) (uintptr_t) from, bytes);
    return isStream(stream) ? 0 : INVALID_VALUE;
}

CUresult cuMemsetD8Async(CUdeviceptr to, unsigned char value, size_t bytes, CUstream stream) {
    memset((void *) (uintptr_t) to, value, bytes);
    return isStream(stream) ? 0 : INVALID_VALUE;
}

CUresult cuMemcpy3DAsync_v2(const CUDA_MEMCPY3D *copy, CUstream stream) {
    if (copy->srcMemoryType != DEVICE || copy->dstMemoryType != DEVICE || !isStream(stream)
        || copy->Height > copy->srcHeight || copy->WidthInBytes > copy->srcPitch) {
        return INVALID_VALUE;
    }
    for (size_t z = 0; z < copy->Depth; z++) {
        for (size_t y = 0; y < copy->Height; y++) {
            memcpy(
                (char *) (uintptr_t) copy->dstDevice + (z * copy->dstHeight + y) * copy->dstPitch,
                (char *) (uintptr_t) copy->srcDevice + (z * copy->srcHeight + y) * copy->srcPitch,
                copy->WidthInBytes);
        }
    }
    return 0;
}
