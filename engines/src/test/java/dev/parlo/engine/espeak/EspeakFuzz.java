package dev.parlo.engine.espeak;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.text.Lexicon;
import dev.parlo.engine.text.Reading;
import dev.parlo.engine.text.TextMarkup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Gives espeak-ng texts that its fixed buffers were not made for, by every way that leads there:
 * speech of plain text, of SSML and of given pronunciations, and phonemes of a text. Run in a
 * process of its own, whose end by a signal is the failure; the text at hand is written to a file
 * first.
 *
 * <p>Arguments: cache directory, file for the text at hand, seed, number of texts. With
 * ESPEAK_LIBRARY and ESPEAK_DATA in the environment another library is tried, such as one that was
 * compiled with AddressSanitizer.
 */
final class EspeakFuzz {
    private static final List<String> PHONEMES =
            List.of(
                    "a", "ə", "ˈa", "aː", "t", "ŋ", "a.", "x", "'", "ˈ", "ˌ", "kæt ", "tʃ", "dʒ",
                    "ˈəʊ", "ɪ", " ", "  ", "b d", "aɪ", "ʔ", "ɹ", "z", "A", "W", "t͡s", "n̩", "-");
    private static final List<String> LETTERS =
            List.of(
                    "a",
                    "b",
                    "x",
                    "1",
                    "9",
                    ".",
                    "a.",
                    "A.",
                    "-",
                    "'",
                    "/",
                    ":",
                    "%",
                    "é",
                    "ß",
                    "ж",
                    "漢",
                    "あ",
                    "가",
                    "ก",
                    "ا",
                    "अ",
                    "م",
                    "ქ",
                    "😀",
                    "𝒜",
                    "e\u0301",
                    "\u0308",
                    "[",
                    "]",
                    "[[",
                    "]]",
                    "[[t@",
                    "_^_",
                    "||",
                    "|",
                    "\u0001",
                    "\u00015V",
                    "\u0002",
                    "[\u0002_^_",
                    "\0",
                    "<",
                    "&",
                    "$",
                    "€",
                    "²",
                    "Ⅷ",
                    "½",
                    "\u00AD",
                    "\u200B",
                    "\uFFFD",
                    "\uD800",
                    "\u2028",
                    "XIV",
                    "www.",
                    "@",
                    "1,",
                    "1.",
                    "--",
                    "…",
                    "!?",
                    "ʼ",
                    "þ",
                    "ŋ",
                    "ksjqz",
                    "tsch",
                    "un",
                    "dis",
                    "ness",
                    "O'",
                    "ll");
    private static final List<String> VOICES =
            List.of(
                    "en-us",
                    "en-gb",
                    "de",
                    "fr",
                    "ru",
                    "cmn",
                    "ja",
                    "ar",
                    "hi",
                    "th",
                    "ko",
                    "my",
                    "tr",
                    "fi",
                    "am",
                    "ka",
                    "vi",
                    "hu",
                    "nl",
                    "is",
                    "en-us+f3",
                    "yue",
                    "eo",
                    "ml");

    private EspeakFuzz() {}

    static void main(String[] args) throws Exception {
        Path atHand = Path.of(args[1]);
        Random random = new Random(Long.parseLong(args[2]));
        int count = Integer.parseInt(args[3]);
        String library = System.getenv("ESPEAK_LIBRARY");
        String data = System.getenv("ESPEAK_DATA");
        EspeakInstaller installer =
                new EspeakInstaller(
                        CacheFolder.at(Path.of(args[0])),
                        library == null ? null : Path.of(library),
                        data == null ? null : Path.of(data));
        try (EspeakEngine engine =
                        new EspeakEngine(
                                new EspeakNg(installer.locate()),
                                Lexicon.EMPTY,
                                new Admission(1, 8));
                EspeakNg phonemes = new EspeakNg(installer.locate())) {
            for (int i = 0; i < count; i++) {
                String voice = VOICES.get(random.nextInt(VOICES.size()));
                String text = text(random, random.nextInt(4) == 0 ? PHONEMES : LETTERS);
                String given = text(random, random.nextInt(4) == 0 ? LETTERS : PHONEMES);
                int way = random.nextInt(5);
                String told = i + " way " + way + " voice " + voice + "\n" + text + "\n" + given;
                Files.write(atHand, told.getBytes(StandardCharsets.UTF_16));
                if (System.getenv("ESPEAK_FUZZ_TRACE") != null) {
                    System.err.println(told);
                }
                try {
                    switch (way) {
                        case 0 -> speak(engine, voice, text, Reading.PLAIN);
                        case 1 ->
                                speak(
                                        engine,
                                        voice,
                                        "<speak>one <phoneme ph=\""
                                                + escaped(given)
                                                + "\">"
                                                + escaped(text)
                                                + "</phoneme>, <say-as interpret-as=\"characters\">"
                                                + escaped(given)
                                                + "</say-as><sub alias=\""
                                                + escaped(given)
                                                + "\">x</sub></speak>",
                                        Reading.PLAIN.withMarkup(TextMarkup.SSML));
                        case 2 -> {
                            Lexicon lexicon =
                                    new Lexicon(
                                            Map.of("one", "/" + given + "/", "two", text + "x"));
                            speak(
                                    engine,
                                    voice,
                                    "one two one, " + text,
                                    Reading.PLAIN.withLexicon(lexicon));
                        }
                        case 3 ->
                                speak(
                                        engine,
                                        voice,
                                        "[one](/" + given + "/) two " + text + " [pause:0.1s]",
                                        Reading.PLAIN.withMarkup(TextMarkup.VOICE_TAGS));
                        default -> {
                            String own = phonemes.voices().resolve(voice).orElseThrow();
                            var unused = phonemes.phonemes(own, List.of(text, given), true);
                            // with brackets switched on, as after another request's phonemes
                            var synthesis =
                                    phonemes.synthesize(
                                            own, "[[t|@]] " + "x", 450, true, new Cancellation());
                            unused = phonemes.phonemes(own, List.of("[[" + given + text), false);
                        }
                    }
                } catch (EngineException refused) {
                    if (refused.category() != EngineException.Category.BAD_REQUEST) {
                        throw refused;
                    }
                }
            }
        }
        System.out.println("survived");
    }

    private static void speak(EspeakEngine engine, String voice, String text, Reading reading) {
        SpeechOptions options =
                SpeechOptions.of(voice).withReading(reading).withSpeed(4).withWordTimes(true);
        Cancellation cancellation = new Cancellation();
        int[] chunks = {0};
        try {
            var unused =
                    engine.speak(
                            text,
                            options,
                            chunk -> {
                                if (++chunks[0] > 12) {
                                    cancellation.cancel();
                                }
                            },
                            cancellation);
        } catch (EngineException stopped) {
            if (stopped.category() != EngineException.Category.CANCELLED) {
                throw stopped;
            }
        }
    }

    /** One part repeated, or several mixed; lengths around the library's limits and far beyond. */
    private static String text(Random random, List<String> parts) {
        int[] lengths = {1, 20, 159, 160, 161, 199, 202, 240, 291, 292, 600, 1000, 3000};
        int length = lengths[random.nextInt(lengths.length)];
        StringBuilder text = new StringBuilder();
        int kinds = 1 + random.nextInt(4);
        int[] chosen = random.ints(kinds, 0, parts.size()).toArray();
        boolean mixed = random.nextBoolean();
        for (int i = 0; text.length() < length; i++) {
            int kind = chosen[mixed ? random.nextInt(kinds) : i % kinds];
            text.append(parts.get(kind));
        }
        return text.toString();
    }

    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .filter(c -> c >= ' ' && (c < 0xD800 || c > 0xDFFF) && c != 0xFFFE && c != 0xFFFF)
                .forEach(c -> {
                    switch (c) {
                        case '<' -> out.append("&lt;");
                        case '&' -> out.append("&amp;");
                        case '"' -> out.append("&quot;");
                        default -> out.appendCodePoint(c);
                    }
                });
        return out.toString();
    }
}
