package dev.parlo.engine.whisper.words;

import java.util.List;

/** Joins opening punctuation to the word after it and closing punctuation to the word before. */
final class PunctuationMerge {
    private PunctuationMerge() {}

    /** Words that were joined to another are left empty. */
    static void apply(List<TimedWord> words, String prepend, String append) {
        int following = words.size() - 1;
        for (int i = words.size() - 2; i >= 0; i--) {
            TimedWord word = words.get(i);
            if (word.text.startsWith(" ") && prepend.contains(word.text.strip())) {
                TimedWord next = words.get(following);
                next.text = word.text + next.text;
                next.tokens += word.tokens;
                clear(word);
            } else {
                following = i;
            }
        }
        int previous = 0;
        for (int i = 1; i < words.size(); i++) {
            TimedWord word = words.get(i);
            TimedWord before = words.get(previous);
            if (!before.text.endsWith(" ") && append.contains(word.text)) {
                before.text = before.text + word.text;
                before.tokens += word.tokens;
                clear(word);
            } else {
                previous = i;
            }
        }
    }

    private static void clear(TimedWord word) {
        word.text = "";
        word.tokens = 0;
    }
}
