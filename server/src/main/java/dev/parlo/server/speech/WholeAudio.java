package dev.parlo.server.speech;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.SpeechChunk;
import dev.parlo.engine.SpeechMark;
import dev.parlo.engine.SpeechSink;
import dev.parlo.engine.SpokenWord;
import dev.parlo.engine.audio.AudioEncoder;
import dev.parlo.engine.audio.AudioEncoders;
import dev.parlo.engine.audio.AudioTarget;
import dev.parlo.engine.audio.RiffSizes;
import dev.parlo.server.http.MemoryBudget;
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
    private final List<SpeechMark> marks = new ArrayList<>();
    private final AudioEncoder encoder;
    private final MemoryBudget.Share memory;
    private int held;

    /**
     * @param memory counts what is kept with what all requests hold: twice, since it is copied once
     *     before it is sent; given back by whom it belongs to
     */
    WholeAudio(
            AudioEncoders encoders, AudioTarget target, int inputRate, MemoryBudget.Share memory) {
        this.memory = memory;
        try {
            encoder = encoders.open(target, inputRate, bytes);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /**
     * @throws EngineException of category TOO_LARGE when it becomes more than can be kept
     * @throws dev.parlo.server.http.ApiError 413 or 503 when all requests together hold too much
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
        memory.take(2L * (bytes.size() - held));
        held = bytes.size();
        words.addAll(chunk.words());
        marks.addAll(chunk.marks());
    }

    List<SpeechMark> marks() {
        return marks;
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
