package dev.parlo.engine;

import java.util.List;

/** A request named a voice that the model does not have; carries the ones that it has. */
public final class UnknownVoiceException extends EngineException {
    private static final long serialVersionUID = 1L;

    private static final int LISTED = 200;

    private final transient List<String> voices;

    /**
     * Lists the voices in its message, the first 200 of them.
     *
     * @param voice what the request named
     * @param voices those that the model has
     */
    public UnknownVoiceException(String voice, List<String> voices) {
        super(Category.BAD_REQUEST, message(voice, voices));
        this.voices = List.copyOf(voices);
    }

    private static String message(String voice, List<String> voices) {
        String listed = String.join(", ", voices.subList(0, Math.min(LISTED, voices.size())));
        String more = voices.size() > LISTED ? " and " + (voices.size() - LISTED) + " more" : "";
        return "Voice '" + voice + "' is not supported. Supported voices: " + listed + more;
    }

    /** {@return the voices that the model has} */
    public List<String> voices() {
        return voices;
    }
}
