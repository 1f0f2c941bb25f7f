package dev.parlo.engine.device;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The code for GPUs inside of a library, as NVIDIA's linker lays it out: modules, each with one
 * entry for each architecture. A GPU for whose architecture there is none cannot run the library,
 * which would be told by nothing but the first kernel's failure.
 *
 * @param entries in the order of the file
 */
public record FatBinary(List<Entry> entries) {
    private static final String SECTION = ".nv_fatbin";
    private static final int MAGIC = 0xba55ed50;
    private static final int SMALLEST_HEADER = 16;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** What an entry holds. */
    public enum Kind {
        /** Text that the driver compiles for newer GPUs. */
        PTX,
        MACHINE_CODE,
        OTHER
    }

    /**
     * Code for one architecture.
     *
     * @param architecture such as 90 for compute capability 9.0
     * @param offset of the code in the file
     * @param size of the code in bytes
     */
    public record Entry(Kind kind, int architecture, long offset, long size) {}

    public FatBinary {
        entries = List.copyOf(entries);
    }

    /**
     * Reads the code of a library; empty where it has none.
     *
     * @throws IOException when the file cannot be read or is damaged
     */
    public static FatBinary of(Path library) throws IOException {
        try (ElfFile file = new ElfFile(library)) {
            Optional<ElfFile.Section> section = file.section(SECTION);
            if (section.isEmpty()) {
                return new FatBinary(List.of());
            }
            return new FatBinary(entries(file.bytes(section.get()), section.get().offset()));
        }
    }

    private static List<Entry> entries(MemorySegment code, long base) throws IOException {
        List<Entry> entries = new ArrayList<>();
        long at = 0;
        while (at + SMALLEST_HEADER <= code.byteSize()) {
            if (code.get(INT, at) != MAGIC) {
                at += Long.BYTES; // modules are aligned, with nothing in between
                continue;
            }
            long first = at + Short.toUnsignedLong(code.get(SHORT, at + 6));
            long end = first + code.get(LONG, at + 8);
            if (first < at + SMALLEST_HEADER || end < first || end > code.byteSize()) {
                throw new IOException("The code for GPUs in the library is damaged.");
            }
            readModule(code, base, first, end, entries);
            at = Math.max(end, at + Long.BYTES);
        }
        return entries;
    }

    private static void readModule(
            MemorySegment code, long base, long first, long end, List<Entry> entries)
            throws IOException {
        long at = first;
        while (at + 32 <= end) {
            long header = Integer.toUnsignedLong(code.get(INT, at + 4));
            long size = code.get(LONG, at + 8);
            if (header < 32 || size < 0 || at + header + size > end) {
                throw new IOException("An entry of the code for GPUs in the library is damaged.");
            }
            Kind kind =
                    switch (code.get(SHORT, at)) {
                        case 1 -> Kind.PTX;
                        case 2 -> Kind.MACHINE_CODE;
                        default -> Kind.OTHER;
                    };
            entries.add(new Entry(kind, code.get(INT, at + 28), base + at + header, size));
            at += header + size;
        }
    }

    /** The architectures that there is machine code for, such as 75, 80, 90. */
    public SortedSet<Integer> architectures() {
        SortedSet<Integer> found = new TreeSet<>();
        for (Entry entry : entries) {
            if (entry.kind() == Kind.MACHINE_CODE) {
                found.add(entry.architecture());
            }
        }
        return found;
    }

    /**
     * Whether a GPU can run it: code for a lower minor version of the same generation runs, or text
     * that its driver can compile.
     *
     * @param capability such as 89 for compute capability 8.9
     */
    public boolean runsOn(int capability) {
        return entries.stream()
                .anyMatch(entry ->
                        switch (entry.kind()) {
                            case MACHINE_CODE ->
                                    entry.architecture() / 10 == capability / 10
                                            && entry.architecture() <= capability;
                            case PTX -> entry.architecture() <= capability;
                            case OTHER -> false;
                        });
    }
}
