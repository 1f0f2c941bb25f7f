package dev.parlo.engine.whisper.tokenizer;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.ModelFile;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a {@code tokenizer.json} holds, read from it or put together from the older files that say
 * the same.
 *
 * @param file that it was read from
 * @param root of the JSON
 */
record TokenizerFile(ModelFile file, ObjectNode root) {
    private static final int MAX_BYTES = 64 << 20;

    /**
     * @throws EngineException of category BAD_MODEL
     */
    static TokenizerFile read(Path path) {
        return of(path, new ModelFile(path, MAX_BYTES).json());
    }

    /**
     * One that was parsed before.
     *
     * @throws EngineException of category BAD_MODEL
     */
    static TokenizerFile of(Path path, JsonNode json) {
        ModelFile file = new ModelFile(path, MAX_BYTES);
        if (json instanceof ObjectNode root) {
            return new TokenizerFile(file, root);
        }
        throw bad(file, "it is not a JSON object", null);
    }

    /**
     * A byte-level tokenizer as GPT-2's, of which Whisper's is one.
     *
     * @param vocabulary {@code vocab.json}
     * @param tokens what it holds
     * @param merges {@code merges.txt}: a line of comment, then two tokens a line
     * @throws EngineException of category BAD_MODEL
     */
    static TokenizerFile of(Path vocabulary, JsonNode tokens, Path merges) {
        ModelFile file = new ModelFile(vocabulary, MAX_BYTES);
        JsonNodeFactory json = JsonNodeFactory.instance;
        ObjectNode model = json.objectNode().put("type", "BPE");
        model.set("vocab", tokens);
        ArrayNode pairs = model.putArray("merges");
        new ModelFile(merges, MAX_BYTES)
                .text()
                .lines()
                .filter(line -> !line.startsWith("#version") && !line.isBlank())
                .forEach(pairs::add);
        ObjectNode root = json.objectNode();
        root.set("model", model);
        root.putObject("pre_tokenizer")
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", true);
        return new TokenizerFile(file, root);
    }

    /** Ids become indexes of masks and embeddings, so none may lie beyond the vocabulary. */
    void checkIds(Vocabulary vocabulary) {
        JsonNode ids = root.path("model").path("vocab");
        if (ids.isObject()) {
            for (Map.Entry<String, JsonNode> entry : ids.properties()) {
                int ignored =
                        file.integer(entry.getValue(), "model.vocab", 0, vocabulary.size() - 1);
            }
        }
    }

    /** A tokenizer of another generation numbers the tasks differently and would yield garbage. */
    void checkSpecialIds(Vocabulary vocabulary) {
        if (!(root.path("added_tokens") instanceof ArrayNode tokens)) {
            return;
        }
        for (JsonNode token : tokens) {
            String content = token.path("content").asString("");
            int id = token.path("id").isInt() ? token.path("id").intValue() : -1;
            Integer expected = vocabulary.idOf(content);
            if (content.startsWith("<|") && expected != null && expected != id) {
                throw bad(
                        String.format(
                                Locale.ROOT,
                                "it numbers %s %d where the vocabulary has %d",
                                content,
                                id,
                                expected),
                        null);
            }
        }
    }

    /** Without its added tokens the library cannot take a user's {@code <|endoftext|>} for one. */
    byte[] withoutSpecialTokens() {
        ObjectNode plain = JsonNodeFactory.instance.objectNode();
        plain.setAll(root); // what was read may be used by others
        plain.putArray("added_tokens");
        plain.putNull("post_processor");
        return JsonMapper.shared().writeValueAsBytes(plain);
    }

    EngineException bad(String reason, @Nullable Exception cause) {
        return bad(file, reason, cause);
    }

    private static EngineException bad(ModelFile file, String reason, @Nullable Exception cause) {
        String message =
                String.format(
                        Locale.ROOT,
                        "The tokenizer %s cannot be used: %s. Take the file that belongs to this model.",
                        file.name(),
                        reason);
        return cause == null
                ? new EngineException(EngineException.Category.BAD_MODEL, message)
                : new EngineException(EngineException.Category.BAD_MODEL, message, cause);
    }
}
