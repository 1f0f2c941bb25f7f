package dev.parlo.engine.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes into the header of a WAV that {@link AudioEncoder} streamed how long it became, where the
 * bytes can still be changed.
 */
public final class RiffSizes {
    /** The bytes of a file's beginning that {@link #fill} wants to see. */
    public static final int HEADER_BYTES = 64;

    private static final int UNKNOWN = -1;

    private RiffSizes() {}

    /**
     * Fills the sizes in. Other formats, headers with sizes, and files beyond the 4 GiB of RIFF are
     * left alone.
     *
     * @param head from index 0 on the file's first {@link #HEADER_BYTES}, or all of it if it is
     *     shorter
     * @param size of the whole file
     * @param samples {@link AudioEncoder#samplesWritten}: a byte that only pads an odd length
     *     cannot be told from a sample
     * @return whether anything was changed
     */
    public static boolean fill(ByteBuffer head, long size, long samples) {
        ByteBuffer bytes = head.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int end = bytes.limit();
        if (end < 12
                || size > 0xFFFF_FFFEL
                || !tag(bytes, 0, "RIFF")
                || bytes.getInt(4) != UNKNOWN) {
            return false;
        }
        int sampleBytes = 1;
        int fact = 0;
        for (int at = 12; at + 8 <= end; at += 8 + bytes.getInt(at + 4)) {
            if (tag(bytes, at, "fmt ")) {
                sampleBytes = Math.max(1, bytes.getShort(at + 8 + 12));
            } else if (tag(bytes, at, "fact")) {
                fact = at + 8;
            } else if (tag(bytes, at, "data")) {
                bytes.putInt(4, (int) (size - 8));
                bytes.putInt(at + 4, (int) (samples * sampleBytes));
                if (fact > 0) {
                    bytes.putInt(fact, (int) samples);
                }
                return true;
            } else if (bytes.getInt(at + 4) < 0) {
                return false;
            }
        }
        return false;
    }

    /**
     * The same in a file.
     *
     * @param file not open for writing elsewhere
     * @param samples {@link AudioEncoder#samplesWritten}
     * @throws IOException when it cannot be read or written
     */
    public static void fill(Path file, long samples) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer head = ByteBuffer.allocate(HEADER_BYTES);
            channel.read(head, 0);
            head.flip();
            if (fill(head, channel.size(), samples)) {
                channel.write(head, 0);
            }
        }
    }

    private static boolean tag(ByteBuffer bytes, int at, String tag) {
        for (int i = 0; i < 4; i++) {
            if (bytes.get(at + i) != tag.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
