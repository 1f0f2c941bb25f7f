package dev.parlo.server.speech;

import dev.parlo.engine.text.Script;
import dev.parlo.engine.text.TextMarkup;
import dev.parlo.server.Setting;
import dev.parlo.server.http.ApiError;

/**
 * How much one request, or one conversation, may have spoken. Bytes are limited elsewhere; a few of
 * them can ask for hours.
 *
 * @param characters of the text with its markup; 0 for no limit
 * @param silenceSeconds of the silences in it together; 0 for no limit
 */
record SpeechLimits(long characters, long silenceSeconds) {
    public static final SpeechLimits NONE = new SpeechLimits(0, 0);

    /**
     * A text, its markup read.
     *
     * @throws ApiError 413 for too long a text, 422 for too much silence
     * @throws dev.parlo.engine.EngineException BAD_REQUEST for markup that is wrong, saying where
     */
    Script script(String text, TextMarkup markup) {
        checkLength(text.length());
        Script script = Script.of(text, markup);
        checkSilence(script.silence());
        return script;
    }

    /**
     * @throws ApiError 413 naming the limit
     */
    void checkLength(long length) {
        if (characters > 0 && length > characters) {
            throw ApiError.of(
                    413,
                    "The text has "
                            + length
                            + " characters; at most "
                            + characters
                            + " are spoken in one request ("
                            + Setting.MAX_SPEECH_CHARACTERS.variable()
                            + "). Send it in parts.",
                    "too_large");
        }
    }

    /**
     * @throws ApiError 422 naming the limit
     */
    void checkSilence(double seconds) {
        if (silenceSeconds > 0 && seconds > silenceSeconds) {
            throw ApiError.of(
                    422,
                    "The pauses in the text last "
                            + Math.round(seconds)
                            + " seconds together; at most "
                            + silenceSeconds
                            + " are accepted ("
                            + Setting.MAX_SPEECH_SILENCE.variable()
                            + ").",
                    "too_much_silence");
        }
    }
}
