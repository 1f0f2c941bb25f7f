package dev.parlo.engine.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tensors of one ONNX file where they lie: in the file, or in files beside it, which are
 * mapped once. Every number is checked before it is used. For use by one thread.
 *
 * <p>Field numbers are those of onnx.proto: TensorProto.dims 1, data_type 2, float_data 4,
 * int32_data 5, name 8, raw_data 9, external_data 13.
 */
final class TensorReader {
    private static final int MAX_RANK = 16;
    private static final int MAX_FILES = 1_000;

    /** Of a tensor whose numbers are written one by one: scales and zero points, not matrices. */
    private static final int MAX_VARINTS = 1 << 20;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Path folder;
    private final Arena arena;
    private final Map<Path, MemorySegment> files = new HashMap<>();

    /**
     * @param model the .onnx file, beside which others may lie
     * @param arena how long all of them can be read
     */
    TensorReader(Path model, Arena arena) {
        this.folder = model.toAbsolutePath().resolveSibling("").normalize();
        this.arena = arena;
    }

    /** A TensorProto's fields. */
    private static final class Parts {
        private final List<Long> dims = new ArrayList<>();
        private int type;
        private String name = "";
        private @Nullable ByteBuffer raw;
        private @Nullable ByteBuffer floats;
        private final List<ByteBuffer> integers = new ArrayList<>();
        private final Map<String, String> external = new HashMap<>();
    }

    /**
     * Reads a TensorProto.
     *
     * @param name the name of a constant, which has none itself; null where the tensor has one
     * @throws IllegalArgumentException when its numbers do not agree
     */
    StoredTensor read(ByteBuffer bytes, OnnxNames names, @Nullable String name) {
        Parts parts = new Parts();
        new ProtobufMessage(bytes)
                .forEach((field, value, number) -> part(parts, field, value, number, names));
        if (name != null) {
            parts.name = name;
        }
        long[] dims = parts.dims.stream().mapToLong(Long::longValue).toArray();
        int width = StoredTensor.width(parts.type);
        if (width == 0) { // shapes and indices of the graph, which hold no weights
            return new StoredTensor(parts.name, parts.type, dims, MemorySegment.NULL);
        }
        long size = size(parts.name, dims, width);
        return new StoredTensor(parts.name, parts.type, dims, data(parts, size));
    }

    private static void part(
            Parts parts, int field, @Nullable ByteBuffer value, long number, OnnxNames names) {
        if (parts.dims.size() > MAX_RANK) {
            throw new IllegalArgumentException("a tensor has too many dimensions");
        }
        switch (field) {
            case 1 -> {
                if (value == null) {
                    parts.dims.add(number);
                } else {
                    parts.dims.addAll(
                            ProtobufMessage.numbers(value, MAX_RANK + 1 - parts.dims.size()));
                }
            }
            case 2 -> parts.type = (int) number;
            case 4 -> parts.floats = value;
            case 5 -> {
                if (value != null) {
                    names.add(0); // one by one, three bytes of a file take sixty of the memory
                    parts.integers.add(value);
                }
            }
            case 8 -> parts.name = value == null ? "" : names.read(value);
            case 9 -> parts.raw = value;
            case 13 -> {
                if (value != null) {
                    entry(value, names, parts.external);
                }
            }
            default -> {}
        }
    }

    private static void entry(ByteBuffer bytes, OnnxNames names, Map<String, String> into) {
        String[] pair = {"", ""};
        new ProtobufMessage(bytes)
                .forEach((field, value, number) -> {
                    if (value != null && (field == 1 || field == 2)) {
                        pair[field - 1] = names.read(value);
                    }
                });
        into.put(pair[0], pair[1]);
    }

    private static long size(String name, long[] dims, int width) {
        try {
            long size = width;
            for (long dim : dims) {
                if (dim < 0) {
                    throw new IllegalArgumentException(
                            "its tensor '" + name + "' has a negative size");
                }
                size = Math.multiplyExact(size, dim);
            }
            return size;
        } catch (ArithmeticException overflow) {
            throw new IllegalArgumentException(
                    "its tensor '" + name + "' has a shape that is too large", overflow);
        }
    }

    private MemorySegment data(Parts parts, long size) {
        ExternalPlace place = ExternalPlace.of(parts.name, parts.external);
        MemorySegment data;
        if (place != null) {
            data = external(place, size);
        } else if (parts.raw != null) {
            data = MemorySegment.ofBuffer(parts.raw);
        } else if (parts.floats != null && parts.type == StoredTensor.FLOAT) {
            data = MemorySegment.ofBuffer(parts.floats); // packed floats are little-endian bytes
        } else if (parts.integers.size() == 1) {
            data = integers(parts, size);
        } else {
            data = MemorySegment.NULL;
        }
        if (data.byteSize() != size && data.byteSize() != 0) {
            throw new IllegalArgumentException(
                    "its tensor '"
                            + parts.name
                            + "' has "
                            + data.byteSize()
                            + " bytes, but its shape and type need "
                            + size);
        }
        return data;
    }

    /** Bytes and halves may be written as one number each. */
    private static MemorySegment integers(Parts parts, long size) {
        int width = StoredTensor.width(parts.type);
        if (width == Float.BYTES || size > MAX_VARINTS) {
            return MemorySegment.NULL;
        }
        List<Long> numbers = ProtobufMessage.numbers(parts.integers.getFirst(), MAX_VARINTS);
        MemorySegment data = MemorySegment.ofArray(new byte[numbers.size() * width]);
        for (int i = 0; i < numbers.size(); i++) {
            if (width == 1) {
                data.set(ValueLayout.JAVA_BYTE, i, numbers.get(i).byteValue());
            } else {
                data.set(SHORT, 2L * i, numbers.get(i).shortValue());
            }
        }
        return data;
    }

    private MemorySegment external(ExternalPlace place, long size) {
        MemorySegment bytes = files.computeIfAbsent(place.file(folder), this::map);
        place.check(size, bytes.byteSize());
        return bytes.asSlice(place.offset(), size);
    }

    private MemorySegment map(Path file) {
        if (files.size() >= MAX_FILES) {
            throw new IllegalArgumentException("its tensors lie in too many files");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
