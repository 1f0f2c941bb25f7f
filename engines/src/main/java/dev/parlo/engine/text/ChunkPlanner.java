package dev.parlo.engine.text;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Packs sentences into chunks so that the first sound comes early and the rest sounds even: the
 * first chunk is one sentence (or its beginning, when it is long), the second is short, the later
 * ones are near the length at which the model speaks best; sentences of a word or two are joined
 * with the next one. Lazy, and not thread-safe.
 */
public final class ChunkPlanner implements Iterator<TextPiece> {
    /**
     * Lengths in characters.
     *
     * @param tiny a chunk shorter than this takes the next sentence in
     * @param firstMax a first sentence that is longer is cut at a clause mark
     * @param secondMax the most for the second chunk
     * @param target a chunk this long takes nothing more in
     * @param max no chunk is longer
     */
    public record Lengths(int tiny, int firstMax, int secondMax, int target, int max) {
        /** For models that speak 175 to 250 phoneme tokens best. */
        public static final Lengths NEURAL = new Lengths(18, 100, 150, 165, 235);

        /** For Piper, which was trained on single sentences. */
        public static final Lengths SENTENCES = new Lengths(0, 100, 200, 0, 400);

        /** The same for Japanese and Chinese, where a character makes four or five tokens. */
        public static final Lengths IDEOGRAPHIC = new Lengths(4, 24, 32, 36, 56);

        /** For espeak-ng, to which length does not matter: enough to keep turns short. */
        public static final Lengths FORMANT = new Lengths(8, 100, 200, 200, 400);
    }

    private final Iterator<TextPiece> sentences;
    private final Lengths lengths;
    private @Nullable TextPiece pending;
    private int chunks;

    public ChunkPlanner(Iterator<TextPiece> sentences, Lengths lengths) {
        this.sentences = sentences;
        this.lengths = lengths;
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
        int max = chunks == 0 ? lengths.firstMax : chunks == 1 ? lengths.secondMax : lengths.max;
        int target = chunks == 0 ? lengths.tiny : Math.min(lengths.target, max);
        chunks++;
        if (text.length() > max) {
            int cut = SentenceSplitter.cut(text.text(), Math.min(max / 3, 30), max);
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
