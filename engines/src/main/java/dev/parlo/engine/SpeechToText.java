package dev.parlo.engine;

import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.audio.AudioSource;

/**
 * An engine that turns audio into text. Thread-safe: requests run side by side, or wait for their
 * turn in its {@link #admission}.
 */
public interface SpeechToText extends AutoCloseable {
    /** The queue before this engine. */
    Admission admission();

    /**
     * Transcribes a source from start to end; blocks the calling thread, computes on the engine's
     * own.
     *
     * @param ticket the request's place in the {@link #admission}; its cancellation stops the work
     * @throws EngineException of category BAD_REQUEST when an option cannot be used with this
     *     model, CANCELLED once the ticket's cancellation is raised
     */
    Transcript transcribe(
            AudioSource audio, TranscribeOptions options, SegmentSink sink, Ticket ticket);

    /**
     * The same for a caller that has no place in the queue yet.
     *
     * @throws EngineException also of category OVERLOADED, when the queue is full
     */
    default Transcript transcribe(
            AudioSource audio,
            TranscribeOptions options,
            SegmentSink sink,
            Cancellation cancellation) {
        try (Ticket ticket = admission().enter(Priority.INTERACTIVE, cancellation)) {
            return transcribe(audio, options, sink, ticket);
        }
    }

    /** Whether {@link TranscribeOptions#batchSize} means something to it. */
    default boolean batches() {
        return false;
    }

    /**
     * Whether it hears a recording in chunks with these options, each by itself: speech is then
     * read in one pass, in stretches that fit into one.
     */
    default boolean hearsChunks(TranscribeOptions options) {
        return batches() && options.batchSize() != null;
    }

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
