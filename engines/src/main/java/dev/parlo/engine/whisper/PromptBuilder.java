package dev.parlo.engine.whisper;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.TranscribeOptions.Task;
import dev.parlo.engine.whisper.tokenizer.Vocabulary;
import dev.parlo.engine.whisper.tokenizer.WhisperTokenizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Builds prompts as faster-whisper's {@code get_prompt}, within the decoder's 448 positions. */
final class PromptBuilder {
    private static final int POSITIONS = 448;
    private static final int MOST_CONTEXT = POSITIONS / 2 - 1;

    /** Tokens that a prompt of hot words and previous text always leaves to the answer. */
    private static final int LEAST_ROOM = POSITIONS / 4;

    private final Vocabulary vocabulary;
    private final TranscribeOptions options;
    private final boolean multilingual;
    private final int[] hotwords;
    private final int[] prefix;

    PromptBuilder(WhisperTokenizer tokenizer, boolean multilingual, TranscribeOptions options) {
        this.vocabulary = tokenizer.vocabulary();
        this.options = options;
        this.multilingual = multilingual;
        prefix = encode(tokenizer, options.prefix());
        hotwords = encode(tokenizer, options.hotwords());
        Integer most = options.maxNewTokens();
        int fixed = hotwords.length + 1 + (multilingual ? 3 : 1) + 2 + prefix.length;
        if (most != null && fixed + most > POSITIONS) {
            throw new EngineException(
                    EngineException.Category.BAD_REQUEST,
                    String.format(
                            Locale.ROOT,
                            "max_new_tokens is %d, and with a prompt of %d tokens at most %d are possible.",
                            most,
                            fixed,
                            POSITIONS - fixed));
        }
    }

    /** Start of transcript, and with a multilingual model language and task. */
    int[] startSequence(String language) {
        int start = vocabulary.startOfTranscript();
        if (!multilingual) {
            return new int[] {start};
        }
        Integer languageToken = vocabulary.languages().get(language);
        if (languageToken == null) {
            throw new EngineException(
                    EngineException.Category.BAD_REQUEST,
                    String.format(
                            Locale.ROOT,
                            "This model does not know the language \"%s\". It knows: %s.",
                            language,
                            String.join(", ", vocabulary.languages().keySet())));
        }
        int task =
                options.task() == Task.TRANSLATE ? vocabulary.translate() : vocabulary.transcribe();
        return new int[] {start, languageToken, task};
    }

    /**
     * @param previous tokens of the text before this window
     * @param atStart whether the window is the first of the audio: only there does a prefix hold
     */
    Prompt build(int[] previous, String language, boolean atStart) {
        int[] start = startSequence(language);
        if (options.withoutTimestamps()) {
            start = append(start, new int[] {vocabulary.noTimestamps()});
        }
        int[] forced = new int[0];
        if (atStart && prefix.length > 0) {
            forced =
                    options.withoutTimestamps()
                            ? prefix
                            : append(new int[] {vocabulary.timestampBegin()}, prefix);
        }
        int[] words = forced.length > 0 ? new int[0] : hotwords;
        Integer most = options.maxNewTokens();
        int wanted = most == null ? LEAST_ROOM : most;
        int room = POSITIONS - wanted - 1 - words.length - start.length - forced.length;
        int context = Math.clamp(room, 0, Math.min(MOST_CONTEXT, previous.length));
        int[] head = new int[0];
        if (previous.length > 0 || words.length > 0) {
            int[] kept = Arrays.copyOfRange(previous, previous.length - context, previous.length);
            head = append(append(new int[] {vocabulary.startOfPrevious()}, words), kept);
        }
        int[] tokens = append(head, start);
        int length = most == null ? POSITIONS : tokens.length + forced.length + most;
        int cap = Math.min(length / 2, length - (tokens.length - 1));
        return new Prompt(tokens, head.length, forced, cap);
    }

    private static int[] encode(WhisperTokenizer tokenizer, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            return new int[0];
        }
        int[] tokens = tokenizer.encode(" " + text.strip());
        return tokens.length > MOST_CONTEXT ? Arrays.copyOf(tokens, MOST_CONTEXT) : tokens;
    }

    private static int[] append(int[] head, int[] tail) {
        return IntStream.concat(Arrays.stream(head), Arrays.stream(tail)).toArray();
    }
}
