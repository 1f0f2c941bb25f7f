package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.whisper.checkpoint.PickleReader.PickledTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads {@code pytorch_model.bin}: a zip file of one folder, in which {@code data.pkl} describes
 * the tensors and {@code data/KEY} holds their bytes.
 */
final class PytorchReader {
    private static final String TABLE = "/data.pkl";

    private final String file;
    private final Map<String, MemorySegment> entries;
    private final String folder;

    private PytorchReader(String file, MemorySegment bytes) {
        this.file = file;
        entries = StoredZip.entries(file, bytes);
        folder =
                entries.keySet().stream()
                        .filter(name -> name.endsWith(TABLE))
                        .map(name -> name.substring(0, name.length() - TABLE.length()))
                        .filter(name -> !name.contains("/"))
                        .findFirst()
                        .orElseThrow(() -> bad("holds no data.pkl"));
    }

    /**
     * All tensors by name, in place.
     *
     * @param file the name, for messages
     * @throws EngineException of category BAD_MODEL
     */
    static Map<String, Tensor> read(String file, MemorySegment bytes) {
        return new PytorchReader(file, bytes).readAll();
    }

    private Map<String, Tensor> readAll() {
        MemorySegment order = entries.get(folder + "/byteorder");
        if (order != null && !text(order).equals("little")) {
            throw bad("was written by a machine with another byte order");
        }
        MemorySegment table = entries.get(folder + TABLE);
        if (table == null) {
            throw bad("holds no data.pkl");
        }
        Map<String, Tensor> tensors = new HashMap<>();
        PickleReader.read(file, table)
                .forEach((name, pickled) -> tensors.put(name, tensor(name, pickled)));
        return tensors;
    }

    private Tensor tensor(String name, PickledTensor pickled) {
        MemorySegment storage = entries.get(folder + "/data/" + pickled.key());
        if (storage == null) {
            throw bad(String.format(Locale.ROOT, "has no bytes of '%s'", name));
        }
        long[] shape = pickled.shape();
        long[] strides = pickled.strides();
        if (strides.length != shape.length) {
            throw bad(String.format(Locale.ROOT, "gives '%s' a wrong shape", name));
        }
        try {
            long elements = 1;
            for (int i = shape.length - 1; i >= 0; i--) {
                if (shape[i] < 0) {
                    throw bad(String.format(Locale.ROOT, "gives '%s' a negative size", name));
                }
                if (shape[i] > 1 && strides[i] != elements) {
                    throw bad(
                            String.format(
                                    Locale.ROOT,
                                    "keeps '%s' in another order than row by row",
                                    name));
                }
                elements = Math.multiplyExact(elements, shape[i]);
            }
            int width = width(pickled.type());
            long start = Math.multiplyExact(pickled.offset(), width);
            long length = Math.multiplyExact(elements, width);
            if (start < 0 || start > storage.byteSize() - length) {
                throw bad(String.format(Locale.ROOT, "ends within '%s'", name));
            }
            MemorySegment data = storage.asSlice(start, length);
            return new Tensor(file, name, pickled.type(), shape, data);
        } catch (ArithmeticException e) {
            throw bad(String.format(Locale.ROOT, "gives '%s' a shape that is too large", name));
        }
    }

    private static int width(String type) {
        return switch (type) {
            case "F64", "I64" -> 8;
            case "F32", "I32" -> 4;
            case "F16", "BF16" -> 2;
            default -> 1;
        };
    }

    private static String text(MemorySegment bytes) {
        long length = Math.min(bytes.byteSize(), 16);
        return new String(
                        bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE),
                        StandardCharsets.UTF_8)
                .strip();
    }

    private EngineException bad(String problem) {
        return new EngineException(
                EngineException.Category.BAD_MODEL,
                file + " " + problem + ". Take or make the model's safetensors form.");
    }
}
