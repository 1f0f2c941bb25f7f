package dev.parlo.engine.kokoro;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.espeak.EspeakNg;
import dev.parlo.engine.speech.WordTimes;
import dev.parlo.engine.text.Pronunciations;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns text into Kokoro's phoneme alphabet. Japanese and Mandarin have front ends of their own;
 * otherwise espeak-ng reads what stands between punctuation marks, its IPA is rewritten (one letter
 * for each diphthong and affricate, as in the reference implementation misaki), and the marks are
 * put back. Thread-safe.
 */
final class KokoroPhonemizer {
    /** Marks that stay; a full stop, comma or colon between digits belongs to the number. */
    private static final Pattern PUNCTUATION =
            Pattern.compile(
                    "\\s{0,8}(?:[;!?¡¿—…\"«»“”(){}\\[\\]]|[.,:](?!\\d)|(?<!\\d)[.,:])++\\s{0,8}|[\uE000-\uF8FF]");

    private final EspeakNg espeak;
    private final EnglishPhonemes american;
    private final EnglishPhonemes british;
    private final JapaneseWords japanese = new JapaneseWords();
    private final MandarinAlphabet alphabet;
    private final MandarinWords mandarin;

    /**
     * @param alphabet that the model writes Mandarin in
     */
    KokoroPhonemizer(EspeakNg espeak, KokoroLexicons lexicons, MandarinAlphabet alphabet) {
        this.alphabet = alphabet;
        this.mandarin = new MandarinWords(alphabet);
        this.espeak = espeak;
        this.american = new EnglishPhonemes(espeak, KokoroLanguage.AMERICAN, lexicons);
        this.british = new EnglishPhonemes(espeak, KokoroLanguage.BRITISH, lexicons);
    }

    /**
     * The phonemes of several texts.
     *
     * @param given the phonemes that marks in the texts stand for
     */
    List<String> phonemes(List<String> texts, KokoroLanguage language, Pronunciations given) {
        if (language.espeakVoice().isEmpty()) {
            return texts.stream().map(text -> joined(text, language, given)).toList();
        }
        String voice =
                espeak.voices()
                        .resolve(language.espeakVoice())
                        .orElseThrow(() -> new IllegalStateException("no voice for " + language));
        List<String> spoken = new ArrayList<>();
        List<List<String>> shapes = new ArrayList<>();
        for (String text : texts) {
            shapes.add(split(text, spoken, given));
        }
        List<String> said = said(spoken, voice, language);
        List<String> all = new ArrayList<>();
        int next = 0;
        for (List<String> shape : shapes) {
            StringBuilder phonemes = new StringBuilder();
            for (String piece : shape) {
                if (piece.isEmpty()) {
                    phonemes.append(said.get(next++));
                } else if (Pronunciations.isMark(piece.charAt(0))) {
                    phonemes.append(
                            KokoroAlphabet.lenient(
                                    given.entry(piece.charAt(0)).phonemes(), language));
                } else {
                    phonemes.append(piece);
                }
            }
            all.add(phonemes.toString().replaceAll(" {2,16}", " ").strip());
        }
        return all;
    }

    private List<String> said(List<String> spoken, String voice, KokoroLanguage language) {
        if (language.english()) {
            return (language == KokoroLanguage.BRITISH ? british : american)
                    .phonemes(voice, spoken);
        }
        return espeak.phonemes(voice, spoken, true).stream()
                .map(clauses ->
                        KokoroAlphabet.of(
                                String.join(
                                        " ", clauses.stream().map(EspeakNg.Clause::ipa).toList()),
                                language))
                .toList();
    }

    /** The words of a text and what each is when it is spoken alone. */
    List<WordTimes.Spoken> words(String text, KokoroLanguage language, Pronunciations given) {
        if (language.espeakVoice().isEmpty()) {
            return tokens(text, language, given).stream()
                    .filter(token -> token.kind() == MixedText.Kind.WORD)
                    .map(token ->
                            new WordTimes.Spoken(token.start(), token.end(), token.phonemes()))
                    .toList();
        }
        List<WordTimes.Word> words = WordTimes.words(text);
        List<String> alone =
                phonemes(
                        words.stream()
                                .map(word -> text.substring(word.start(), word.end()))
                                .toList(),
                        language,
                        given);
        List<WordTimes.Spoken> spoken = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            WordTimes.Word word = words.get(i);
            spoken.add(new WordTimes.Spoken(word.start(), word.end(), alone.get(i)));
        }
        return spoken;
    }

    private String joined(String text, KokoroLanguage language, Pronunciations given) {
        return MixedText.joined(
                tokens(text, language, given),
                language == KokoroLanguage.MANDARIN ? alphabet::gap : (before, after) -> " ");
    }

    /** Japanese or Mandarin, with what is in Latin letters read as English. */
    private List<MixedText.Token> tokens(
            String text, KokoroLanguage language, Pronunciations given) {
        return MixedText.tokens(
                text,
                language == KokoroLanguage.JAPANESE ? japanese::words : mandarin::words,
                latin -> phonemes(latin, KokoroLanguage.AMERICAN, given),
                mark -> KokoroAlphabet.lenient(given.entry(mark).phonemes(), language));
    }

    /**
     * Checks that a model's vocabulary has the symbols that a language is written in.
     *
     * @throws EngineException of category BAD_REQUEST when it has not
     */
    static void check(KokoroLanguage language, KokoroVocabulary vocabulary) {
        if (language == KokoroLanguage.MANDARIN && MandarinAlphabet.in(vocabulary).isEmpty()) {
            throw new EngineException(
                    EngineException.Category.BAD_REQUEST,
                    "This model writes Mandarin in another alphabet than versions 1.0 and 1.1-zh"
                            + " of Kokoro do, which is not supported; its other languages can be"
                            + " spoken.");
        }
    }

    /** Splits a text: an empty piece stands for the next of {@code spoken}, others are marks. */
    private List<String> split(String text, List<String> spoken, Pronunciations given) {
        String plain =
                text.replace('«', '“')
                        .replace('»', '”')
                        .replace('’', '\'')
                        .replace('‘', '\'')
                        .replace('{', '(')
                        .replace('}', ')')
                        .replace('[', '(')
                        .replace(']', ')');
        List<String> shape = new ArrayList<>();
        Matcher marks = PUNCTUATION.matcher(plain);
        int from = 0;
        while (marks.find()) {
            sayParts(plain.substring(from, marks.start()), shape, spoken, given);
            shape.add(marks.group().replaceAll("\\s+", " "));
            from = marks.end();
        }
        sayParts(plain.substring(from), shape, spoken, given);
        return shape;
    }

    /**
     * Chinese characters and kana are read in their own language, whoever speaks: espeak-ng has
     * only "Chinese letter" for them.
     */
    private void sayParts(
            String text, List<String> shape, List<String> spoken, Pronunciations given) {
        int from = 0;
        for (int i = 0; i < text.length(); ) {
            int end = i;
            while (end < text.length() && eastern(text.codePointAt(end))) {
                end += Character.charCount(text.codePointAt(end));
            }
            if (end == i) {
                i += Character.charCount(text.codePointAt(i));
                continue;
            }
            say(text.substring(from, i), shape, spoken);
            String run = text.substring(i, end);
            KokoroLanguage east =
                    run.codePoints().anyMatch(KokoroPhonemizer::kana)
                            ? KokoroLanguage.JAPANESE
                            : KokoroLanguage.MANDARIN;
            shape.add(" " + joined(run, east, given) + " ");
            from = end;
            i = end;
        }
        say(text.substring(from), shape, spoken);
    }

    private static boolean kana(int c) {
        return c >= 0x3040 && c <= 0x30FF;
    }

    private static boolean eastern(int c) {
        return Character.isIdeographic(c) || kana(c);
    }

    private static void say(String text, List<String> shape, List<String> spoken) {
        if (text.isEmpty()) {
            return;
        }
        if (Character.isWhitespace(text.charAt(0))) {
            shape.add(" ");
        }
        if (!text.isBlank()) {
            shape.add("");
            spoken.add(text.strip());
            if (Character.isWhitespace(text.charAt(text.length() - 1))) {
                shape.add(" ");
            }
        }
    }
}
