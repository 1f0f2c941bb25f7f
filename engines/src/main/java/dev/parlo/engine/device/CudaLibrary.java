package dev.parlo.engine.device;

/**
 * A library of CUDA that natives need.
 *
 * @param name as they are linked to it, such as {@code libcublas.so.12}
 * @param version in its own words; "" where it does not tell
 * @param file that was loaded; "" where that is not known
 * @param problem why it cannot be loaded, in the system's words; "" where it is loaded
 */
public record CudaLibrary(String name, String version, String file, String problem) {
    public boolean isLoaded() {
        return problem.isEmpty();
    }
}
