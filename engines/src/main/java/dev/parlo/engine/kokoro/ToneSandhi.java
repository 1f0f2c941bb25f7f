package dev.parlo.engine.kokoro;

import java.util.List;

/**
 * The tones of a Mandarin text as they are spoken beside each other: 不 and 一 by the tone behind
 * them, and third tones of one word. Of the rules of the language these are the ones without a
 * dictionary of exceptions; words that lose their tone have it in their pinyin already.
 */
final class ToneSandhi {
    private static final String NUMERALS = "零一二三四五六七八九十百千万亿第";
    private static final int THIRD = 3;

    private ToneSandhi() {}

    /**
     * A character with its reading.
     *
     * @param tone 1 to 5
     */
    record Read(int character, String pinyin, int tone) {
        Read in(int other) {
            return new Read(character, pinyin, other);
        }
    }

    /**
     * Changes the tones of one word in place.
     *
     * @param word at least one character
     * @param before the character before the word, 0 for none
     * @param tone of the syllable behind the word, 0 for none
     */
    static void apply(List<Read> word, int before, int tone) {
        for (int i = 0; i < word.size(); i++) {
            Read read = word.get(i);
            int next = i + 1 < word.size() ? word.get(i + 1).tone() : tone;
            if (read.character() == '不' && next == 4) {
                word.set(i, read.in(2));
            } else if (read.character() == '一') {
                int last = i > 0 ? word.get(i - 1).character() : before;
                // the dictionary has it changed in some phrases, whatever stands before them
                word.set(i, read.in(one(word, i, last, next)));
            }
        }
        if (word.size() <= THIRD && word.stream().allMatch(read -> read.tone() == THIRD)) {
            for (int i = 0; i + 1 < word.size(); i++) {
                word.set(i, word.get(i).in(2));
            }
        }
    }

    /** 一 keeps its tone in numbers and ordinals, and has none between two of a kind (看一看). */
    private static int one(List<Read> word, int i, int before, int next) {
        boolean within = i > 0 && i + 1 < word.size();
        boolean number =
                NUMERALS.indexOf(before) >= 0
                        || i + 1 < word.size()
                                && NUMERALS.indexOf(word.get(i + 1).character()) >= 0;
        if (within && before == word.get(i + 1).character()) {
            return 5;
        }
        if (number || next == 0) {
            return 1;
        }
        return next == 4 ? 2 : 4;
    }
}
