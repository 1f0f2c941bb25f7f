package dev.parlo.engine.whisper.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.cache.CacheFolder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/** Encodes by a checkpoint's {@code tokenizer.json} with the Hugging Face tokenizers library. */
final class HuggingFaceEncoder implements TextEncoder {
    /** About what its library takes on disk. */
    private static final long LIBRARY_BYTES = 16L << 20;

    private final HuggingFaceTokenizer tokenizer;
    private final int tokens;

    /**
     * @param file what the library is given
     * @param vocabulary whose ids the file must agree with
     * @param cache where the library unpacks its native code
     */
    HuggingFaceEncoder(TokenizerFile file, Vocabulary vocabulary, CacheFolder cache) {
        tokens = vocabulary.size();
        file.checkIds(vocabulary);
        byte[] json = file.withoutSpecialTokens();
        loadLibrary(cache);
        try {
            tokenizer =
                    HuggingFaceTokenizer.newInstance(
                            new ByteArrayInputStream(json),
                            Map.of("addSpecialTokens", "false", "truncation", "false"));
        } catch (IOException | RuntimeException e) {
            throw file.bad("the tokenizers library does not accept it", e);
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
}
