package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.whisper.checkpoint.WhisperConfig.AlignmentHead;
import java.util.Arrays;
import java.util.List;

/**
 * The decoder heads of OpenAI's checkpoints whose cross-attention follows the audio, for fine-tunes
 * that came without a generation_config.json: training moves them little. Reference: the masks of
 * openai/whisper, which CTranslate2's converter has too.
 */
final class PublishedHeads {
    private static final String TINY_EN = "1,0 2,0 2,5 3,0 3,1 3,2 3,3 3,4";

    private static final String TINY = "2,2 3,0 3,2 3,3 3,4 3,5";

    private static final String BASE_EN = "3,3 4,7 5,1 5,5 5,7";

    private static final String BASE = "3,1 4,2 4,3 4,7 5,1 5,2 5,4 5,6";

    private static final String SMALL_EN =
            "6,6 7,0 7,3 7,8 8,2 8,5 8,7 9,0 9,4 9,8 9,10 10,0 10,1 10,2 10,3 10,6 "
                    + "10,11 11,2 11,4";

    private static final String SMALL = "5,3 5,9 8,0 8,4 8,7 8,8 9,0 9,7 9,9 10,5";

    private static final String MEDIUM_EN =
            "11,4 14,1 14,12 14,14 15,4 16,0 16,4 16,9 17,12 17,14 18,7 18,10 18,15 "
                    + "20,0 20,3 20,9 20,14 21,12";

    private static final String MEDIUM = "13,15 15,4 15,15 16,1 20,0 23,4";

    private static final String LARGE_V1 = "9,19 11,2 11,4 11,17 22,7 22,11 22,17 23,2 23,15";

    private static final String LARGE_V2 =
            "10,12 13,17 16,11 16,12 16,13 17,15 17,16 18,4 18,11 18,19 19,11 21,2 "
                    + "21,3 22,3 22,9 22,12 23,5 23,7 23,13 25,5 26,1 26,12 27,15";

    private static final String LARGE_V3 = "7,0 10,17 12,18 13,12 16,1 17,14 19,11 21,4 24,1 25,6";

    private static final String TURBO = "2,4 2,11 3,3 3,6 3,11 3,14";

    /** Tokens of the multilingual models before large-v3; English-only ones have one fewer. */
    private static final int MULTILINGUAL = 51_865;

    private PublishedHeads() {}

    /**
     * By the shape, which tells all sizes but the two large ones of the same shape, and for these
     * by the name; none where the shape is not a published one or the name does not tell.
     */
    static List<AlignmentHead> of(TransformersConfig config) {
        boolean english = config.vocabularySize() < MULTILINGUAL;
        String heads =
                switch (config.width()
                        + " "
                        + config.encoderLayers()
                        + "/"
                        + config.decoderLayers()) {
                    case "384 4/4" -> english ? TINY_EN : TINY;
                    case "512 6/6" -> english ? BASE_EN : BASE;
                    case "768 12/12" -> english ? SMALL_EN : SMALL;
                    case "1024 24/24" -> english ? MEDIUM_EN : MEDIUM;
                    case "1280 32/32" -> large(config);
                    case "1280 32/4" -> TURBO;
                    default -> "";
                };
        return heads.isEmpty()
                ? List.of()
                : Arrays.stream(heads.split(" ")).map(PublishedHeads::head).toList();
    }

    private static String large(TransformersConfig config) {
        if (config.melBands() == 128) {
            return LARGE_V3;
        }
        if (config.origin().endsWith("whisper-large-v2")) {
            return LARGE_V2;
        }
        return config.origin().matches(".*whisper-large(?:-v1)?") ? LARGE_V1 : "";
    }

    private static AlignmentHead head(String pair) {
        String[] numbers = pair.split(",");
        return new AlignmentHead(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
    }
}
