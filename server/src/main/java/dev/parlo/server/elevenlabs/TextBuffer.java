package dev.parlo.server.elevenlabs;

import dev.parlo.server.speech.SentenceBuffer;
import java.util.List;

/**
 * Collects text that comes in pieces, and gives it out at the end of a sentence, or at least of a
 * word, once there is enough of it for good speech. Used by one thread.
 */
final class TextBuffer {
    /** What ElevenLabs' clients get unless they ask for something else, in characters. */
    static final List<Integer> USUAL_SCHEDULE = List.of(120, 160, 250, 290);

    /** Enough to begin with when the client wants sound soon. */
    private static final int SOON = 50;

    private static final String PAUSES = ".!?;:,…。！？；：，、";

    private final SentenceBuffer text = new SentenceBuffer();
    private List<Integer> schedule = USUAL_SCHEDULE;
    private int given;

    /**
     * @param lengths of the first, second, … text at which it is given out; the last one repeats
     */
    void schedule(List<Integer> lengths) {
        schedule = List.copyOf(lengths);
    }

    void add(String piece) {
        text.add(piece);
    }

    /** Text that the schedule allows to speak now; empty for none. */
    String scheduled() {
        return enough(schedule.get(Math.min(given, schedule.size() - 1)));
    }

    /** Text worth speaking for a client in a hurry; empty for none. */
    String soon() {
        return text.endsWithOneOf(PAUSES) ? all() : enough(SOON);
    }

    /** Everything. */
    String all() {
        return counted(text.all());
    }

    private String enough(int length) {
        if (text.length() < length) {
            return "";
        }
        String sentences = text.sentences(length / 2);
        return counted(sentences.isEmpty() ? text.words() : sentences);
    }

    private String counted(String out) {
        if (!out.isBlank()) {
            given++;
        }
        return out;
    }
}
