package dev.parlo.engine.text;

import dev.parlo.engine.text.items.Item;
import dev.parlo.engine.text.items.ItemReader;
import dev.parlo.engine.text.verbalize.Verbalizer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Writes the items of a text out, a part of whole sentences at a time. Rules see the text around an
 * item as it stands, also beyond the part; a part ends only where no item is near and the sentence
 * ends whatever is written out, so that the parts together are what the whole would be. Not
 * thread-safe.
 */
final class WrittenSentences implements Iterator<MappedText> {
    private final MappedText text;
    private final String plain;
    private final ItemReader.Items items;
    private final Verbalizer verbalizer;

    /** Items that were found and not written out yet. */
    private final Deque<ItemReader.Placed> found = new ArrayDeque<>();

    private int done;
    private boolean ended;

    WrittenSentences(MappedText text, ItemReader reader, Verbalizer verbalizer) {
        this.text = text;
        this.plain = text.text();
        this.items = reader.items(plain);
        this.verbalizer = verbalizer;
    }

    @Override
    public boolean hasNext() {
        return !ended;
    }

    @Override
    public MappedText next() {
        if (ended) {
            throw new NoSuchElementException();
        }
        for (SentenceSplitter.End end = SentenceSplitter.plainEnd(plain, done);
                end != null;
                end = SentenceSplitter.plainEnd(plain, end.end())) {
            find(end.next() + 1);
            ItemReader.Placed last = found.peekLast();
            if (last == null || last.end() <= end.word()) {
                return written(end.end());
            }
        }
        return rest();
    }

    /** All that is left, as one part. */
    MappedText rest() {
        find(plain.length());
        ended = true;
        return written(plain.length());
    }

    private void find(int before) {
        for (ItemReader.Placed item = items.next(before); item != null; item = items.next(before)) {
            found.add(item);
        }
    }

    /** The text up to a place, the items in it in words. */
    private MappedText written(int to) {
        int from = done;
        done = to;
        if (from == 0 && to == plain.length() && found.isEmpty()) {
            return text;
        }
        MappedText.Builder builder = new MappedText.Builder(text);
        int at = from;
        for (ItemReader.@Nullable Placed placed = found.poll();
                placed != null;
                placed = found.poll()) {
            builder.append(at, placed.start());
            String words = verbalizer.words(placed.item());
            boolean sign =
                    placed.item() instanceof Item.Sign || placed.item() instanceof Item.Power;
            // what is said for a sign stands apart, as does what was written against letters
            boolean touches = placed.start() > 0 && placed.start() == at;
            boolean before = sign || touches || letter(placed.start() - 1);
            boolean after = sign || letter(placed.end());
            builder.replace(
                    placed.start(),
                    placed.end(),
                    words.isEmpty() ? " " : (before ? " " : "") + words + (after ? " " : ""));
            at = placed.end();
        }
        return builder.append(at, to).build();
    }

    private boolean letter(int at) {
        return at >= 0
                && at < plain.length()
                && (Character.isLetterOrDigit(plain.charAt(at))
                        || Character.isSurrogate(plain.charAt(at)));
    }
}
