package dev.parlo.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.registry.Fault;
import dev.parlo.registry.TestHub;
import dev.parlo.server.cli.ModelCommands;
import dev.parlo.server.http.Json;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Models by what they are for: from the Hub's facts to a route and a command. */
class SuggestionsTest {
    private static final String ROUTE = "/v1/registry/suggestions?";
    private static final long LARGE = 3_090_000_000L;
    private static final long SMALL = 967_000_000L;

    @TempDir private Path folder;

    /** A repository whose file of weights the Hub says to be larger than it is. */
    private void publish(
            String id, String card, String weights, byte[] head, String size, String more)
            throws Exception {
        Path place = Files.createDirectories(folder.resolve("repositories").resolve(id));
        Files.writeString(
                place.resolve("README.md"),
                "---\npipeline_tag: automatic-speech-recognition\n" + card + "---\n");
        Files.writeString(place.resolve("config.json"), "{\"model_type\": \"whisper\"}");
        Files.writeString(place.resolve("tokenizer.json"), "{}");
        Files.write(place.resolve(weights), head);
        StringBuilder siblings = new StringBuilder();
        for (String file : List.of("README.md", "config.json", "tokenizer.json")) {
            siblings.append(
                    "{\"rfilename\": \"%s\", \"size\": 10, \"blobId\": \"%040d\"}, "
                            .replace("%s", file)
                            .replace("%040d", "0".repeat(40)));
        }
        Files.writeString(
                place.resolve(".hub.json"),
                "{\"raw\": {"
                        + more
                        + "\"siblings\": ["
                        + siblings
                        + "{\"rfilename\": \""
                        + weights
                        + "\", \"size\": "
                        + size
                        + ", \"lfs\": {\"sha256\": \""
                        + "0".repeat(64)
                        + "\"}}]}}");
    }

    private static byte[] safetensors(String type) {
        byte[] json = ("{\"a\":{\"dtype\":\"" + type + "\"}}").getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }

    private void publishAll() throws Exception {
        String tags = "tags: [whisper, transformers, safetensors]\nlicense: apache-2.0\n";
        publish(
                "big/whisper-large",
                "language: [en, de, fr, it]\n" + tags,
                "model.safetensors",
                safetensors("F16"),
                String.valueOf(LARGE),
                "\"downloads\": 9000, ");
        publish(
                "fine/whisper-small-german",
                "language: de\n" + tags,
                "model.safetensors",
                safetensors("F32"),
                String.valueOf(SMALL),
                "\"downloads\": 7, ");
        publish(
                "other/whisper-small",
                "language: [de, en, fr, es]\n" + tags,
                "model.safetensors",
                safetensors("F32"),
                String.valueOf(SMALL),
                "\"downloads\": 100000, ");
        publish(
                "big/whisper-base.en",
                "language: en\n" + tags,
                "model.safetensors",
                safetensors("F32"),
                "290000000",
                "");
    }

    private ListeningServer server(TestHub hub, String... more) throws Exception {
        List<String> settings =
                new ArrayList<>(
                        List.of(
                                "HF_HUB_OFFLINE",
                                "0",
                                "HF_ENDPOINT",
                                hub.endpoint().toString(),
                                "MODEL_MEMORY_BUDGET",
                                String.valueOf(8L << 30)));
        settings.addAll(List.of(more));
        return new ListeningServer(folder, settings.toArray(String[]::new));
    }

    private static JsonNode json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.mapper().readTree(answer.body());
    }

    private static List<String> ids(JsonNode models) {
        List<String> ids = new ArrayList<>();
        models.forEach(model -> ids.add(model.path("id").asString()));
        return ids;
    }

    @Test
    void whatFitsIsSuggestedLargestFirstAndOfOneSizeWhatWasMadeForTheLanguage() throws Exception {
        publishAll();
        try (TestHub hub = TestHub.start(folder.resolve("repositories"));
                ListeningServer server = server(hub)) {
            JsonNode all = json(server.get(ROUTE + "language=German"));
            assertThat(all.path("memory_source").asString()).isEqualTo("MODEL_MEMORY_BUDGET");
            assertThat(ids(all.path("data")))
                    .containsExactly(
                            "big/whisper-large",
                            "fine/whisper-small-german",
                            "other/whisper-small");
            JsonNode large = all.at("/data/0");
            // stored with 16 bits, computed with 8: what the pool makes room for, too
            assertThat(large.path("memory_bytes").asLong()).isEqualTo(LARGE / 2);
            assertThat(large.path("download_bytes").asLong()).isEqualTo(LARGE + 30);
            assertThat(large.path("compute_type").asString()).isEqualTo("int8");
            assertThat(large.path("license").asString()).isEqualTo("apache-2.0");
            assertThat(large.path("fit").asString()).isEqualTo("with_room");
            assertThat(large.path("why").asString())
                    .contains("1.5 billion weights", "8.0 GiB", "German", "9,000 downloads");
            assertThat(large.path("commands").toString())
                    .contains(
                            "parlo model download big/whisper-large",
                            "parlo transcribe recording.wav --model big/whisper-large --language"
                                    + " de");

            JsonNode less = json(server.get(ROUTE + "language=de-AT&memory=1GiB&limit=1"));
            assertThat(ids(less.path("data"))).containsExactly("fine/whisper-small-german");
            assertThat(less.at("/data/0/memory_bytes").asLong()).isEqualTo(SMALL / 4);
            assertThat(ids(less.path("too_large"))).containsExactly("big/whisper-large");
            JsonNode tight = json(server.get(ROUTE + "language=de&memory=300m&limit=1"));
            assertThat(tight.at("/data/0/fit").asString()).isEqualTo("tight");

            JsonNode none = json(server.get(ROUTE + "language=de&memory=10MB"));
            assertThat(none.path("data")).isEmpty();
            assertThat(none.path("advice").asString())
                    .contains("German", "9.5 MiB", "as asked", "whisper-small", "--memory");
        }
    }

    @Test
    void whatIsAskedForWronglyIsRefusedWithWhatIsAccepted() throws Exception {
        publishAll();
        try (TestHub hub = TestHub.start(folder.resolve("repositories"));
                ListeningServer server = server(hub)) {
            String[][] wrong = {
                {"task=singing", "text-to-speech"},
                {"language=klingon", "English name"},
                {"language=" + "x".repeat(3000), "ISO 639"},
                {"memory=-1", "1.5GiB"},
                {"memory=0", "1.5GiB"},
                {"memory=lots", "1.5GiB"},
                {"memory=99999999999999999999999999", "1.5GiB"},
                {"memory=9e99", "1.5GiB"},
                {"memory=9999999999999999999TB", "1.5GiB"},
                {"limit=0", "greater than or equal to 1"},
                {"task=voice-activity-detection&language=de", "leave it out"}
            };
            for (String[] each : wrong) {
                HttpResponse<String> refused = server.get(ROUTE + each[0]);
                assertThat(refused.statusCode()).as(each[0]).isEqualTo(422);
                assertThat(refused.body()).contains(each[1]);
            }
            // answered as GET is, although every name behind /v1/registry may be a model's
            assertThat(server.send("HEAD", ROUTE + "limit=1").statusCode()).isEqualTo(200);
            assertThat(server.send("HEAD", ROUTE + "limit=0").statusCode()).isEqualTo(422);
            String[] there = {"--url", server.application().url()};
            ModelCommands.Result refused =
                    ModelCommands.run(there, "model", "suggest", "--language", "klingon");
            assertThat(refused.status()).isEqualTo(2);
            assertThat(refused.err()).contains("language", "ISO 639");
            assertThat(
                            ModelCommands.run(
                                            there,
                                            "model",
                                            "suggest",
                                            "--language",
                                            "German",
                                            "--memory",
                                            "1 GiB")
                                    .out())
                    .contains("fine/whisper-small-german");
        }
    }

    /** What is remembered of a repository serves whoever asks for others of its models. */
    @Test
    void eachOfARepositorysModelsIsFoundInItsLanguageHoweverItWasAskedBefore() throws Exception {
        Path ggml = Files.createDirectories(folder.resolve("repositories/many/whisper.cpp"));
        Files.writeString(
                ggml.resolve("README.md"),
                "---\npipeline_tag: automatic-speech-recognition\ntags: [ggml]\n---\n");
        for (String name : List.of("base", "base.en", "base.en-q5_1")) {
            int bytes = name.endsWith("q5_1") ? 750_000 : 2_000_000;
            Files.write(ggml.resolve("ggml-" + name + ".bin"), new byte[bytes]);
        }
        try (TestHub hub = TestHub.start(folder.resolve("repositories"));
                ListeningServer server = server(hub)) {
            JsonNode german = json(server.get(ROUTE + "language=de"));
            assertThat(ids(german.path("data"))).containsExactly("many/whisper.cpp:base");
            assertThat(german.at("/data/0/why").asString()).contains("names no language");
            JsonNode english = json(server.get(ROUTE + "language=en"));
            assertThat(ids(english.path("data")))
                    .contains("many/whisper.cpp:base.en")
                    .doesNotContain("many/whisper.cpp:base");
            assertThat(english.has("problems")).isFalse();
            hub.forgetRequests();
            assertThat(server.get(ROUTE + "language=en").body()).contains(":base.en");
            assertThat(hub.requests()).isEmpty();
        }
    }

    @Test
    void whatTheHubDoesNotGiveIsLeftOutAndSaid() throws Exception {
        publishAll();
        try (TestHub hub = TestHub.start(folder.resolve("repositories"));
                ListeningServer server = server(hub)) {
            hub.fault(new Fault("big/whisper-large/revision", Fault.Kind.STATUS, 404));
            JsonNode found = json(server.get(ROUTE + "language=de"));
            assertThat(ids(found.path("data")))
                    .containsExactly("fine/whisper-small-german", "other/whisper-small");
            assertThat(found.path("problems").toString()).contains("one model of the Hub");
            hub.fault(new Fault("/revision", Fault.Kind.STATUS, 404));
            JsonNode none = json(server.get(ROUTE + "language=de"));
            assertThat(none.path("data")).hasSize(2); // as they were known a moment ago
        }
    }

    /** A mirror may say anything of a repository; it costs that repository only. */
    @Test
    void factsThatCannotBeTrueDoNoHarm() throws Exception {
        publishAll();
        String card = "tags: [whisper, transformers, safetensors]\nlanguage: de\n";
        String shout =
                "\"tags\": [\"whisper\", \"transformers\", \"safetensors\","
                        + " \"automatic-speech-recognition\", \"license:<script>alert(1)</script>\"],";
        publish(
                "evil/whisper-huge",
                card,
                "model.safetensors",
                safetensors("F32"),
                "1" + "0".repeat(30),
                shout + "\"downloads\": 1e300, \"likes\": \"many\", ");
        publish(
                "evil/whisper-negative",
                card,
                "model.safetensors",
                safetensors("F32"),
                "-5",
                "\"downloads\": -" + "9".repeat(30) + ", ");
        publish(
                "evil/whisper-largest",
                card,
                "model.safetensors",
                new byte[0],
                String.valueOf(Long.MAX_VALUE),
                shout
                        + "\"cardData\": {\"language\": [\"de\", \"\\u001b[2J\", {\"a\": 1},"
                        + " \"<b>\"]}, \"downloads\": -3, ");
        try (TestHub hub = TestHub.start(folder.resolve("repositories"));
                ListeningServer server = server(hub)) {
            String body = server.get(ROUTE + "language=de&limit=100").body();
            JsonNode found = Json.mapper().readTree(body);
            assertThat(ids(found.path("data"))).contains("fine/whisper-small-german");
            assertThat(ids(found.path("too_large"))).contains("evil/whisper-largest");
            assertThat(body).doesNotContain("<script>", "<b>", "\u001b", "u001b");
            found.path("data")
                    .forEach(model ->
                            assertThat(model.path("memory_bytes").asLong()).isNotNegative());
        }
    }

    @Test
    void withoutTheHubWhatIsInstalledIsSuggestedAndTheAnswerSaysSo() throws Exception {
        publishAll();
        try (TestHub hub = TestHub.start(folder.resolve("repositories"));
                ListeningServer server = server(hub, "HF_HUB_OFFLINE", "1")) {
            JsonNode found = json(server.get(ROUTE + "task=voice-activity-detection"));
            assertThat(found.path("hub").asBoolean()).isFalse();
            assertThat(found.path("problems").toString()).contains("HF_HUB_OFFLINE");
            assertThat(found.at("/data/0/installed").asBoolean()).isTrue();
            assertThat(found.at("/data/0/commands").toString())
                    .contains(
                            "curl -s " + server.application().url() + "/v1/audio/speech/timestamps")
                    .doesNotContain("download");
            JsonNode none =
                    json(
                            server.get(
                                    ROUTE
                                            + "language="
                                            + URLEncoder.encode("māori", StandardCharsets.UTF_8)));
            assertThat(none.path("advice").asString()).contains("Maori", "connect to the Hub");
            assertThat(hub.requests()).isEmpty();
        }
    }
}
