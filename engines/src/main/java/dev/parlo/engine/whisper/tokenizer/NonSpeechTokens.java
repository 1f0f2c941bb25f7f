package dev.parlo.engine.whisper.tokenizer;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * Tokens of signs that are not spoken, which {@code suppress_tokens = -1} stands for: brackets,
 * notes, speaker dashes. As openai/whisper's {@code non_speech_tokens}.
 */
public final class NonSpeechTokens {
    private static final List<String> SYMBOLS =
            Arrays.asList(
                    ("\" # ( ) * + / : ; < = > @ [ \\ ] ^ _ ` { | } ~ 「 」 『 』 << >> <<< >>> -- ---"
                                    + " -( -[ (' (\" (( )) ((( ))) [[ ]] {{ }} ♪♪ ♪♪♪")
                            .split(" "));
    private static final List<String> NOTES = List.of("♩", "♪", "♫", "♬", "♭", "♮", "♯");

    private NonSpeechTokens() {}

    /** Their ids, ascending. */
    public static int[] of(WhisperTokenizer tokenizer) {
        TreeSet<Integer> ids = new TreeSet<>();
        // A hyphen and an apostrophe are allowed inside words but not at their start.
        add(ids, tokenizer.encode(" -"), true);
        add(ids, tokenizer.encode(" '"), true);
        for (String symbol : SYMBOLS) {
            add(ids, tokenizer.encode(symbol), false);
            add(ids, tokenizer.encode(" " + symbol), false);
        }
        for (String note : NOTES) {
            add(ids, tokenizer.encode(note), true);
            add(ids, tokenizer.encode(" " + note), true);
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    private static void add(TreeSet<Integer> ids, int[] encoded, boolean firstOfMany) {
        if (encoded.length == 1 || (firstOfMany && encoded.length > 0)) {
            ids.add(encoded[0]);
        }
    }
}
