package dev.parlo.engine.kokoro;

import dev.parlo.engine.ModelFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The phoneme symbols that a Kokoro model knows, and their numbers. Immutable. */
final class KokoroVocabulary {
    /** Version 1.0, as runs: the number of the first symbol, a space, the symbols in order. */
    private static final List<String> VERSION_1 =
            List.of(
                    "1 ;:,.!?",
                    "9 —…\"()“” \u0303ʣʥʦʨᵝ\uAB67AI",
                    "31 O",
                    "33 Q",
                    "35 ST",
                    "39 W",
                    "41 Yᵊabcdef",
                    "50 hijklmnopqrstuvwxyzɑɐɒæ",
                    "75 βɔɕç",
                    "80 ɖðʤə",
                    "85 ɚɛɜ",
                    "90 ɟ",
                    "92 ɡ",
                    "99 ɥ",
                    "101 ɨɪʝ",
                    "110 ɯɰŋɳɲɴø",
                    "118 ɸθœ",
                    "123 ɹ",
                    "125 ɾɻ",
                    "128 ʁɽʂʃʈʧ",
                    "135 ʊʋ",
                    "138 ʌɣɤ",
                    "142 χʎ",
                    "147 ʒʔ",
                    "156 ˈˌː",
                    "162 ʰ",
                    "164 ʲ",
                    "169 ↓",
                    "171 →↗↘",
                    "177 ᵻ");

    private static final int MAX_BYTES = 16 << 20;
    private static final int MAX_ID = 65_535;

    private final Map<Integer, Integer> ids;

    private KokoroVocabulary(Map<String, Integer> symbols) {
        ids = new HashMap<>();
        symbols.forEach((symbol, id) -> {
            if (symbol.codePointCount(0, symbol.length()) == 1) {
                ids.put(symbol.codePointAt(0), id);
            }
        });
    }

    static KokoroVocabulary builtIn() {
        Map<String, Integer> symbols = new HashMap<>();
        for (String run : VERSION_1) {
            int space = run.indexOf(' ');
            int id = Integer.parseInt(run.substring(0, space));
            for (int symbol : run.substring(space + 1).codePoints().toArray()) {
                symbols.put(Character.toString(symbol), id++);
            }
        }
        return new KokoroVocabulary(symbols);
    }

    /** The model's own vocabulary if its folder has one, else that of version 1.0. */
    static KokoroVocabulary of(Path folder) {
        Path tokens = folder.resolve("tokens.txt");
        if (Files.isRegularFile(tokens)) {
            return new KokoroVocabulary(lines(new ModelFile(tokens, MAX_BYTES)));
        }
        for (String name : new String[] {"tokenizer.json", "config.json"}) {
            Path path = folder.resolve(name);
            if (!Files.isRegularFile(path)) {
                continue;
            }
            ModelFile file = new ModelFile(path, MAX_BYTES);
            JsonNode root = file.json();
            JsonNode vocabulary =
                    root.path("vocab").isObject()
                            ? root.path("vocab")
                            : root.path("model").path("vocab");
            if (vocabulary.isObject() && !vocabulary.isEmpty()) {
                Map<String, Integer> symbols = new HashMap<>();
                for (Map.Entry<String, JsonNode> entry : vocabulary.properties()) {
                    symbols.put(entry.getKey(), file.integer(entry.getValue(), "vocab", 0, MAX_ID));
                }
                return new KokoroVocabulary(symbols);
            }
        }
        return builtIn();
    }

    /** sherpa-onnx: a symbol, a space and its number per line. */
    private static Map<String, Integer> lines(ModelFile file) {
        Map<String, Integer> symbols = new HashMap<>();
        for (String line : file.text().lines().toList()) {
            int space = line.lastIndexOf(' ');
            if (space > 0) {
                symbols.put(line.substring(0, space), id(file, line.substring(space + 1).strip()));
            }
        }
        return symbols;
    }

    private static int id(ModelFile file, String written) {
        if (!written.matches("\\d{1,5}") || Integer.parseInt(written) > MAX_ID) {
            throw file.bad("has a line without a number from 0 to " + MAX_ID, null);
        }
        return Integer.parseInt(written);
    }

    /** The symbols of a phoneme string that the model knows, others left out. */
    String known(String phonemes) {
        StringBuilder kept = new StringBuilder(phonemes.length());
        phonemes.codePoints().filter(ids::containsKey).forEach(kept::appendCodePoint);
        return kept.toString();
    }

    /** Their numbers, one per code point. */
    int[] ids(String knownPhonemes) {
        return knownPhonemes.codePoints().map(symbol -> ids.getOrDefault(symbol, 0)).toArray();
    }
}
