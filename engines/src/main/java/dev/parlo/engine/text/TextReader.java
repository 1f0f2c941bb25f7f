package dev.parlo.engine.text;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of a request as sentences and pauses: step by step of its script, block by block,
 * split at {@code [pause:1.5s]}, cleaned of Markdown, put into words. Lazy, so that the first
 * sentence of a book is ready at once. Not thread-safe.
 */
public final class TextReader implements Iterator<TextPiece> {
    /** A pause that is asked for longer than this is cut to it. */
    public static final double MAX_PAUSE_SECONDS = 60;

    static final Pattern PAUSE =
            Pattern.compile("\\[pause:(\\d{1,6}(?:\\.\\d{1,6})?)s\\]", Pattern.CASE_INSENSITIVE);
    static final Pattern INLINE =
            Pattern.compile("\\[([^\\[\\]]{1,100})\\]\\(/([^/()]{1,200})/\\)");

    private static final String ENDS = ".!?…:;,—。！？，、：；";

    private static final String CLOSERS = "\"'”’)]»」』*_";

    private final String source;
    private final Iterator<Step> steps;
    private final Wording wording;
    private final Lexicon lexicon;
    private final Pronunciations pronunciations = new Pronunciations();

    /** The rest of the block that is read, in order. */
    private final Deque<Iterator<TextPiece>> ready = new ArrayDeque<>();

    private @Nullable TextBlocks blocks;
    private Manner manner = Manner.NORMAL;
    private boolean markdown;

    /**
     * @param wording writes numbers and the like out in words
     * @param lexicon pronunciations that hold for the whole text
     */
    public TextReader(Script script, Wording wording, Lexicon lexicon) {
        this.source = script.source();
        this.steps = script.steps().iterator();
        this.wording = wording;
        this.lexicon = lexicon;
    }

    /** What a pause that is written as so many seconds lasts. */
    static double pauseSeconds(String written) {
        return Math.min(MAX_PAUSE_SECONDS, Double.parseDouble(written));
    }

    /** The words with given phonemes that the pieces mention. */
    public Pronunciations pronunciations() {
        return pronunciations;
    }

    @Override
    public boolean hasNext() {
        while (true) {
            if (!ready.isEmpty()) {
                if (ready.getFirst().hasNext()) {
                    return true;
                }
                ready.removeFirst();
            } else if (blocks != null && blocks.hasNext()) {
                read(blocks.next());
            } else if (steps.hasNext()) {
                begin(steps.next());
            } else {
                return false;
            }
        }
    }

    @Override
    public TextPiece next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.getFirst().next();
    }

    private void begin(Step step) {
        switch (step) {
            case Step.Silence(double seconds) -> pause(seconds);
            case Step.Passage passage -> {
                manner = passage.manner();
                markdown = passage.markdown();
                blocks =
                        passage.asides().isEmpty() && !passage.ended()
                                ? TextBlocks.of(source, passage.from(), passage.to())
                                : TextBlocks.of(withAsides(passage));
            }
        }
    }

    /** A passage with its asides in the words that they are said in. */
    private MappedText withAsides(Step.Passage passage) {
        int start = passage.from();
        MappedText plain = MappedText.of(source, start, passage.to());
        MappedText.Builder text = new MappedText.Builder(plain);
        int from = 0;
        for (Step.Aside aside : passage.asides()) {
            text.append(from, aside.from() - start);
            from = aside.to() - start;
            text.replace(aside.from() - start, from, said(aside));
        }
        text.append(from, plain.length());
        return passage.ended() ? ended(text.build()) : text.build();
    }

    private String said(Step.Aside aside) {
        String words = source.substring(aside.from(), aside.to());
        String given = Pronunciations.withoutMarks(aside.given());
        return switch (aside.how()) {
            case INSTEAD -> given;
            case PHONEMES -> mark(words, given);
            case SAY_AS -> SayAs.words(words, given, aside.format(), wording.language(manner));
        };
    }

    /** Adds the full stop that a sentence lacks. */
    private static MappedText ended(MappedText text) {
        MappedText plain = text.strip();
        int length = plain.length();
        int last = length - 1;
        while (last >= 0 && CLOSERS.indexOf(plain.text().charAt(last)) >= 0) {
            last--;
        }
        if (last < 0 || ENDS.indexOf(plain.text().charAt(last)) >= 0) {
            return plain;
        }
        boolean wide = Character.isIdeographic(plain.text().codePointBefore(length));
        return new MappedText.Builder(plain).append(0, length).insert(wide ? "。" : ".").build();
    }

    private void read(MappedText raw) {
        if (!markdown) {
            say(raw);
            return;
        }
        MappedText block = Pronunciations.withoutForeignMarks(raw);
        Matcher pause = PAUSE.matcher(block.text());
        int from = 0;
        while (pause.find()) {
            say(inlined(block.sub(from, pause.start())));
            pause(pauseSeconds(pause.group(1)));
            from = pause.end();
        }
        say(inlined(block.sub(from, block.length())));
    }

    private MappedText inlined(MappedText block) {
        return MarkupCleaner.clean(block.replace(INLINE, m -> mark(m.group(1), m.group(2))));
    }

    private void pause(double seconds) {
        ready.add(List.<TextPiece>of(new TextPiece.Pause(seconds)).iterator());
    }

    private void say(MappedText block) {
        MappedText text = lexicon.apply(UnicodeForms.composed(block), this::said);
        // in SSML the end of a line is a space; elsewhere headings, items and verses end with it
        boolean ends = markdown && block.text().endsWith("\n");
        ready.add(new Sentences(wording.written(text, manner), ends, manner));
    }

    /** The sentences of a block, a part at a time. */
    private static final class Sentences implements Iterator<TextPiece> {
        private final Iterator<MappedText> parts;
        private final boolean ends;
        private final Manner manner;
        private Iterator<MappedText> sentences = Collections.emptyIterator();
        private @Nullable MappedText next;

        Sentences(Iterator<MappedText> parts, boolean ends, Manner manner) {
            this.parts = parts;
            this.ends = ends;
            this.manner = manner;
        }

        @Override
        public boolean hasNext() {
            while (next == null) {
                if (sentences.hasNext()) {
                    MappedText sentence = sentences.next();
                    next =
                            sentence.text().codePoints().anyMatch(TextReader::speakable)
                                    ? sentence
                                    : null;
                } else if (parts.hasNext()) {
                    MappedText part = parts.next();
                    boolean last = ends && !parts.hasNext();
                    sentences = SentenceSplitter.split(last ? ended(part) : part).iterator();
                } else {
                    return false;
                }
            }
            return true;
        }

        @Override
        public TextPiece next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            TextPiece piece = new TextPiece.Say(Objects.requireNonNull(next), manner);
            next = null;
            return piece;
        }
    }

    private String said(String word, String given) {
        boolean phonemes = given.length() > 2 && given.startsWith("/") && given.endsWith("/");
        return phonemes ? mark(word, given.substring(1, given.length() - 1)) : given;
    }

    private static boolean speakable(int c) {
        return Character.isLetterOrDigit(c) || Pronunciations.isMark(c);
    }

    private String mark(String word, String phonemes) {
        OptionalInt mark = pronunciations.mark(new Pronunciations.Entry(word, phonemes));
        return mark.isPresent() ? Character.toString(mark.getAsInt()) : word;
    }
}
