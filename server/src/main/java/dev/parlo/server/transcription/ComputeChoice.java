package dev.parlo.server.transcription;

import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Placement;
import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.graph.ComputePlan;
import dev.parlo.server.Setting;
import dev.parlo.server.Settings;
import dev.parlo.server.device.DeviceChoice;
import dev.parlo.server.device.Devices;
import dev.parlo.server.models.MemoryEstimate;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Which number format Whisper is computed in on the device that was chosen, and why. */
public final class ComputeChoice {
    /** A matrix that every checkpoint has; it is stored as all the others are. */
    private static final String ANY_MATRIX = "encoder/layer_0/self_attention/linear_0/weight";

    /** CTranslate2's types that a processor does not compute here, and the nearest that it does. */
    private static final Map<String, String> NEAREST_ON_CPU =
            Map.of(
                    "int8_float32", "int8",
                    "int8_float16", "int8",
                    "int8_bfloat16", "int8",
                    "int16", "float32",
                    "float16", "float32",
                    "bfloat16", "float32");

    /** The same of a GPU. */
    private static final Map<String, String> NEAREST_ON_GPU =
            Map.of(
                    "int8", "float16",
                    "int8_float32", "float32",
                    "int8_float16", "float16",
                    "int8_bfloat16", "float16",
                    "int16", "float32",
                    "bfloat16", "float16");

    private ComputeChoice() {}

    /** The number format of one checkpoint. */
    static ComputeType of(Settings.Whisper whisper, DeviceChoice device, Path checkpoint) {
        return of(whisper, device, () -> stored(device, checkpoint));
    }

    /**
     * What checkpoints are expected to take in memory, before they are loaded.
     *
     * @param devices that models are computed on
     */
    public static MemoryEstimate memory(Settings.Whisper whisper, Devices devices) {
        DeviceChoice device = devices.whisper();
        return new MemoryEstimate(
                devices, stored -> of(whisper, device, () -> computed(device, stored.orElse(32))));
    }

    private static ComputeType of(
            Settings.Whisper whisper, DeviceChoice device, Supplier<ComputeType> stored) {
        return switch (used(whisper, device)) {
            case "float32" -> ComputeType.FLOAT32;
            case "float16" -> ComputeType.FLOAT16;
            case "int8" -> ComputeType.INT8;
            case "default" -> stored.get();
            // The fastest of each.
            default -> device.onGpu() ? ComputeType.FLOAT16 : ComputeType.INT8;
        };
    }

    private static String used(Settings.Whisper whisper, DeviceChoice device) {
        return (device.onGpu() ? NEAREST_ON_GPU : NEAREST_ON_CPU)
                .getOrDefault(whisper.computeType(), whisper.computeType());
    }

    /** What to tell where another type is computed than the one that was asked for. */
    public static Optional<String> warning(Settings.Whisper whisper, DeviceChoice device) {
        String used = used(whisper, device);
        return used.equals(whisper.computeType())
                ? Optional.empty()
                : Optional.of(
                        Setting.WHISPER__COMPUTE_TYPE.variable()
                                + ": "
                                + whisper.computeType()
                                + " is not computed on "
                                + device.label()
                                + "; "
                                + used
                                + ", the nearest, is used instead");
    }

    /** Where Whisper computes on a processor: threads as set, or one for each core. */
    static Placement.Cpu processor(Settings.Whisper whisper) {
        // Threads that spin while they wait would starve decoding and HTTP.
        return Placement.Cpu.threads(threads(whisper));
    }

    static int threads(Settings.Whisper whisper) {
        return whisper.threads() > 0
                ? whisper.threads()
                : Runtime.getRuntime().availableProcessors();
    }

    private static ComputeType stored(DeviceChoice device, Path directory) {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            return computed(device, 8.0 * checkpoint.variable(ANY_MATRIX).type().bytes());
        }
    }

    /**
     * As CTranslate2 does: on a processor 8-bit weights stay so, and every other format runs as
     * float32; on a GPU float32 weights stay so.
     */
    private static ComputeType computed(DeviceChoice device, double storedBits) {
        if (device.onGpu()) {
            return storedBits >= 32 ? ComputeType.FLOAT32 : ComputeType.FLOAT16;
        }
        return storedBits <= 8 ? ComputeType.INT8 : ComputeType.FLOAT32;
    }

    /** For the banner: {@code cpu (…); int8 (…)}. */
    public static String describe(Settings.Whisper whisper, DeviceChoice device) {
        String used = used(whisper, device);
        String compute =
                switch (used) {
                    case "auto" ->
                            device.onGpu()
                                    ? "float16, chosen as the fastest on a GPU"
                                    : int8() + ", chosen as the fastest on a CPU";
                    case "default" -> "as each checkpoint is stored";
                    case "int8" -> int8() + ", as set";
                    default -> used + ", as set";
                };
        return device.label() + " (" + device.reason() + "); " + compute;
    }

    private static String int8() {
        return ComputePlan.forThisProcessor(ComputeType.INT8).description();
    }
}
