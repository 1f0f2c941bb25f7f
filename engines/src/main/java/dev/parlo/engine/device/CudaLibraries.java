package dev.parlo.engine.device;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Loads CUDA's libraries before ONNX Runtime asks for them: what is loaded already is found by its
 * name, wherever it lies. So nobody has to set {@code LD_LIBRARY_PATH}.
 */
final class CudaLibraries {
    /** Each before those that are linked to it. */
    private static final List<String> ORDER =
            List.of("libcudart", "libcublasLt", "libcublas", "libcurand", "libcufft", "libcudnn");

    private final LibraryLoader loader;
    private final List<Path> named;
    private final List<Path> usual;

    /**
     * @param named folders to look in before the system does
     * @param usual folders to look in where the system finds nothing
     */
    CudaLibraries(LibraryLoader loader, List<Path> named, List<Path> usual) {
        this.loader = loader;
        this.named = List.copyOf(named);
        this.usual = List.copyOf(usual);
    }

    /** Loads libraries by their names, all that can be. */
    List<CudaLibrary> load(List<String> names) {
        List<CudaLibrary> loaded = new ArrayList<>();
        names.stream()
                .sorted(Comparator.comparing(CudaLibraries::rank))
                .forEach(name -> loaded.add(load(name)));
        return loaded;
    }

    private static int rank(String name) {
        int rank = ORDER.indexOf(stem(name));
        return rank < 0 ? ORDER.size() : rank;
    }

    private static String stem(String name) {
        return name.replaceFirst("\\.so.*$", "");
    }

    private CudaLibrary load(String name) {
        List<String> places = new ArrayList<>(files(named, name));
        places.add(name); // where the system looks
        places.addAll(files(usual, name));
        String problem = "";
        String ofSystem = "";
        for (String place : places) {
            Optional<String> refused = loader.load(place);
            if (refused.isEmpty()) {
                return loaded(name, place);
            }
            if (place.equals(name)) {
                ofSystem = refused.get();
            } else {
                problem = refused.get();
            }
        }
        // Of a file that is there, why it cannot be loaded says more than that the system has none.
        return new CudaLibrary(name, "", "", problem.isEmpty() ? ofSystem : problem);
    }

    private static List<String> files(List<Path> folders, String name) {
        return folders.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isRegularFile)
                .map(Path::toString)
                .toList();
    }

    private CudaLibrary loaded(String name, String as) {
        return new CudaLibrary(name, version(as, stem(name)), loader.file(as).orElse(""), "");
    }

    private String version(String loaded, String stem) {
        return switch (stem) {
            case "libcudart" ->
                    text(loader.version(loaded, "cudaRuntimeGetVersion", true), 1000, 10);
            case "libcublasLt" ->
                    text(loader.version(loaded, "cublasLtGetVersion", false), 10_000, 100);
            case "libcudnn" -> text(loader.version(loaded, "cudnnGetVersion", false), 10_000, 100);
            case "libcurand" -> text(loader.version(loaded, "curandGetVersion", true), 1000, 100);
            default -> "";
        };
    }

    /** NVIDIA's numbers: 12060 is CUDA 12.6, 91002 is cuDNN 9.10.2. */
    private static String text(OptionalLong version, int major, int minor) {
        if (version.isEmpty()) {
            return "";
        }
        long number = version.getAsLong();
        return String.format(Locale.ROOT, "%d.%d", number / major, number % major / minor);
    }

    /** Which of them are missing, how to get them, and what the system says of the first. */
    static Optional<String> missing(List<CudaLibrary> libraries, int cudaMajor) {
        List<CudaLibrary> missing =
                libraries.stream().filter(library -> !library.isLoaded()).toList();
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        String names = missing.stream().map(CudaLibrary::name).collect(Collectors.joining(", "));
        String what =
                missing.stream()
                        .map(library -> packageOf(library.name(), cudaMajor))
                        .distinct()
                        .collect(Collectors.joining(" and "));
        return Optional.of(
                names
                        + " cannot be loaded: install "
                        + what
                        + ", from NVIDIA's packages or pip's nvidia-… ones, or name the folder in"
                        + " PARLO_CUDA_PATH ("
                        + missing.getFirst().problem()
                        + ").");
    }

    private static String packageOf(String library, int cudaMajor) {
        return stem(library).equals("libcudnn")
                ? "cuDNN " + library.replaceFirst("^.*\\.so\\.", "") + " for CUDA " + cudaMajor
                : "the libraries of CUDA " + cudaMajor;
    }
}
