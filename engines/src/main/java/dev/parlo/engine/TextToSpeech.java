package dev.parlo.engine;

import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.text.Script;
import java.util.List;

/**
 * An engine that turns text into speech, chunk by chunk. Thread-safe: requests may run side by
 * side; their chunks take turns, so that a long text does not hold up a short one.
 */
public interface TextToSpeech extends AutoCloseable {
    /** {@return the voices of this model, in the order in which they are listed to users} */
    List<Voice> voices();

    /** {@return samples per second of every chunk} */
    int sampleRate();

    /**
     * Checks everything that can be wrong with the options before any audio is made.
     *
     * @throws UnknownVoiceException when the voice does not exist
     * @throws EngineException of category BAD_REQUEST when another option cannot be used
     * @param options for a text that is spoken later
     */
    void check(SpeechOptions options);

    /**
     * Speaks a text of any length; blocks the calling thread until the last chunk was taken by the
     * sink. Memory does not grow with the length of the speech.
     *
     * @param script the text, its markup read
     * @param options the voice, and how it speaks
     * @param sink takes the chunks, in order
     * @param ticket the request's place in the {@link #admission}; its cancellation stops the work
     * @return how much was spoken
     * @throws EngineException of category BAD_REQUEST when an option cannot be used or nothing in
     *     the text can be spoken, CANCELLED once the ticket's cancellation is raised
     */
    SpeechSummary speak(Script script, SpeechOptions options, SpeechSink sink, Ticket ticket);

    /**
     * The same for a caller that has no place in the queue yet.
     *
     * @param script the text, its markup read
     * @param options the voice, and how it speaks
     * @param sink takes the chunks, in order
     * @param cancellation stops the work when it is raised
     * @return how much was spoken
     * @throws EngineException also of category OVERLOADED, when the queue is full
     */
    default SpeechSummary speak(
            Script script, SpeechOptions options, SpeechSink sink, Cancellation cancellation) {
        try (Ticket ticket = admission().enter(Priority.INTERACTIVE, cancellation)) {
            return speak(script, options, sink, ticket);
        }
    }

    /**
     * The same for a text whose markup was not read yet.
     *
     * @param text of any length, with the markup that the options say
     * @param options the voice, and how it speaks
     * @param sink takes the chunks, in order
     * @param cancellation stops the work when it is raised
     * @return how much was spoken
     * @throws EngineException also of category BAD_REQUEST when the markup is wrong, saying where
     */
    default SpeechSummary speak(
            String text, SpeechOptions options, SpeechSink sink, Cancellation cancellation) {
        return speak(Script.of(text, options.reading().markup()), options, sink, cancellation);
    }

    /** {@return the queue before this engine} Requests take a turn in it for each chunk. */
    Admission admission();

    /** {@return bytes of native memory and mapped files that this engine holds} */
    long nativeBytes();

    /** {@return where and how it computes, and what it holds now} */
    EngineFacts facts();

    @Override
    void close();
}
