package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Locale;

/**
 * A tensor of a file that was not converted for this purpose, as the file describes it.
 *
 * @param file its name
 * @param type as the file writes it, such as {@code BF16}
 * @param data as many bytes as type and shape need
 */
record Tensor(String file, String name, String type, long[] shape, MemorySegment data)
        implements Weights.Weight {
    @Override
    public StoredVariable as(int... expected) {
        if (shape.length != expected.length
                || !Arrays.equals(shape, Arrays.stream(expected).asLongStream().toArray())) {
            throw bad(
                    String.format(
                            Locale.ROOT,
                            "has shape %s; %s is expected, by its config.json",
                            Arrays.toString(shape),
                            Arrays.toString(expected)));
        }
        DataType known =
                switch (type) {
                    case "F32" -> DataType.FLOAT32;
                    case "F16" -> DataType.FLOAT16;
                    case "BF16" -> DataType.BFLOAT16;
                    default ->
                            throw bad(
                                    String.format(
                                            Locale.ROOT,
                                            "is stored as %s; F32, F16 and BF16 are read. Take the"
                                                    + " repository this one was quantised from",
                                            type));
                };
        return new StoredVariable(name, expected.clone(), known, data, null);
    }

    private EngineException bad(String problem) {
        return new EngineException(
                EngineException.Category.BAD_MODEL,
                String.format(Locale.ROOT, "%s: '%s' %s.", file, name, problem));
    }
}
