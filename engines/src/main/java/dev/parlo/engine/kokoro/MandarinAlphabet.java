package dev.parlo.engine.kokoro;

import java.util.Optional;

/** How a Kokoro model writes Mandarin; its vocabulary tells which. */
enum MandarinAlphabet {
    /** Version 1.0: IPA with arrows for tones, no tone sandhi. */
    IPA(MandarinSyllable.TONES, false) {
        @Override
        String syllable(String pinyin, int tone) {
            return MandarinSyllable.ipa(pinyin, tone);
        }

        @Override
        String gap(String before, String after) {
            return " ";
        }
    },

    /** Version 1.1-zh: bopomofo and characters with tone numbers, words apart by a slash. */
    BOPOMOFO("ㄅㄚ12345/", true) {
        @Override
        String syllable(String pinyin, int tone) {
            return MandarinBopomofo.of(pinyin, tone);
        }

        @Override
        String gap(String before, String after) {
            // words in Latin letters are in another alphabet, and a blank is all that parts them
            return endsSyllable(before) && MandarinBopomofo.begins(after) ? "/" : " ";
        }

        private boolean endsSyllable(String phonemes) {
            return Character.isDigit(phonemes.charAt(phonemes.length() - 1));
        }
    };

    private final String symbols;
    private final boolean sandhi;

    MandarinAlphabet(String symbols, boolean sandhi) {
        this.symbols = symbols;
        this.sandhi = sandhi;
    }

    /** The alphabet of a model by the symbols that it knows; empty where it is none of these. */
    static Optional<MandarinAlphabet> in(KokoroVocabulary vocabulary) {
        for (MandarinAlphabet alphabet : values()) {
            if (vocabulary.known(alphabet.symbols).equals(alphabet.symbols)) {
                return Optional.of(alphabet);
            }
        }
        return Optional.empty();
    }

    /**
     * A syllable, or nothing when it is not one of pinyin.
     *
     * @param tone 1 to 4, or 5 for the neutral one
     */
    abstract String syllable(String pinyin, int tone);

    /** What stands between two words, neither of them empty. */
    abstract String gap(String before, String after);

    /** Whether tones are written as they are spoken beside each other. */
    boolean sandhi() {
        return sandhi;
    }
}
