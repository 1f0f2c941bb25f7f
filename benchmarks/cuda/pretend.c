/*
 * CUDA's libraries for a machine without a GPU, as far as ONNX Runtime's CUDA provider calls them: memory is the
 * process's, copies are done, kernels are counted and do nothing. With them the real provider loads models, places their
 * nodes, checks the inputs of every kernel and records steps. Results are zeros. See `pretend`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef CUDART
struct Properties { /* the beginning of cudaDeviceProp */
    char name[256], uuid[16], luid[8];
    unsigned luidDeviceNodeMask;
    size_t totalGlobalMem, sharedMemPerBlock;
    int regsPerBlock, warpSize;
    size_t memPitch;
    int maxThreadsPerBlock, maxThreadsDim[3], maxGridSize[3];
#if CUDA_MAJOR == 12
    int clockRate;
#endif
    size_t totalConstMem;
    int major, minor;
    size_t textureAlignment, texturePitchAlignment;
#if CUDA_MAJOR == 12
    int deviceOverlap;
#endif
    int multiProcessorCount;
    char rest[576];
};

static char some[64];
static long kernels;
static int recording;

long pretend_kernels(void) {
    long count = kernels;
    kernels = 0;
    return count;
}

static int allocated(void **out, size_t bytes) {
    *out = aligned_alloc(256, (bytes + 511) / 256 * 256);
    memset(*out, 0, bytes);
    return 0;
}

static int copied(void *to, const void *from, size_t bytes, int kind) {
    if (recording && kind == 1) {
        fprintf(stderr, "pretend: a recording copies %zu bytes from the process, which are gone when it is played\n", bytes);
    }
    memcpy(to, from, bytes);
    return 0;
}

static int nothing(void) { return 0; }

void **__cudaRegisterFatBinary(void) { return (void **) some; }
int cudaRuntimeGetVersion(int *v) { *v = CUDA_MAJOR * 1000 + 80; return 0; }
int cudaDriverGetVersion(int *v) { *v = CUDA_MAJOR * 1000 + 80; return 0; }
int cudaGetDevice(int *device) { *device = 0; return 0; }
int cudaGetDeviceCount(int *count) { *count = 1; return 0; }
#if CUDA_MAJOR == 12
#define cudaGetDeviceProperties cudaGetDeviceProperties_v2
#endif
int cudaGetDeviceProperties(struct Properties *p, int device) {
    memset(p, 0, sizeof *p);
    strcpy(p->name, "pretended GPU");
    p->totalGlobalMem = 4UL << 30;
    p->sharedMemPerBlock = 49152;
    p->regsPerBlock = 65536;
    p->warpSize = 32;
    p->maxThreadsPerBlock = 1024;
    p->maxThreadsDim[0] = p->maxThreadsDim[1] = 1024;
    p->maxThreadsDim[2] = 64;
    p->maxGridSize[0] = 2147483647;
    p->maxGridSize[1] = p->maxGridSize[2] = 65535;
    p->major = 9;
    p->multiProcessorCount = 132;
    return 0;
}
int cudaDeviceGetAttribute(int *v, int attribute, int device) {
    switch (attribute) {
        case 1: *v = 1024; break;    /* threads of a block */
        case 8: *v = 49152; break;   /* shared memory of a block */
        case 10: *v = 32; break;     /* warp */
        case 16: *v = 132; break;    /* multiprocessors */
        case 39: *v = 2048; break;   /* threads of a multiprocessor */
        case 75: *v = 9; break;      /* compute capability */
        case 76: *v = 0; break;
        case 81: *v = 233472; break; /* shared memory of a multiprocessor */
        case 97: *v = 232448; break; /* the most of a block */
        default: *v = 1;
    }
    return 0;
}
const char *cudaGetErrorName(int code) { return "pretended"; }
const char *cudaGetErrorString(int code) { return "pretended"; }
int cudaGetDriverEntryPoint(const char *name, void **f, unsigned long flags, int *status) {
    *f = (void *) nothing;
    if (status) { *status = 0; }
    return 0;
}
int cudaGetDriverEntryPointByVersion(const char *name, void **f, unsigned version, unsigned long flags, int *status) {
    return cudaGetDriverEntryPoint(name, f, flags, status);
}
int cudaMemGetInfo(size_t *free, size_t *total) { *free = 3UL << 30; *total = 4UL << 30; return 0; }
int cudaMalloc(void **out, size_t bytes) { return allocated(out, bytes); }
int cudaMallocHost(void **out, size_t bytes) { return allocated(out, bytes); }
int cudaHostAlloc(void **out, size_t bytes, unsigned flags) { return allocated(out, bytes); }
int cudaMallocFromPoolAsync(void **out, size_t bytes) { return allocated(out, bytes); }
int cudaFree(void *memory) { free(memory); return 0; }
int cudaFreeHost(void *memory) { free(memory); return 0; }
int cudaFreeAsync(void *memory) { free(memory); return 0; }
int cudaMemcpy(void *to, const void *from, size_t bytes, int kind) { return copied(to, from, bytes, kind); }
int cudaMemcpyAsync(void *to, const void *from, size_t bytes, int kind) { return copied(to, from, bytes, kind); }
int cudaMemcpy2DAsync(char *to, size_t toPitch, char *from, size_t fromPitch, size_t width, size_t height) {
    for (size_t i = 0; i < height; i++) { memcpy(to + i * toPitch, from + i * fromPitch, width); }
    return 0;
}
int cudaMemcpyFromSymbol(void *to, const void *symbol, size_t bytes) { memset(to, 0, bytes); return 0; }
int cudaMemset(void *to, int value, size_t bytes) { memset(to, value, bytes); return 0; }
int cudaMemsetAsync(void *to, int value, size_t bytes) { memset(to, value, bytes); return 0; }
int cudaLaunchKernel(void) { kernels++; return 0; }
int cudaLaunchKernelExC(void) { kernels++; return 0; }
int __cudaLaunchKernel(void) { kernels++; return 0; }
int __cudaGetKernel(void **kernel, void *function) { *kernel = function; return 0; }
int __cudaPopCallConfiguration(void *grid, void *block, size_t *shared, void **stream) {
    *shared = 0;
    *stream = 0;
    return 0;
}
int cudaFuncGetAttributes(void *attributes, void *function) {
    memset(attributes, 0, 64);
    ((int *) attributes)[6] = 1024; /* threads of a block */
    return 0;
}
int cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int *blocks) { *blocks = 2; return 0; }
int cudaEventCreate(void **out) { return allocated(out, 8); }
int cudaEventCreateWithFlags(void **out) { return allocated(out, 8); }
int cudaStreamCreate(void **out) { return allocated(out, 8); }
int cudaStreamCreateWithFlags(void **out) { return allocated(out, 8); }
int cudaLibraryLoadData(void **out) { *out = some; return 0; }
int cudaLibraryGetKernel(void **out) { *out = some; return 0; }
int cudaStreamBeginCapture(void) { recording = 1; return 0; }
int cudaStreamEndCapture(void *stream, void **graph) { recording = 0; *graph = some; return 0; }
int cudaStreamIsCapturing(void *stream, int *status) { *status = recording; return 0; }
int cudaStreamSynchronize(void) {
    if (recording) { fprintf(stderr, "pretend: a recording waits for its stream, which a GPU refuses\n"); }
    return 0;
}
int cudaGraphInstantiate(void **out) { return allocated(out, 8); }
#endif

#ifdef CUBLAS
static char handle[64];
int cublasCreate_v2(void **out) { *out = handle; return 0; }
int cublasGetMathMode(void *given, int *mode) { *mode = 0; return 0; }
const char *cublasGetStatusName(int status) { return "pretended"; }
const char *cublasGetStatusString(int status) { return "pretended"; }
#endif

#ifdef CUBLASLT
static char handle[64];
int cublasLtCreate(void **out) { *out = handle; return 0; }
int cublasLtMatmulDescCreate(void **out) { *out = handle; return 0; }
int cublasLtMatmulPreferenceCreate(void **out) { *out = handle; return 0; }
int cublasLtMatrixLayoutCreate(void **out) { *out = handle; return 0; }
int cublasLtMatmulAlgoGetHeuristic(void *a, void *b, void *c, void *d, void *e, void *f, void *g, int most, void *r, int *found) {
    *found = 1;
    return 0;
}
#endif

#ifdef CUDNN
size_t cudnnGetVersion(void) { return 91000; }
const char *cudnnGetErrorString(int status) { return "pretended"; }
int cudnnCreate(void **out) { static char handle[64]; *out = handle; return 0; }
int cudnnDestroy(void) { return 0; }
int cudnnSetStream(void) { return 0; }
#endif

#ifdef CUDA
int cuDriverGetVersion(int *v) { *v = CUDA_MAJOR * 1000 + 80; return 0; }
int cuDeviceGetCount(int *count) { *count = 1; return 0; }
int cuDeviceGetName(char *name, int length, int device) { strncpy(name, "pretended GPU", length); return 0; }
int cuDeviceTotalMem_v2(size_t *bytes, int device) { *bytes = 4UL << 30; return 0; }
int cuDeviceGetAttribute(int *v, int attribute, int device) {
    *v = attribute == 75 ? 9 : attribute == 16 ? 132 : 0;
    return 0;
}
int cuGetErrorString(int code, const char **text) { *text = "pretended"; return 0; }
#endif
