package dev.parlo.engine.whisper.tokenizer;

import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.checkpoint.TransformersTokens;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Text to tokens and back. Special tokens are control marks: they never come out of {@link
 * #encode}, whatever the text says, and never show in {@link #decode}. Thread-safe.
 */
public final class WhisperTokenizer implements AutoCloseable {
    private static final byte[] NOTHING = new byte[0];

    private final Vocabulary vocabulary;
    private final ByteAlphabet alphabet;
    private final TextEncoder encoder;
    private final int endOfText;
    private final int timestampBegin;

    private WhisperTokenizer(Vocabulary vocabulary, ByteAlphabet alphabet, TextEncoder encoder) {
        this.vocabulary = vocabulary;
        this.alphabet = alphabet;
        this.encoder = encoder;
        endOfText = vocabulary.endOfText();
        timestampBegin = vocabulary.timestampBegin();
    }

    /**
     * Opens a checkpoint's tokenizer: {@code tokenizer.json}, {@code vocab.json} with {@code
     * merges.txt}, or CTranslate2's vocabulary alone.
     *
     * @param cache where native code may be unpacked
     * @throws dev.parlo.engine.EngineException of category BAD_MODEL
     */
    public static WhisperTokenizer open(Path checkpoint, CacheFolder cache) {
        Path folder = Checkpoint.folder(checkpoint);
        return in(folder, TransformersTokens.find(folder), cache);
    }

    /**
     * The same of an open checkpoint, whose files are not read once more where it has read them.
     */
    public static WhisperTokenizer open(Checkpoint checkpoint, CacheFolder cache) {
        return in(Checkpoint.folder(checkpoint.directory()), checkpoint.tokens(), cache);
    }

    private static WhisperTokenizer in(
            Path checkpoint, Optional<TransformersTokens> own, CacheFolder cache) {
        Vocabulary vocabulary =
                own.map(tokens -> new Vocabulary(tokens.tokens()))
                        .orElseGet(() -> Vocabulary.read(checkpoint));
        ByteAlphabet alphabet = new ByteAlphabet();
        return new WhisperTokenizer(
                vocabulary, alphabet, encoder(checkpoint, own, vocabulary, alphabet, cache));
    }

    private static TextEncoder encoder(
            Path checkpoint,
            Optional<TransformersTokens> transformers,
            Vocabulary vocabulary,
            ByteAlphabet alphabet,
            CacheFolder cache) {
        Path file = checkpoint.resolve("tokenizer.json");
        if (Files.exists(file)) {
            if (transformers.isPresent()) { // the vocabulary was read from this very file
                TokenizerFile same = TokenizerFile.of(file, transformers.get().source());
                return new HuggingFaceEncoder(same, vocabulary, cache);
            }
            TokenizerFile tokenizer = TokenizerFile.read(file);
            tokenizer.checkSpecialIds(vocabulary);
            return new HuggingFaceEncoder(tokenizer, vocabulary, cache);
        }
        Path merges = checkpoint.resolve("merges.txt");
        if (transformers.isPresent() && Files.exists(merges)) {
            Path tokens = checkpoint.resolve("vocab.json");
            return new HuggingFaceEncoder(
                    TokenizerFile.of(tokens, transformers.get().source(), merges),
                    vocabulary,
                    cache);
        }
        return new BytePairEncoder(vocabulary.textTokens(), alphabet);
    }

    public Vocabulary vocabulary() {
        return vocabulary;
    }

    public int[] encode(String text) {
        return text.isEmpty() ? new int[0] : encoder.encode(text);
    }

    /** The text of the tokens below end of text; bytes that are not UTF-8 show as U+FFFD. */
    public String decode(int[] tokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int token : tokens) {
            bytes.writeBytes(bytes(token));
        }
        return LossyUtf8.decode(bytes.toByteArray());
    }

    /** As {@link #decode} with timestamps written as {@code <|1.50|>}. */
    String decodeWithTimestamps(int[] tokens) {
        StringBuilder text = new StringBuilder();
        ByteArrayOutputStream run = new ByteArrayOutputStream();
        for (int token : tokens) {
            if (token >= timestampBegin) {
                text.append(LossyUtf8.decode(run.toByteArray()));
                run.reset();
                double seconds = (token - timestampBegin) * Vocabulary.TIME_PRECISION;
                text.append(String.format(Locale.ROOT, "<|%.2f|>", seconds));
            } else {
                run.writeBytes(bytes(token));
            }
        }
        return text.append(LossyUtf8.decode(run.toByteArray())).toString();
    }

    /** A token's bytes; none for a special token. */
    public byte[] bytes(int token) {
        return token < endOfText ? alphabet.bytes(vocabulary.token(token)) : NOTHING;
    }

    @Override
    public void close() {
        encoder.close();
    }
}
