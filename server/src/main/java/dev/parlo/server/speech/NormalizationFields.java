package dev.parlo.server.speech;

import dev.parlo.engine.text.Normalization;
import dev.parlo.server.options.Option;
import dev.parlo.server.options.OptionType;
import java.util.List;
import java.util.function.BiConsumer;

/** The switches of {@code normalization_options}, with Kokoro-FastAPI's names. One thread. */
final class NormalizationFields {
    private static final Normalization USUAL = Normalization.DEFAULT;

    private boolean enabled;
    private boolean units;
    private boolean urls;
    private boolean emails;
    private boolean optionalPlurals;
    private boolean phones;
    private boolean symbols;

    static OptionType<NormalizationFields> type() {
        return OptionType.openObject(
                NormalizationFields::new,
                List.of(
                        option(
                                "normalize",
                                "Anything is written out; `false` speaks the text as it stands.",
                                USUAL.enabled(),
                                (fields, value) -> fields.enabled = value),
                        option(
                                "unit_normalization",
                                "Units, `10 km`.",
                                USUAL.units(),
                                (fields, value) -> fields.units = value),
                        option(
                                "url_normalization",
                                "Web addresses.",
                                USUAL.urls(),
                                (fields, value) -> fields.urls = value),
                        option(
                                "email_normalization",
                                "E-mail addresses.",
                                USUAL.emails(),
                                (fields, value) -> fields.emails = value),
                        option(
                                "optional_pluralization_normalization",
                                "`file(s)` as \"files\".",
                                USUAL.optionalPlurals(),
                                (fields, value) -> fields.optionalPlurals = value),
                        option(
                                "phone_normalization",
                                "Telephone numbers, digit by digit.",
                                USUAL.phones(),
                                (fields, value) -> fields.phones = value),
                        option(
                                "replace_remaining_symbols",
                                "Signs that are left over, such as `&` and `%`.",
                                USUAL.symbols(),
                                (fields, value) -> fields.symbols = value)));
    }

    private static Option<NormalizationFields, Boolean> option(
            String name,
            String sentence,
            boolean usual,
            BiConsumer<NormalizationFields, Boolean> setter) {
        return Option.<NormalizationFields, Boolean>of(name, OptionType.flag(), sentence, setter)
                .fallback(usual);
    }

    Normalization read() {
        return new Normalization(enabled, units, urls, emails, optionalPlurals, phones, symbols);
    }
}
