package dev.parlo.registry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code voices.json}, in which a repository of many Piper voices describes them. It adds facts to
 * the voices whose files are there, and never a file: a wrong one costs only what it would tell.
 *
 * @param voices by name, such as {@code en_US-lessac-medium}
 * @param formerNames the present name by each one that a voice had before
 * @param flaw why the file cannot be used, "" where it can or there is none
 */
record VoiceIndex(Map<String, IndexedVoice> voices, Map<String, String> formerNames, String flaw) {
    static final String FILE = "voices.json";

    /** Ten times as long as the one of {@code rhasspy/piper-voices}. */
    static final int LONGEST = 4 << 20;

    static final VoiceIndex NONE = new VoiceIndex(Map.of(), Map.of(), "");

    private static final int MOST_VOICES = 20_000;
    private static final int MOST_SPEAKERS = 10_000;

    /** Of all voices: a few bytes of the file may claim thousands that have no names. */
    private static final int MOST_SPEAKERS_IN_ALL = 100_000;

    private static final JsonMapper JSON = new JsonMapper();

    /**
     * What the file says of a voice.
     *
     * @param language the code of its family, such as {@code en}; "" where it does not tell
     * @param speakers in the order of their numbers; empty for a voice of one
     */
    record IndexedVoice(String language, List<String> speakers) {
        IndexedVoice {
            speakers = List.copyOf(speakers);
        }
    }

    VoiceIndex {
        voices = Map.copyOf(voices);
        formerNames = Map.copyOf(formerNames);
    }

    /**
     * Reads the file.
     *
     * @param bytes of it, or more than {@link #LONGEST} where it is longer than that
     */
    static VoiceIndex of(byte[] bytes) {
        if (bytes.length > LONGEST) {
            return unusable("it is longer than " + (LONGEST >> 20) + " MiB");
        }
        if (bytes.length == 0) {
            return NONE; // known to the repository, and not here
        }
        JsonNode root;
        try {
            root = JSON.readTree(bytes);
        } catch (JacksonException unreadable) {
            return unusable("it is not JSON");
        }
        if (!root.isObject() || root.size() > MOST_VOICES) {
            return unusable("it is not an object of at most " + MOST_VOICES + " voices");
        }
        Map<String, IndexedVoice> voices = new LinkedHashMap<>();
        Map<String, String> formerNames = new LinkedHashMap<>();
        int inAll = 0;
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            String name = entry.getKey();
            JsonNode voice = entry.getValue();
            if (!ModelId.isPart(name) || !voice.isObject()) {
                continue;
            }
            List<String> speakers = speakers(voice, MOST_SPEAKERS_IN_ALL - inAll);
            inAll += speakers.size();
            voices.put(name, new IndexedVoice(language(voice), speakers));
            for (JsonNode former : voice.path("aliases")) {
                String text = former.asString("");
                if (ModelId.isPart(text) && !root.has(text)) {
                    formerNames.putIfAbsent(text, name);
                }
            }
        }
        return new VoiceIndex(voices, formerNames, "");
    }

    private static VoiceIndex unusable(String why) {
        return new VoiceIndex(Map.of(), Map.of(), FILE + " cannot be used: " + why);
    }

    /**
     * The code of a voice's language as its own JSON and {@code voices.json} tell it, else that of
     * espeak-ng's voice; "" for none. It is shown to clients, and a file may say anything.
     */
    static String language(JsonNode voice) {
        String family = voice.path("language").path("family").asString("");
        String espeak = voice.path("espeak").path("voice").asString("");
        String code = family.isEmpty() ? espeak.split("-", 2)[0] : family;
        return code.matches("[A-Za-z]{2,8}") ? code : "";
    }

    /**
     * The speakers of a voice as its own JSON and {@code voices.json} tell them: the numbers stand
     * for those that have no name.
     */
    static List<String> speakers(JsonNode voice) {
        return speakers(voice, MOST_SPEAKERS);
    }

    private static List<String> speakers(JsonNode voice, int most) {
        int count = Math.min(voice.path("num_speakers").asInt(1), Math.min(most, MOST_SPEAKERS));
        if (count <= 1) {
            return List.of();
        }
        List<Map.Entry<String, JsonNode>> named =
                new ArrayList<>(voice.path("speaker_id_map").properties());
        named.sort(Comparator.comparingInt(speaker -> speaker.getValue().asInt(0)));
        return named.isEmpty()
                ? IntStream.range(0, count).mapToObj(Integer::toString).toList()
                : named.stream().map(Map.Entry::getKey).toList();
    }
}
