package dev.parlo.engine.text;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Packs sentences into chunks so that the first sound comes early and the rest sounds even. A
 * sentence is cut only behind a clause, and a long one without clauses stays whole up to what the
 * model can speak; sentences of a word or two are joined with the next one. When speech is heard
 * while it is made, the first chunk is the first clause of a long sentence and the second is short.
 * Lazy, and not thread-safe.
 */
public final class ChunkPlanner implements Iterator<TextPiece> {
    /** The shortest beginning of a sentence that is spoken by itself, in parts of the first. */
    private static final double SHORTEST = 0.25;

    /**
     * Lengths in characters.
     *
     * @param tiny a chunk shorter than this takes the next sentence in
     * @param firstMax a first sentence that is longer is cut behind its first clause
     * @param secondMax the same for the second chunk
     * @param target a chunk this long takes nothing more in
     * @param max sentences are joined up to this length; a longer one is cut behind a clause
     * @param longest no chunk is longer
     */
    public record Lengths(int tiny, int firstMax, int secondMax, int target, int max, int longest) {
        /** For models that speak 175 to 250 phoneme tokens best. */
        public static final Lengths NEURAL = new Lengths(18, 100, 150, 165, 235, 450);

        /** For Piper, which was trained on single sentences. */
        public static final Lengths SENTENCES = new Lengths(0, 100, 200, 0, 400, 600);

        /** The same for Japanese and Chinese, where a character makes four or five tokens. */
        public static final Lengths IDEOGRAPHIC = new Lengths(4, 24, 32, 36, 56, 110);

        /** For espeak-ng, to which length does not matter: enough to keep turns short. */
        public static final Lengths FORMANT = new Lengths(8, 100, 200, 200, 400, 800);
    }

    private final Iterator<TextPiece> sentences;
    private final Lengths lengths;
    private final boolean early;
    private @Nullable TextPiece pending;
    private int chunks;

    /**
     * @param early whether the first sound matters more than the evenness of the first sentences
     */
    public ChunkPlanner(Iterator<TextPiece> sentences, Lengths lengths, boolean early) {
        this.sentences = sentences;
        this.lengths = lengths;
        this.early = early;
    }

    @Override
    public boolean hasNext() {
        return pending != null || sentences.hasNext();
    }

    @Override
    public TextPiece next() {
        TextPiece first = take();
        if (!(first instanceof TextPiece.Say(MappedText text, Manner manner))) {
            return first;
        }
        int cut = cut(text);
        int max = early && chunks == 1 ? lengths.secondMax : lengths.max;
        int target = early && chunks == 0 ? lengths.tiny : Math.min(lengths.target, max);
        chunks++;
        if (cut > 0) {
            MappedText rest = text.sub(cut, text.length()).strip();
            if (rest.length() > 0) {
                pending = new TextPiece.Say(rest, manner);
            }
            return new TextPiece.Say(text.sub(0, cut).strip(), manner);
        }
        while (text.length() < target && hasNext()) {
            TextPiece next = take();
            if (!(next instanceof TextPiece.Say(MappedText more, Manner same))
                    || !same.equals(manner)
                    || text.length() + 1 + more.length() > max) {
                pending = next;
                break;
            }
            text = text.join(more);
        }
        return new TextPiece.Say(text, manner);
    }

    /** Where a sentence is cut, or -1 where it stays whole. */
    private int cut(MappedText text) {
        int length = text.length();
        int cut = -1;
        if (early && chunks == 0 && length > lengths.firstMax) {
            cut = Clauses.first(text, (int) (lengths.firstMax * SHORTEST));
        } else if (early && chunks == 1 && length > lengths.secondMax) {
            cut = near(text, lengths.secondMax);
        } else if (early && length > lengths.max) {
            cut = near(text, lengths.max);
        }
        if (length <= lengths.longest || cut > 0 && cut <= lengths.longest) {
            return cut;
        }
        cut = Clauses.last(text, lengths.longest / 4, lengths.longest);
        return cut > 0 ? cut : Clauses.space(text, lengths.longest);
    }

    /** Behind the last clause within a length, else behind the first one that is longer. */
    private static int near(MappedText text, int length) {
        int cut = Clauses.last(text, length / 3, length);
        return cut > 0 ? cut : Clauses.first(text, length);
    }

    private TextPiece take() {
        TextPiece next = pending;
        if (next == null) {
            if (!sentences.hasNext()) {
                throw new NoSuchElementException();
            }
            return sentences.next();
        }
        pending = null;
        return next;
    }
}
