package dev.parlo.engine.text;

import dev.parlo.engine.text.items.ItemReader;
import dev.parlo.engine.text.language.LanguageTables;
import dev.parlo.engine.text.verbalize.Verbalizer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes out what is not words. Where there are tables for a language, its items (numbers, dates,
 * money, addresses, abbreviations, …) are found by {@link ItemReader} and said by a {@link
 * Verbalizer}; those of Japanese and Mandarin by {@link EasternItems}; in other languages only
 * quotation marks and wide punctuation change, because espeak-ng reads their numbers itself.
 * Immutable, thread-safe; time is linear in the length of the text.
 */
public final class TextNormalizer {
    private final List<Rule> before;
    private final UnaryOperator<MappedText> items;
    private final Function<MappedText, Iterator<MappedText>> parts;
    private final List<Rule> after;

    /** A pattern and what to write instead; null leaves the match as it stands. */
    record Rule(Pattern pattern, Function<MatchResult, @Nullable String> rewrite) {
        static Rule of(String pattern, Function<MatchResult, @Nullable String> rewrite) {
            return new Rule(Pattern.compile(pattern), rewrite);
        }
    }

    private TextNormalizer(
            List<Rule> before,
            UnaryOperator<MappedText> items,
            Function<MappedText, Iterator<MappedText>> parts,
            List<Rule> after) {
        this.before = List.copyOf(before);
        this.items = items;
        this.parts = parts;
        this.after = List.copyOf(after);
    }

    /** One that looks at a text as a whole. */
    private static TextNormalizer whole(List<Rule> before, UnaryOperator<MappedText> items) {
        return new TextNormalizer(
                before, items, text -> List.of(items.apply(text)).iterator(), List.of());
    }

    /** The normaliser of a language that there are tables for. */
    static TextNormalizer of(LanguageTables tables, Verbalizer verbalizer, Normalization wanted) {
        if (!wanted.enabled()) {
            return plain(wanted);
        }
        List<Rule> before = new ArrayList<>(PunctuationRules.MARKS);
        if (wanted.optionalPlurals()) {
            before.add(PunctuationRules.OPTIONAL_PLURAL);
        }
        ItemReader reader =
                new ItemReader(
                        tables,
                        new ItemReader.Wanted(
                                wanted.units(),
                                wanted.urls(),
                                wanted.emails(),
                                wanted.phones(),
                                wanted.symbols()));
        return new TextNormalizer(
                before,
                text -> new WrittenSentences(text, reader, verbalizer).rest(),
                text -> new WrittenSentences(text, reader, verbalizer),
                PunctuationRules.SPACES);
    }

    /** The normaliser of a language that nothing is known of. */
    static TextNormalizer plain(Normalization wanted) {
        return whole(wanted.enabled() ? PunctuationRules.ALL : List.of(), UnaryOperator.identity());
    }

    /** The normaliser that writes Japanese numbers as kana. */
    public static TextNormalizer japanese(Normalization wanted) {
        return eastern(wanted, JapaneseItems::of);
    }

    /** The normaliser that writes Mandarin numbers as Chinese characters. */
    public static TextNormalizer mandarin(Normalization wanted) {
        return eastern(wanted, MandarinItems::of);
    }

    private static TextNormalizer eastern(
            Normalization wanted, Function<Normalization, EasternItems> kinds) {
        return wanted.enabled()
                ? whole(PunctuationRules.EAST_ASIAN, kinds.apply(wanted)::written)
                : whole(List.of(), UnaryOperator.identity());
    }

    /** The text in words; each word knows where in the source it comes from. */
    public MappedText normalize(MappedText text) {
        return applied(after, items.apply(applied(before, UnicodeForms.composed(text))));
    }

    /**
     * The same in parts of whole sentences, each made when it is asked for: the first sentence of a
     * long text need not wait for the items of all others. Sentences are the same as those of the
     * whole.
     */
    public Iterator<MappedText> parts(MappedText text) {
        Iterator<MappedText> written = parts.apply(applied(before, UnicodeForms.composed(text)));
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return written.hasNext();
            }

            @Override
            public MappedText next() {
                return applied(after, written.next());
            }
        };
    }

    /** The same with Chinese characters and kana in the words of their own languages. */
    public Iterator<MappedText> partsMixed(MappedText text, Normalization wanted) {
        return parts(EasternRuns.written(text, wanted));
    }

    private static MappedText applied(List<Rule> rules, MappedText text) {
        MappedText result = text;
        for (Rule rule : rules) {
            result = result.replace(rule.pattern, rule.rewrite);
        }
        return result;
    }
}
