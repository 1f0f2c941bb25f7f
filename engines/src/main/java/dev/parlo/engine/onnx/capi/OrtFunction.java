package dev.parlo.engine.onnx.capi;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;

/**
 * The functions that are called, with their places in the table {@code OrtApi} of {@code
 * onnxruntime_c_api.h} and their names there. The table only ever grows at its end, so a place is
 * the same in every version that has it.
 */
enum OrtFunction {
    GET_ERROR_CODE(1, "GetErrorCode", Types.INT, Types.POINTER),
    GET_ERROR_MESSAGE(2, "GetErrorMessage", Types.POINTER, Types.POINTER),
    CREATE_ENV(3, "CreateEnv", Types.STATUS, Types.INT, Types.POINTER, Types.POINTER),
    CREATE_SESSION(
            7,
            "CreateSession",
            Types.STATUS,
            Types.POINTER,
            Types.POINTER,
            Types.POINTER,
            Types.POINTER),
    RUN_WITH_BINDING(
            133, "RunWithBinding", Types.STATUS, Types.POINTER, Types.POINTER, Types.POINTER),
    CREATE_SESSION_OPTIONS(10, "CreateSessionOptions", Types.STATUS, Types.POINTER),
    SET_SESSION_EXECUTION_MODE(
            13, "SetSessionExecutionMode", Types.STATUS, Types.POINTER, Types.INT),
    SET_SESSION_GRAPH_OPTIMIZATION_LEVEL(
            23, "SetSessionGraphOptimizationLevel", Types.STATUS, Types.POINTER, Types.INT),
    SET_INTRA_OP_NUM_THREADS(24, "SetIntraOpNumThreads", Types.STATUS, Types.POINTER, Types.INT),
    SET_INTER_OP_NUM_THREADS(25, "SetInterOpNumThreads", Types.STATUS, Types.POINTER, Types.INT),
    SESSION_GET_INPUT_COUNT(30, "SessionGetInputCount", Types.STATUS, Types.POINTER, Types.POINTER),
    SESSION_GET_INPUT_NAME(
            36,
            "SessionGetInputName",
            Types.STATUS,
            Types.POINTER,
            Types.LONG,
            Types.POINTER,
            Types.POINTER),
    CREATE_RUN_OPTIONS(39, "CreateRunOptions", Types.STATUS, Types.POINTER),
    CREATE_TENSOR_WITH_DATA_AS_ORT_VALUE(
            49,
            "CreateTensorWithDataAsOrtValue",
            Types.STATUS,
            Types.POINTER,
            Types.POINTER,
            Types.LONG,
            Types.POINTER,
            Types.LONG,
            Types.INT,
            Types.POINTER),
    CREATE_MEMORY_INFO(
            68,
            "CreateMemoryInfo",
            Types.STATUS,
            Types.POINTER,
            Types.INT,
            Types.INT,
            Types.INT,
            Types.POINTER),
    CREATE_CPU_MEMORY_INFO(
            69, "CreateCpuMemoryInfo", Types.STATUS, Types.INT, Types.INT, Types.POINTER),
    ALLOCATOR_FREE(76, "AllocatorFree", Types.STATUS, Types.POINTER, Types.POINTER),
    GET_ALLOCATOR_WITH_DEFAULT_OPTIONS(
            78, "GetAllocatorWithDefaultOptions", Types.STATUS, Types.POINTER),
    RELEASE_STATUS(93, "ReleaseStatus", null, Types.POINTER),
    RELEASE_MEMORY_INFO(94, "ReleaseMemoryInfo", null, Types.POINTER),
    RELEASE_SESSION(95, "ReleaseSession", null, Types.POINTER),
    RELEASE_VALUE(96, "ReleaseValue", null, Types.POINTER),
    RELEASE_RUN_OPTIONS(97, "ReleaseRunOptions", null, Types.POINTER),
    RELEASE_SESSION_OPTIONS(100, "ReleaseSessionOptions", null, Types.POINTER),
    GET_AVAILABLE_PROVIDERS(
            125, "GetAvailableProviders", Types.STATUS, Types.POINTER, Types.POINTER),
    RELEASE_AVAILABLE_PROVIDERS(
            126, "ReleaseAvailableProviders", Types.STATUS, Types.POINTER, Types.INT),
    ADD_SESSION_CONFIG_ENTRY(
            130,
            "AddSessionConfigEntry",
            Types.STATUS,
            Types.POINTER,
            Types.POINTER,
            Types.POINTER),
    CREATE_IO_BINDING(134, "CreateIoBinding", Types.STATUS, Types.POINTER, Types.POINTER),
    RELEASE_IO_BINDING(135, "ReleaseIoBinding", null, Types.POINTER),
    BIND_INPUT(136, "BindInput", Types.STATUS, Types.POINTER, Types.POINTER, Types.POINTER),
    BIND_OUTPUT(137, "BindOutput", Types.STATUS, Types.POINTER, Types.POINTER, Types.POINTER),
    ADD_RUN_CONFIG_ENTRY(
            165, "AddRunConfigEntry", Types.STATUS, Types.POINTER, Types.POINTER, Types.POINTER),
    SESSION_OPTIONS_APPEND_EXECUTION_PROVIDER_CUDA_V2(
            204,
            "SessionOptionsAppendExecutionProvider_CUDA_V2",
            Types.STATUS,
            Types.POINTER,
            Types.POINTER),
    CREATE_CUDA_PROVIDER_OPTIONS(205, "CreateCUDAProviderOptions", Types.STATUS, Types.POINTER),
    UPDATE_CUDA_PROVIDER_OPTIONS(
            206,
            "UpdateCUDAProviderOptions",
            Types.STATUS,
            Types.POINTER,
            Types.POINTER,
            Types.POINTER,
            Types.LONG),
    RELEASE_CUDA_PROVIDER_OPTIONS(208, "ReleaseCUDAProviderOptions", null, Types.POINTER),
    GET_BUILD_INFO_STRING(254, "GetBuildInfoString", Types.POINTER),
    UPDATE_CUDA_PROVIDER_OPTIONS_WITH_VALUE(
            263,
            "UpdateCUDAProviderOptionsWithValue",
            Types.STATUS,
            Types.POINTER,
            Types.POINTER,
            Types.POINTER),
    SESSION_GET_EP_GRAPH_ASSIGNMENT_INFO(
            407,
            "Session_GetEpGraphAssignmentInfo",
            Types.STATUS,
            Types.POINTER,
            Types.POINTER,
            Types.POINTER),
    EP_ASSIGNED_SUBGRAPH_GET_EP_NAME(
            408, "EpAssignedSubgraph_GetEpName", Types.STATUS, Types.POINTER, Types.POINTER),
    EP_ASSIGNED_SUBGRAPH_GET_NODES(
            409,
            "EpAssignedSubgraph_GetNodes",
            Types.STATUS,
            Types.POINTER,
            Types.POINTER,
            Types.POINTER);

    private final int slot;
    private final String header;
    private final FunctionDescriptor descriptor;

    OrtFunction(
            int slot,
            String header,
            @org.jspecify.annotations.Nullable MemoryLayout result,
            MemoryLayout... arguments) {
        this.slot = slot;
        this.header = header;
        this.descriptor =
                result == null
                        ? FunctionDescriptor.ofVoid(arguments)
                        : FunctionDescriptor.of(result, arguments);
    }

    /** Index in the table. */
    int slot() {
        return slot;
    }

    /** Name in the header. */
    String header() {
        return header;
    }

    FunctionDescriptor descriptor() {
        return descriptor;
    }

    /** C types, where an enum's constants can name them before the enum has fields. */
    private static final class Types {
        static final MemoryLayout POINTER = ValueLayout.ADDRESS;
        static final MemoryLayout INT = ValueLayout.JAVA_INT;

        /** {@code size_t} and {@code int64_t}. */
        static final MemoryLayout LONG = ValueLayout.JAVA_LONG;

        /** {@code OrtStatus*}, null for success. */
        static final MemoryLayout STATUS = ValueLayout.ADDRESS;
    }
}
