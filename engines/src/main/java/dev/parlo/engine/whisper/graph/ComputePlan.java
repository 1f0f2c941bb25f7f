package dev.parlo.engine.whisper.graph;

import dev.parlo.engine.ComputeType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * How weights are stored and multiplied on this processor.
 *
 * @param type FLOAT32 or INT8
 * @param integerActivations whether int8 may quantise activations too. x86 processors without VNNI
 *     add pairs of 8-bit products in 16 bits, where they can saturate; there weights stay 8 bits
 *     but are multiplied as floats
 */
public record ComputePlan(ComputeType type, boolean integerActivations) {
    public ComputePlan {
        if (type != ComputeType.FLOAT32 && type != ComputeType.INT8) {
            throw new IllegalArgumentException(
                    "A processor computes Whisper in float32 or int8, not in "
                            + type.label()
                            + ".");
        }
    }

    /** The plan for this machine's processor. */
    public static ComputePlan forThisProcessor(ComputeType type) {
        return new ComputePlan(type, integerKernelsAreExact());
    }

    /** For the encoder: all rows of a window at once. */
    Linear encoderLinear() {
        if (type == ComputeType.FLOAT32) {
            return new FloatLinear();
        }
        return integerActivations ? new RowQuantizedLinear() : new BlockQuantizedLinear(false);
    }

    /** For decoder steps: few rows at once. */
    Linear decoderLinear() {
        return type == ComputeType.FLOAT32
                ? new FloatLinear()
                : new BlockQuantizedLinear(integerActivations);
    }

    /** Names the converted weights: two plans of one name share files. */
    String label() {
        return type.label() + (type == ComputeType.INT8 && !integerActivations ? "-weights" : "");
    }

    /** In words, for logs. */
    public String description() {
        return type == ComputeType.INT8 && !integerActivations
                ? "int8 (8-bit weights, float activations: no VNNI)"
                : type.label();
    }

    private static boolean integerKernelsAreExact() {
        String architecture = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        if (!architecture.equals("amd64") && !architecture.equals("x86_64")) {
            return true;
        }
        try {
            String cpu = Files.readString(Path.of("/proc/cpuinfo"));
            return cpu.contains("avx512_vnni") || cpu.contains("avx_vnni");
        } catch (IOException e) {
            return false;
        }
    }
}
