package dev.parlo.engine.text;

import dev.parlo.engine.text.language.LanguageTables;
import dev.parlo.engine.text.verbalize.Verbalizer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The normalisers of all languages. The tables of a language are read when it is first spoken and
 * kept. Thread-safe.
 */
public final class Normalizers {
    private final Map<Locale, Optional<Language>> languages = new ConcurrentHashMap<>();
    private final Map<Key, TextNormalizer> normalizers = new ConcurrentHashMap<>();

    private record Language(LanguageTables tables, Verbalizer verbalizer) {}

    private record Key(Locale locale, Normalization wanted) {}

    /** The normaliser of a language. */
    public TextNormalizer of(Locale locale, Normalization wanted) {
        return normalizers.computeIfAbsent(
                new Key(known(locale), wanted),
                key ->
                        languages
                                .computeIfAbsent(key.locale, Normalizers::read)
                                .map(language ->
                                        TextNormalizer.of(
                                                language.tables, language.verbalizer, wanted))
                                .orElseGet(() -> TextNormalizer.plain(wanted)));
    }

    /** One of few, so that no client can fill the memory with languages of its own. */
    private static Locale known(Locale locale) {
        String language = locale.getLanguage();
        if (!LanguageTables.LANGUAGES.contains(language)) {
            return Locale.ROOT;
        }
        boolean american = locale.getCountry().isEmpty() || locale.getCountry().equals("US");
        return language.equals("en")
                ? american ? Locale.US : Locale.UK
                : Locale.forLanguageTag(language);
    }

    private static Optional<Language> read(Locale locale) {
        return LanguageTables.of(locale).map(tables -> new Language(tables, Verbalizer.of(tables)));
    }
}
