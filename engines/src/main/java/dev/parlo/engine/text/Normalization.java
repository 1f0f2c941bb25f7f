package dev.parlo.engine.text;

/**
 * Which kinds of notation are written out in words before the text is spoken. English has all of
 * them; other languages leave numbers to the phonemiser, which reads them itself.
 *
 * @param enabled false speaks the text as it stands
 * @param units {@code 10 km} as "ten kilometers"
 * @param urls web addresses
 * @param emails e-mail addresses
 * @param optionalPlurals {@code file(s)} as "files"
 * @param phones telephone numbers digit by digit
 * @param symbols signs that are left over, such as {@code &} and {@code %}
 */
public record Normalization(
        boolean enabled,
        boolean units,
        boolean urls,
        boolean emails,
        boolean optionalPlurals,
        boolean phones,
        boolean symbols) {
    /** Everything is written out. */
    public static final Normalization DEFAULT =
            new Normalization(true, true, true, true, true, true, true);

    /** The text is spoken as it stands. */
    public static final Normalization OFF =
            new Normalization(false, false, false, false, false, false, false);
}
