package dev.parlo.engine.whisper.tokenizer;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.ModelFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A checkpoint's tokens by id, and the ids with a meaning of their own. Immutable and thread-safe.
 */
public final class Vocabulary {
    /** Timestamps {@code <|0.00|>} to {@code <|30.00|>}. */
    public static final int TIMESTAMPS = 1501;

    /** Seconds between two timestamps. */
    public static final double TIME_PRECISION = 0.02;

    private static final int MAX_BYTES = 32 << 20;

    private final List<String> tokens;
    private final Map<String, Integer> ids = new HashMap<>();
    private final Map<String, Integer> languages;

    Vocabulary(List<String> tokens) {
        this.tokens = List.copyOf(tokens);
        for (int id = 0; id < tokens.size(); id++) {
            ids.putIfAbsent(tokens.get(id), id);
        }
        int last = noTimestamps();
        if (tokens.size() - last - 1 != TIMESTAMPS) {
            throw bad(
                    String.format(
                            Locale.ROOT,
                            "it has %d tokens after <|notimestamps|> instead of %d timestamps",
                            tokens.size() - last - 1,
                            TIMESTAMPS));
        }
        Map<String, Integer> codes = new LinkedHashMap<>();
        for (int id = startOfTranscript() + 1; id < translate(); id++) {
            String token = tokens.get(id);
            if (token.length() < 5 || !token.startsWith("<|") || !token.endsWith("|>")) {
                throw bad(
                        String.format(
                                Locale.ROOT, "token %d, \"%s\", is not a language", id, token));
            }
            codes.put(token.substring(2, token.length() - 2), id);
        }
        if (codes.isEmpty() && multilingual()) {
            throw bad("it is of a multilingual model and lists no language");
        }
        languages = Collections.unmodifiableMap(codes);
    }

    /**
     * Reads {@code vocabulary.json}, or else {@code vocabulary.txt}.
     *
     * @throws EngineException of category BAD_MODEL
     */
    public static Vocabulary read(Path checkpoint) {
        Path json = checkpoint.resolve("vocabulary.json");
        Path text = checkpoint.resolve("vocabulary.txt");
        if (Files.exists(json)) {
            ModelFile file = new ModelFile(json, MAX_BYTES);
            JsonNode root = file.json();
            List<String> tokens = new ArrayList<>();
            for (JsonNode token : root) {
                if (token.isString()) {
                    tokens.add(token.asString());
                }
            }
            if (!root.isArray() || tokens.size() != root.size()) {
                throw file.bad("is not a list of tokens", null);
            }
            return new Vocabulary(tokens);
        }
        if (Files.exists(text)) {
            return new Vocabulary(lines(new ModelFile(text, MAX_BYTES).text()));
        }
        throw bad("there is neither a vocabulary.json nor a vocabulary.txt");
    }

    /** One token a line; an empty line is a token, and Windows line ends are dropped. */
    static List<String> lines(String text) {
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        if (lines.getLast().isEmpty()) {
            lines.removeLast();
        }
        if (lines.stream().allMatch(line -> line.endsWith("\r"))) {
            lines.replaceAll(line -> line.substring(0, line.length() - 1));
        }
        return lines;
    }

    public int size() {
        return tokens.size();
    }

    String token(int id) {
        return tokens.get(id);
    }

    /** The tokens below the first special one. */
    List<String> textTokens() {
        return tokens.subList(0, endOfText());
    }

    @Nullable Integer idOf(String token) {
        return ids.get(token);
    }

    public int endOfText() {
        return required("<|endoftext|>");
    }

    public int startOfTranscript() {
        return required("<|startoftranscript|>");
    }

    public int translate() {
        return required("<|translate|>");
    }

    public int transcribe() {
        return required("<|transcribe|>");
    }

    public int startOfLanguageModel() {
        return required("<|startoflm|>");
    }

    public int startOfPrevious() {
        return required("<|startofprev|>");
    }

    public int noSpeech() {
        Integer id = ids.get("<|nospeech|>");
        return id != null ? id : required("<|nocaptions|>");
    }

    public int noTimestamps() {
        return required("<|notimestamps|>");
    }

    /** Id of {@code <|0.00|>}. */
    public int timestampBegin() {
        return noTimestamps() + 1;
    }

    public boolean isTimestamp(int id) {
        return id >= timestampBegin();
    }

    /** Whether the model knows more than English: those vocabularies have an empty token. */
    public boolean multilingual() {
        return size() >= 51_865 || ids.containsKey("");
    }

    /** Language codes and their tokens in the model's order; also of an English-only model. */
    public Map<String, Integer> languages() {
        return languages;
    }

    /**
     * Compares the vocabulary with the checkpoint it came with.
     *
     * @param embeddingRows tokens that the decoder knows
     * @param languageIds of the configuration, null where it has none
     * @throws EngineException of category BAD_MODEL
     */
    public void check(int embeddingRows, int @Nullable [] languageIds) {
        if (size() != embeddingRows) {
            throw bad(
                    String.format(
                            Locale.ROOT,
                            "it has %d tokens and the model's weights are for %d",
                            size(),
                            embeddingRows));
        }
        if (languageIds != null && languageIds.length > 0) {
            int last = Arrays.stream(languageIds).max().getAsInt();
            if (last != translate() - 1) {
                throw bad(
                        String.format(
                                Locale.ROOT,
                                "config.json ends the languages at %d and the vocabulary at %d",
                                last,
                                translate() - 1));
            }
        }
    }

    private int required(String token) {
        Integer id = ids.get(token);
        if (id == null) {
            throw bad("it lacks " + token);
        }
        return id;
    }

    private static EngineException bad(String reason) {
        return new EngineException(
                EngineException.Category.BAD_MODEL,
                String.format(
                        Locale.ROOT,
                        "The vocabulary does not fit a Whisper model: %s. Replace it, or remove the model and download it anew.",
                        reason));
    }
}
