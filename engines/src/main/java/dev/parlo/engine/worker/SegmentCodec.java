package dev.parlo.engine.worker;

import dev.parlo.engine.Segment;
import dev.parlo.engine.Word;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Segments as bytes, for the file of a {@link SegmentSpool}; read by the process that wrote them.
 */
final class SegmentCodec {
    private static final int ABSENT = -1;

    /** Rough bytes of a word or a token beside its text: headers, references, two numbers. */
    private static final int PART_BYTES = 64;

    private SegmentCodec() {}

    /** About how much of the heap a segment takes. */
    static long heapBytes(Segment segment) {
        long bytes = 2L * PART_BYTES + 2L * segment.text().length() + 4L * segment.tokens().length;
        if (segment.words() != null) {
            for (Word word : segment.words()) {
                bytes += PART_BYTES + 2L * word.text().length();
            }
        }
        if (segment.tokenLogProbabilities() != null) {
            for (Segment.TokenLogProbability token : segment.tokenLogProbabilities()) {
                bytes += 2L * PART_BYTES + 2L * token.token().length() + token.bytes().length;
            }
        }
        return bytes;
    }

    static byte[] encode(Segment segment) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(segment.id());
            out.writeInt(segment.seek());
            out.writeDouble(segment.start());
            out.writeDouble(segment.end());
            writeText(out, segment.text());
            out.writeInt(segment.tokens().length);
            for (int token : segment.tokens()) {
                out.writeInt(token);
            }
            out.writeDouble(segment.averageLogProbability());
            out.writeDouble(segment.compressionRatio());
            out.writeDouble(segment.noSpeechProbability());
            out.writeDouble(segment.temperature());
            writeWords(out, segment.words());
            writeTokens(out, segment.tokenLogProbabilities());
            writeOptional(out, segment.speaker());
        } catch (IOException impossible) { // the target is memory
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    static Segment decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return new Segment(
                    in.readInt(),
                    in.readInt(),
                    in.readDouble(),
                    in.readDouble(),
                    readText(in),
                    readInts(in),
                    in.readDouble(),
                    in.readDouble(),
                    in.readDouble(),
                    in.readDouble(),
                    readWords(in),
                    readTokens(in),
                    readOptional(in));
        } catch (IOException impossible) { // our own bytes, whole
            throw new UncheckedIOException(impossible);
        }
    }

    private static void writeWords(DataOutputStream out, @Nullable List<Word> words)
            throws IOException {
        out.writeInt(words == null ? ABSENT : words.size());
        if (words != null) {
            for (Word word : words) {
                out.writeDouble(word.start());
                out.writeDouble(word.end());
                writeText(out, word.text());
                out.writeDouble(word.probability());
                writeOptional(out, word.speaker());
            }
        }
    }

    private static @Nullable List<Word> readWords(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count == ABSENT) {
            return null;
        }
        List<Word> words = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            words.add(
                    new Word(
                            in.readDouble(),
                            in.readDouble(),
                            readText(in),
                            in.readDouble(),
                            readOptional(in)));
        }
        return words;
    }

    private static void writeTokens(
            DataOutputStream out, @Nullable List<Segment.TokenLogProbability> tokens)
            throws IOException {
        out.writeInt(tokens == null ? ABSENT : tokens.size());
        if (tokens != null) {
            for (Segment.TokenLogProbability token : tokens) {
                writeText(out, token.token());
                out.writeDouble(token.logProbability());
                writeBytes(out, token.bytes());
            }
        }
    }

    private static @Nullable List<Segment.TokenLogProbability> readTokens(DataInputStream in)
            throws IOException {
        int count = in.readInt();
        if (count == ABSENT) {
            return null;
        }
        List<Segment.TokenLogProbability> tokens = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            tokens.add(
                    new Segment.TokenLogProbability(readText(in), in.readDouble(), readBytes(in)));
        }
        return tokens;
    }

    private static void writeOptional(DataOutputStream out, @Nullable String text)
            throws IOException {
        out.writeBoolean(text != null);
        if (text != null) {
            writeText(out, text);
        }
    }

    private static @Nullable String readOptional(DataInputStream in) throws IOException {
        return in.readBoolean() ? readText(in) : null;
    }

    private static int[] readInts(DataInputStream in) throws IOException {
        int[] values = new int[in.readInt()];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readInt();
        }
        return values;
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String readText(DataInputStream in) throws IOException {
        return new String(readBytes(in), StandardCharsets.UTF_8);
    }

    private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        return in.readNBytes(in.readInt());
    }
}
