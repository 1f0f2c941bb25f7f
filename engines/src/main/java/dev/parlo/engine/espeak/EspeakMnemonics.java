package dev.parlo.engine.espeak;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How IPA is written for a voice of espeak-ng. The library takes phonemes only by its own names
 * ({@code t@m'A:toU}), and which sound a name has depends on the voice; so each name is asked for
 * its IPA in that voice, and the table is read backwards. Immutable.
 */
final class EspeakMnemonics {
    /** Names of phonemes that most voices have; of two with one sound the first is taken. */
    private static final List<String> NAMES =
            List.of(
                    ("@ 3: 3 a A: A E e: e eI i: i I O: O o: o oU OI u: u U V 0 aI aU a# I# @L A@ O@"
                                    + " U@ i@ e@ eI@ y: y Y W Y: W: E~ A~ O~ W~ a: E: p t k f T s S"
                                    + " tS ts b d g v D z Z dZ dz h x C m n N n^ l l^ L j w r- r * R ?"
                                    + " B Q X J J^ S; Z; s; z; m- n- l-")
                            .split(" "));

    /** For sounds that a voice changes where they stand alone. */
    private static final Map<String, String> USUAL =
            Map.ofEntries(
                    Map.entry("ɪ", "I"),
                    Map.entry("ɛ", "E"),
                    Map.entry("æ", "a"),
                    Map.entry("a", "a"),
                    Map.entry("ʌ", "V"),
                    Map.entry("ɒ", "0"),
                    Map.entry("ɔ", "O"),
                    Map.entry("ʊ", "U"),
                    Map.entry("ɑ", "A:"),
                    Map.entry("ɜ", "3:"),
                    Map.entry("ɝ", "3:"),
                    Map.entry("ɚ", "3"),
                    Map.entry("ɐ", "@"),
                    Map.entry("ʏ", "y"),
                    Map.entry("oʊ", "oU"),
                    Map.entry("əʊ", "oU"),
                    Map.entry("ɹ", "r"),
                    Map.entry("r", "r"),
                    Map.entry("ɾ", "*"),
                    Map.entry("b", "b"),
                    Map.entry("d", "d"),
                    Map.entry("ɡ", "g"),
                    Map.entry("v", "v"),
                    Map.entry("ð", "D"),
                    Map.entry("z", "z"),
                    Map.entry("ʒ", "Z"),
                    Map.entry("dʒ", "dZ"));

    /** One letter for two sounds, as Kokoro's alphabet and old IPA have it. */
    private static final Map<String, String> LIGATURES =
            Map.ofEntries(
                    Map.entry("A", "eɪ"),
                    Map.entry("I", "aɪ"),
                    Map.entry("O", "oʊ"),
                    Map.entry("Q", "əʊ"),
                    Map.entry("W", "aʊ"),
                    Map.entry("Y", "ɔɪ"),
                    Map.entry("T", "ɾ"),
                    Map.entry("ʧ", "tʃ"),
                    Map.entry("ʤ", "dʒ"),
                    Map.entry("ʦ", "ts"),
                    Map.entry("ʣ", "dz"),
                    Map.entry("ᵊ", "ə"),
                    Map.entry("ᵻ", "ɪ"),
                    Map.entry("g", "ɡ"));

    private static final int LONGEST = 4;

    /**
     * Phonemes in one pair of brackets. The library collects them in a buffer of 200 bytes, whose
     * end it does not check, and a bracket that is longer than a clause is not read to its end.
     */
    static final int MAX_IN_BRACKETS = 60;

    private static final String WORD_END = "||";

    private final Map<String, String> names = new HashMap<>();

    /**
     * @param ipa answers a name's IPA in the voice, or nothing for one that it has not got
     */
    EspeakMnemonics(UnaryOperator<String> ipa) {
        for (String name : NAMES) {
            String sound = normal(ipa.apply(name));
            if (!sound.isEmpty() && sound.length() <= LONGEST) {
                names.putIfAbsent(sound, name);
            }
        }
        USUAL.forEach((sound, name) -> {
            if (!ipa.apply(name).isEmpty()) {
                names.putIfAbsent(sound, name);
            }
        });
    }

    /**
     * The names for phonemes in IPA, in brackets; empty when the voice lacks one of them. Each
     * bracket holds at most {@value #MAX_IN_BRACKETS}.
     */
    Optional<String> of(String ipa) {
        String sounds = normal(ipa);
        StringBuilder written = new StringBuilder();
        int inBrackets = 0;
        for (int i = 0; i < sounds.length(); ) {
            int length = Math.max(1, longest(sounds, i));
            String name = names.get(sounds.substring(i, i + length));
            if (name == null) {
                name = mark(sounds.charAt(i));
            }
            if (name == null) {
                return Optional.empty();
            }
            i += length;
            if (name.isEmpty()) {
                continue;
            }
            boolean wordEnds = name.equals(WORD_END);
            if (inBrackets == MAX_IN_BRACKETS || wordEnds && inBrackets > MAX_IN_BRACKETS / 2) {
                written.append("]] ");
                inBrackets = 0;
            }
            if (inBrackets == 0 && wordEnds) {
                continue;
            }
            // a bar keeps two names from being read as one
            written.append(inBrackets == 0 ? "[[" : wordEnds ? "" : "|").append(name);
            inBrackets++;
        }
        if (inBrackets > 0) {
            written.append("]]");
        }
        return written.isEmpty() ? Optional.empty() : Optional.of(written.toString().strip());
    }

    /** What stands for a mark; nothing for those that the voice does not tell apart. */
    private static @Nullable String mark(char c) {
        return switch (c) {
            case 'ˈ', '\'' -> "'";
            case 'ˌ', ',' -> ",";
            case ' ' -> WORD_END;
            case 'ː', '.', '-', '\u0361', '\u032F', '\u0329' -> "";
            default -> null;
        };
    }

    private int longest(String sounds, int at) {
        for (int length = Math.min(LONGEST, sounds.length() - at); length > 0; length--) {
            if (names.containsKey(sounds.substring(at, at + length))) {
                return length;
            }
        }
        return 0;
    }

    private static String normal(String ipa) {
        StringBuilder normal = new StringBuilder();
        Normalizer.normalize(ipa.strip(), Normalizer.Form.NFD)
                .codePoints()
                .filter(c -> c != 0x361)
                .mapToObj(Character::toString)
                .forEach(letter -> normal.append(LIGATURES.getOrDefault(letter, letter)));
        return normal.toString();
    }
}
