package dev.parlo.server.listening;

import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.TranscribeOptionsBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the window of a turn is transcribed. */
final class TurnOptions {
    /** Of the text before a window, what Whisper gets to see. */
    private static final int MOST_BEFORE = 200;

    private TurnOptions() {}

    /**
     * @param language that was detected in the turn already, or null
     * @param before what was said before the window
     * @param quick for a hypothesis: the first guess will do
     */
    static TranscribeOptions of(
            TranscribeOptions asked, @Nullable String language, String before, boolean quick) {
        TranscribeOptionsBuilder options = asked.toBuilder();
        if (asked.language() == null && language != null) {
            options.language(language);
        }
        if (!before.isEmpty()) {
            String tail = before.substring(Math.max(0, before.length() - MOST_BEFORE));
            String prompt = asked.initialPrompt();
            options.initialPrompt(prompt == null ? tail : prompt + " " + tail);
        }
        if (quick) {
            options.beamSize(1).bestOf(1).temperatures(List.of(0.0)).wordTimestamps(false);
        }
        return options.build();
    }
}
