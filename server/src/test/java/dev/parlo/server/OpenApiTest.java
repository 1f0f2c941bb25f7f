package dev.parlo.server;

import static dev.parlo.server.RunningServer.BUILT_IN;
import static dev.parlo.server.RunningServer.REMOTE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.speaker.TinySpeakerModels;
import dev.parlo.registry.Fault;
import dev.parlo.server.http.Json;
import dev.parlo.server.llm.FakeLlm;
import dev.parlo.server.transcription.FormBody;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API's description against the API. */
@Tag("locale")
class OpenApiTest {
    private static final String TRANSCRIPTIONS = "/v1/audio/transcriptions";
    private static final String TRANSLATIONS = "/v1/audio/translations";
    private static final String SAY = "{\"model\": \"espeak-ng/espeak-ng\", \"input\": \"Hi.\"";

    private static final String EMBEDDING = "acme/wespeaker";
    private static final String SEGMENTATION = "acme/pyannote-segmentation";

    @TempDir Path folder;

    private static ApiDescription description(RunningServer server) throws Exception {
        return new ApiDescription(
                Json.mapper().readTree(server.ask("GET", "/openapi.json").body()));
    }

    @Test
    void everyRouteIsDescribedAndEveryDescriptionHasARoute() throws Exception {
        try (RunningServer server = new RunningServer(folder)) {
            assertThat(description(server).operations())
                    .isEqualTo(new TreeSet<>(server.application.routes()));
        }
    }

    @Test
    void everyOperationIsNamedAsFastApiNamesItSoThatClientsMadeForSpeachesKeepTheirNames()
            throws Exception {
        SortedMap<String, String> ids;
        try (RunningServer server = new RunningServer(folder)) {
            ids = description(server).operationIds();
        }
        assertThat(ids.values()).doesNotHaveDuplicates();
        ids.forEach((operation, id) -> {
            String[] parts = operation.split(" ", 2);
            String ending =
                    parts[1].replaceAll("\\W", "_") + "_" + parts[0].toLowerCase(Locale.ROOT);
            assertThat(id).as(operation).matches("[a-z][a-z0-9_]*").endsWith(ending);
        });
        assertThat(ids.values())
                .contains(
                        "health_health_get",
                        "transcribe_file_v1_audio_transcriptions_post",
                        "translate_file_v1_audio_translations_post",
                        "synthesize_v1_audio_speech_post",
                        "list_local_models_v1_models_get",
                        "get_local_model_v1_models__model_id__get",
                        "download_remote_model_v1_models__model_id__post",
                        "delete_model_v1_models__model_id__delete",
                        "list_local_audio_models_v1_audio_models_get",
                        "list_local_audio_voices_v1_audio_voices_get",
                        "get_remote_models_v1_registry_get",
                        "get_running_models_api_ps_get",
                        "load_model_route_api_ps__model_id__post",
                        "stop_running_model_api_ps__model_id__delete");
    }

    @Test
    void everyJsonAnswerIsAsDescribedAndSaysNothingElse() throws Exception {
        Path models = folder.resolve("home/models");
        TinySpeakerModels.embeddingFolder(models.resolve(EMBEDDING));
        TinySpeakerModels.segmentationFolder(models.resolve(SEGMENTATION));
        try (FakeLlm llm = FakeLlm.start(FakeLlm.Kind.OLLAMA);
                RunningServer server =
                        new RunningServer(
                                folder,
                                "CHAT_COMPLETION_BASE_URL",
                                llm.url(),
                                "PARLO_CACHE_DIR",
                                folder.resolve("parlo").toString(),
                                "PRELOAD_MODELS",
                                "[\"Acme/none\"]")) {
            ApiDescription api = description(server);
            Awaitility.await().until(() -> server.ask("GET", "/health/ready").statusCode() == 200);
            for (String path :
                    List.of("/health", "/healthz", "/health/live", "/health/ready", "/ping")) {
                api.matches("GET " + path, server.ask("GET", path));
            }
            api.matches("GET /openapi.json", server.ask("GET", "/openapi.json"));
            models(server, api);
            running(server, api);
            transcription(server, api);
            speech(server, api);
            conversation(server, api);
            assertThat(api.compared()).isEqualTo(api.operationsWithJson());
        }
    }

    private static void models(RunningServer server, ApiDescription api) throws Exception {
        api.matches("GET /v1/registry", server.ask("GET", "/v1/registry"));
        for (String id : List.of(REMOTE, "Acme/none", "-")) {
            api.matches("GET /v1/registry/{model_id}", server.ask("GET", "/v1/registry/" + id));
        }
        api.matches("GET /v1/registry/suggestions", server.ask("GET", "/v1/registry/suggestions"));
        api.matches(
                "GET /v1/registry/suggestions",
                server.ask("GET", "/v1/registry/suggestions?task=x"));
        server.hub.fault(new Fault("model.bin", Fault.Kind.STALL, 1000));
        var download =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return server.ask("POST", "/v1/models/" + REMOTE);
                    } catch (Exception broken) {
                        throw new IllegalStateException(broken);
                    }
                });
        Awaitility.await()
                .until(() -> server.ask("GET", "/v1/downloads").body().contains("downloading"));
        api.matches("GET /v1/downloads", server.ask("GET", "/v1/downloads"));
        api.matches(
                "DELETE /v1/downloads/{model_id}", server.ask("DELETE", "/v1/downloads/" + REMOTE));
        api.matches("POST /v1/models/{model_id}", download.join()); // 409: it was cancelled
        api.matches(
                "DELETE /v1/downloads/{model_id}", server.ask("DELETE", "/v1/downloads/" + REMOTE));
        server.hub.heal();
        assertThat(server.ask("POST", "/v1/models/" + REMOTE).statusCode()).isEqualTo(200);
        api.matches("POST /v1/models/{model_id}", server.ask("POST", "/v1/models/Acme/nope"));

        api.matches("GET /v1/models", server.ask("GET", "/v1/models?include_aliases=true"));
        api.matches("GET /v1/models", server.ask("GET", "/v1/models?task=x"));
        api.matches("GET /v1/models/{model_id}", server.ask("GET", "/v1/models/" + BUILT_IN));
        api.matches("GET /v1/models/{model_id}", server.ask("GET", "/v1/models/nope"));
        api.matches("GET /v1/models/{model_id}", server.ask("GET", "/v1/models/%2e%2e%2fx"));
        api.matches("DELETE /v1/models/{model_id}", server.ask("DELETE", "/v1/models/" + BUILT_IN));
        api.matches("DELETE /v1/models/{model_id}", server.ask("DELETE", "/v1/models/" + REMOTE));
        api.matches("GET /v1/audio/models", server.ask("GET", "/v1/audio/models"));
        api.matches("GET /v1/audio/voices", server.ask("GET", "/v1/audio/voices"));
        api.matches("GET /v1/audio/voices", server.ask("GET", "/v1/audio/voices?legacy=true"));
        api.matches("GET /v1/audio/voices", server.ask("GET", "/v1/audio/voices?legacy=x"));
        api.matches("GET /v1/audio/voices", server.ask("GET", "/v1/audio/voices?model=nope"));
        api.matches("GET /v1/audio/speakers", server.ask("GET", "/v1/audio/speakers"));
        api.matches("GET /v1/voices", server.ask("GET", "/v1/voices"));
        api.matches("GET /v1/voices/{voice}", server.ask("GET", "/v1/voices/en-us"));
        api.matches("GET /v1/voices/{voice}", server.ask("GET", "/v1/voices/nobody"));
        api.matches("GET /v2/voices", server.ask("GET", "/v2/voices"));
    }

    private static void running(RunningServer server, ApiDescription api) throws Exception {
        String path = "/api/ps/" + BUILT_IN;
        api.matches("POST /api/ps/{model_id}", server.ask("POST", "/api/ps/Acme/nope"));
        api.matches("POST /api/ps/{model_id}", server.ask("POST", path + "?keep_alive=soon"));
        api.matches("POST /api/ps/{model_id}", server.ask("POST", path));
        api.matches("POST /api/ps/{model_id}", server.ask("POST", path));
        HttpResponse<String> list = server.ask("GET", "/api/ps");
        assertThat(list.body()).contains("\"idle\"", "\"failed\"");
        api.matches("GET /api/ps", list);
        api.matches("DELETE /api/ps/{model_id}", server.ask("DELETE", path));
        api.matches("DELETE /api/ps/{model_id}", server.ask("DELETE", path));
    }

    private static void transcription(RunningServer server, ApiDescription api) throws Exception {
        server.ask("POST", "/api/ps/" + BUILT_IN);
        server.engines.getLast().multilingual.set(true);
        for (String route : List.of(TRANSCRIPTIONS, TRANSLATIONS)) {
            for (String path : List.of(route, route + "/")) {
                api.matches("GET " + path, server.ask("GET", path));
                for (String format : List.of("json", "verbose_json")) {
                    api.matches(
                            "POST " + path,
                            server.form(path, "model", BUILT_IN, "response_format", format));
                }
            }
        }
        FormBody film =
                new FormBody()
                        .file(
                                "audio_file",
                                "a",
                                "audio/wav",
                                "RIFF".getBytes(StandardCharsets.UTF_8));
        api.matches(
                "POST /detect-language",
                server.post("/detect-language", film.contentType(), film.bytes()));
        FormBody recording =
                new FormBody()
                        .file("audio", "a", "audio/wav", "RIFF".getBytes(StandardCharsets.UTF_8));
        api.matches(
                "POST /v1/asr", server.post("/v1/asr", recording.contentType(), recording.bytes()));
        for (String format : List.of("json", "verbose_json")) {
            api.matches("POST /inference", server.form("/inference", "response_format", format));
        }
        for (String granularity : List.of("none", "word", "character")) {
            api.matches(
                    "POST /v1/speech-to-text",
                    server.form("/v1/speech-to-text", "timestamps_granularity", granularity));
        }
        for (String path : List.of("/v1/audio/speech/timestamps", "/v1/audio/speech/timestamps/")) {
            api.matches("POST " + path, server.form(path));
        }
        for (String slash : List.of("", "/")) {
            String embedding = "/v1/audio/speech/embedding" + slash;
            String diarization = "/v1/audio/diarization" + slash;
            api.matches("POST " + embedding, server.form(embedding, "model", EMBEDDING));
            api.matches("POST " + embedding, server.form(embedding, "model", "acme/none"));
            api.matches("POST " + diarization, server.form(diarization, "model", SEGMENTATION));
        }
        for (String format : List.of("json", "verbose_json")) {
            HttpResponse<String> rich =
                    server.form(
                            TRANSCRIPTIONS,
                            "model",
                            BUILT_IN,
                            "response_format",
                            format,
                            "include[]",
                            "logprobs",
                            "timestamp_granularities[]",
                            "word");
            assertThat(rich.body()).contains(format.equals("json") ? "\"logprob\":" : "\"word\":");
            api.matches("POST " + TRANSCRIPTIONS, rich);
        }
        api.matches("POST " + TRANSCRIPTIONS, server.transcribe(BUILT_IN, "1", "no audio"));
        api.matches("POST " + TRANSCRIPTIONS, server.transcribe("Acme/nope", "1"));
        api.matches("POST " + TRANSCRIPTIONS, server.form(TRANSCRIPTIONS, "temperature", "hot"));
    }

    private static void conversation(RunningServer server, ApiDescription api) throws Exception {
        for (String path : List.of("/v1/chat/completions", "/v1/chat/completions/")) {
            String body = "\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]";
            api.matches(
                    "POST " + path,
                    server.json(
                            path,
                            "{\"model\": \"qwen3\", \"modalities\": [\"text\", \"audio\"],"
                                    + " \"speech_model\": \"espeak-ng/espeak-ng\", "
                                    + body
                                    + "}"));
            api.matches("POST " + path, server.json(path, "{\"model\": \"m\", " + body + "}"));
            api.matches("POST " + path, server.json(path, "{}"));
        }
        for (String path :
                List.of(
                        "/v1/realtime/client_secrets",
                        "/v1/realtime/sessions",
                        "/v1/realtime/transcription_sessions",
                        "/v1/realtime",
                        "/v1/realtime/calls")) {
            api.matches("POST " + path, server.json(path, "{}"));
            api.matches("POST " + path, server.json(path, "{\"session\": {}, \"voice\": 1}"));
        }
    }

    private static void speech(RunningServer server, ApiDescription api) throws Exception {
        for (String path : List.of("/v1/audio/speech", "/v1/audio/speech/")) {
            api.matches("GET " + path, server.ask("GET", path));
            api.matches("POST " + path, server.json(path, "{\"input\": \"Hi.\"}"));
        }
        api.matches(
                "POST /dev/captioned_speech",
                server.json("/dev/captioned_speech", SAY + ", \"stream\": false}"));
        api.matches(
                "POST /dev/phonemize",
                server.json("/dev/phonemize", "{\"text\": \"Hi.\", \"language\": \"a\"}"));
        api.matches(
                "POST /v1/text-to-speech/{voice}/with-timestamps",
                server.json(
                        "/v1/text-to-speech/en-us/with-timestamps",
                        "{\"text\": \"Hi.\", \"model_id\": \"espeak-ng/espeak-ng\"}"));
    }

    @Test
    void refusalsForAKeyAreAsDescribed() throws Exception {
        try (RunningServer server = new RunningServer(folder, "API_KEY", "k")) {
            ApiDescription api = description(server);
            for (String path : List.of("/v1/models", "/v1/registry", "/api/ps", "/v1/downloads")) {
                api.matches("GET " + path, server.ask("GET", path));
                api.matches(
                        "GET " + path, server.ask("GET", path, "Authorization", "Bearer wrong"));
            }
        }
    }

    @Test
    void aBrokenHubIsAsDescribed() throws Exception {
        try (RunningServer server = new RunningServer(folder, "HF_HUB_OFFLINE", "1")) {
            ApiDescription api = description(server);
            api.matches("GET /v1/registry", server.ask("GET", "/v1/registry"));
            api.matches("POST /v1/models/{model_id}", server.ask("POST", "/v1/models/" + REMOTE));
        }
    }

    @Test
    void documentationIsServedFromTheProgramItself() throws Exception {
        try (RunningServer server = new RunningServer(folder, "API_KEY", "k")) {
            for (String page :
                    List.of(
                            "/docs",
                            "/redoc",
                            "/docs/swagger-ui-bundle.js",
                            "/docs/swagger-ui.css",
                            "/redoc/redoc.standalone.js")) {
                HttpResponse<String> response = server.ask("GET", page);
                assertThat(response.statusCode()).as(page).isEqualTo(200);
                assertThat(response.body()).isNotBlank();
            }
            assertThat(server.ask("GET", "/docs").body()).doesNotContain("http://", "https://");
            assertThat(server.ask("GET", "/docs/..%2fopenapi.json").statusCode()).isIn(400, 404);
        }
    }
}
