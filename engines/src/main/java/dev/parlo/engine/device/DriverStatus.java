package dev.parlo.engine.device;

/** The driver's numbers for what is wrong, by their names in {@code cuda.h}, and what to do. */
final class DriverStatus {
    private DriverStatus() {}

    static String sentence(String function, int status) {
        String advice =
                switch (status) {
                    case 3 -> "CUDA_ERROR_NOT_INITIALIZED: the driver could not start";
                    case 34 ->
                            "CUDA_ERROR_STUB_LIBRARY: libcuda.so.1 is the one for linking programs,"
                                    + " not a driver; take its folder off LD_LIBRARY_PATH";
                    case 100 ->
                            "CUDA_ERROR_NO_DEVICE: it finds no GPU; start a container with --gpus"
                                    + " all, and look at CUDA_VISIBLE_DEVICES, NVIDIA_VISIBLE_DEVICES"
                                    + " and nvidia-smi";
                    case 101 ->
                            "CUDA_ERROR_INVALID_DEVICE: look at CUDA_VISIBLE_DEVICES and nvidia-smi";
                    case 802 ->
                            "CUDA_ERROR_SYSTEM_NOT_READY: the GPUs are connected by NVSwitch, and"
                                    + " nvidia-fabricmanager has to run first";
                    case 803 ->
                            "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH: libcuda.so.1 and the kernel's module"
                                    + " are of different versions; restart the machine after an update"
                                    + " of the driver";
                    case 804 ->
                            "CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE: the libcuda.so.1 of a"
                                    + " cuda-compat package is found first, and this GPU does not"
                                    + " support that; remove the package";
                    case 999 ->
                            "CUDA_ERROR_UNKNOWN: often the files /dev/nvidia* cannot be opened; look"
                                    + " at their rights, and whether the module nvidia_uvm is loaded";
                    default -> "look at nvidia-smi and at the kernel's messages";
                };
        return "The NVIDIA driver refuses "
                + function
                + " with code "
                + status
                + " ("
                + advice
                + ").";
    }
}
