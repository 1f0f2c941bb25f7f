package dev.parlo.server.speech;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.SpeechChunk;
import dev.parlo.engine.SpeechSink;
import dev.parlo.engine.SpokenWord;
import dev.parlo.engine.audio.AudioEncoder;
import dev.parlo.engine.audio.AudioEncoders;
import dev.parlo.engine.audio.AudioTarget;
import dev.parlo.engine.audio.RiffSizes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Speech that is answered when all of it is there, with its length. Used by one thread, and to be
 * closed.
 */
final class WholeAudio implements SpeechSink, AutoCloseable {
    /** Of one answer; as much as a request may hold. */
    private static final int MAX_BYTES = 64 << 20;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<SpokenWord> words = new ArrayList<>();
    private final AudioEncoder encoder;

    WholeAudio(AudioEncoders encoders, AudioTarget target, int inputRate) {
        try {
            encoder = encoders.open(target, inputRate, bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /**
     * @throws EngineException of category TOO_LARGE when it becomes more than can be kept
     */
    @Override
    public void accept(SpeechChunk chunk) {
        try {
            encoder.write(chunk.samples(), chunk.samples().length);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        if (bytes.size() > MAX_BYTES) {
            throw new EngineException(
                    EngineException.Category.TOO_LARGE,
                    "The speech is longer than the "
                            + (MAX_BYTES >> 20)
                            + " MiB that are sent in one piece; leave \"stream\": false out and"
                            + " read it as it comes.");
        }
        words.addAll(chunk.words());
    }

    List<SpokenWord> words() {
        return words;
    }

    /** All of it, after the last chunk. */
    byte[] finish() {
        try {
            encoder.finish();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        byte[] all = bytes.toByteArray();
        ByteBuffer head = ByteBuffer.wrap(all, 0, Math.min(all.length, RiffSizes.HEADER_BYTES));
        var unused = RiffSizes.fill(head, all.length, encoder.samplesWritten());
        return all;
    }

    @Override
    public void close() {
        encoder.close();
    }
}
