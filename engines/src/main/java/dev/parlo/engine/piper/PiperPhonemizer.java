package dev.parlo.engine.piper;

import dev.parlo.engine.espeak.EspeakNg;
import dev.parlo.engine.text.Pronunciations;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns text into the phonemes that Piper was trained on: espeak-ng's IPA with the punctuation mark
 * of each clause behind it, decomposed (NFD). Thread-safe.
 */
final class PiperPhonemizer {
    private static final int INTONATION = 0x7000;
    private static final int SENTENCE = 0x80000;
    private static final int CLAUSE = 0x40000;
    private static final int PAUSE = 0xFFF;

    private static final Pattern MARKS = Pattern.compile("([.!?;:,]{1,8})(?=\\s|$)");
    private static final Pattern GIVEN = Pattern.compile("[\uE000-\uF8FF]");

    private final EspeakNg espeak;
    private final PiperConfig config;
    private final String voice;

    /**
     * @param voice the voice by the library's own name
     */
    PiperPhonemizer(EspeakNg espeak, PiperConfig config, String voice) {
        this.espeak = espeak;
        this.config = config;
        this.voice = voice;
    }

    /** The phonemes of a text, one code point each. */
    String phonemes(String text, Pronunciations given) {
        StringBuilder phonemes = new StringBuilder();
        Matcher marks = GIVEN.matcher(text);
        int from = 0;
        while (marks.find()) {
            say(text.substring(from, marks.start()), phonemes);
            space(phonemes);
            phonemes.append(given.entry(marks.group().charAt(0)).phonemes()).append(' ');
            from = marks.end();
        }
        say(text.substring(from), phonemes);
        return Normalizer.normalize(phonemes.toString().strip(), Normalizer.Form.NFD);
    }

    private static void space(StringBuilder phonemes) {
        if (!phonemes.isEmpty() && phonemes.charAt(phonemes.length() - 1) != ' ') {
            phonemes.append(' ');
        }
    }

    private void say(String text, StringBuilder phonemes) {
        if (text.isBlank()) {
            return;
        }
        if (config.text()) {
            phonemes.append(text);
        } else if (espeak.reportsTerminators()) {
            for (EspeakNg.Clause clause : espeak.phonemes(voice, List.of(text), false).getFirst()) {
                space(phonemes);
                phonemes.append(clause.ipa().strip()).append(mark(clause.terminator()));
            }
        } else {
            sayWithoutTerminators(text, phonemes);
        }
    }

    /** Versions before 1.52 do not tell what ended a clause, so the text is split here. */
    private void sayWithoutTerminators(String text, StringBuilder phonemes) {
        List<String> clauses = new ArrayList<>();
        List<String> ends = new ArrayList<>();
        Matcher marks = MARKS.matcher(text);
        int from = 0;
        while (marks.find()) {
            clauses.add(text.substring(from, marks.start()));
            ends.add(marks.group(1).substring(0, 1));
            from = marks.end();
        }
        clauses.add(text.substring(from));
        ends.add("");
        List<List<EspeakNg.Clause>> spoken = espeak.phonemes(voice, clauses, false);
        for (int i = 0; i < clauses.size(); i++) {
            String ipa =
                    String.join(" ", spoken.get(i).stream().map(EspeakNg.Clause::ipa).toList());
            if (!ipa.isBlank()) {
                space(phonemes);
                phonemes.append(ipa.strip()).append(ends.get(i));
            }
        }
    }

    /** The mark for espeak-ng's code of a clause's end (bits of its translate.h). */
    static String mark(int terminator) {
        int intonation = terminator & INTONATION;
        if ((terminator & SENTENCE) != 0) {
            return switch (intonation) {
                case 0x2000 -> "?";
                case 0x3000 -> "!";
                // without a full stop the end of the text has another pause
                default ->
                        (terminator & PAUSE) == 40 && intonation == 0 && (terminator & 0x10000) != 0
                                ? ""
                                : ".";
            };
        }
        if ((terminator & CLAUSE) == 0) {
            return "";
        }
        if (intonation == 0x1000) {
            return (terminator & PAUSE) >= 30 ? ";" : ",";
        }
        return (terminator & PAUSE) >= 30 ? ":" : "";
    }
}
