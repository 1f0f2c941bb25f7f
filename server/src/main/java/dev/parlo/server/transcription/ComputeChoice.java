package dev.parlo.server.transcription;

import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Placement;
import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.checkpoint.DataType;
import dev.parlo.engine.whisper.graph.ComputePlan;
import dev.parlo.server.Settings;
import java.nio.file.Path;

/** Which device and number format Whisper runs on, and why. */
public final class ComputeChoice {
    /** A matrix that every checkpoint has; it is stored as all the others are. */
    private static final String ANY_MATRIX = "encoder/layer_0/self_attention/linear_0/weight";

    private ComputeChoice() {}

    /** The number format of one checkpoint. */
    static ComputeType of(Settings.Whisper whisper, Path checkpoint) {
        return switch (whisper.computeType()) {
            case "float32" -> ComputeType.FLOAT32;
            case "default" -> stored(checkpoint);
            default -> ComputeType.INT8; // auto and int8: the fastest on a CPU
        };
    }

    /** Where Whisper computes: threads as set, or one for each core. */
    static Placement placement(Settings.Whisper whisper) {
        // Threads that spin while they wait would starve decoding and HTTP.
        return Placement.Cpu.threads(threads(whisper));
    }

    static int threads(Settings.Whisper whisper) {
        return whisper.threads() > 0
                ? whisper.threads()
                : Runtime.getRuntime().availableProcessors();
    }

    /** As CTranslate2 does: 8-bit weights stay so, every other format runs as float32 on a CPU. */
    private static ComputeType stored(Path directory) {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            boolean integers = checkpoint.variable(ANY_MATRIX).type() == DataType.INT8;
            return integers ? ComputeType.INT8 : ComputeType.FLOAT32;
        }
    }

    /** For the banner: {@code cpu (…), int8 (…)}. */
    public static String describe(Settings.Whisper whisper) {
        String int8 = ComputePlan.forThisProcessor(ComputeType.INT8).description();
        String compute =
                switch (whisper.computeType()) {
                    case "auto" -> int8 + ", chosen as the fastest on a CPU";
                    case "default" -> "as each checkpoint is stored";
                    case "int8" -> int8 + ", as set";
                    default -> whisper.computeType() + ", as set";
                };
        String device =
                whisper.device().equals("cpu")
                        ? "cpu, as set"
                        : "cpu, the only device that this version computes on";
        return device + "; " + compute;
    }
}
