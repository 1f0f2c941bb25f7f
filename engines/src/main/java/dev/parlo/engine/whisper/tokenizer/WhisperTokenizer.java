package dev.parlo.engine.whisper.tokenizer;

import dev.parlo.engine.cache.CacheFolder;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Text to tokens and back. Special tokens are control marks: they never come out of {@link
 * #encode}, whatever the text says, and never show in {@link #decode}. Thread-safe.
 */
public final class WhisperTokenizer implements AutoCloseable {
    private static final byte[] NOTHING = new byte[0];

    private final Vocabulary vocabulary;
    private final ByteAlphabet alphabet = new ByteAlphabet();
    private final TextEncoder encoder;
    private final int endOfText;
    private final int timestampBegin;

    private WhisperTokenizer(Vocabulary vocabulary, Path checkpoint, CacheFolder cache) {
        this.vocabulary = vocabulary;
        endOfText = vocabulary.endOfText();
        timestampBegin = vocabulary.timestampBegin();
        Path file = checkpoint.resolve("tokenizer.json");
        encoder =
                Files.exists(file)
                        ? new HuggingFaceEncoder(file, vocabulary, cache)
                        : new BytePairEncoder(vocabulary.textTokens(), alphabet);
    }

    /**
     * Opens a checkpoint's tokenizer: {@code tokenizer.json}, or the vocabulary alone.
     *
     * @param cache where native code may be unpacked
     * @throws dev.parlo.engine.EngineException of category BAD_MODEL
     */
    public static WhisperTokenizer open(Path checkpoint, CacheFolder cache) {
        return new WhisperTokenizer(Vocabulary.read(checkpoint), checkpoint, cache);
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

    public TextStream stream() {
        return new TextStream(this);
    }

    @Override
    public void close() {
        encoder.close();
    }
}
