package dev.parlo.server.realtime;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** By what clients show which shape of the protocol they speak. */
final class DialectSigns {
    private static final List<String> BETA_KEYS =
            List.of(
                    "modalities",
                    "voice",
                    "input_audio_format",
                    "output_audio_format",
                    "input_audio_transcription",
                    "turn_detection",
                    "temperature",
                    "max_response_output_tokens",
                    "speech_model");

    private DialectSigns() {}

    /** When the client connects. */
    static Dialect onUpgrade(
            Function<String, @Nullable String> header, Function<String, @Nullable String> query) {
        String asked = text(query.apply("api"));
        String protocols = text(header.apply("Sec-WebSocket-Protocol"));
        if (asked.equals("ga")) {
            return Dialect.GA;
        }
        if (asked.equals("beta")
                || text(header.apply("OpenAI-Beta")).contains("realtime=v1")
                || protocols.contains("openai-beta.realtime-v1")) {
            return Dialect.BETA;
        }
        return header.apply("X-OpenAI-Agents-SDK") != null
                        || protocols.contains("openai-agents-sdk")
                ? Dialect.GA
                : Dialect.UNDECIDED;
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value.toLowerCase(Locale.ROOT);
    }

    /** In an event; empty where it could be of either. */
    static Optional<Dialect> of(Given event, String type) {
        return switch (type) {
            case "transcription_session.update" -> Optional.of(Dialect.BETA);
            case "session.update" -> keys(event.object("session"), true);
            case "response.create" -> keys(event.object("response"), false);
            default -> Optional.empty();
        };
    }

    private static Optional<Dialect> keys(Given object, boolean session) {
        if ((session && object.has("type"))
                || object.has("audio")
                || object.has("output_modalities")) {
            return Optional.of(Dialect.GA);
        }
        return BETA_KEYS.stream().anyMatch(object::has)
                ? Optional.of(Dialect.BETA)
                : Optional.empty();
    }
}
