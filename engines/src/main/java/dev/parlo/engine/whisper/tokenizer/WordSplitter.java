package dev.parlo.engine.whisper.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Groups tokens into words, as openai/whisper's {@code split_to_word_tokens}. Thread-safe. */
public final class WordSplitter {
    /** Languages that write no spaces between words: each character is taken for a word. */
    private static final Set<String> WITHOUT_SPACES = Set.of("zh", "ja", "th", "lo", "my", "yue");

    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    private final WhisperTokenizer tokenizer;
    private final int endOfText;

    public WordSplitter(WhisperTokenizer tokenizer) {
        this.tokenizer = tokenizer;
        endOfText = tokenizer.vocabulary().endOfText();
    }

    /**
     * A word and its tokens.
     *
     * @param text with its leading space
     */
    public record SplitWord(String text, int[] tokens) {}

    /** Splits the tokens of a text in {@code language}. */
    public List<SplitWord> split(int[] tokens, String language) {
        List<SplitWord> characters = splitOnCharacters(tokens);
        return WITHOUT_SPACES.contains(language) ? characters : joinToWords(characters);
    }

    /** Cuts wherever the text so far ends in a whole character. */
    List<SplitWord> splitOnCharacters(int[] tokens) {
        int[] full = tokenizer.decodeWithTimestamps(tokens).codePoints().toArray();
        List<SplitWord> pieces = new ArrayList<>();
        int start = 0;
        int offset = 0;
        for (int end = 1; end <= tokens.length; end++) {
            int[] current = Arrays.copyOfRange(tokens, start, end);
            String text = tokenizer.decodeWithTimestamps(current);
            int replacement = indexOfReplacement(text);
            // U+FFFD that is in the full text too is not a character cut in two.
            boolean whole =
                    replacement < 0
                            || (offset + replacement < full.length
                                    && full[offset + replacement] == 0xFFFD);
            if (whole) {
                pieces.add(new SplitWord(text, current));
                offset += text.codePointCount(0, text.length());
                start = end;
            }
        }
        return pieces;
    }

    private List<SplitWord> joinToWords(List<SplitWord> characters) {
        List<SplitWord> words = new ArrayList<>();
        for (SplitWord piece : characters) {
            boolean special = piece.tokens()[0] >= endOfText;
            boolean spaced = piece.text().startsWith(" ");
            boolean punctuation = PUNCTUATION.contains(piece.text().strip());
            if (special || spaced || punctuation || words.isEmpty()) {
                words.add(piece);
            } else {
                SplitWord last = words.removeLast();
                int[] joined =
                        Arrays.copyOf(last.tokens(), last.tokens().length + piece.tokens().length);
                System.arraycopy(
                        piece.tokens(), 0, joined, last.tokens().length, piece.tokens().length);
                words.add(new SplitWord(last.text() + piece.text(), joined));
            }
        }
        return words;
    }

    /** Index in code points, as the reference counts, or -1. */
    private static int indexOfReplacement(String text) {
        int index = text.indexOf('\uFFFD');
        return index < 0 ? -1 : text.codePointCount(0, index);
    }
}
