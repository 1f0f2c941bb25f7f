package dev.parlo.engine.piper;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.ModelFile;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

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

    private static final int MAX_BYTES = 16 << 20;

    /** The largest voices have some thousand speakers. */
    private static final int MAX_SPEAKERS = 10_000;

    /** Numbers of the phoneme embedding; the published voices have 256 or fewer. */
    private static final int MAX_ID = 65_535;

    /** Of one phoneme; the published voices have one each. */
    private static final int MAX_IDS = 8;

    private static final int MAX_REPLACEMENT = 16;
    private static final int MAX_NAME = 200;

    /**
     * @throws EngineException of category BAD_MODEL when it is damaged or of a kind that is not
     *     supported
     */
    static PiperConfig read(Path path) {
        ModelFile file = new ModelFile(path, MAX_BYTES);
        JsonNode root = file.json();
        int sampleRate =
                file.integer(
                        root.path("audio").path("sample_rate"),
                        "audio.sample_rate",
                        4_000,
                        192_000);
        String type = root.path("phoneme_type").asString("espeak");
        if (!type.equals("espeak") && !type.equals("text")) {
            throw file.outside(root.path("phoneme_type"), "phoneme_type", "espeak, text");
        }
        String voice = root.path("espeak").path("voice").asString("");
        if (voice.isEmpty() && type.equals("espeak")) {
            throw file.bad("names no espeak.voice", null);
        }
        JsonNode inference = root.path("inference");
        int count = file.integer(root.path("num_speakers"), "num_speakers", 1, 0, MAX_SPEAKERS);
        int speakers = Math.max(1, count);
        return new PiperConfig(
                sampleRate,
                voice,
                type.equals("text"),
                file.number(inference.path("noise_scale"), "inference.noise_scale", 0.667, 0, 10),
                // twenty times the usual length would be most of a minute for one sentence
                file.number(
                        inference.path("length_scale"), "inference.length_scale", 1.0, 0.05, 20),
                file.number(inference.path("noise_w"), "inference.noise_w", 0.8, 0, 10),
                ids(file, root.path("phoneme_id_map")),
                remapped(file, root.path("phoneme_map")),
                speakers(file, root.path("speaker_id_map"), speakers),
                speakers,
                file.integer(
                        root.path("default_speaker_id"), "default_speaker_id", 0, 0, speakers - 1));
    }

    private static Map<String, List<Integer>> ids(ModelFile file, JsonNode map) {
        Map<String, List<Integer>> ids = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            String what = "phoneme_id_map";
            JsonNode numbers = entry.getValue();
            ids.put(
                    entry.getKey(),
                    numbers.isArray()
                            ? file.integers(numbers, what, MAX_IDS, 0, MAX_ID)
                            : List.of(file.integer(numbers, what, 0, MAX_ID)));
        }
        for (String needed : List.of("^", "_", "$")) {
            if (!ids.containsKey(needed)) {
                throw file.bad("cannot be used: its phoneme_id_map lacks '" + needed + "'", null);
            }
        }
        return ids;
    }

    private static Map<String, String> remapped(ModelFile file, JsonNode map) {
        Map<String, String> remapped = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            StringBuilder to = new StringBuilder();
            if (entry.getValue().isArray()) {
                entry.getValue().forEach(part -> to.append(part.asString("")));
            } else {
                to.append(entry.getValue().asString(""));
            }
            if (to.length() > MAX_REPLACEMENT) {
                throw file.outside(
                        entry.getValue(), "phoneme_map", MAX_REPLACEMENT + " phonemes for one");
            }
            remapped.put(entry.getKey(), to.toString());
        }
        return remapped;
    }

    private static Map<String, Integer> speakers(ModelFile file, JsonNode map, int count) {
        Map<String, Integer> speakers = new LinkedHashMap<>();
        if (map.size() > MAX_SPEAKERS) {
            throw file.bad("lists " + map.size() + " speakers, more than " + MAX_SPEAKERS, null);
        }
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            if (entry.getKey().length() > MAX_NAME) {
                throw file.bad("names a speaker by more than " + MAX_NAME + " characters", null);
            }
            speakers.put(
                    entry.getKey(),
                    file.integer(
                            entry.getValue(),
                            "speaker_id_map",
                            0,
                            Math.max(count, map.size()) - 1));
        }
        return speakers;
    }
}
