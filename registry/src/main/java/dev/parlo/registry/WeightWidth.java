package dev.parlo.registry;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many bits a weight takes in a model's files. Whisper checkpoints say it in the head of the
 * file; where one repository has several precisions, their names do. An odd head tells nothing.
 */
final class WeightWidth {
    /** Holds the first matrix's description in every checkpoint that was published. */
    static final int HEAD = 1 << 16;

    /** CTranslate2's types by their ids. */
    private static final double[] CT2_BITS = {32, 8, 16, 32, 16, 16};

    /**
     * Smaller tables (which heads are aligned, which rows are quantised) have types of their own.
     */
    private static final long SMALLEST_MATRIX = 4096;

    private static final int MOST_VARIABLES = 64;
    private static final Pattern DTYPE =
            Pattern.compile("\"dtype\"\\s*:\\s*\"(F64|F32|F16|BF16|I8|U8)\"");
    private static final Map<String, Double> DTYPE_BITS =
            Map.of("F64", 64.0, "F32", 32.0, "F16", 16.0, "BF16", 16.0, "I8", 8.0, "U8", 8.0);

    /** GGML's blocks keep a scale, or a scale and a minimum, beside the numbers. */
    private static final Pattern GGML_BLOCKS = Pattern.compile(".*[-_.]q([2-8])_([01k]).*");

    private WeightWidth() {}

    static OptionalDouble of(ModelId id, ModelFamily family, List<String> weights, FileStart head) {
        return switch (family) {
            case WHISPER_CT2 -> first(weights, head, WeightWidth::ctranslate2);
            case WHISPER_TRANSFORMERS -> first(weights, head, WeightWidth::safetensors);
            case WHISPER_GGML -> ggml(id.variant());
            case WHISPER_ONNX, PARAKEET, KOKORO -> graph(id.variant());
            case PIPER -> OptionalDouble.of(32);
            case ESPEAK, SILERO_VAD, BUILT_IN_VAD, DIARIZATION, SPEAKER_EMBEDDING ->
                    OptionalDouble.empty();
        };
    }

    private interface Head {
        OptionalDouble bits(byte[] head);
    }

    private static OptionalDouble first(List<String> weights, FileStart start, Head head) {
        return weights.isEmpty()
                ? OptionalDouble.empty()
                : head.bits(start.read(weights.getFirst(), HEAD));
    }

    /** The type of the first matrix of a {@code model.bin}. */
    static OptionalDouble ctranslate2(byte[] head) {
        ByteBuffer in = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
        try {
            int version = in.getInt();
            if (version < 4 || version > 64) { // before 4 the types had no ids
                return OptionalDouble.empty();
            }
            skipText(in); // the specification's name
            in.getInt(); // and revision
            int count = in.getInt();
            for (int i = 0; i < Math.min(count, MOST_VARIABLES); i++) {
                skipText(in);
                int rank = in.get();
                long elements = 1;
                for (int axis = 0; axis < rank; axis++) {
                    elements *= Math.min(in.getInt() & 0xffff_ffffL, Integer.MAX_VALUE);
                    if (elements < 0) {
                        return OptionalDouble.empty();
                    }
                    elements = Math.min(elements, Integer.MAX_VALUE);
                }
                int type = in.get();
                long bytes = in.getInt() & 0xffff_ffffL;
                if (rank >= 2 && elements >= SMALLEST_MATRIX) {
                    return type >= 0 && type < CT2_BITS.length
                            ? OptionalDouble.of(CT2_BITS[type])
                            : OptionalDouble.empty();
                }
                if (bytes > in.remaining()) {
                    return OptionalDouble.empty();
                }
                in.position(in.position() + (int) bytes);
            }
        } catch (BufferUnderflowException | IllegalArgumentException shorter) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.empty();
    }

    private static void skipText(ByteBuffer in) {
        int length = in.getShort() & 0xffff;
        in.position(in.position() + length);
    }

    /** The type that most of the first tensors have. */
    static OptionalDouble safetensors(byte[] head) {
        if (head.length < 9 || head[8] != '{') {
            return OptionalDouble.empty(); // a pickle
        }
        Matcher types = DTYPE.matcher(new String(head, StandardCharsets.ISO_8859_1));
        int[] counts = new int[65];
        double most = 0;
        while (types.find()) {
            double bits = DTYPE_BITS.getOrDefault(types.group(1), 32.0);
            counts[(int) bits]++;
            most = most == 0 || counts[(int) bits] > counts[(int) most] ? bits : most;
        }
        return most == 0 ? OptionalDouble.empty() : OptionalDouble.of(most);
    }

    private static OptionalDouble ggml(String variant) {
        Matcher blocks = GGML_BLOCKS.matcher("-" + variant.toLowerCase(Locale.ROOT));
        if (!blocks.matches()) {
            return OptionalDouble.of(16);
        }
        double scales = blocks.group(2).equals("1") ? 1 : 0.5;
        return OptionalDouble.of(Integer.parseInt(blocks.group(1)) + scales);
    }

    /** Of a graph in ONNX by the name of its variant. */
    private static OptionalDouble graph(String variant) {
        String name = variant.toLowerCase(Locale.ROOT);
        if (name.isEmpty()) {
            return OptionalDouble.of(32);
        }
        for (String eight : List.of("int8", "uint8", "q8", "8bit", "quantized")) {
            if (name.contains(eight)) {
                return OptionalDouble.of(8);
            }
        }
        if (name.contains("q4") || name.contains("int4") || name.contains("bnb4")) {
            return OptionalDouble.of(4);
        }
        return name.contains("16") ? OptionalDouble.of(16) : OptionalDouble.empty();
    }
}
