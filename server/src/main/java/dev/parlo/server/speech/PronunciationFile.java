package dev.parlo.server.speech;

import dev.parlo.engine.text.Lexicon;
import dev.parlo.server.SettingsException;
import dev.parlo.server.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;

/**
 * The server's own pronunciations: a JSON object {@code {"Parlo": "/pˈɑɹloʊ/", "nginx": "engine
 * x"}} in a file that may change while the server runs. It is looked at again when a second has
 * passed; a version that cannot be used is told in the log and the last good one stays in force.
 * Thread-safe.
 */
final class PronunciationFile implements Supplier<Lexicon> {
    private static final Logger LOG = LoggerFactory.getLogger(PronunciationFile.class);
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final long MAX_BYTES = 16L << 20;
    private static final int MAX_SAID = 200;

    /** What a file looked like, to tell whether it has changed. */
    private record Stamp(long modified, long size, @Nullable Object key) {}

    private final Path file;
    private final InstantSource clock;
    private @Nullable Stamp stamp;
    private Lexicon lexicon;
    private long lookAgain;

    private PronunciationFile(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
        try {
            this.stamp = stamp();
            this.lexicon = stamp == null ? Lexicon.EMPTY : read();
        } catch (IOException | IllegalArgumentException | JacksonException wrong) {
            throw new SettingsException(
                    "PRONUNCIATIONS_PATH: " + problem(wrong) + "; " + SHAPE, wrong);
        }
        this.lookAgain = clock.millis() + FRESH.toMillis();
    }

    private static final String SHAPE =
            "accepted is a JSON object of words to IPA between slashes or to other words";

    /**
     * Reads a file.
     *
     * @param file need not exist, now or later
     * @throws SettingsException when it exists and cannot be used
     */
    public static PronunciationFile open(Path file, InstantSource clock) {
        return new PronunciationFile(file, clock);
    }

    @Override
    public synchronized Lexicon get() {
        long millis = clock.millis();
        // A clock that was put back is no reason to wait until it has caught up.
        if (millis < lookAgain && millis >= lookAgain - FRESH.toMillis()) {
            return lexicon;
        }
        lookAgain = millis + FRESH.toMillis();
        try {
            Stamp now = stamp();
            if (Objects.equals(now, stamp)) {
                return lexicon;
            }
            stamp = now;
            lexicon = now == null ? Lexicon.EMPTY : read();
            LOG.info("{}: {} pronunciations", file, lexicon.size());
        } catch (IOException | IllegalArgumentException | JacksonException wrong) {
            LOG.warn(
                    "{}; the {} pronunciations read before stay in force; {}",
                    problem(wrong),
                    lexicon.size(),
                    SHAPE);
        }
        return lexicon;
    }

    private @Nullable Stamp stamp() throws IOException {
        if (!Files.isRegularFile(file)) {
            return null;
        }
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(now.lastModifiedTime().toMillis(), now.size(), now.fileKey());
    }

    private Lexicon read() throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException("it is larger than " + MAX_BYTES + " bytes");
        }
        return lexicon(Json.mapper().readTree(Files.readAllBytes(file)));
    }

    private String problem(Exception wrong) {
        String why =
                wrong instanceof JacksonException json
                        ? "it is not JSON: " + json.getOriginalMessage() + place(json)
                        : wrong.getMessage();
        return file + " cannot be used: " + why;
    }

    private static String place(JacksonException json) {
        TokenStreamLocation at = json.getLocation();
        return at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }

    /**
     * The pronunciations that a JSON object holds.
     *
     * @throws IllegalArgumentException when it is of another shape, naming the word
     */
    static Lexicon lexicon(JsonNode root) {
        if (!root.isObject()) {
            throw new IllegalArgumentException("it is not a JSON object");
        }
        Map<String, String> words = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            JsonNode said = entry.getValue();
            if (!said.isString() || said.asString().length() > MAX_SAID) {
                throw new IllegalArgumentException(
                        "what is said for '"
                                + entry.getKey()
                                + "' must be text of at most "
                                + MAX_SAID
                                + " characters");
            }
            words.put(entry.getKey(), said.asString());
        }
        return new Lexicon(words);
    }
}
