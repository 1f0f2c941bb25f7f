package dev.parlo.server.speech;

import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.UnknownVoiceException;
import dev.parlo.engine.text.Reading;
import dev.parlo.engine.text.Script;
import dev.parlo.engine.text.VoiceStyle;
import dev.parlo.server.SettingsException;
import dev.parlo.server.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Other names for voices: each stands for a list of voices of which the first one that the model
 * has is taken. Without a file the shipped ones hold, which map OpenAI's names. Immutable.
 */
public final class VoiceAliases {
    private static final long LARGEST_FILE = 1 << 20;

    private final Map<String, List<String>> aliases;

    private VoiceAliases(Map<String, List<String>> aliases) {
        this.aliases = aliases;
    }

    /**
     * Reads a JSON object {@code {"alloy": ["af_alloy", "en-us+f2"], "me": "am_michael"}}.
     *
     * @param file need not exist
     * @throws SettingsException when it exists and is of another shape
     */
    public static VoiceAliases open(Path file) {
        try {
            if (Files.isRegularFile(file)) {
                if (Files.size(file) > LARGEST_FILE) {
                    throw new IllegalArgumentException("it is larger than 1 MiB");
                }
                return new VoiceAliases(parse(Files.readAllBytes(file)));
            }
            try (InputStream in = VoiceAliases.class.getResourceAsStream("voice_aliases.json")) {
                if (in == null) {
                    throw new IllegalStateException(
                            "voice_aliases.json is missing from the program");
                }
                return new VoiceAliases(parse(in.readAllBytes()));
            }
        } catch (IOException | JacksonException | IllegalArgumentException failure) {
            throw new SettingsException(
                    "VOICE_ALIASES_PATH: "
                            + file
                            + " cannot be used: "
                            + (failure instanceof JacksonException json
                                    ? "it is not JSON: " + json.getOriginalMessage()
                                    : failure.getMessage())
                            + "; accepted is a JSON object of names to voices or lists of voices",
                    failure);
        }
    }

    private static Map<String, List<String>> parse(byte[] json) {
        JsonNode root = Json.mapper().readTree(json);
        if (!root.isObject()) {
            throw new IllegalArgumentException("it is not a JSON object");
        }
        Map<String, List<String>> aliases = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            List<String> voices = new ArrayList<>();
            if (entry.getValue().isString()) {
                voices.add(entry.getValue().asString());
            } else if (entry.getValue().isArray()) {
                entry.getValue().forEach(voice -> voices.add(voice.asString()));
            } else {
                throw new IllegalArgumentException(
                        "'" + entry.getKey() + "' is neither text nor a list");
            }
            aliases.put(entry.getKey().toLowerCase(Locale.ROOT), List.copyOf(voices));
        }
        return aliases;
    }

    /**
     * The voice that a request means.
     *
     * @param fallback whether the model's first voice answers for an unknown one
     * @throws UnknownVoiceException when the model has no such voice
     */
    public SpeechOptions resolve(SpeechOptions options, TextToSpeech engine, boolean fallback) {
        Optional<SpeechOptions> own = attempt(options, engine);
        if (own.isPresent()) {
            return own.get();
        }
        String name = options.voice().toLowerCase(Locale.ROOT);
        for (String candidate : aliases.getOrDefault(name, kokoroName(name))) {
            Optional<SpeechOptions> found = attempt(options.withVoice(candidate), engine);
            if (found.isPresent()) {
                return found.get();
            }
        }
        if (fallback) {
            return options.withVoice(engine.voices().getFirst().id());
        }
        throw new UnknownVoiceException(
                options.voice(), engine.voices().stream().map(voice -> voice.id()).toList());
    }

    /**
     * The voice that a request means, and those that its text names.
     *
     * @param fallback whether the model's first voice answers for an unknown one
     * @throws UnknownVoiceException when the model has not got one of them
     */
    public SpeechOptions resolve(
            Script script, SpeechOptions options, TextToSpeech engine, boolean fallback) {
        return inText(script, resolve(options, engine, fallback), engine, fallback);
    }

    /**
     * Options with the voices that a text names.
     *
     * @param fallback whether the model's first voice answers for an unknown one
     * @throws UnknownVoiceException when the model has not got one of them
     */
    SpeechOptions inText(
            Script script, SpeechOptions options, TextToSpeech engine, boolean fallback) {
        Set<String> named = script.voices();
        if (named.isEmpty()) {
            return options;
        }
        Reading reading = options.reading();
        Map<String, VoiceStyle> styles = new HashMap<>();
        for (String name : named) {
            String key = name.toLowerCase(Locale.ROOT);
            VoiceStyle style = reading.voices().getOrDefault(key, new VoiceStyle(name, 1));
            SpeechOptions one = resolve(options.withVoice(style.voice()), engine, fallback);
            styles.put(key, new VoiceStyle(one.voice(), style.rate()));
        }
        return options.withReading(reading.withVoices(styles));
    }

    private static Optional<SpeechOptions> attempt(SpeechOptions options, TextToSpeech engine) {
        try {
            engine.check(options);
            return Optional.of(options);
        } catch (UnknownVoiceException unknown) {
            return Optional.empty();
        }
    }

    /** espeak-ng's nearest to a voice that is named as Kokoro's are, {@code bf_emma}. */
    private static List<String> kokoroName(String name) {
        if (!name.matches("[abefhijpz][fm]_[a-z0-9_]{1,40}")) {
            return List.of();
        }
        String language =
                switch (name.charAt(0)) {
                    case 'b' -> "en-gb";
                    case 'e' -> "es";
                    case 'f' -> "fr-fr";
                    case 'h' -> "hi";
                    case 'i' -> "it";
                    case 'j' -> "ja";
                    case 'p' -> "pt-br";
                    case 'z' -> "cmn";
                    default -> "en-us";
                };
        return List.of(language + (name.charAt(1) == 'f' ? "+f3" : ""));
    }
}
