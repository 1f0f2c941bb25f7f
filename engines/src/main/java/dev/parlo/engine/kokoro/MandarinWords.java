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
            StringBuilder ipa = new StringBuilder();
            for (int i = start; i < end; ) {
                int c = plain.codePointAt(i);
                Pinyin known = placed ? pinyin.get(i) : Pinyin.none5;
                String syllable =
                        known == null || known == Pinyin.none5
                                ? single(c)
                                : MandarinSyllable.ipa(
                                        known.getPinyinWithoutTone(), known.getTone());
                if (syllable.isEmpty()) {
                    unread++;
                }
                ipa.append(syllable);
                i += Character.charCount(c);
            }
            if (!ipa.isEmpty()) {
                words.add(new WordTimes.Spoken(start, end, ipa.toString()));
            }
            start = end;
        }
        if (unread > 0) {
            LOG.warn("There is no pinyin for {} characters, which are not spoken", unread);
        }
        return words;
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

    private static String single(int c) {
        if (!Character.isIdeographic(c)) {
            return ""; // ICU would look for each of them in all its rules
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
        return MandarinSyllable.ipa(letters.toString(), tone);
    }

    /** Made when it is first needed. */
    private static final class HanLatin {
        static final Transliterator INSTANCE = Transliterator.getInstance("Han-Latin");

        private HanLatin() {}
    }
}
