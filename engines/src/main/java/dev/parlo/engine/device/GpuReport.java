package dev.parlo.engine.device;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What was found out about the GPUs of this machine. Immutable.
 *
 * @param natives the folder of the natives that were looked at; "" where there is none
 * @param nativesCuda the version of CUDA that they are made for, such as {@code 12}; "" unknown
 * @param driverCuda the newest CUDA of the driver, such as {@code 12.8}; "" where there is none
 * @param problem why nothing can be computed on any GPU, and what to do; "" where one can
 * @param noConvolutions why no convolution can, which Kokoro is made of and Whisper is not; ""
 *     where they can
 */
public record GpuReport(
        String natives,
        String nativesCuda,
        String driverCuda,
        List<GpuState> gpus,
        List<CudaLibrary> libraries,
        String problem,
        String noConvolutions) {
    public GpuReport {
        gpus = List.copyOf(gpus);
        libraries = List.copyOf(libraries);
    }

    /**
     * A GPU.
     *
     * @param capability compute capability, such as {@code 9.0}
     * @param problem why nothing can be computed on it, and what to do; "" where it can
     */
    public record GpuState(
            int index,
            String name,
            String capability,
            int multiprocessors,
            long memoryBytes,
            String problem) {
        public boolean isUsable() {
            return problem.isEmpty();
        }
    }

    /** Nothing was looked at, or nothing found. */
    public static GpuReport none(String problem) {
        return new GpuReport("", "", "", List.of(), List.of(), problem, "");
    }

    /** The same of natives that are installed. */
    public static GpuReport none(String natives, String problem) {
        return new GpuReport(natives, "", "", List.of(), List.of(), problem, "");
    }

    public boolean hasUsable() {
        return problem.isEmpty() && gpus.stream().anyMatch(GpuState::isUsable);
    }

    /** Why nothing can be computed on a GPU; empty where it can. */
    public Optional<String> refusal(int index) {
        if (!problem.isEmpty()) {
            return Optional.of(problem);
        }
        return gpus.stream()
                .filter(gpu -> gpu.index() == index)
                .findFirst()
                .map(gpu -> Optional.of(gpu.problem()).filter(why -> !why.isEmpty()))
                .orElseGet(() -> Optional.of(absent(index)));
    }

    /** Why no convolution can be computed on a GPU; empty where it can. */
    public Optional<String> refusalOfConvolutions(int index) {
        return refusal(index).or(() -> Optional.of(noConvolutions).filter(why -> !why.isEmpty()));
    }

    private String absent(int index) {
        String known =
                gpus.stream()
                        .map(gpu -> gpu.index() + " (" + gpu.name() + ")")
                        .collect(Collectors.joining(", "));
        return "There is no GPU " + index + "; there are " + known + ".";
    }
}
