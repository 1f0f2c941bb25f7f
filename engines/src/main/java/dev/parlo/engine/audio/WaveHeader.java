package dev.parlo.engine.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the header of a WAV, RF64, W64, AIFF, AU or CAF says of its samples. FFmpeg reads these
 * files; this tells where it must not believe a length: a program that writes to a pipe cannot go
 * back to fill it in.
 *
 * @param start byte at which the samples begin
 * @param announced bytes of samples; 0 where it does not say
 * @param samples how to read them without the header; null for another codec
 * @param readable whether FFmpeg finds the samples by the header's lengths
 */
record WaveHeader(long start, long announced, @Nullable RawAudio samples, boolean readable) {
    /** Chunks before the samples; a film's worth of markers is less. */
    private static final int MOST_CHUNKS = 1_000;

    /** Lengths from here on stand for "not known": 0xFFFFFFFF, and 0x7FFFF000 and the like. */
    private static final long UNKNOWN = 0x7FFF_0000L;

    private static final int PCM = 1;
    private static final int FLOAT = 3;
    private static final int ALAW = 6;
    private static final int MULAW = 7;
    private static final int EXTENSIBLE = 0xFFFE;

    /** Reads it; empty for any other file, and where no samples begin. */
    static Optional<WaveHeader> read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            Reading reading = new Reading(channel);
            return Optional.ofNullable(
                    switch (reading.tag(0)) {
                        case "RIFF" -> reading.riff(ByteOrder.LITTLE_ENDIAN, false);
                        case "RIFX" -> reading.riff(ByteOrder.BIG_ENDIAN, false);
                        case "RF64", "BW64" -> reading.riff(ByteOrder.LITTLE_ENDIAN, true);
                        case "riff" -> reading.wave64();
                        case "FORM" -> reading.aiff();
                        case ".snd" -> reading.au();
                        case "caff" -> reading.caf();
                        default -> null;
                    });
        }
    }

    private static final class Reading {
        private final FileChannel file;
        private final long size;
        private int tag;
        private int channels;
        private int rate;
        private int bits;

        /** Whether samples of 8 bits are unsigned. */
        private boolean unsigned;

        Reading(FileChannel file) throws IOException {
            this.file = file;
            this.size = file.size();
        }

        private ByteBuffer bytes(long at, int count, ByteOrder order) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(count).order(order);
            while (bytes.hasRemaining() && file.read(bytes, at + bytes.position()) > 0) {
                // until all of it, or the end of the file; what is missing stays 0
            }
            return bytes.rewind();
        }

        String tag(long at) throws IOException {
            return new String(
                    bytes(at, 4, ByteOrder.BIG_ENDIAN).array(), StandardCharsets.ISO_8859_1);
        }

        @Nullable WaveHeader riff(ByteOrder order, boolean large) throws IOException {
            long dataBytes = 0;
            boolean padded = true;
            long at = 12;
            for (int i = 0; i < MOST_CHUNKS && tag(8).equals("WAVE") && at + 8 <= size; i++) {
                ByteBuffer head = bytes(at, 8 + 40, order);
                long length = Integer.toUnsignedLong(head.getInt(4));
                switch (tag(at)) {
                    case "fmt " -> format(head.position(8).slice().order(order), length);
                    case "ds64" -> dataBytes = head.getLong(8 + 8);
                    case "data" -> {
                        long announced =
                                large && length >= UNKNOWN ? knownLarge(dataBytes) : known(length);
                        return header(
                                at + 8,
                                announced,
                                order,
                                padded && !(large && length >= UNKNOWN && announced == 0));
                    }
                    default -> {}
                }
                long next = at + 8 + length;
                boolean odd = length % 2 == 1;
                if (odd && tag(next).matches("data|fmt |LIST|fact")) {
                    padded = false; // as some programs write it, and FFmpeg does not expect
                } else if (odd) {
                    next++;
                }
                at = next;
            }
            return null;
        }

        private void format(ByteBuffer format, long length) {
            unsigned = true;
            tag = Short.toUnsignedInt(format.getShort(0));
            channels = Short.toUnsignedInt(format.getShort(2));
            rate = format.getInt(4);
            bits = Short.toUnsignedInt(format.getShort(14));
            if (tag == EXTENSIBLE && length >= 26) {
                tag = Short.toUnsignedInt(format.getShort(24));
            }
        }

        @Nullable WaveHeader wave64() throws IOException {
            ByteOrder order = ByteOrder.LITTLE_ENDIAN;
            // FFmpeg refuses a file that says it is shorter than its header.
            boolean whole = bytes(16, 8, order).getLong(0) >= 16 + 8 + 16 + 8 + 16 + 8;
            long at = 16 + 8 + 16;
            for (int i = 0; i < MOST_CHUNKS && at + 24 <= size; i++) {
                ByteBuffer head = bytes(at, 24 + 40, order);
                long length = head.getLong(16);
                switch (tag(at)) {
                    case "fmt " -> format(head.position(24).slice().order(order), length - 24);
                    case "data" -> {
                        long announced = knownLarge(length - 24);
                        return header(at + 24, announced, order, whole && announced > 0);
                    }
                    default -> {}
                }
                if (length < 24 || length > size) {
                    return null;
                }
                at += (length + 7) / 8 * 8;
            }
            return null;
        }

        @Nullable WaveHeader aiff() throws IOException {
            ByteOrder order = ByteOrder.BIG_ENDIAN;
            boolean compressed = tag(8).equals("AIFC");
            long at = 12;
            for (int i = 0; i < MOST_CHUNKS && at + 8 <= size; i++) {
                ByteBuffer head = bytes(at, 8 + 40, order);
                long length = Integer.toUnsignedLong(head.getInt(4));
                switch (tag(at)) {
                    case "COMM" -> {
                        channels = Short.toUnsignedInt(head.getShort(8));
                        bits = Short.toUnsignedInt(head.getShort(8 + 6));
                        rate = extended(head, 8 + 8);
                        String codec = compressed ? tag(at + 8 + 18) : "NONE";
                        order = codec.equals("sowt") ? ByteOrder.LITTLE_ENDIAN : order;
                        tag =
                                switch (codec) {
                                    case "NONE", "twos", "sowt" -> PCM;
                                    case "fl32", "FL32", "fl64", "FL64" -> FLOAT;
                                    case "ulaw", "ULAW" -> MULAW;
                                    case "alaw", "ALAW" -> ALAW;
                                    default -> 0;
                                };
                        bits = tag == MULAW || tag == ALAW ? 8 : bits;
                    }
                    case "SSND" -> {
                        long offset = Integer.toUnsignedLong(head.getInt(8));
                        long announced = known(length) < 8 ? 0 : known(length) - 8;
                        // FFmpeg takes 0xFFFFFFFF for all that there is, and nothing else.
                        return header(at + 16 + offset, announced, order, length > 8);
                    }
                    default -> {}
                }
                at += 8 + length + length % 2;
            }
            return null;
        }

        /** A whole number of those that 80 bits of floating point hold. */
        private static int extended(ByteBuffer bytes, int at) {
            int shift = 16383 + 63 - (bytes.getShort(at) & 0x7FFF);
            return shift < 32 || shift > 63 ? 0 : (int) (bytes.getLong(at + 2) >>> shift);
        }

        @Nullable WaveHeader au() throws IOException {
            ByteBuffer head = bytes(0, 24, ByteOrder.BIG_ENDIAN);
            long announced = known(Integer.toUnsignedLong(head.getInt(8)));
            int encoding = head.getInt(12);
            tag =
                    switch (encoding) {
                        case 1 -> MULAW;
                        case 2, 3, 4, 5 -> PCM;
                        case 6, 7 -> FLOAT;
                        case 27 -> ALAW;
                        default -> 0;
                    };
            bits =
                    switch (encoding) {
                        case 3 -> 16;
                        case 4 -> 24;
                        case 5, 6 -> 32;
                        case 7 -> 64;
                        default -> 8;
                    };
            rate = head.getInt(16);
            channels = head.getInt(20);
            return header(
                    Integer.toUnsignedLong(head.getInt(4)),
                    announced,
                    ByteOrder.BIG_ENDIAN,
                    head.getInt(8) != 0);
        }

        @Nullable WaveHeader caf() throws IOException {
            long at = 8;
            for (int i = 0; i < MOST_CHUNKS && at + 12 <= size; i++) {
                long length = bytes(at + 4, 8, ByteOrder.BIG_ENDIAN).getLong(0);
                if (tag(at).equals("data")) {
                    // After the number of edits; -1 is what a program writes to a pipe.
                    return header(at + 12 + 4, Math.max(0, length - 4), ByteOrder.BIG_ENDIAN, true);
                }
                if (length < 0 || length > size) {
                    return null;
                }
                at += 12 + length;
            }
            return null;
        }

        private static long known(long length) {
            return length >= UNKNOWN ? 0 : length;
        }

        /** The same of 64 bits, of which -1 and the largest stand for "not known". */
        private static long knownLarge(long length) {
            return length < 0 || length >= Long.MAX_VALUE / 2 ? 0 : length;
        }

        /** {@code tag}, {@code channels}, {@code rate} and {@code bits} are known. */
        private @Nullable WaveHeader header(
                long start, long announced, ByteOrder order, boolean readable) {
            if (start >= size) {
                return null;
            }
            String codec = codec(order);
            RawAudio samples =
                    codec != null
                                    && rate >= 1_000
                                    && rate <= 768_000
                                    && channels > 0
                                    && channels <= 64
                            ? new RawAudio(codec, rate, channels)
                            : null;
            return new WaveHeader(start, announced, samples, readable);
        }

        private @Nullable String codec(ByteOrder order) {
            String end = bits <= 8 ? "" : order == ByteOrder.BIG_ENDIAN ? "be" : "le";
            String sign = bits <= 8 && unsigned ? "u" : "s";
            return switch (tag) {
                case PCM -> bits >= 1 && bits <= 32 ? sign + (bits + 7) / 8 * 8 + end : null;
                case FLOAT -> bits == 32 || bits == 64 ? "f" + bits + end : null;
                case MULAW -> "mulaw";
                case ALAW -> "alaw";
                default -> null;
            };
        }
    }
}
