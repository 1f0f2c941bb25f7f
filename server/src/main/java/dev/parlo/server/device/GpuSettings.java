package dev.parlo.server.device;

import java.nio.file.Path;
import java.util.List;

/**
 * What computing on GPUs needs of this machine.
 *
 * @param natives the folder of an ONNX Runtime for GPUs; may be absent
 * @param cudaFolders to look for CUDA's libraries in before the system does
 */
public record GpuSettings(Path natives, List<Path> cudaFolders) {
    public GpuSettings {
        cudaFolders = List.copyOf(cudaFolders);
    }
}
