package dev.parlo.server.listening;

/**
 * Hears of the turns of a stream. {@link #started} and {@link #stopped} come on the thread that
 * gives the audio, the others on the recogniser's own, in order for each turn. They may block.
 */
public interface TurnListener {
    /**
     * What is known of a turn that goes on.
     *
     * @param delta words that have become sure
     * @param stable all words that are sure: they change only where the whole turn is understood
     *     otherwise in the end
     * @param unstable what else was understood, and may change
     */
    record Partial(String delta, String stable, String unstable) {}

    /** Somebody began to speak. */
    default void started(Turn turn) {}

    /** The turn is over; its transcript follows. */
    default void stopped(Turn turn) {}

    /** A turn that goes on is understood better. */
    default void partial(Turn turn, Partial text) {}

    /**
     * What was said up to a pause is known: {@link TurnRecognizer#reconsider} may end the turn now,
     * also where no more audio comes.
     */
    default void understood(Turn turn) {}

    /** What was said. */
    void completed(Turn turn, TurnTranscript transcript);

    /** What was said is not known. */
    void failed(Turn turn, Throwable why);
}
