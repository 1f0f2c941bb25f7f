package dev.parlo.engine.text.verbalize;

import dev.parlo.engine.text.items.Item;
import dev.parlo.engine.text.language.LanguageTables;

/** Says items in the words of a language. Implementations are thread-safe. */
public interface Verbalizer {
    /** The words for an item; empty says nothing. */
    String words(Item item);

    /** That of a language. */
    static Verbalizer of(LanguageTables tables) {
        return tables.english() ? new EnglishVerbalizer(tables) : new TableVerbalizer(tables);
    }
}
