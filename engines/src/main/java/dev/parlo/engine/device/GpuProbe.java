package dev.parlo.engine.device;

import dev.parlo.engine.device.GpuReport.GpuState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Finds out, step by step, whether models can be computed on this machine's GPUs: natives, driver,
 * GPUs, CUDA's libraries, ONNX Runtime's provider. The first step that fails says why; those after
 * it that need nothing of it are looked at all the same, so that one report tells all that is
 * missing.
 */
public final class GpuProbe {
    private final Supplier<? extends GpuDriver> driver;
    private final LibraryLoader loader;
    private final List<Path> usualFolders;
    private final ProviderCheck provider;

    /** Computes something small on a GPU. */
    @FunctionalInterface
    public interface ProviderCheck {
        /**
         * @param convolutions whether convolutions have to be computed, too
         * @return why ONNX Runtime cannot compute on the GPU; empty where it can
         */
        Optional<String> refusal(GpuNatives natives, int gpu, boolean convolutions);
    }

    /**
     * @param driver opens the driver; throws {@link GpuRefusal}
     * @param usualFolders where CUDA's libraries may lie that the system does not find
     */
    public GpuProbe(
            Supplier<? extends GpuDriver> driver,
            LibraryLoader loader,
            List<Path> usualFolders,
            ProviderCheck provider) {
        this.driver = driver;
        this.loader = loader;
        this.usualFolders = List.copyOf(usualFolders);
        this.provider = provider;
    }

    /** The probe of this machine. */
    public static GpuProbe ofSystem(Map<String, String> environment, ProviderCheck provider) {
        return new GpuProbe(
                NvidiaDriver::open,
                new SystemLibraries(),
                CudaFolders.usual(environment),
                provider);
    }

    /**
     * Loads CUDA's libraries into this process, for an ONNX Runtime that a report found usable.
     *
     * @throws GpuRefusal where one of them is not there any more
     */
    public static void loadLibraries(Path natives, List<Path> cudaFolders) {
        CudaLibraries libraries =
                new CudaLibraries(
                        new SystemLibraries(), cudaFolders, CudaFolders.usual(System.getenv()));
        GpuNatives found = GpuNatives.in(natives);
        CudaLibraries.missing(libraries.load(found.libraries()), found.cudaMajor())
                .ifPresent(why -> {
                    throw new GpuRefusal(why);
                });
        // Where it is missing, the report has said so.
        var unused = libraries.load(List.of(GpuNatives.CONVOLUTIONS));
    }

    /**
     * Looks at everything. CUDA's libraries that are found stay loaded.
     *
     * @param folder of the GPU natives
     * @param cudaFolders to look for CUDA's libraries in before the system does
     */
    public GpuReport report(Path folder, List<Path> cudaFolders) {
        List<String> problems = new ArrayList<>();
        GpuNatives natives = attempt(() -> GpuNatives.in(folder), problems).orElse(null);
        GpuDriver open = attempt(driver, problems).orElse(null);
        int version = open == null ? 0 : attempt(open::cudaVersion, problems).orElse(0);
        List<GpuDriver.Gpu> gpus =
                open == null ? List.of() : attempt(open::gpus, problems).orElse(List.of());
        List<CudaLibrary> libraries = new ArrayList<>();
        String noConvolutions = "";
        if (natives != null && open != null) { // never loaded where there is no driver
            natives.refusal(version).ifPresent(problems::add);
            CudaLibraries cuda = new CudaLibraries(loader, cudaFolders, usualFolders);
            libraries.addAll(cuda.load(natives.libraries()));
            CudaLibraries.missing(libraries, natives.cudaMajor()).ifPresent(problems::add);
            if (!natives.libraries().contains(GpuNatives.CONVOLUTIONS)) {
                List<CudaLibrary> more = cuda.load(List.of(GpuNatives.CONVOLUTIONS));
                libraries.addAll(more);
                noConvolutions = CudaLibraries.missing(more, natives.cudaMajor()).orElse("");
            }
        }
        List<GpuState> states = new ArrayList<>();
        for (GpuDriver.Gpu gpu : gpus) {
            Optional<String> refusal = natives == null ? Optional.empty() : natives.refusal(gpu);
            if (refusal.isEmpty() && natives != null && problems.isEmpty()) {
                refusal = provider.refusal(natives, gpu.index(), false);
                if (refusal.isEmpty() && noConvolutions.isEmpty()) {
                    noConvolutions = provider.refusal(natives, gpu.index(), true).orElse("");
                }
            }
            states.add(state(gpu, refusal.orElse("")));
        }
        if (problems.isEmpty() && gpus.isEmpty()) {
            problems.add(DriverStatus.sentence("cuDeviceGetCount", 100));
        } else if (problems.isEmpty() && states.stream().noneMatch(GpuState::isUsable)) {
            problems.add(states.getFirst().problem());
        }
        return new GpuReport(
                folder.toString(),
                natives == null ? "" : String.valueOf(natives.cudaMajor()),
                version == 0 ? "" : Versions.cuda(version),
                states,
                libraries,
                String.join(" ", problems),
                noConvolutions);
    }

    private static <T> Optional<T> attempt(Supplier<? extends T> step, List<String> problems) {
        try {
            return Optional.of(step.get());
        } catch (GpuRefusal refused) {
            problems.add(refused.sentence());
            return Optional.empty();
        }
    }

    private static GpuState state(GpuDriver.Gpu gpu, String problem) {
        return new GpuState(
                gpu.index(),
                gpu.name(),
                Versions.capability(gpu.capability()),
                gpu.multiprocessors(),
                gpu.memoryBytes(),
                problem);
    }
}
