package dev.parlo.engine.text;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the text of a request as sentences and pauses: block by block, split at {@code
 * [pause:1.5s]}, cleaned of markup, written out by a normaliser. Lazy, so that the first sentence
 * of a book is ready at once. Not thread-safe.
 */
public final class TextReader implements Iterator<TextPiece> {
    /** A pause that is asked for longer than this is cut to it. */
    public static final double MAX_PAUSE_SECONDS = 60;

    private static final Pattern PAUSE =
            Pattern.compile("\\[pause:(\\d{1,6}(?:\\.\\d{1,6})?)s\\]", Pattern.CASE_INSENSITIVE);
    private static final Pattern INLINE =
            Pattern.compile("\\[([^\\[\\]]{1,100})\\]\\(/([^/()]{1,200})/\\)");

    private final TextBlocks blocks;
    private final UnaryOperator<MappedText> normalizer;
    private final Lexicon lexicon;
    private final Pronunciations pronunciations = new Pronunciations();
    private final Deque<TextPiece> ready = new ArrayDeque<>();

    /**
     * @param normalizer writes numbers and the like out in words
     * @param lexicon pronunciations that hold for every request
     */
    public TextReader(String text, UnaryOperator<MappedText> normalizer, Lexicon lexicon) {
        this.blocks = new TextBlocks(text);
        this.normalizer = normalizer;
        this.lexicon = lexicon;
    }

    /** The words with given phonemes that the pieces mention. */
    public Pronunciations pronunciations() {
        return pronunciations;
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && blocks.hasNext()) {
            read(blocks.next());
        }
        return !ready.isEmpty();
    }

    @Override
    public TextPiece next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.remove();
    }

    private void read(MappedText raw) {
        MappedText block = Pronunciations.withoutForeignMarks(raw);
        Matcher pause = PAUSE.matcher(block.text());
        int from = 0;
        while (pause.find()) {
            say(block.sub(from, pause.start()));
            double seconds = Math.min(MAX_PAUSE_SECONDS, Double.parseDouble(pause.group(1)));
            ready.add(new TextPiece.Pause(seconds));
            from = pause.end();
        }
        say(block.sub(from, block.length()));
    }

    private void say(MappedText block) {
        MappedText text =
                MarkupCleaner.clean(block.replace(INLINE, m -> mark(m.group(1), m.group(2))));
        text =
                text.replace(
                        Lexicon.WORD,
                        match -> {
                            String given = lexicon.find(match.group());
                            if (given == null) {
                                return null;
                            }
                            return given.length() > 2
                                            && given.startsWith("/")
                                            && given.endsWith("/")
                                    ? mark(match.group(), given.substring(1, given.length() - 1))
                                    : given;
                        });
        for (MappedText sentence : SentenceSplitter.split(normalizer.apply(text))) {
            if (sentence.text().codePoints().anyMatch(TextReader::speakable)) {
                ready.add(new TextPiece.Say(sentence));
            }
        }
    }

    private static boolean speakable(int c) {
        return Character.isLetterOrDigit(c) || Pronunciations.isMark(c);
    }

    private String mark(String word, String phonemes) {
        OptionalInt mark = pronunciations.mark(new Pronunciations.Entry(word, phonemes));
        return mark.isPresent() ? Character.toString(mark.getAsInt()) : word;
    }
}
