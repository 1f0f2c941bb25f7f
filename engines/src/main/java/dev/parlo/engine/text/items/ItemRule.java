package dev.parlo.engine.text.items;

import org.jspecify.annotations.Nullable;

/**
 * Finds items of one kind. A rule looks at a bounded number of tokens around the one it is asked
 * about, so that reading a text is linear in its length.
 */
interface ItemRule {
    /** What a rule found: an item that ends before the token {@code next}. */
    record Match(Item item, int next) {}

    /** The item that begins at a token, or null. */
    @Nullable Match at(Tokens tokens, int index);
}
