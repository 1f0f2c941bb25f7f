package dev.parlo.server.hostile;

import java.net.http.WebSocket;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Texts and phonemes that a C library with fixed buffers was not made for, and endless ones. */
final class SpeechAttacks {
    private static final List<String> PHONEMES =
            List.of("a", "ə", "ˈa", "aː", "t", "ŋ", "a.", "x", "'", "kæt ", "tʃ", "ɹ", "z", "A");
    private static final List<String> TEXTS =
            List.of(
                    "a",
                    "1",
                    ".",
                    "a.",
                    "A. ",
                    "م .",
                    "漢",
                    "ก",
                    "😀",
                    "\u0301",
                    "[[t@",
                    "_^_",
                    "||",
                    "\u0001",
                    "\u0002",
                    "[\u0002_^_",
                    "a1",
                    "XIV ",
                    "www.",
                    "$",
                    "½",
                    "'",
                    "-");
    private static final List<String> VOICES =
            List.of("en-us", "de", "fr-fr", "ru", "cmn", "yue", "ar", "hi", "th", "vi", "alloy");

    private SpeechAttacks() {}

    static Map<String, Attack> all() {
        Map<String, Attack> attacks = new TreeMap<>();
        attacks.put(
                "phonemes in SSML (speech)",
                (target, random) ->
                        target.post("/v1/audio/speech", ssml(document(random), voice(random))));
        attacks.put(
                "phonemes in SSML (captions)",
                (target, random) ->
                        target.post(
                                "/dev/captioned_speech", ssml(document(random), voice(random))));
        attacks.put("phonemes in SSML (CosyVoice)", SpeechAttacks::task);
        attacks.put(
                "pronunciations",
                (target, random) -> {
                    Map<String, Object> body = speech("one [two](/" + phonemes(random) + "/)", "");
                    String given = phonemes(random);
                    // longer ones are refused before they reach anything
                    given = given.substring(0, Math.min(given.length(), 190));
                    body.put("pronunciations", Map.of("one", "/" + given + "/"));
                    body.put("voice", voice(random));
                    return target.post("/v1/audio/speech", body);
                });
        attacks.put(
                "texts",
                (target, random) ->
                        target.post("/v1/audio/speech", speech(text(random), voice(random))));
        attacks.put(
                "phonemes of texts",
                (target, random) ->
                        target.post(
                                "/dev/phonemize",
                                Map.of(
                                        "text",
                                        text(random),
                                        "language",
                                        "abefhi".charAt(random.nextInt(6)) + "")));
        attacks.put(
                "endless silence",
                (target, random) ->
                        target.post(
                                "/v1/audio/speech",
                                ssml(
                                        "<speak>x"
                                                + "<break time=\"10s\"/>".repeat(10_000)
                                                + "</speak>",
                                        "en-us")));
        attacks.put(
                "endless text",
                (target, random) ->
                        target.post("/v1/audio/speech", speech("word ".repeat(300_000), "en-us")));
        attacks.put(
                "endless say-as",
                (target, random) ->
                        target.post(
                                "/v1/audio/speech",
                                ssml(
                                        "<speak><say-as interpret-as=\"digits\">"
                                                + "7".repeat(80_000)
                                                + "</say-as></speak>",
                                        "en-us")));
        return attacks;
    }

    private static Map<String, Object> speech(String input, String voice) {
        Map<String, Object> body = new TreeMap<>();
        body.put("model", "espeak-ng/espeak-ng");
        body.put("voice", voice);
        body.put("input", input);
        body.put("response_format", "pcm");
        body.put("speed", 4);
        return body;
    }

    private static Map<String, Object> ssml(String document, String voice) {
        Map<String, Object> body = speech(document, voice);
        body.put("ssml", true);
        return body;
    }

    private static String document(Random random) {
        return "<speak>one <phoneme alphabet=\"ipa\" ph=\""
                + phonemes(random).replace("'", "&apos;")
                + "\">x</phoneme> two</speak>";
    }

    private static String phonemes(Random random) {
        return repeated(random, PHONEMES);
    }

    private static String text(Random random) {
        return repeated(random, TEXTS);
    }

    private static String voice(Random random) {
        return VOICES.get(random.nextInt(VOICES.size()));
    }

    private static String repeated(Random random, List<String> parts) {
        int[] lengths = {200, 202, 240, 291, 292, 300, 600, 3000};
        int length = lengths[random.nextInt(lengths.length)];
        String one = parts.get(random.nextInt(parts.size()));
        String other = random.nextBoolean() ? one : parts.get(random.nextInt(parts.size()));
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(one).append(other);
        }
        return text.toString();
    }

    private static String task(Target target, Random random) throws Exception {
        String run =
                "{\"header\":{\"action\":\"run-task\",\"task_id\":\"t\",\"streaming\":\"duplex\"},"
                        + "\"payload\":{\"model\":\"cosyvoice-v2\",\"parameters\":{\"format\":\"pcm\","
                        + "\"enable_ssml\":true},\"input\":{}}}";
        String document = document(random).replace("\\", "\\\\").replace("\"", "\\\"");
        String proceed =
                "{\"header\":{\"action\":\"finish-task\",\"task_id\":\"t\"},"
                        + "\"payload\":{\"input\":{\"text\":\""
                        + document
                        + "\"}}}";
        try (SocketAttacker socket = SocketAttacker.open(target, "/api-ws/v1/inference")) {
            WebSocket open = socket.socket();
            var unused = open.sendText(run, true).get(10, TimeUnit.SECONDS);
            unused = open.sendText(proceed, true).get(10, TimeUnit.SECONDS);
            return socket.awaitEnd(15);
        }
    }
}
