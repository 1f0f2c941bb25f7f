package dev.parlo.engine.whisper.tokenizer;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.fuzz.FuzzInput;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A checkpoint's vocabulary and {@code tokenizer.json}, which a native library reads after us. The
 * first byte chooses the file.
 */
public final class TokenizerFuzz {
    private static final CacheFolder CACHE =
            CacheFolder.at(Path.of(System.getProperty("java.io.tmpdir", "/tmp"), "fuzz-tokenizer"));

    private static final String VOCABULARY =
            "[\"a\",\"b\",\"ab\",\"<|endoftext|>\",\"<|startoftranscript|>\",\"<|en|>\","
                    + "\"<|translate|>\",\"<|transcribe|>\",\"<|startoflm|>\",\"<|startofprev|>\","
                    + "\"<|nospeech|>\",\"<|notimestamps|>\",\"<|0.00|>\"]";

    private TokenizerFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        FuzzInput.note(input);
        byte[] content = input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length);
        String name =
                switch (input.length == 0 ? 0 : input[0] % 3) {
                    case 0 -> "tokenizer.json";
                    case 1 -> "vocabulary.json";
                    default -> "vocabulary.txt";
                };
        FuzzInput.asFile(
                content,
                name,
                file -> {
                    if (name.equals("tokenizer.json")) {
                        Files.writeString(file.resolveSibling("vocabulary.json"), VOCABULARY);
                    }
                    try (WhisperTokenizer tokenizer =
                            WhisperTokenizer.open(file.resolveSibling(""), CACHE)) {
                        tokenizer.decode(
                                tokenizer.encode(new String(content, StandardCharsets.UTF_8)));
                    } catch (EngineException refused) {
                        FuzzInput.refused(refused, EngineException.Category.BAD_MODEL);
                    }
                });
    }
}
