package dev.parlo.engine.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A folder with an ONNX Runtime that can compute on GPUs. It is not part of the program: several
 * hundred megabytes that only some machines can use, made for one major version of CUDA.
 *
 * @param cudaMajor the version of CUDA, such as 12
 * @param libraries of CUDA that it needs, by their names
 * @param code what it holds for which GPUs
 */
public record GpuNatives(Path folder, int cudaMajor, List<String> libraries, FatBinary code) {
    static final String CORE = "libonnxruntime.so";
    static final String PROVIDER = "libonnxruntime_providers_cuda.so";

    /** All that has to be there; the Java API is used besides the C API. */
    private static final List<String> FILES =
            List.of(
                    CORE,
                    "libonnxruntime4j_jni.so",
                    "libonnxruntime_providers_shared.so",
                    PROVIDER);

    private static final Pattern RUNTIME = Pattern.compile("libcublas\\.so\\.(\\d+)");
    private static final Pattern OF_CUDA = Pattern.compile("lib(cu|nv).*\\.so\\.\\d+");

    /**
     * Not among what the provider is linked to in every build: some open it when they need it.
     * Without it there is no convolution on the GPU.
     */
    static final String CONVOLUTIONS = "libcudnn.so.9";

    public GpuNatives {
        libraries = List.copyOf(libraries);
    }

    /**
     * Looks into a folder; loads nothing.
     *
     * @throws GpuRefusal when something is missing or is not what its name says
     */
    public static GpuNatives in(Path folder) {
        for (String file : FILES) {
            if (!Files.isRegularFile(folder.resolve(file))) {
                throw new GpuRefusal(
                        "The GPU natives are not installed: "
                                + file
                                + " is missing in "
                                + folder
                                + ". Make the folder with packaging/gpu-natives, or name another in"
                                + " PARLO_GPU_NATIVES.");
            }
        }
        Path provider = folder.resolve(PROVIDER);
        try (ElfFile file = new ElfFile(provider)) {
            Set<String> libraries = new LinkedHashSet<>();
            int major = 0;
            for (String needed : file.needed()) {
                Matcher runtime = RUNTIME.matcher(needed);
                major = runtime.matches() ? Integer.parseInt(runtime.group(1)) : major;
                if (OF_CUDA.matcher(needed).matches() && !needed.equals(NvidiaDriver.LIBRARY)) {
                    libraries.add(needed);
                }
            }
            if (major == 0) {
                throw new GpuRefusal(
                        provider
                                + " is not linked to cuBLAS: it is no CUDA provider of ONNX Runtime.");
            }
            return new GpuNatives(folder, major, List.copyOf(libraries), FatBinary.of(provider));
        } catch (IOException unreadable) {
            throw new GpuRefusal(
                    "The GPU natives cannot be used: " + unreadable.getMessage(), unreadable);
        }
    }

    /**
     * Why a driver is too old for them, where it is.
     *
     * @param version as {@link GpuDriver#cudaVersion}
     */
    Optional<String> refusal(int version) {
        if (version >= cudaMajor * 1000) {
            return Optional.empty();
        }
        String needed =
                switch (cudaMajor) {
                    case 12 -> "525.60.13 or newer";
                    case 13 -> "580.65.06 or newer";
                    default -> "one for CUDA " + cudaMajor;
                };
        return Optional.of(
                "The NVIDIA driver supports CUDA "
                        + Versions.cuda(version)
                        + ", and the GPU natives need CUDA "
                        + cudaMajor
                        + ": update the driver to "
                        + needed
                        + ", or take the natives for an older CUDA.");
    }

    /** Why they cannot compute on a GPU, where they cannot. */
    Optional<String> refusal(GpuDriver.Gpu gpu) {
        if (code.runsOn(gpu.capability())) {
            return Optional.empty();
        }
        return Optional.of(
                "GPU "
                        + gpu.index()
                        + ", "
                        + gpu.name()
                        + ", has compute capability "
                        + Versions.capability(gpu.capability())
                        + ", for which these GPU natives hold no code; they have "
                        + Versions.capabilities(code.architectures())
                        + ". Take natives for another CUDA, or another GPU.");
    }
}
