package dev.parlo.engine.kokoro;

import com.hankcs.hanlp.dictionary.py.Pinyin;
import com.hankcs.hanlp.dictionary.py.PinyinDictionary;
import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.text.Transliterator;
import com.ibm.icu.util.ULocale;
import dev.parlo.engine.speech.WordTimes;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the words of a Mandarin text (ICU's dictionary) and their pinyin (HanLP's dictionary, which
 * knows phrases, so that a character with several readings gets the right one; ICU's table of
 * single characters for what is not in it). Thread-safe.
 */
final class MandarinWords {
    private static final Logger LOG = LoggerFactory.getLogger(MandarinWords.class);
    private static final String DIGITS = "零一二三四五六七八九";

    private final MandarinAlphabet alphabet;

    MandarinWords(MandarinAlphabet alphabet) {
        this.alphabet = alphabet;
    }

    /** The words of a text without punctuation and Latin letters. */
    List<WordTimes.Spoken> words(String text) {
        String plain = characters(text);
        List<Pinyin> pinyin = PinyinDictionary.convertToPinyin(plain);
        boolean placed = pinyin.size() == plain.length(); // the dictionary counts chars
        BreakIterator breaks = BreakIterator.getWordInstance(ULocale.CHINESE);
        breaks.setText(plain);
        List<WordTimes.Spoken> words = new ArrayList<>();
        int unread = 0;
        int start = breaks.first();
        for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
            List<ToneSandhi.Read> read = new ArrayList<>();
            for (int i = start; i < end; ) {
                int c = plain.codePointAt(i);
                read.add(reading(c, placed ? pinyin.get(i) : Pinyin.none5));
                i += Character.charCount(c);
            }
            if (alphabet.sandhi()) {
                boolean last = end == plain.length();
                ToneSandhi.apply(
                        read,
                        start == 0 ? 0 : plain.codePointBefore(start),
                        last
                                ? 0
                                : reading(
                                                plain.codePointAt(end),
                                                placed ? pinyin.get(end) : Pinyin.none5)
                                        .tone());
            }
            StringBuilder phonemes = new StringBuilder();
            for (ToneSandhi.Read each : read) {
                String syllable = alphabet.syllable(each.pinyin(), each.tone());
                if (syllable.isEmpty()) {
                    unread++;
                }
                phonemes.append(syllable);
            }
            if (!phonemes.isEmpty()) {
                words.add(new WordTimes.Spoken(start, end, phonemes.toString()));
            }
            start = end;
        }
        if (unread > 0) {
            LOG.warn("There is no pinyin for {} characters, which are not spoken", unread);
        }
        return words;
    }

    private static ToneSandhi.Read reading(int c, @Nullable Pinyin known) {
        return known == null || known == Pinyin.none5
                ? single(c)
                : new ToneSandhi.Read(c, known.getPinyinWithoutTone(), known.getTone());
    }

    /** Digits as characters, so that they have a reading. */
    private static String characters(String text) {
        StringBuilder characters = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int digit = Character.digit(c, 10);
            characters.append(c == '〇' ? '零' : digit >= 0 ? DIGITS.charAt(digit) : c);
        }
        return characters.toString();
    }

    private static ToneSandhi.Read single(int c) {
        if (!Character.isIdeographic(c)) {
            return new ToneSandhi.Read(
                    c, "", 0); // ICU would look for each of them in all its rules
        }
        String latin = HanLatin.INSTANCE.transliterate(Character.toString(c));
        String plain = Normalizer.normalize(latin, Normalizer.Form.NFD);
        StringBuilder letters = new StringBuilder();
        int tone = 5;
        for (int i = 0; i < plain.length(); i++) {
            switch (plain.charAt(i)) {
                case '\u0304' -> tone = 1;
                case '\u0301' -> tone = 2;
                case '\u030C' -> tone = 3;
                case '\u0300' -> tone = 4;
                case '\u0308' -> {
                    letters.setLength(letters.length() - 1);
                    letters.append('ü');
                }
                default -> letters.append(plain.charAt(i));
            }
        }
        return new ToneSandhi.Read(c, letters.toString(), tone);
    }

    /** Made when it is first needed. */
    private static final class HanLatin {
        static final Transliterator INSTANCE = Transliterator.getInstance("Han-Latin");

        private HanLatin() {}
    }
}
