package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.ModelFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * The tokens of a Transformers checkpoint in the order in which the engine numbers them: text,
 * control tokens, timestamps. That is the order of the tokenizer's ids, unless a fine-tune added
 * tokens behind the timestamps; those are moved to their kind. Rows of the embeddings without a
 * token, which a resized vocabulary leaves behind, are left out.
 *
 * @param tokens by the engine's id
 * @param order the row of the embeddings by the engine's id
 * @param source what {@code tokenizer.json} holds, or {@code vocab.json} where there is none;
 *     whoever makes a tokenizer of it need not parse some megabytes once more
 */
public record TransformersTokens(List<String> tokens, int[] order, JsonNode source) {
    private static final int MAX_BYTES = 64 << 20;
    private static final int MAX_TOKENS = 1_000_000;
    private static final int TIMESTAMPS = WhisperShape.TIMESTAMPS;

    public TransformersTokens {
        tokens = List.copyOf(tokens);
    }

    /**
     * The tokens of a checkpoint that the Transformers library's files number; empty for another
     * format, whose own vocabulary numbers them.
     *
     * @param folder of the checkpoint's configuration and tokenizer
     * @throws EngineException of category BAD_MODEL when the tokenizer is missing or does not fit
     */
    public static Optional<TransformersTokens> find(Path folder) {
        return Files.isRegularFile(folder.resolve(Ctranslate2Files.WEIGHTS))
                        || TransformersFiles.in(folder).isEmpty() && OnnxFiles.in(folder).isEmpty()
                ? Optional.empty()
                : Optional.of(read(folder, TransformersConfig.read(folder)));
    }

    static TransformersTokens read(Path directory, TransformersConfig config) {
        return new Reader(config).read(directory);
    }

    /** Those between the start and the first task. */
    List<Integer> languageIds() {
        return IntStream.range(
                        tokens.indexOf("<|startoftranscript|>") + 1,
                        tokens.indexOf("<|translate|>"))
                .boxed()
                .toList();
    }

    /** The engine's ids of those of the tokenizer; ids without a token are left out. */
    List<Integer> numbered(List<Integer> ids) {
        Map<Integer, Integer> numbers = new HashMap<>();
        for (int number = 0; number < order.length; number++) {
            numbers.put(order[number], number);
        }
        return ids.stream().filter(numbers::containsKey).map(numbers::get).toList();
    }

    /** The tokenizer's files, as they are read. */
    private static final class Reader {
        private final TransformersConfig config;
        private final TreeMap<Integer, String> tokens = new TreeMap<>();
        private final Set<Integer> special = new HashSet<>();
        private JsonNode source = MissingNode.getInstance();

        Reader(TransformersConfig config) {
            this.config = config;
        }

        TransformersTokens read(Path directory) {
            if (Files.isRegularFile(directory.resolve("tokenizer.json"))) {
                ModelFile file = file(directory, "tokenizer.json");
                source = file.json();
                vocabulary(file, source.path("model").path("vocab"));
                for (JsonNode token : source.path("added_tokens")) {
                    added(
                            file,
                            token.path("id"),
                            token.path("content").asString(""),
                            token.path("special").asBoolean(false));
                }
            } else if (Files.isRegularFile(directory.resolve("vocab.json"))) {
                ModelFile file = file(directory, "vocab.json");
                source = file.json();
                vocabulary(file, source);
                addedTokens(directory);
            } else {
                throw bad("there is neither a tokenizer.json nor a vocab.json");
            }
            return ordered();
        }

        /** Slow tokenizers keep what was added beside them, in one of two files. */
        private void addedTokens(Path directory) {
            if (Files.isRegularFile(directory.resolve("added_tokens.json"))) {
                ModelFile file = file(directory, "added_tokens.json");
                for (Map.Entry<String, JsonNode> entry : file.json().properties()) {
                    boolean control = entry.getKey().startsWith("<|");
                    added(file, entry.getValue(), entry.getKey(), control);
                }
            }
            if (Files.isRegularFile(directory.resolve("tokenizer_config.json"))) {
                ModelFile file = file(directory, "tokenizer_config.json");
                for (Map.Entry<String, JsonNode> entry :
                        file.json().path("added_tokens_decoder").properties()) {
                    if (entry.getKey().matches("\\d{1,7}")) {
                        int id = Integer.parseInt(entry.getKey());
                        tokens.put(id, entry.getValue().path("content").asString(""));
                        if (entry.getValue().path("special").asBoolean(false)) {
                            special.add(id);
                        }
                    }
                }
            }
        }

        private static ModelFile file(Path directory, String name) {
            return new ModelFile(directory.resolve(name), MAX_BYTES);
        }

        private void vocabulary(ModelFile file, JsonNode vocabulary) {
            if (!vocabulary.isObject()) {
                throw file.bad("has no vocabulary of byte pairs", null);
            }
            for (Map.Entry<String, JsonNode> entry : vocabulary.properties()) {
                int id = file.integer(entry.getValue(), "vocabulary", 0, MAX_TOKENS);
                String other = tokens.putIfAbsent(id, entry.getKey());
                if (other != null) {
                    throw file.bad("gives two tokens the id " + id, null);
                }
            }
        }

        private void added(ModelFile file, JsonNode id, String token, boolean control) {
            int number = file.integer(id, "added_tokens", 0, MAX_TOKENS);
            tokens.put(number, token);
            if (control) {
                special.add(number);
            }
        }

        private TransformersTokens ordered() {
            Map<String, Integer> ids = new HashMap<>();
            tokens.forEach((id, token) -> ids.putIfAbsent(token, id));
            check(ids);
            int text = required(ids, "<|endoftext|>");
            int translate = required(ids, "<|translate|>");
            int timestamps = required(ids, "<|notimestamps|>") + 1;
            int rows = config.vocabularySize();
            if (rows < timestamps + TIMESTAMPS) {
                throw bad(
                        String.format(
                                Locale.ROOT,
                                "its timestamps end at %d and the model's weights are for %d tokens",
                                timestamps + TIMESTAMPS,
                                rows));
            }
            Set<Integer> languages = new HashSet<>(config.languageIds().values());
            List<Integer> addedText = new ArrayList<>();
            List<Integer> addedLanguages = new ArrayList<>();
            for (int id : tokens.subMap(timestamps + TIMESTAMPS, rows).keySet()) {
                if (languages.contains(id)) {
                    addedLanguages.add(id);
                } else if (!special.contains(id)) {
                    addedText.add(id);
                } // other control tokens never show: their rows are left out
            }
            List<Integer> order = new ArrayList<>(timestamps + TIMESTAMPS);
            range(order, 0, text);
            order.addAll(addedText);
            range(order, text, translate);
            order.addAll(addedLanguages);
            range(order, translate, timestamps + TIMESTAMPS);
            List<String> names = new ArrayList<>(order.size());
            for (int id : order) {
                names.add(
                        id >= timestamps && id < timestamps + TIMESTAMPS
                                ? timestamp(id - timestamps)
                                : name(id));
            }
            return new TransformersTokens(
                    names, order.stream().mapToInt(Integer::intValue).toArray(), source);
        }

        private static void range(List<Integer> order, int from, int to) {
            for (int id = from; id < to; id++) {
                order.add(id);
            }
        }

        private String name(int id) {
            String name = tokens.get(id);
            if (name == null) {
                throw bad("it has no token " + id);
            }
            return name;
        }

        /** Before it is numbered anew, since ids that disagree would yield garbage. */
        private void check(Map<String, Integer> ids) {
            int timestamps = required(ids, "<|notimestamps|>") + 1;
            config.knownIds()
                    .forEach((token, id) -> {
                        Integer own = ids.get(token);
                        if (own != null && !own.equals(id)) {
                            throw bad(
                                    String.format(
                                            Locale.ROOT,
                                            "it numbers %s %d where generation_config.json has %d",
                                            token,
                                            own,
                                            id));
                        }
                    });
            for (int i = 0; i < TIMESTAMPS; i++) {
                String token = tokens.getOrDefault(timestamps + i, timestamp(i));
                if (!token.equals(timestamp(i))) {
                    throw bad(
                            String.format(
                                    Locale.ROOT,
                                    "its token %d is \"%s\" where %s belongs",
                                    timestamps + i,
                                    token,
                                    timestamp(i)));
                }
            }
            // Row 51865 of a large-v3 is its last timestamp, not one too many of an older
            // tokenizer.
            int spare = config.vocabularySize() - timestamps - TIMESTAMPS;
            if (config.melBands() == 128
                    && spare == 1
                    && !tokens.containsKey(timestamps + TIMESTAMPS)) {
                throw bad(
                        "it is of a model with one language less than the weights are for; take the"
                                + " one of large-v3");
            }
        }

        private int required(Map<String, Integer> ids, String token) {
            Integer id = ids.get(token);
            if (id == null || id >= config.vocabularySize()) {
                throw bad("it lacks " + token);
            }
            return id;
        }

        private static String timestamp(int index) {
            return String.format(Locale.ROOT, "<|%.2f|>", index * 0.02);
        }

        private static EngineException bad(String reason) {
            return new EngineException(
                    EngineException.Category.BAD_MODEL,
                    String.format(
                            Locale.ROOT,
                            "The tokenizer does not fit the Whisper model: %s. Take the tokenizer"
                                    + " files of the model that this one was made from.",
                            reason));
        }
    }
}
