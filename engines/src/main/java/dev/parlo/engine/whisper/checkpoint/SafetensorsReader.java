package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the table of a {@code .safetensors} file: a length, a header in JSON, and the tensors'
 * bytes without holes. Every number is checked before it is used, and the header is read piece by
 * piece, so that no file makes it allocate more than the table it ends up with. Reference: the
 * format's description and reader, huggingface/safetensors.
 */
final class SafetensorsReader {
    /** The format's own limit. */
    private static final long MAX_HEADER = 100_000_000;

    /** The largest published Whisper has 1,260. */
    private static final int MAX_TENSORS = 50_000;

    private static final int MAX_NAME = 512;
    private static final int MAX_RANK = 8;
    private static final int MAX_NESTING = 16;

    private static final ValueLayout.OfLong U64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_NESTING)
                                    .maxNameLength(MAX_NAME)
                                    .maxStringLength(1 << 20)
                                    .maxNumberLength(20)
                                    .build())
                    .build();

    private final String file;
    private final MemorySegment bytes;

    /** An entry of the header; the offsets are from the end of the header. */
    private record Entry(String name, String type, long[] shape, long begin, long end) {}

    private SafetensorsReader(String file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /**
     * All tensors by name, in place.
     *
     * @param file the name, for messages
     * @throws EngineException of category BAD_MODEL naming what is wrong and where
     */
    static Map<String, Tensor> read(String file, MemorySegment bytes) {
        return new SafetensorsReader(file, bytes).readAll();
    }

    private Map<String, Tensor> readAll() {
        if (bytes.byteSize() < Long.BYTES) {
            throw bad("is shorter than the 8 bytes it begins with");
        }
        long length = bytes.get(U64, 0);
        if (length < 0 || length > MAX_HEADER) {
            throw bad(
                    String.format(
                            Locale.ROOT,
                            "announces a header of %s bytes; at most %d are accepted",
                            Long.toUnsignedString(length),
                            MAX_HEADER));
        }
        long start = Long.BYTES + length;
        if (start > bytes.byteSize()) {
            throw bad(
                    String.format(
                            Locale.ROOT,
                            "ends within its header (%d bytes are needed, %d are there)",
                            start,
                            bytes.byteSize()));
        }
        List<Entry> entries = header(bytes.asSlice(Long.BYTES, length));
        MemorySegment buffer = bytes.asSlice(start);
        Map<String, Tensor> tensors = new HashMap<>();
        long position = 0;
        entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        for (Entry entry : entries) {
            if (entry.begin() != position || entry.end() < entry.begin()) {
                throw bad(
                        String.format(
                                Locale.ROOT,
                                "places '%s' at %d to %d where %d is expected: its tensors"
                                        + " overlap or leave a hole",
                                entry.name(),
                                entry.begin(),
                                entry.end(),
                                position));
            }
            long size = size(entry);
            if (entry.end() - entry.begin() != size) {
                throw bad(
                        String.format(
                                Locale.ROOT,
                                "gives '%s' %d bytes, but its shape and type need %d",
                                entry.name(),
                                entry.end() - entry.begin(),
                                size));
            }
            if (entry.end() > buffer.byteSize()) {
                throw bad(
                        String.format(
                                Locale.ROOT,
                                "ends within '%s' (%d bytes are needed, %d are there)",
                                entry.name(),
                                entry.end(),
                                buffer.byteSize()));
            }
            position = entry.end();
            tensors.put(
                    entry.name(),
                    new Tensor(
                            file,
                            entry.name(),
                            entry.type(),
                            entry.shape(),
                            buffer.asSlice(entry.begin(), size)));
        }
        if (position != buffer.byteSize()) {
            throw bad(
                    String.format(
                            Locale.ROOT,
                            "has %d bytes behind its last tensor",
                            buffer.byteSize() - position));
        }
        return tensors;
    }

    private long size(Entry entry) {
        int bits =
                switch (entry.type()) {
                    case "F4" -> 4;
                    case "F6_E2M3", "F6_E3M2" -> 6;
                    case "BOOL", "U8", "I8", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ" -> 8;
                    case "F8_E5M2FNUZ" -> 8;
                    case "I16", "U16", "F16", "BF16" -> 16;
                    case "I32", "U32", "F32" -> 32;
                    case "I64", "U64", "F64", "C64" -> 64;
                    default ->
                            throw bad(
                                    String.format(
                                            Locale.ROOT,
                                            "gives '%s' the unknown type '%s'",
                                            entry.name(),
                                            entry.type()));
                };
        try {
            long size = bits;
            for (long dim : entry.shape()) {
                size = Math.multiplyExact(size, dim);
            }
            if (size % 8 != 0) {
                throw bad(String.format(Locale.ROOT, "ends '%s' within a byte", entry.name()));
            }
            return size / 8;
        } catch (ArithmeticException e) {
            throw bad(
                    String.format(
                            Locale.ROOT, "gives '%s' a shape that is too large", entry.name()));
        }
    }

    private List<Entry> header(MemorySegment json) {
        if (json.byteSize() == 0 || json.get(ValueLayout.JAVA_BYTE, 0) != '{') {
            throw bad("has a header that does not begin with {");
        }
        Map<String, Entry> entries = new HashMap<>();
        try (JsonParser in = JSON.createParser(new Bytes(json))) {
            in.nextToken();
            while (in.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = in.currentName();
                require(in.nextToken() == JsonToken.START_OBJECT, name, "is not an object");
                if (name.equals("__metadata__")) {
                    in.skipChildren();
                    continue;
                }
                if (entries.putIfAbsent(name, entry(in, name)) != null) {
                    throw bad(String.format(Locale.ROOT, "names '%s' twice", name));
                }
                if (entries.size() > MAX_TENSORS) {
                    throw bad("holds more than " + MAX_TENSORS + " tensors");
                }
            }
            if (in.nextToken() != null) {
                throw bad("has a header with more than one JSON value");
            }
        } catch (JacksonException e) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    file + " has a header that is not valid JSON. Download the model again.",
                    e);
        }
        return new ArrayList<>(entries.values());
    }

    private Entry entry(JsonParser in, String name) {
        String type = "";
        long[] shape = null;
        long[] offsets = new long[0];
        while (in.nextToken() == JsonToken.PROPERTY_NAME) {
            String field = in.currentName();
            in.nextToken();
            switch (field) {
                case "dtype" -> {
                    require(in.hasToken(JsonToken.VALUE_STRING), name, "has no dtype");
                    type = in.getString();
                }
                case "shape" -> shape = numbers(in, name, MAX_RANK);
                case "data_offsets" -> offsets = numbers(in, name, 2);
                default -> in.skipChildren();
            }
        }
        require(offsets.length == 2, name, "has no two data_offsets");
        if (shape == null) {
            throw bad(String.format(Locale.ROOT, "is damaged: '%s' has no shape", name));
        }
        return new Entry(name, type, shape, offsets[0], offsets[1]);
    }

    /** Whole numbers from 0. */
    private long[] numbers(JsonParser in, String name, int most) {
        require(in.hasToken(JsonToken.START_ARRAY), name, "has a shape or place that is no list");
        List<Long> numbers = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            boolean whole =
                    in.hasToken(JsonToken.VALUE_NUMBER_INT)
                            && in.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
            require(whole, name, "has a number that is not whole or too large");
            long number = in.getLongValue();
            require(number >= 0, name, "has a negative number");
            require(numbers.size() < most, name, "has too many numbers");
            numbers.add(number);
        }
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    private void require(boolean holds, String name, String problem) {
        if (!holds) {
            throw bad(String.format(Locale.ROOT, "is damaged: '%s' %s", name, problem));
        }
    }

    private EngineException bad(String problem) {
        return new EngineException(
                EngineException.Category.BAD_MODEL,
                file + " " + problem + ". Download the model again.");
    }

    /** A mapped header as a stream: it is never copied whole. */
    private static final class Bytes extends InputStream {
        private final MemorySegment bytes;
        private long position;

        Bytes(MemorySegment bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() {
            return position == bytes.byteSize()
                    ? -1
                    : bytes.get(ValueLayout.JAVA_BYTE, position++) & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = (int) Math.min(length, bytes.byteSize() - position);
            if (count == 0) {
                return length == 0 ? 0 : -1;
            }
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, position, into, offset, count);
            position += count;
            return count;
        }
    }
}
