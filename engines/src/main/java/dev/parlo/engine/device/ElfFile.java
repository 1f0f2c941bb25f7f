package dev.parlo.engine.device;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tables of a shared library of Linux: which libraries it is linked to, and where its sections
 * lie. Nothing of it is executed, and of a file of hundreds of megabytes only these tables are
 * read. Not thread-safe.
 */
final class ElfFile implements AutoCloseable {
    private static final int MAGIC = 0x464c457f; // DEL, E, L, F
    private static final int CLASS_64_LITTLE_ENDIAN = 0x0102;
    private static final int DYNAMIC_SECTION = 6;
    private static final long TAG_NEEDED = 1;
    private static final long DYNAMIC_ENTRY = 16;
    private static final int LONGEST_NAME = 256;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Arena arena = Arena.ofConfined();
    private final Path path;
    private final MemorySegment file;
    private final List<Section> sections;

    /**
     * A part of the file.
     *
     * @param offset of its first byte in the file
     */
    record Section(String name, int type, long offset, long size, int link) {}

    /**
     * Opens a library.
     *
     * @throws IOException when it cannot be read, or is none for 64-bit Linux
     */
    public ElfFile(Path path) throws IOException {
        this.path = path;
        try (FileChannel channel = FileChannel.open(path)) {
            file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            if (file.byteSize() < 64
                    || file.get(INT, 0) != MAGIC
                    || file.get(SHORT, 4) != CLASS_64_LITTLE_ENDIAN) {
                throw new IOException(path + " is not a shared library for 64-bit Linux.");
            }
            sections = readSections();
        } catch (IndexOutOfBoundsException | ArithmeticException damaged) {
            arena.close();
            throw new IOException(path + " is damaged: a table lies outside of the file.", damaged);
        } catch (Throwable failure) { // errors, too: it stays mapped otherwise
            arena.close();
            throw failure;
        }
    }

    private List<Section> readSections() {
        long table = file.get(LONG, 40);
        int entryBytes = Short.toUnsignedInt(file.get(SHORT, 58));
        int count = Short.toUnsignedInt(file.get(SHORT, 60));
        int names = Short.toUnsignedInt(file.get(SHORT, 62));
        if (count == 0) {
            return List.of();
        }
        long nameTable = file.get(LONG, entry(table, entryBytes, names) + 24);
        List<Section> found = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long at = entry(table, entryBytes, i);
            found.add(
                    new Section(
                            text(
                                    Math.addExact(
                                            nameTable, Integer.toUnsignedLong(file.get(INT, at)))),
                            file.get(INT, at + 4),
                            file.get(LONG, at + 24),
                            file.get(LONG, at + 32),
                            file.get(INT, at + 40)));
        }
        return found;
    }

    private static long entry(long table, int bytes, int index) {
        return Math.addExact(table, (long) bytes * index);
    }

    private String text(long offset) {
        StringBuilder text = new StringBuilder();
        byte next = file.get(ValueLayout.JAVA_BYTE, offset);
        while (next != 0 && text.length() < LONGEST_NAME) {
            text.append((char) (next & 0xff));
            next = file.get(ValueLayout.JAVA_BYTE, offset + text.length());
        }
        return new String(
                text.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /**
     * The names of the libraries that it is linked to, in the order in which they are loaded.
     *
     * @throws IOException when the table is damaged
     */
    public List<String> needed() throws IOException {
        List<String> names = new ArrayList<>();
        try {
            for (Section section : sections) {
                if (section.type() != DYNAMIC_SECTION) {
                    continue;
                }
                long strings = sections.get(section.link()).offset();
                for (long at = 0; at + DYNAMIC_ENTRY <= section.size(); at += DYNAMIC_ENTRY) {
                    if (file.get(LONG, section.offset() + at) == TAG_NEEDED) {
                        names.add(text(strings + file.get(LONG, section.offset() + at + 8)));
                    }
                }
            }
        } catch (IndexOutOfBoundsException damaged) {
            throw new IOException(path + " is damaged: its list of libraries ends early.", damaged);
        }
        return names;
    }

    /** The section of a name, where there is one. */
    public Optional<Section> section(String name) {
        return sections.stream().filter(section -> section.name().equals(name)).findFirst();
    }

    /**
     * The bytes of a section, as long as this is open.
     *
     * @throws IOException when it lies outside of the file
     */
    public MemorySegment bytes(Section section) throws IOException {
        try {
            return file.asSlice(section.offset(), section.size());
        } catch (IndexOutOfBoundsException damaged) {
            throw new IOException(
                    path + " is damaged: " + section.name() + " lies outside of it.", damaged);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
