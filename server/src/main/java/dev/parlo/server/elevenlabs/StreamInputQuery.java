package dev.parlo.server.elevenlabs;

import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.LaxValues;
import dev.parlo.server.socket.SocketLimits;
import dev.parlo.server.speech.SpeechOrder;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the address of a {@code stream-input} connection asks for.
 *
 * @param autoMode every message is spoken at once
 * @param inactivity how long the client may be silent
 */
record StreamInputQuery(SpeechOrder order, boolean autoMode, Duration inactivity) {
    private static final int USUAL_SECONDS = 20;
    private static final int MOST_SECONDS = 180;

    /**
     * @throws ApiError 422 for a format or a time that cannot be had
     */
    static StreamInputQuery read(
            String voice, Function<String, @Nullable String> query, SocketLimits limits) {
        String name = given(query, "output_format", OutputFormat.DEFAULT);
        OutputFormat format =
                OutputFormat.of(name)
                        .orElseThrow(() ->
                                ApiError.of(
                                                422,
                                                "output_format is not known; accepted are "
                                                        + OutputFormat.ACCEPTED)
                                        .withParam("output_format"));
        String language = given(query, "language_code", "");
        SpeechOrder order =
                SpeechOrder.of(query.apply("model_id"), voice, format.format())
                        .withSampleRate(format.sampleRate())
                        .withBitRate(format.bitRate())
                        .withLanguage(language.isBlank() ? null : language)
                        .withWordTimes(true)
                        .withSsml(flag(query, "enable_ssml_parsing"));
        Duration asked = Duration.ofSeconds(seconds(query));
        return new StreamInputQuery(
                order,
                flag(query, "auto_mode"),
                asked.compareTo(limits.idle()) < 0 ? asked : limits.idle());
    }

    private static int seconds(Function<String, @Nullable String> query) {
        String text = given(query, "inactivity_timeout", String.valueOf(USUAL_SECONDS));
        Long seconds = LaxValues.digits(text);
        if (seconds != null && seconds >= 1) {
            return (int) Math.min(seconds, MOST_SECONDS);
        }
        throw ApiError.of(422, "inactivity_timeout must be a number of seconds from 1 to 180.")
                .withParam("inactivity_timeout");
    }

    private static boolean flag(Function<String, @Nullable String> query, String name) {
        return given(query, name, "false").equalsIgnoreCase("true");
    }

    private static String given(
            Function<String, @Nullable String> query, String name, String otherwise) {
        String value = query.apply(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }
}
