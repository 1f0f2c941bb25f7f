package dev.parlo.engine.text;

import java.util.Arrays;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A text that remembers, for each of its characters, which range of the request's text it stands
 * for, through every rewriting. Immutable.
 */
public final class MappedText {
    private final String text;
    private final int[] starts;
    private final int[] ends;

    private MappedText(String text, int[] starts, int[] ends) {
        this.text = text;
        this.starts = starts;
        this.ends = ends;
    }

    /** The part of a source from {@code from} to {@code to}, as it stands. */
    public static MappedText of(String source, int from, int to) {
        int[] starts = new int[to - from];
        int[] ends = new int[to - from];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = from + i;
            ends[i] = from + i + 1;
        }
        return new MappedText(source.substring(from, to), starts, ends);
    }

    public static MappedText of(String source) {
        return of(source, 0, source.length());
    }

    public String text() {
        return text;
    }

    public int length() {
        return text.length();
    }

    /** Where the character at {@code index} begins in the source. */
    public int sourceStart(int index) {
        return starts[index];
    }

    /** Where the character at {@code index} ends in the source. */
    public int sourceEnd(int index) {
        return ends[index];
    }

    public MappedText sub(int from, int to) {
        return new MappedText(
                text.substring(from, to),
                Arrays.copyOfRange(starts, from, to),
                Arrays.copyOfRange(ends, from, to));
    }

    /** Without white space at its ends. */
    public MappedText strip() {
        int from = 0;
        int to = text.length();
        while (from < to && Character.isWhitespace(text.charAt(from))) {
            from++;
        }
        while (to > from && Character.isWhitespace(text.charAt(to - 1))) {
            to--;
        }
        return from == 0 && to == text.length() ? this : sub(from, to);
    }

    /** This text, a space and another one. */
    public MappedText join(MappedText other) {
        return new Builder(this).append(0, length()).insert(" ").appendAll(other).build();
    }

    /**
     * Rewrites every match of a pattern; a null answer leaves that match as it stands. The
     * replacement stands for the whole of the match.
     */
    public MappedText replace(Pattern pattern, Function<MatchResult, @Nullable String> rewrite) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            return this;
        }
        Builder builder = new Builder(this);
        int from = 0;
        do {
            String replacement = rewrite.apply(matcher);
            if (replacement != null) {
                builder.append(from, matcher.start());
                builder.replace(matcher.start(), matcher.end(), replacement);
                from = matcher.end();
            }
        } while (matcher.find());
        return builder.append(from, length()).build();
    }

    @Override
    public String toString() {
        return text;
    }

    /** Puts a new text together from ranges of an old one and replacements. */
    static final class Builder {
        private final MappedText source;
        private final StringBuilder text;
        private int[] starts;
        private int[] ends;

        public Builder(MappedText source) {
            this.source = source;
            this.text = new StringBuilder(source.length() + 16);
            this.starts = new int[source.length() + 16];
            this.ends = new int[source.length() + 16];
        }

        /** Keeps a range as it is. */
        public Builder append(int from, int to) {
            return copy(source, from, to);
        }

        /** Goes on with another text. */
        public Builder appendAll(MappedText other) {
            return copy(other, 0, other.length());
        }

        /** Puts a replacement where a range was. */
        public Builder replace(int from, int to, String replacement) {
            int start = from < to ? source.starts[from] : 0;
            int end = from < to ? source.ends[to - 1] : 0;
            return put(replacement, start, end);
        }

        /** Adds text that stands for nothing in the source, at the place that was reached. */
        public Builder insert(String added) {
            int at = text.isEmpty() ? 0 : ends[text.length() - 1];
            return put(added, at, at);
        }

        private Builder put(String added, int start, int end) {
            reserve(added.length());
            Arrays.fill(starts, text.length(), text.length() + added.length(), start);
            Arrays.fill(ends, text.length(), text.length() + added.length(), end);
            text.append(added);
            return this;
        }

        private Builder copy(MappedText from, int begin, int end) {
            reserve(end - begin);
            System.arraycopy(from.starts, begin, starts, text.length(), end - begin);
            System.arraycopy(from.ends, begin, ends, text.length(), end - begin);
            text.append(from.text, begin, end);
            return this;
        }

        private void reserve(int more) {
            int needed = text.length() + more;
            if (needed > starts.length) {
                int size = Math.max(needed, starts.length * 2);
                starts = Arrays.copyOf(starts, size);
                ends = Arrays.copyOf(ends, size);
            }
        }

        public MappedText build() {
            return new MappedText(
                    text.toString(),
                    Arrays.copyOf(starts, text.length()),
                    Arrays.copyOf(ends, text.length()));
        }
    }
}
