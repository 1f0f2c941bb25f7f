package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Reads the table of variables of a {@code model.bin}, versions 1 to 6. Every length is checked
 * against what is left of the file before it is used, so that no file, however hostile, makes it
 * allocate or read more than the file holds. Reference: the format of CTranslate2 4.8.
 */
final class CheckpointReader {
    private static final int NEWEST_VERSION = 6;
    private static final int NEWEST_WHISPER_REVISION = 3;
    private static final int MAX_RANK = 8;

    /** The largest published model has some two thousand. */
    private static final int MAX_VARIABLES = 50_000;

    private static final ValueLayout.OfShort U16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment file;
    private long position;

    private CheckpointReader(MemorySegment file) {
        this.file = file;
    }

    /**
     * Reads all variables, aliases resolved, scales joined to what they scale.
     *
     * @throws EngineException of category BAD_MODEL naming the place in the file
     */
    static Map<String, StoredVariable> read(MemorySegment file) {
        return new CheckpointReader(file).readAll();
    }

    private Map<String, StoredVariable> readAll() {
        long version = u32("version");
        if (version < 1 || version > NEWEST_VERSION) {
            throw bad(
                    String.format(
                            Locale.ROOT,
                            "version %d is not supported; 1 to %d are",
                            version,
                            NEWEST_VERSION));
        }
        if (version >= 2) {
            String spec = string("specification name");
            if (!spec.equals("WhisperSpec")) {
                throw bad(
                        String.format(
                                Locale.ROOT,
                                "holds a '%s'; a WhisperSpec is expected",
                                printable(spec)));
            }
            long revision = u32("specification revision");
            if (revision > NEWEST_WHISPER_REVISION) {
                throw bad(
                        String.format(
                                Locale.ROOT,
                                "WhisperSpec revision %d is not supported; up to %d are",
                                revision,
                                NEWEST_WHISPER_REVISION));
            }
        }
        long count = u32("number of variables");
        if (count > MAX_VARIABLES) {
            throw bad(
                    String.format(
                            Locale.ROOT,
                            "has %d variables; at most %d are accepted",
                            count,
                            MAX_VARIABLES));
        }
        Map<String, StoredVariable> raw = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
            StoredVariable variable = variable(version);
            if (raw.putIfAbsent(variable.name(), variable) != null) {
                throw bad(
                        String.format(Locale.ROOT, "variable '%s' occurs twice", variable.name()));
            }
        }
        if (version >= 3) {
            readAliases(raw);
        }
        if (position != file.byteSize()) {
            throw bad(
                    String.format(
                            Locale.ROOT,
                            "%d bytes follow the last entry",
                            file.byteSize() - position));
        }
        return joinScales(raw);
    }

    private StoredVariable variable(long version) {
        String name = string("variable name");
        int rank = u8("rank of '" + name + "'");
        if (rank > MAX_RANK) {
            throw bad(
                    String.format(
                            Locale.ROOT,
                            "variable '%s' has rank %d; at most %d are allowed",
                            name,
                            rank,
                            MAX_RANK));
        }
        int[] shape = new int[rank];
        long elements = 1;
        for (int i = 0; i < rank; i++) {
            long dim = u32("shape of '" + name + "'");
            if (dim > Integer.MAX_VALUE) {
                throw bad(
                        String.format(
                                Locale.ROOT, "variable '%s' has a dimension of %d", name, dim));
            }
            shape[i] = (int) dim;
            elements = multiply(elements, dim, name);
        }
        DataType type;
        long bytes;
        if (version >= 4) {
            type = DataType.ofId(u8("type of '" + name + "'"), name);
            bytes = u32("size of '" + name + "'");
        } else {
            type = DataType.ofItemSize(u8("item size of '" + name + "'"), name);
            bytes = multiply(u32("items of '" + name + "'"), type.bytes(), name);
        }
        if (bytes != multiply(elements, type.bytes(), name)) {
            throw bad(
                    String.format(
                            Locale.ROOT,
                            "variable '%s' takes %d bytes, but its shape %s of %s needs %d",
                            name,
                            bytes,
                            Arrays.toString(shape),
                            type,
                            elements * type.bytes()));
        }
        need(bytes, "data of '" + name + "'");
        MemorySegment data = file.asSlice(position, bytes);
        position += bytes;
        return new StoredVariable(name, shape, type, data, null);
    }

    private void readAliases(Map<String, StoredVariable> raw) {
        long count = u32("number of aliases");
        if (count > MAX_VARIABLES) {
            throw bad(
                    String.format(
                            Locale.ROOT,
                            "has %d aliases; at most %d are accepted",
                            count,
                            MAX_VARIABLES));
        }
        for (long i = 0; i < count; i++) {
            String alias = string("alias");
            String target = string("target of alias '" + alias + "'");
            alias(raw, alias, target);
            alias(raw, alias + "_scale", target + "_scale");
        }
    }

    private static void alias(Map<String, StoredVariable> raw, String alias, String target) {
        StoredVariable variable = raw.get(target);
        if (variable != null) {
            raw.putIfAbsent(
                    alias,
                    new StoredVariable(
                            alias,
                            variable.shape(),
                            variable.type(),
                            variable.data(),
                            variable.scale()));
        }
    }

    private Map<String, StoredVariable> joinScales(Map<String, StoredVariable> raw) {
        Map<String, StoredVariable> joined = new HashMap<>();
        for (StoredVariable variable : raw.values()) {
            StoredVariable scale = raw.get(variable.name() + "_scale");
            boolean quantised =
                    variable.type() == DataType.INT8 || variable.type() == DataType.INT16;
            if (scale == null || !quantised) {
                joined.put(variable.name(), variable);
                continue;
            }
            int expected = variable.type() == DataType.INT8 ? variable.rows() : 1;
            if (scale.rank() > 1 || scale.rows() != expected) {
                throw bad(
                        String.format(
                                Locale.ROOT,
                                "'%s' has shape %s; %d values are expected",
                                scale.name(),
                                Arrays.toString(scale.shape()),
                                expected));
            }
            float[] values = scale.toFloats();
            for (float value : values) {
                if (!(value > 0) || Float.isInfinite(value)) {
                    throw bad(
                            String.format(
                                    Locale.ROOT,
                                    "'%s' holds %s; a positive number is expected",
                                    scale.name(),
                                    value));
                }
            }
            joined.put(
                    variable.name(),
                    new StoredVariable(
                            variable.name(),
                            variable.shape(),
                            variable.type(),
                            variable.data(),
                            values));
        }
        return joined;
    }

    private int u8(String what) {
        need(1, what);
        return file.get(ValueLayout.JAVA_BYTE, position++) & 0xff;
    }

    private long u32(String what) {
        need(4, what);
        long value = file.get(U32, position) & 0xffff_ffffL;
        position += 4;
        return value;
    }

    private String string(String what) {
        need(2, what);
        int length = file.get(U16, position) & 0xffff;
        position += 2;
        if (length == 0) {
            throw bad(what + " is empty");
        }
        need(length, what);
        byte[] bytes = file.asSlice(position, length).toArray(ValueLayout.JAVA_BYTE);
        position += length;
        if (bytes[length - 1] != 0) {
            throw bad(what + " does not end with a zero byte");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length - 1))
                    .toString();
        } catch (CharacterCodingException e) {
            throw bad(what + " is not UTF-8");
        }
    }

    private void need(long bytes, String what) {
        if (bytes > file.byteSize() - position) {
            throw bad(
                    String.format(
                            Locale.ROOT,
                            "the file ends within the %s (%d bytes are needed, %d are left)",
                            what,
                            bytes,
                            file.byteSize() - position));
        }
    }

    private long multiply(long a, long b, String name) {
        try {
            return Math.multiplyExact(a, b);
        } catch (ArithmeticException e) {
            throw bad(String.format(Locale.ROOT, "the shape of '%s' is too large", name));
        }
    }

    private EngineException bad(String problem) {
        return new EngineException(
                EngineException.Category.BAD_MODEL,
                String.format(
                        Locale.ROOT,
                        "model.bin: %s (at byte %d). The file may be truncated or not a CTranslate2 Whisper model; replace it, or remove the model and download it anew.",
                        problem,
                        position));
    }

    private static String printable(String text) {
        return text.length() > 40 ? text.substring(0, 40) + "…" : text;
    }
}
