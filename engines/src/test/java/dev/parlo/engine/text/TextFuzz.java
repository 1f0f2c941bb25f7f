package dev.parlo.engine.text;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.fuzz.FuzzInput;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Text to be spoken, with and without voice tags, in languages that write numbers differently. */
public final class TextFuzz {
    private static final List<Locale> LANGUAGES =
            List.of(
                    Locale.US,
                    Locale.GERMANY,
                    Locale.FRANCE,
                    Locale.forLanguageTag("es"),
                    Locale.forLanguageTag("hi"),
                    Locale.JAPANESE,
                    Locale.CHINESE);

    private TextFuzz() {}

    /** The first byte chooses language and markup. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int choice = input[0] & 0xff;
        Locale language = LANGUAGES.get(choice % LANGUAGES.size());
        TextNormalizer normalizer =
                switch (language.getLanguage()) {
                    case "ja" -> TextNormalizer.japanese(Normalization.DEFAULT);
                    case "zh" -> TextNormalizer.mandarin(Normalization.DEFAULT);
                    default -> new Normalizers().of(language, Normalization.DEFAULT);
                };
        read(
                new String(input, 1, input.length - 1, StandardCharsets.UTF_8),
                choice >= 128 ? TextMarkup.VOICE_TAGS : TextMarkup.PLAIN,
                normalizer,
                language);
    }

    static void read(String text, TextMarkup markup, TextNormalizer normalizer, Locale language) {
        try {
            Script script = Script.of(text, markup);
            script.sounds();
            script.silence();
            script.voices();
            TextReader reader =
                    new TextReader(script, Wording.of(normalizer, language), Lexicon.EMPTY);
            while (reader.hasNext()) {
                if (reader.next() instanceof TextPiece.Say(MappedText said, Manner manner)) {
                    reader.pronunciations().replaced(said, Pronunciations.Entry::word);
                }
            }
        } catch (EngineException refused) {
            FuzzInput.refused(refused, EngineException.Category.BAD_REQUEST);
        }
    }
}
