package dev.parlo.engine.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An empty {@code libpulse.so.0}. The ffmpeg program is linked against PulseAudio's library, which
 * servers do not have; the tests use none of its devices, so the loader only has to find a library
 * of that name. Its functions are bound when they are first called, which never happens.
 */
final class PulseStandIn {
    private static final int HEADER = 64;
    private static final int SEGMENT = 56;
    private static final int DYNAMIC = HEADER + 2 * SEGMENT;
    private static final int ENTRY = 16;
    private static final int SYMBOL = 24;
    private static final byte[] NAMES = "\0libpulse.so.0\0".getBytes(StandardCharsets.US_ASCII);

    private PulseStandIn() {}

    /** Writes the library into {@code folder}, for the processor of this machine. */
    static void write(Path folder) throws IOException {
        long[][] dynamic = {
            {14, 1}, // DT_SONAME
            {5, DYNAMIC + 6 * ENTRY}, // DT_STRTAB
            {10, NAMES.length}, // DT_STRSZ
            {6, DYNAMIC + 6 * ENTRY + NAMES.length}, // DT_SYMTAB
            {11, SYMBOL}, // DT_SYMENT
            {0, 0} // DT_NULL
        };
        int size = DYNAMIC + dynamic.length * ENTRY + NAMES.length + SYMBOL;
        ByteBuffer elf = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
        elf.putShort((short) 3).putShort(machine()).putInt(1);
        elf.putLong(0).putLong(HEADER).putLong(0).putInt(0);
        elf.putShort((short) HEADER).putShort((short) SEGMENT).putShort((short) 2);
        elf.putShort((short) 64).putShort((short) 0).putShort((short) 0);
        segment(elf, 1, 0, size, 0x10000);
        segment(elf, 2, DYNAMIC, dynamic.length * ENTRY, 8);
        for (long[] entry : dynamic) {
            elf.putLong(entry[0]).putLong(entry[1]);
        }
        elf.put(NAMES);
        Files.write(folder.resolve("libpulse.so.0"), elf.array());
    }

    private static void segment(ByteBuffer elf, int type, long offset, long size, long alignment) {
        int readAndWrite = 6;
        elf.putInt(type).putInt(readAndWrite).putLong(offset).putLong(offset).putLong(offset);
        elf.putLong(size).putLong(size).putLong(alignment);
    }

    private static short machine() {
        int arm64 = 183;
        int x86 = 62;
        return (short) (System.getProperty("os.arch").equals("aarch64") ? arm64 : x86);
    }
}
