package dev.parlo.engine.whisper.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.parlo.engine.EngineException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Encodes by a checkpoint's {@code tokenizer.json} with the Hugging Face tokenizers library. */
final class HuggingFaceEncoder implements TextEncoder {
    private final HuggingFaceTokenizer tokenizer;

    /**
     * @param file tokenizer.json
     * @param vocabulary whose special ids the file must agree with
     * @param cacheDirectory where the library unpacks its native code
     */
    HuggingFaceEncoder(Path file, Vocabulary vocabulary, Path cacheDirectory) {
        byte[] json;
        try {
            ObjectMapper mapper = new ObjectMapper();
            if (!(mapper.readTree(file.toFile()) instanceof ObjectNode root)) {
                throw badFile(file, "it is not a JSON object", null);
            }
            checkSpecialIds(file, root.path("added_tokens"), vocabulary);
            // Without its added tokens the library cannot take a user's "<|endoftext|>" for one.
            root.set("added_tokens", mapper.createArrayNode());
            root.putNull("post_processor");
            json = mapper.writeValueAsBytes(root);
        } catch (JacksonException e) {
            throw badFile(file, "it is not valid JSON", e);
        }
        prepareLibrary(cacheDirectory);
        try {
            tokenizer =
                    HuggingFaceTokenizer.newInstance(
                            new ByteArrayInputStream(json),
                            Map.of("addSpecialTokens", "false", "truncation", "false"));
        } catch (IOException | RuntimeException e) {
            throw badFile(file, "the tokenizers library does not accept it", e);
        }
    }

    @Override
    public int[] encode(String text) {
        long[] ids = tokenizer.encode(text, false, false).getIds();
        int[] encoded = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            encoded[i] = Math.toIntExact(ids[i]);
        }
        return encoded;
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    /**
     * Keeps the library offline and its files in our cache. It reads these properties once, when
     * its first class loads, so an administrator's own values are left alone.
     */
    private static void prepareLibrary(Path cacheDirectory) {
        Map.of(
                        "RUST_FLAVOR", "cpu",
                        "OPT_OUT_TRACKING", "true",
                        "DJL_OFFLINE", "true",
                        "DJL_CACHE_DIR", cacheDirectory.toString())
                .forEach((name, value) -> {
                    if (System.getProperty(name) == null) {
                        System.setProperty(name, value);
                    }
                });
    }

    /** A tokenizer of another generation numbers the tasks differently and would yield garbage. */
    private static void checkSpecialIds(Path file, JsonNode addedTokens, Vocabulary vocabulary) {
        if (!(addedTokens instanceof ArrayNode tokens)) {
            return;
        }
        for (JsonNode token : tokens) {
            String content = token.path("content").asString("");
            int id = token.path("id").asInt(-1);
            Integer expected = vocabulary.idOf(content);
            if (content.startsWith("<|") && expected != null && expected != id) {
                throw badFile(
                        file,
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

    private static EngineException badFile(
            Path file, String reason, @org.jspecify.annotations.Nullable Exception cause) {
        String message =
                String.format(
                        Locale.ROOT,
                        "The tokenizer %s cannot be used: %s. Take the file that belongs to this model.",
                        file.getFileName(),
                        reason);
        return cause == null
                ? new EngineException(EngineException.Category.BAD_MODEL, message)
                : new EngineException(EngineException.Category.BAD_MODEL, message, cause);
    }
}
