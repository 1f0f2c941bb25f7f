package dev.parlo.engine.text;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A document of SSML, up to the pieces that are said. */
public final class SsmlFuzz {
    private SsmlFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        TextFuzz.read(
                new String(input, StandardCharsets.UTF_8),
                TextMarkup.SSML,
                new Normalizers().of(Locale.US, Normalization.DEFAULT),
                Locale.US);
    }
}
