package dev.parlo.engine.whisper.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** A Whisper checkpoint of random weights, 64 wide, with a tokenizer of a few tokens. */
public final class SmallCheckpoint {
    static final List<String> TOKENS =
            List.of(
                    "a",
                    "b",
                    "ab",
                    "Ġ",
                    "<|endoftext|>",
                    "<|startoftranscript|>",
                    "<|en|>",
                    "<|de|>",
                    "<|translate|>",
                    "<|transcribe|>",
                    "<|startoflm|>",
                    "<|startofprev|>",
                    "<|nospeech|>",
                    "<|notimestamps|>");
    static final int END = TOKENS.indexOf("<|endoftext|>");
    static final int TIMESTAMPS = TOKENS.size();

    /** What the original vocabulary ends at. */
    static final int ROWS = TIMESTAMPS + 1501;

    private SmallCheckpoint() {}

    /**
     * Its weights; {@code tokenizer.json} is written to the folder.
     *
     * @param layers of encoder and decoder each
     */
    public static TransformersWriter write(Path folder, int layers) throws IOException {
        json(folder.resolve("tokenizer.json"), tokenizer(Map.of()));
        return weights(folder, layers, ROWS);
    }

    static TransformersWriter weights(Path folder, int layers, int rows) throws IOException {
        WhisperShape shape = new WhisperShape(64, 1, layers, layers, rows, 80, 256, 448);
        Path original = folder.resolve("original");
        CheckpointWriter.random(shape, DataType.FLOAT32, 3).write(original, "[[0, 0]]");
        try (Checkpoint checkpoint = Checkpoint.open(original)) {
            return TransformersWriter.of(checkpoint);
        }
    }

    /**
     * @param added tokens behind the timestamps, by id
     */
    static Map<String, Object> tokenizer(Map<Integer, String> added) {
        Map<String, Object> vocabulary = new LinkedHashMap<>();
        List<Object> others = new ArrayList<>();
        for (int id = 0; id < TOKENS.size(); id++) {
            if (id < END) {
                vocabulary.put(TOKENS.get(id), id);
            } else {
                others.add(Map.of("id", id, "content", TOKENS.get(id), "special", true));
            }
        }
        added.forEach((id, token) ->
                others.add(Map.of("id", id, "content", token, "special", token.startsWith("<|"))));
        return Map.of(
                "model",
                Map.of("type", "BPE", "vocab", vocabulary, "merges", List.of("a b")),
                "added_tokens",
                others);
    }

    static void json(Path file, Object content) throws IOException {
        Files.write(file, JsonMapper.shared().writeValueAsBytes(content));
    }
}
