package dev.parlo.engine;

import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.audio.AudioSource;
import java.util.List;

/**
 * An engine that turns audio into text. Thread-safe: requests run side by side, or wait for their
 * turn in its {@link #admission}.
 */
public interface SpeechToText extends AutoCloseable {
    /** {@return the queue before this engine} */
    Admission admission();

    /**
     * Transcribes a source from start to end; blocks the calling thread, computes on the engine's
     * own.
     *
     * @param audio opened as often as the engine needs
     * @param options what is written, and how it is searched
     * @param sink takes the segments, in order
     * @param ticket the request's place in the {@link #admission}; its cancellation stops the work
     * @return what is known of the whole
     * @throws EngineException of category BAD_REQUEST when an option cannot be used with this
     *     model, CANCELLED once the ticket's cancellation is raised; or as {@link AudioSource#open}
     */
    Transcript transcribe(
            AudioSource audio, TranscribeOptions options, SegmentSink sink, Ticket ticket);

    /**
     * The same for a caller that has no place in the queue yet.
     *
     * @param audio opened as often as the engine needs
     * @param options what is written, and how it is searched
     * @param sink takes the segments, in order
     * @param cancellation stops the work when it is raised
     * @return what is known of the whole
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

    /** {@return whether {@link TranscribeOptions#batchSize} means something to it} */
    default boolean batches() {
        return false;
    }

    /**
     * {@return whether it hears a recording in chunks, each by itself} Speech is then read in one
     * pass, in stretches that fit into one.
     *
     * @param options of the transcription
     */
    default boolean hearsChunks(TranscribeOptions options) {
        return batches() && options.batchSize() != null;
    }

    /**
     * {@return languages that the model knows, as ISO codes; {@code ["en"]} for an English-only
     * model}
     */
    List<String> languages();

    /** {@return whether it knows more than one language} */
    boolean multilingual();

    /** {@return bytes of native memory and mapped files that this engine holds, caches included} */
    long nativeBytes();

    /** {@return where and how it computes, and what it holds now} */
    EngineFacts facts();

    @Override
    void close();
}
