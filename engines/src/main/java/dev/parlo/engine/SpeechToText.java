package dev.parlo.engine;

import dev.parlo.engine.audio.AudioSource;

/** An engine that turns audio into text. Thread-safe: requests run side by side or queue inside. */
public interface SpeechToText extends AutoCloseable {
    /**
     * Transcribes a source from start to end; blocks the calling thread, computes on the engine's
     * own.
     *
     * @param cancellation raised by the caller alone, to stop the work
     * @throws EngineException of category BAD_REQUEST when an option cannot be used with this
     *     model, OVERLOADED when the queue is full, CANCELLED once {@code cancellation} is raised
     */
    Transcript transcribe(
            AudioSource audio,
            TranscribeOptions options,
            SegmentSink sink,
            Cancellation cancellation);

    /** Languages that the model knows, as ISO codes; {@code ["en"]} for an English-only model. */
    java.util.List<String> languages();

    /** False for an English-only model. */
    boolean multilingual();

    /** Bytes of native memory and mapped files that this engine holds, caches included. */
    long nativeBytes();

    /** Where and how it computes, and what it holds now. */
    EngineFacts facts();

    @Override
    void close();
}
