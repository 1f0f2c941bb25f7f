package dev.parlo.engine.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Finds where the links of a chained Ogg file begin (RFC 3533). */
final class OggLinks {
    private static final int CAPTURE = 0x4f676753; // "OggS"
    private static final int HEADER_BYTES = 27;
    private static final int FLAGS = 5;
    private static final int CHECKSUM = 22;
    private static final int SEGMENTS = 26;
    private static final int MAX_PAGE_BYTES = HEADER_BYTES + 255 + 255 * 255;
    private static final int FIRST_PAGE = 0x02;
    private static final int POLYNOMIAL = 0x04c11db7;

    private OggLinks() {}

    /** Whether a file begins as Ogg. */
    static boolean isOgg(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer start = ByteBuffer.allocate(Integer.BYTES);
            fill(channel, start, 0);
            return start.remaining() == Integer.BYTES && start.getInt(0) == CAPTURE;
        }
    }

    /**
     * The first link after another one.
     *
     * @param link where that one begins
     * @return the byte at which the next begins, or the file's size
     */
    static long next(Path file, long link) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            ByteBuffer window = ByteBuffer.allocate(4 * MAX_PAGE_BYTES).limit(0);
            long windowStart = link;
            // The streams of a link each begin with a first page, one after the other.
            boolean amongFirstPages = true;
            long at = link;
            while (at + HEADER_BYTES <= size) {
                long windowEnd = windowStart + window.limit();
                if (at + MAX_PAGE_BYTES > windowEnd && windowEnd < size) {
                    windowStart = at;
                    fill(channel, window, at);
                }
                int page = (int) (at - windowStart);
                int length = length(window, page);
                if (length == 0) {
                    at++; // damaged, or junk between pages
                    continue;
                }
                boolean first = (window.get(page + FLAGS) & FIRST_PAGE) != 0;
                if (first && !amongFirstPages && isWhole(window, page, length)) {
                    return at;
                }
                amongFirstPages = first;
                at += length;
            }
            return size;
        }
    }

    /** Bytes of the page at an index; 0 where none begins or it ends outside of the window. */
    private static int length(ByteBuffer window, int page) {
        if (page + HEADER_BYTES > window.limit() || window.getInt(page) != CAPTURE) {
            return 0;
        }
        int segments = window.get(page + SEGMENTS) & 0xff;
        int length = HEADER_BYTES + segments;
        if (page + length > window.limit()) {
            return 0;
        }
        for (int i = 0; i < segments; i++) {
            length += window.get(page + HEADER_BYTES + i) & 0xff;
        }
        return page + length > window.limit() ? 0 : length;
    }

    /** By the page's checksum: a flipped flag must not cut a stream in two. */
    private static boolean isWhole(ByteBuffer window, int page, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            boolean ofChecksum = i >= CHECKSUM && i < CHECKSUM + Integer.BYTES;
            sum ^= (ofChecksum ? 0 : window.get(page + i) & 0xff) << 24;
            for (int bit = 0; bit < 8; bit++) {
                sum = sum < 0 ? sum << 1 ^ POLYNOMIAL : sum << 1;
            }
        }
        return sum == Integer.reverseBytes(window.getInt(page + CHECKSUM));
    }

    private static void fill(FileChannel channel, ByteBuffer window, long at) throws IOException {
        window.clear();
        while (window.hasRemaining()) {
            if (channel.read(window, at + window.position()) < 0) {
                break;
            }
        }
        window.flip();
    }
}
