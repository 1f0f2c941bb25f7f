package dev.parlo.engine.text;

import dev.parlo.engine.text.items.Item;
import dev.parlo.engine.text.items.ItemReader;
import dev.parlo.engine.text.language.LanguageTables;
import dev.parlo.engine.text.verbalize.Verbalizer;
import java.util.ArrayList;
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
    private final List<Rule> after;

    /** A pattern and what to write instead; null leaves the match as it stands. */
    record Rule(Pattern pattern, Function<MatchResult, @Nullable String> rewrite) {
        static Rule of(String pattern, Function<MatchResult, @Nullable String> rewrite) {
            return new Rule(Pattern.compile(pattern), rewrite);
        }
    }

    private TextNormalizer(List<Rule> before, UnaryOperator<MappedText> items, List<Rule> after) {
        this.before = List.copyOf(before);
        this.items = items;
        this.after = List.copyOf(after);
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
                text -> said(text, reader.read(text.text()), verbalizer),
                PunctuationRules.SPACES);
    }

    /** The normaliser of a language that nothing is known of. */
    static TextNormalizer plain(Normalization wanted) {
        return new TextNormalizer(
                wanted.enabled() ? PunctuationRules.ALL : List.of(),
                UnaryOperator.identity(),
                List.of());
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
                ? new TextNormalizer(
                        PunctuationRules.EAST_ASIAN, kinds.apply(wanted)::written, List.of())
                : new TextNormalizer(List.of(), UnaryOperator.identity(), List.of());
    }

    /** The text in words, those of Chinese characters and kana in it by their own languages. */
    public MappedText normalizeMixed(MappedText text, Normalization wanted) {
        return normalize(EasternRuns.written(text, wanted));
    }

    /** The text in words; each word knows where in the source it comes from. */
    public MappedText normalize(MappedText text) {
        return applied(after, items.apply(applied(before, UnicodeForms.composed(text))));
    }

    private static MappedText applied(List<Rule> rules, MappedText text) {
        MappedText result = text;
        for (Rule rule : rules) {
            result = result.replace(rule.pattern, rule.rewrite);
        }
        return result;
    }

    private static MappedText said(
            MappedText text, List<ItemReader.Placed> items, Verbalizer verbalizer) {
        if (items.isEmpty()) {
            return text;
        }
        String written = text.text();
        MappedText.Builder builder = new MappedText.Builder(text);
        int done = 0;
        for (ItemReader.Placed placed : items) {
            builder.append(done, placed.start());
            String words = verbalizer.words(placed.item());
            boolean sign =
                    placed.item() instanceof Item.Sign || placed.item() instanceof Item.Power;
            // what is said for a sign stands apart, as does what was written against letters
            boolean touches = placed.start() > 0 && placed.start() == done;
            boolean before = sign || touches || word(written, placed.start() - 1);
            boolean after = sign || word(written, placed.end());
            builder.replace(
                    placed.start(),
                    placed.end(),
                    words.isEmpty() ? " " : (before ? " " : "") + words + (after ? " " : ""));
            done = placed.end();
        }
        return builder.append(done, written.length()).build();
    }

    private static boolean word(String text, int at) {
        return at >= 0
                && at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at))
                        || Character.isSurrogate(text.charAt(at)));
    }
}
