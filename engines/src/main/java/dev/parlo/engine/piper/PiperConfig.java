package dev.parlo.engine.piper;

import dev.parlo.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * What a Piper voice's JSON file says.
 *
 * @param sampleRate samples per second of the output
 * @param espeakVoice espeak-ng's voice for its phonemes
 * @param text true when its phonemes are the letters of the text
 * @param noiseScale variation of the sound
 * @param lengthScale above 1 speaks slower
 * @param noiseW variation of the durations
 * @param ids the model's numbers for each phoneme
 * @param remapped phonemes that are replaced before
 * @param speakers names and numbers, empty for a single speaker
 * @param speakerCount how many there are
 * @param defaultSpeaker the one that speaks when none is named
 */
record PiperConfig(
        int sampleRate,
        String espeakVoice,
        boolean text,
        double noiseScale,
        double lengthScale,
        double noiseW,
        Map<String, List<Integer>> ids,
        Map<String, String> remapped,
        Map<String, Integer> speakers,
        int speakerCount,
        int defaultSpeaker) {
    PiperConfig {
        ids = Map.copyOf(ids);
        remapped = Map.copyOf(remapped);
        // keeps the file's order, which is that of the voices' list
        speakers = Collections.unmodifiableMap(new LinkedHashMap<>(speakers));
    }

    /**
     * @throws EngineException of category BAD_MODEL when it is damaged or of a kind that is not
     *     supported
     */
    static PiperConfig read(Path file) {
        JsonNode root;
        try {
            root = new ObjectMapper().readTree(Files.readAllBytes(file));
        } catch (IOException | JacksonException failure) {
            throw new EngineException(
                    EngineException.Category.BAD_MODEL,
                    "The Piper configuration " + file + " cannot be read: " + failure.getMessage(),
                    failure);
        }
        int sampleRate = root.path("audio").path("sample_rate").asInt(0);
        if (sampleRate < 4000 || sampleRate > 192_000) {
            throw broken(file, "its audio.sample_rate is " + sampleRate);
        }
        String type = root.path("phoneme_type").asString("espeak");
        if (!type.equals("espeak") && !type.equals("text")) {
            throw broken(file, "its phoneme_type is '" + type + "'; supported are espeak and text");
        }
        String voice = root.path("espeak").path("voice").asString("");
        if (voice.isEmpty() && type.equals("espeak")) {
            throw broken(file, "it names no espeak.voice");
        }
        Map<String, List<Integer>> ids = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : root.path("phoneme_id_map").properties()) {
            List<Integer> numbers = new ArrayList<>();
            entry.getValue().forEach(number -> numbers.add(number.asInt()));
            ids.put(entry.getKey(), List.copyOf(numbers));
        }
        for (String needed : List.of("^", "_", "$")) {
            if (!ids.containsKey(needed)) {
                throw broken(file, "its phoneme_id_map lacks '" + needed + "'");
            }
        }
        Map<String, String> remapped = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : root.path("phoneme_map").properties()) {
            StringBuilder to = new StringBuilder();
            if (entry.getValue().isArray()) {
                entry.getValue().forEach(part -> to.append(part.asString("")));
            } else {
                to.append(entry.getValue().asString(""));
            }
            remapped.put(entry.getKey(), to.toString());
        }
        Map<String, Integer> speakers = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : root.path("speaker_id_map").properties()) {
            speakers.put(entry.getKey(), entry.getValue().asInt());
        }
        JsonNode inference = root.path("inference");
        return new PiperConfig(
                sampleRate,
                voice,
                type.equals("text"),
                inference.path("noise_scale").asDouble(0.667),
                inference.path("length_scale").asDouble(1.0),
                inference.path("noise_w").asDouble(0.8),
                ids,
                remapped,
                speakers,
                Math.max(1, root.path("num_speakers").asInt(1)),
                root.path("default_speaker_id").asInt(0));
    }

    private static EngineException broken(Path file, String why) {
        return new EngineException(
                EngineException.Category.BAD_MODEL,
                "The Piper configuration " + file + " cannot be used: " + why + ".");
    }
}
