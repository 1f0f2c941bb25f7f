package dev.parlo.engine.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes out what is not words. English: addresses, units, telephone numbers, dates, times, money,
 * numbers, titles, Roman numerals, signs. Japanese and Mandarin: numbers with what is counted,
 * dates, times, money. Other languages: only quotation marks and wide punctuation, because
 * espeak-ng reads their numbers itself. Immutable, thread-safe; every repetition in its patterns is
 * bounded, so that time is linear in the length of the text.
 */
public final class TextNormalizer {
    private final List<Rule> rules;

    /** A pattern and what to write instead; null leaves the match as it stands. */
    record Rule(Pattern pattern, Function<MatchResult, @Nullable String> rewrite) {
        static Rule of(String pattern, Function<MatchResult, @Nullable String> rewrite) {
            return new Rule(Pattern.compile(pattern), rewrite);
        }
    }

    private TextNormalizer(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** The normaliser for English or for any other language. */
    public static TextNormalizer of(boolean english, Normalization wanted) {
        if (!wanted.enabled()) {
            return new TextNormalizer(List.of());
        }
        List<Rule> rules = new ArrayList<>(PunctuationRules.ALL);
        if (english) {
            if (wanted.emails()) {
                rules.addAll(AddressRules.EMAILS);
            }
            if (wanted.urls()) {
                rules.addAll(AddressRules.URLS);
            }
            if (wanted.optionalPlurals()) {
                rules.add(PunctuationRules.OPTIONAL_PLURAL);
            }
            if (wanted.phones()) {
                rules.addAll(AddressRules.PHONES);
            }
            rules.addAll(EnglishRules.DATES_AND_TIMES);
            rules.addAll(EnglishRules.MONEY);
            if (wanted.units()) {
                rules.addAll(UnitRules.ALL);
            }
            rules.addAll(EnglishRules.TITLES);
            rules.addAll(EnglishRules.NUMBERS);
            if (wanted.symbols()) {
                rules.addAll(PunctuationRules.SYMBOLS);
            }
        }
        return new TextNormalizer(rules);
    }

    /** The normaliser that writes Japanese numbers as kana. */
    public static TextNormalizer japanese(Normalization wanted) {
        return wanted.enabled()
                ? new TextNormalizer(JapaneseRules.all(wanted))
                : new TextNormalizer(List.of());
    }

    /** The normaliser that writes Mandarin numbers as Chinese characters. */
    public static TextNormalizer mandarin(Normalization wanted) {
        return wanted.enabled()
                ? new TextNormalizer(MandarinRules.all(wanted))
                : new TextNormalizer(List.of());
    }

    public MappedText normalize(MappedText text) {
        MappedText result = text;
        for (Rule rule : rules) {
            result = result.replace(rule.pattern, rule.rewrite);
        }
        return result;
    }
}
