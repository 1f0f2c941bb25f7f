package dev.parlo.benchmarks.speech;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Texts of about 10, 50, 250 and 500 phoneme tokens. The longer ones begin with the same sentence,
 * which is the one of 50.
 */
final class SpeechTexts {
    static final String SENTENCE = "The ship left the harbour early on a grey morning.";

    private static final String MORE =
            " Nobody on the quay waved, for nobody knew that she would go. "
                    + "Her master stood at the rail and counted the lamps along the shore, one after"
                    + " the other, until the fog had taken the last of them. "
                    + "Then he went below to look at his charts.";
    private static final String STILL_MORE =
            " The first days were calm, and the crew mended sails and told each other stories. "
                    + "On the fourth day the wind came round to the north and began to blow in earnest. "
                    + "They took in what they could, and waited for the night to end.";

    private SpeechTexts() {}

    /** By the number of tokens that they roughly have, those of at most so many. */
    static Map<Integer, String> upTo(int longest) {
        Map<Integer, String> texts = new LinkedHashMap<>();
        texts.put(10, "Hello there.");
        texts.put(50, SENTENCE);
        texts.put(250, SENTENCE + MORE);
        texts.put(500, SENTENCE + MORE + STILL_MORE);
        texts.keySet().removeIf(tokens -> tokens > longest);
        return texts;
    }
}
