package dev.parlo.engine.text;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the text of a request as sentences and pauses: block by block, cleaned of markup, split at
 * {@code [pause:1.5s]}. Lazy, so that the first sentence of a book is ready at once. Not
 * thread-safe.
 */
public final class TextReader implements Iterator<TextPiece> {
    /** A pause that is asked for longer than this is cut to it. */
    public static final double MAX_PAUSE_SECONDS = 60;

    private static final Pattern PAUSE =
            Pattern.compile("\\[pause:(\\d{1,6}(?:\\.\\d{1,6})?)s\\]", Pattern.CASE_INSENSITIVE);

    private final TextBlocks blocks;
    private final Deque<TextPiece> ready = new ArrayDeque<>();

    public TextReader(String text) {
        this.blocks = new TextBlocks(text);
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

    private void read(MappedText block) {
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

    private void say(MappedText text) {
        for (MappedText sentence : SentenceSplitter.split(MarkupCleaner.clean(text))) {
            if (sentence.text().codePoints().anyMatch(Character::isLetterOrDigit)) {
                ready.add(new TextPiece.Say(sentence));
            }
        }
    }
}
