package dev.parlo.registry;

import java.nio.charset.StandardCharsets;

/** The heads of model cards. */
public final class FrontMatterFuzz {
    private FrontMatterFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String card = new String(input, StandardCharsets.UTF_8);
        FrontMatter.of(card).first("language");
        FrontMatter.of("---\n" + card + "\n---\n").list("tags");
    }
}
