package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The {@code config.json} beside a {@code model.bin}. Missing keys and nulls are empty lists;
 * unknown keys are ignored.
 *
 * @param suppressIds token ids that the model's makers suppress always
 * @param suppressIdsBegin token ids that are suppressed at the first position
 * @param languageIds ids of the language tokens
 * @param alignmentHeads heads whose cross-attention follows the audio
 * @param layerNormEpsilon 1e-5 unless the file says otherwise
 */
public record WhisperConfig(
        List<Integer> suppressIds,
        List<Integer> suppressIdsBegin,
        List<Integer> languageIds,
        List<AlignmentHead> alignmentHeads,
        float layerNormEpsilon) {

    /** A decoder head, both numbers from 0. */
    public record AlignmentHead(int layer, int head) {}

    private static final float DEFAULT_EPSILON = 1e-5f;

    public WhisperConfig {
        suppressIds = List.copyOf(suppressIds);
        suppressIdsBegin = List.copyOf(suppressIdsBegin);
        languageIds = List.copyOf(languageIds);
        alignmentHeads = List.copyOf(alignmentHeads);
    }

    /** Reads {@code config.json} of a checkpoint directory. */
    public static WhisperConfig read(Path directory) {
        Path file = directory.resolve("config.json");
        try {
            return parse(JsonMapper.shared().readTree(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    "config.json cannot be read: " + e.getMessage(),
                    e);
        } catch (JacksonException e) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    "config.json is not JSON: " + e.getOriginalMessage(),
                    e);
        }
    }

    static WhisperConfig parse(JsonNode root) {
        List<AlignmentHead> heads = new ArrayList<>();
        for (JsonNode pair : root.path("alignment_heads")) {
            if (pair.size() == 2) {
                heads.add(new AlignmentHead(integer(pair.get(0)), integer(pair.get(1))));
            }
        }
        JsonNode epsilon = root.path("layer_norm_epsilon");
        return new WhisperConfig(
                integers(root.path("suppress_ids")),
                integers(root.path("suppress_ids_begin")),
                integers(root.path("lang_ids")),
                heads,
                epsilon.isNumber() ? epsilon.floatValue() : DEFAULT_EPSILON);
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

    private static List<Integer> integers(JsonNode list) {
        List<Integer> values = new ArrayList<>();
        for (JsonNode item : list) {
            values.add(integer(item));
        }
        return values;
    }

    private static int integer(JsonNode node) {
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    String.format(
                            Locale.ROOT, "config.json: '%s' where an integer is expected.", node));
        }
        return node.intValue();
    }
}
