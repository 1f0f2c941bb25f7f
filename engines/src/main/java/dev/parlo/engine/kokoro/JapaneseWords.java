package dev.parlo.engine.kokoro;

import dev.parlo.engine.speech.WordTimes;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.ja.JapaneseTokenizer;
import org.apache.lucene.analysis.ja.tokenattributes.PartOfSpeechAttribute;
import org.apache.lucene.analysis.ja.tokenattributes.ReadingAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the words of a Japanese text and how they are pronounced, with kuromoji's dictionary
 * (IPADIC): its pronunciation has particles and long vowels as they are heard. Endings of verbs and
 * adjectives stay with them. Thread-safe.
 */
final class JapaneseWords {
    private static final Logger LOG = LoggerFactory.getLogger(JapaneseWords.class);

    /** The kana of each digit. */
    private static final List<String> DIGITS =
            List.of("ゼロ", "イチ", "ニ", "サン", "ヨン", "ゴ", "ロク", "ナナ", "ハチ", "キュー");

    private record Morpheme(int start, int end, String kana, boolean ending, boolean inflects) {}

    /** The words of a text without punctuation and Latin letters. */
    List<WordTimes.Spoken> words(String text) {
        List<WordTimes.Spoken> words = new ArrayList<>();
        StringBuilder kana = new StringBuilder();
        int start = 0;
        int end = 0;
        boolean inflects = false;
        int unread = 0;
        for (Morpheme morpheme : morphemes(text)) {
            if (morpheme.kana.isEmpty()) {
                unread++;
            }
            if (!kana.isEmpty() && !(morpheme.ending && inflects)) {
                words.add(new WordTimes.Spoken(start, end, JapaneseMorae.ipa(kana.toString())));
                kana.setLength(0);
            }
            if (kana.isEmpty()) {
                start = morpheme.start;
            }
            kana.append(morpheme.kana);
            end = morpheme.end;
            inflects = morpheme.inflects;
        }
        if (!kana.isEmpty()) {
            words.add(new WordTimes.Spoken(start, end, JapaneseMorae.ipa(kana.toString())));
        }
        if (unread > 0) {
            LOG.warn("The dictionary has no reading for {} words, which are not spoken", unread);
        }
        return words;
    }

    private static List<Morpheme> morphemes(String text) {
        List<Morpheme> morphemes = new ArrayList<>();
        try (JapaneseTokenizer tokenizer =
                new JapaneseTokenizer(null, false, JapaneseTokenizer.Mode.NORMAL)) {
            OffsetAttribute offset = tokenizer.addAttribute(OffsetAttribute.class);
            ReadingAttribute reading = tokenizer.addAttribute(ReadingAttribute.class);
            PartOfSpeechAttribute speech = tokenizer.addAttribute(PartOfSpeechAttribute.class);
            tokenizer.setReader(new StringReader(text));
            tokenizer.reset();
            while (tokenizer.incrementToken()) {
                String surface = text.substring(offset.startOffset(), offset.endOffset());
                String part = speech.getPartOfSpeech() == null ? "" : speech.getPartOfSpeech();
                morphemes.add(
                        new Morpheme(
                                offset.startOffset(),
                                offset.endOffset(),
                                kana(surface, reading.getPronunciation()),
                                part.startsWith("助動詞")
                                        || part.startsWith("助詞-接続助詞")
                                        || part.startsWith("動詞-接尾"),
                                part.startsWith("動詞")
                                        || part.startsWith("形容詞")
                                        || part.startsWith("助動詞")));
            }
            tokenizer.end();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return morphemes;
    }

    private static String kana(String surface, @Nullable String pronunciation) {
        if (pronunciation != null) {
            return pronunciation;
        }
        StringBuilder kana = new StringBuilder();
        surface.codePoints()
                .forEach(c -> {
                    int digit = Character.digit(c, 10);
                    if (digit >= 0) {
                        kana.append(DIGITS.get(digit));
                    } else if (c == 'ー'
                            || Character.UnicodeScript.of(c) == Character.UnicodeScript.KATAKANA
                            || Character.UnicodeScript.of(c) == Character.UnicodeScript.HIRAGANA) {
                        kana.appendCodePoint(c);
                    }
                });
        return kana.toString();
    }
}
