package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Entries of a mapped zip file that are stored and not compressed, in place: PyTorch keeps its
 * tensors so, and the JDK's reader copies every byte. Sizes above 4 GiB are read. Reference:
 * PKWARE's APPNOTE.TXT.
 */
final class StoredZip {
    private static final int END = 0x06054b50;
    private static final int END_LENGTH = 22;
    private static final int LONGEST_COMMENT = 1 << 16;
    private static final int END_64_LOCATOR = 0x07064b50;
    private static final int END_64_LOCATOR_LENGTH = 20;
    private static final int END_64 = 0x06064b50;
    private static final int END_64_LENGTH = 56;
    private static final int ENTRY = 0x02014b50;
    private static final int ENTRY_LENGTH = 46;
    private static final int LOCAL = 0x04034b50;
    private static final int LOCAL_LENGTH = 30;
    private static final long ABSENT = 0xffff_ffffL;
    private static final int EXTRA_64 = 1;

    /** One for each tensor, and the largest model has two thousand. */
    private static final int MAX_ENTRIES = 100_000;

    private static final ValueLayout.OfShort U16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String file;
    private final MemorySegment bytes;

    private StoredZip(String file, MemorySegment bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /**
     * All entries by name.
     *
     * @param file the name, for messages
     * @throws EngineException of category BAD_MODEL for what is no such file
     */
    static Map<String, MemorySegment> entries(String file, MemorySegment bytes) {
        return new StoredZip(file, bytes).read();
    }

    private Map<String, MemorySegment> read() {
        long end = end();
        long count = u16(end + 10);
        long position = u32(end + 16);
        long locator = end - END_64_LOCATOR_LENGTH;
        if (locator >= 0 && u32(locator) == END_64_LOCATOR) {
            long end64 = u64(locator + 8);
            need(end64, END_64_LENGTH);
            if (u32(end64) != END_64) {
                throw bad("has a damaged directory");
            }
            count = u64(end64 + 32);
            position = u64(end64 + 48);
        }
        if (count < 0 || count > MAX_ENTRIES) {
            throw bad("has more than " + MAX_ENTRIES + " entries");
        }
        Map<String, MemorySegment> entries = new HashMap<>();
        for (long i = 0; i < count; i++) {
            need(position, ENTRY_LENGTH);
            if (u32(position) != ENTRY) {
                throw bad("has a damaged directory");
            }
            int name = u16(position + 28);
            int extra = u16(position + 30);
            long length = ENTRY_LENGTH + name + extra + (long) u16(position + 32);
            need(position, length);
            String text = text(position + ENTRY_LENGTH, name);
            if (entries.putIfAbsent(text, data(position, name, extra, text)) != null) {
                throw bad(String.format(Locale.ROOT, "holds '%s' twice", text));
            }
            position += length;
        }
        return entries;
    }

    /** The last record that can be the end's. */
    private long end() {
        long last = bytes.byteSize() - END_LENGTH;
        for (long at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
            if (u32(at) == END) {
                return at;
            }
        }
        throw bad(
                "is no zip file: older versions of PyTorch wrote another format, which is not read");
    }

    private MemorySegment data(long entry, int name, int extra, String text) {
        long packed = u32(entry + 20);
        long size = u32(entry + 24);
        long local = u32(entry + 42);
        long at = entry + ENTRY_LENGTH + name;
        for (long stop = at + extra; at + 4 <= stop; at += 4 + u16(at + 2)) {
            if (u16(at) == EXTRA_64) {
                long value = at + 4;
                need(value, 3L * Long.BYTES - Long.BYTES * inPlace(packed, size, local));
                if (size == ABSENT) {
                    size = u64(value);
                    value += Long.BYTES;
                }
                if (packed == ABSENT) {
                    packed = u64(value);
                    value += Long.BYTES;
                }
                if (local == ABSENT) {
                    local = u64(value);
                }
                break;
            }
        }
        if (u16(entry + 10) != 0 || packed != size) {
            throw bad(
                    String.format(
                            Locale.ROOT,
                            "holds '%s' compressed; PyTorch stores it as it is",
                            text));
        }
        need(local, LOCAL_LENGTH);
        if (u32(local) != LOCAL) {
            throw bad(String.format(Locale.ROOT, "has no '%s' where its directory says", text));
        }
        long start = local + LOCAL_LENGTH + u16(local + 26) + u16(local + 28);
        need(start, size);
        return bytes.asSlice(start, size);
    }

    /** How many of the three values are not kept in the extra field. */
    private static int inPlace(long... values) {
        int present = 0;
        for (long value : values) {
            present += value == ABSENT ? 0 : 1;
        }
        return present;
    }

    private String text(long position, int length) {
        byte[] name = bytes.asSlice(position, length).toArray(ValueLayout.JAVA_BYTE);
        return new String(name, StandardCharsets.UTF_8);
    }

    private int u16(long position) {
        need(position, Short.BYTES);
        return bytes.get(U16, position) & 0xffff;
    }

    private long u32(long position) {
        need(position, Integer.BYTES);
        return bytes.get(U32, position) & ABSENT;
    }

    private long u64(long position) {
        need(position, Long.BYTES);
        return bytes.get(U64, position);
    }

    private void need(long position, long length) {
        if (position < 0 || length < 0 || position > bytes.byteSize() - length) {
            throw bad("ends before what it announces");
        }
    }

    private EngineException bad(String problem) {
        return new EngineException(
                EngineException.Category.BAD_MODEL,
                file + " " + problem + ". Download the model again, or convert it to safetensors.");
    }
}
