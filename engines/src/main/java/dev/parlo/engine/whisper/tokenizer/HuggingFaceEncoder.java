package dev.parlo.engine.whisper.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.ModelFile;
import dev.parlo.engine.cache.CacheFolder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Encodes by a checkpoint's {@code tokenizer.json} with the Hugging Face tokenizers library. */
final class HuggingFaceEncoder implements TextEncoder {
    /** About what its library takes on disk. */
    private static final long LIBRARY_BYTES = 16L << 20;

    private static final int MAX_BYTES = 64 << 20;

    private final HuggingFaceTokenizer tokenizer;
    private final int tokens;

    /**
     * @param file tokenizer.json
     * @param vocabulary whose special ids the file must agree with
     * @param cache where the library unpacks its native code
     */
    HuggingFaceEncoder(Path file, Vocabulary vocabulary, CacheFolder cache) {
        tokens = vocabulary.size();
        ModelFile model = new ModelFile(file, MAX_BYTES);
        if (!(model.json() instanceof ObjectNode root)) {
            throw badFile(file, "it is not a JSON object", null);
        }
        checkSpecialIds(file, root.path("added_tokens"), vocabulary);
        checkIds(model, root.path("model").path("vocab"), vocabulary);
        // Without its added tokens the library cannot take a user's "<|endoftext|>" for one.
        root.putArray("added_tokens");
        root.putNull("post_processor");
        byte[] json = JsonMapper.shared().writeValueAsBytes(root);
        loadLibrary(cache);
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
            if (encoded[i] < 0 || encoded[i] >= tokens) {
                throw new EngineException(
                        EngineException.Category.BAD_MODEL,
                        "The model's tokenizer.json gives the id "
                                + encoded[i]
                                + " where the vocabulary has "
                                + tokens
                                + " tokens.");
            }
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
    private static void loadLibrary(CacheFolder cache) {
        setUnlessGiven("RUST_FLAVOR", "cpu");
        setUnlessGiven("OPT_OUT_TRACKING", "true");
        setUnlessGiven("DJL_OFFLINE", "true");
        if (System.getProperty("DJL_CACHE_DIR") == null) {
            Path folder =
                    cache.libraries(
                            new CacheFolder.Entry(
                                    "the tokenizers library",
                                    "tokenizers",
                                    LIBRARY_BYTES,
                                    HuggingFaceEncoder::isUnpacked));
            System.setProperty("DJL_CACHE_DIR", folder.toString());
        }
        try {
            LibUtils.checkStatus();
        } catch (RuntimeException | LinkageError failure) {
            // Not the model's fault, as a file that the library refuses would be.
            throw new EngineException(
                    EngineException.Category.INTERNAL,
                    "The tokenizers library cannot be loaded from "
                            + System.getProperty("DJL_CACHE_DIR")
                            + ": "
                            + failure.getMessage(),
                    failure);
        }
    }

    /** Whether the library of this version lies under a folder; it is moved there whole. */
    private static boolean isUnpacked(Path folder) {
        String name = System.mapLibraryName("tokenizers");
        try (InputStream in =
                        HuggingFaceTokenizer.class.getResourceAsStream(
                                "/native/lib/tokenizers.properties");
                Stream<Path> files =
                        Files.isDirectory(folder) ? Files.walk(folder) : Stream.empty()) {
            Properties library = new Properties();
            if (in != null) {
                library.load(in);
            }
            String version = library.getProperty("version", "");
            return files.anyMatch(file ->
                    file.endsWith(name) && folder.relativize(file).toString().contains(version));
        } catch (IOException | UncheckedIOException unreadable) {
            return false;
        }
    }

    private static void setUnlessGiven(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }

    /** Ids become indexes of masks and embeddings, so none may lie beyond the vocabulary. */
    private static void checkIds(ModelFile file, JsonNode ids, Vocabulary vocabulary) {
        if (ids.isObject()) {
            for (Map.Entry<String, JsonNode> entry : ids.properties()) {
                int ignored =
                        file.integer(entry.getValue(), "model.vocab", 0, vocabulary.size() - 1);
            }
        }
    }

    /** A tokenizer of another generation numbers the tasks differently and would yield garbage. */
    private static void checkSpecialIds(Path file, JsonNode addedTokens, Vocabulary vocabulary) {
        if (!(addedTokens instanceof ArrayNode tokens)) {
            return;
        }
        for (JsonNode token : tokens) {
            String content = token.path("content").asString("");
            int id = token.path("id").isInt() ? token.path("id").intValue() : -1;
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
