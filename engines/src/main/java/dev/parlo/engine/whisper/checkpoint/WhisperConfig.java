package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.ModelFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a checkpoint's configuration says of its use. Missing keys and nulls are empty lists;
 * unknown keys are ignored.
 *
 * @param suppressIds token ids that the model's makers suppress always
 * @param suppressIdsBegin token ids that are suppressed at the first position
 * @param languageIds ids of the language tokens
 * @param alignmentHeads heads whose cross-attention follows the audio
 * @param layerNormEpsilon 1e-5 unless the file says otherwise
 * @param defaultLanguage id of the language's token that is taken where a request names none; null
 *     where it is detected
 */
public record WhisperConfig(
        List<Integer> suppressIds,
        List<Integer> suppressIdsBegin,
        List<Integer> languageIds,
        List<AlignmentHead> alignmentHeads,
        float layerNormEpsilon,
        @Nullable Integer defaultLanguage) {

    /** A decoder head, both numbers from 0. */
    public record AlignmentHead(int layer, int head) {}

    static final float DEFAULT_EPSILON = 1e-5f;
    private static final int MAX_BYTES = 16 << 20;
    private static final int MAX_INT = Integer.MAX_VALUE;

    /** No list is longer than a vocabulary. */
    private static final int MAX_LIST = 100_000;

    public WhisperConfig {
        suppressIds = List.copyOf(suppressIds);
        suppressIdsBegin = List.copyOf(suppressIdsBegin);
        languageIds = List.copyOf(languageIds);
        alignmentHeads = List.copyOf(alignmentHeads);
    }

    /**
     * Reads {@code config.json} of a checkpoint directory.
     *
     * @throws EngineException of category BAD_MODEL
     */
    public static WhisperConfig read(Path directory) {
        ModelFile file = new ModelFile(directory.resolve("config.json"), MAX_BYTES);
        return parse(file, file.json());
    }

    static WhisperConfig parse(ModelFile file, JsonNode root) {
        List<AlignmentHead> heads = new ArrayList<>();
        JsonNode pairs = root.path("alignment_heads");
        if (pairs.size() > MAX_LIST) {
            throw file.outside(pairs, "alignment_heads", "at most " + MAX_LIST + " pairs");
        }
        for (JsonNode pair : pairs) {
            List<Integer> numbers =
                    file.integers(pair, "alignment_heads", MAX_LIST, Integer.MIN_VALUE, MAX_INT);
            if (numbers.size() == 2) {
                heads.add(new AlignmentHead(numbers.get(0), numbers.get(1)));
            }
        }
        return new WhisperConfig(
                ids(file, root, "suppress_ids"),
                ids(file, root, "suppress_ids_begin"),
                ids(file, root, "lang_ids"),
                heads,
                (float)
                        file.number(
                                root.path("layer_norm_epsilon"),
                                "layer_norm_epsilon",
                                DEFAULT_EPSILON,
                                0,
                                1),
                null);
    }

    private static List<Integer> ids(ModelFile file, JsonNode root, String name) {
        return file.integers(root.path(name), name, MAX_LIST, Integer.MIN_VALUE, MAX_INT);
    }

    /**
     * The heads that exist in a decoder of this shape; where none does, every head of its upper
     * half, as CTranslate2's converter writes for unknown models.
     */
    public List<AlignmentHead> alignmentHeads(WhisperShape shape) {
        List<AlignmentHead> known =
                alignmentHeads.stream()
                        .filter(h ->
                                h.layer() >= 0
                                        && h.layer() < shape.decoderLayers()
                                        && h.head() >= 0
                                        && h.head() < shape.heads())
                        .distinct() // a file may repeat one any number of times
                        .toList();
        if (!known.isEmpty()) {
            return known;
        }
        List<AlignmentHead> upperHalf = new ArrayList<>();
        for (int layer = shape.decoderLayers() / 2; layer < shape.decoderLayers(); layer++) {
            for (int head = 0; head < shape.heads(); head++) {
                upperHalf.add(new AlignmentHead(layer, head));
            }
        }
        return upperHalf;
    }
}
