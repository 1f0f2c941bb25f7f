package dev.parlo.server.speaker;

import static dev.parlo.server.speaker.SpeakerServer.EMBEDDING;
import static dev.parlo.server.speaker.SpeakerServer.SEGMENTATION;
import static dev.parlo.server.speaker.SpeakerServer.form;
import static dev.parlo.server.speaker.SpeakerServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.engine.speaker.SpeakerTurn;
import dev.parlo.engine.speaker.TinySpeakerModels;
import dev.parlo.engine.speaker.ToneVoices;
import dev.parlo.server.transcription.FormBody;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Embeddings and diarization over HTTP, on networks of which the answers are known. */
final class SpeakerRoutesTest {
    private static final String DIARIZATION = "/v1/audio/diarization";
    private static final String EMBED = "/v1/audio/speech/embedding";
    private static final List<SpeakerTurn> TURNS =
            List.of(
                    new SpeakerTurn(1, 5, 0),
                    new SpeakerTurn(6, 10, 1),
                    new SpeakerTurn(11, 15, 0));

    @TempDir private static Path folder;
    private static SpeakerServer server;
    private static byte[] conversation;

    @BeforeAll
    static void start() throws Exception {
        server = new SpeakerServer(folder, true);
        conversation = ToneVoices.wav(ToneVoices.recording(16, TURNS));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static byte[] voice(int voice, double seconds) {
        return ToneVoices.wav(
                ToneVoices.recording(seconds, List.of(new SpeakerTurn(0, seconds, voice))));
    }

    private static String dataUrl(byte[] wav) {
        return "data:audio/wav;base64," + Base64.getEncoder().encodeToString(wav);
    }

    private static HttpResponse<String> diarize(String... fields) throws Exception {
        List<String> all = new ArrayList<>(List.of("model", SEGMENTATION));
        all.addAll(List.of(fields));
        return server.post(DIARIZATION, form(conversation, all.toArray(String[]::new)));
    }

    private static List<String> labels(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        List<String> labels = new ArrayList<>();
        json(response).get("segments").forEach(turn -> labels.add(turn.get("speaker").asString()));
        return labels;
    }

    @Test
    void anEmbeddingHasSpeachesShape() throws Exception {
        HttpResponse<String> response = server.post(EMBED, form(voice(0, 2), "model", EMBEDDING));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(response.body())
                .matches(
                        "\\{\"object\":\"list\",\"data\":\\[\\{\"object\":\"embedding\",\"index\":0,"
                                + "\"embedding\":\\[[^]]*]}],\"model\":\""
                                + EMBEDDING
                                + "\",\"usage\":\\{\"prompt_tokens\":32000,\"total_tokens\":32000}}");
        assertThat(json(response).at("/data/0/embedding").size()).isEqualTo(256);
    }

    @Test
    void theVectorIsTheModelsOwnUnlessNormalized() throws Exception {
        double[] raw = vector(server.post(EMBED, form(voice(0, 2), "model", EMBEDDING)));
        double[] unit =
                vector(
                        server.post(
                                EMBED, form(voice(0, 2), "model", EMBEDDING, "normalize", "true")));
        assertThat(length(raw)).isGreaterThan(2);
        assertThat(length(unit)).isCloseTo(1, within(1e-5));
        assertThat(unit[7] * length(raw)).isCloseTo(raw[7], within(1e-3));
    }

    private static double[] vector(HttpResponse<String> response) {
        JsonNode values = json(response).at("/data/0/embedding");
        double[] vector = new double[values.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = values.get(i).asDouble();
        }
        return vector;
    }

    private static double length(double[] vector) {
        double sum = 0;
        for (double value : vector) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }

    @Test
    void whatCannotBeEmbeddedIsRefused() throws Exception {
        assertThat(server.post(EMBED, new FormBody().text("model", EMBEDDING)).body())
                .contains("Field required");
        HttpResponse<String> unknown =
                server.post(EMBED, form(voice(0, 1), "model", "non-existent-model"));
        assertThat(unknown.statusCode()).isEqualTo(404);
        HttpResponse<String> other =
                server.post(EMBED, form(voice(0, 1), "model", SpeakerServer.WHISPER));
        assertThat(other.statusCode()).isEqualTo(404);
        assertThat(other.body()).contains("this needs speaker-embedding");
        HttpResponse<String> blip = server.post(EMBED, form(voice(0, 0.02), "model", EMBEDDING));
        assertThat(blip.statusCode()).isEqualTo(400);
        assertThat(blip.body()).contains("20 ms; a voice can be told from 250 ms on");
        HttpResponse<String> text =
                server.post(
                        EMBED, form("hello".getBytes(StandardCharsets.UTF_8), "model", EMBEDDING));
        assertThat(text.statusCode()).isEqualTo(415);
    }

    @Test
    void aNameThatEveryLineWouldCarryHasABound() throws Exception {
        HttpResponse<String> response = diarize("known_speaker_names[]", "x".repeat(201));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("201 characters; at most 200");
    }

    @Test
    void turnsAreTold() throws Exception {
        HttpResponse<String> response = diarize();
        assertThat(labels(response)).containsExactly("SPEAKER_00", "SPEAKER_01", "SPEAKER_00");
        JsonNode answer = json(response);
        assertThat(answer.propertyNames()).containsExactly("duration", "segments");
        assertThat(answer.get("duration").asDouble()).isEqualTo(16);
        for (int i = 0; i < TURNS.size(); i++) {
            JsonNode turn = answer.at("/segments/" + i);
            assertThat(turn.propertyNames()).containsExactly("start", "end", "speaker");
            assertThat(turn.get("start").asDouble()).isCloseTo(TURNS.get(i).start(), within(0.05));
            assertThat(turn.get("end").asDouble()).isCloseTo(TURNS.get(i).end(), within(0.05));
        }
        // The name of the file has a blank, which would be a field of its own.
        HttpResponse<String> rttm = diarize("response_format", "rttm");
        assertThat(rttm.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
        assertThat(rttm.body().split("\n"))
                .hasSize(3)
                .allMatch(line ->
                        line.matches(
                                "SPEAKER two_words 1 \\d+\\.\\d{3} \\d+\\.\\d{3} <NA> <NA>"
                                        + " SPEAKER_0[01] <NA> <NA>"));
    }

    @Test
    void theNumberOfSpeakersCanBeGiven() throws Exception {
        assertThat(labels(diarize("max_speakers", "1"))).containsOnly("SPEAKER_00");
        assertThat(labels(diarize("num_speakers", "2"))).contains("SPEAKER_01");
        assertThat(labels(diarize("min_speakers", "40"))).contains("SPEAKER_01");
        HttpResponse<String> crossed = diarize("min_speakers", "3", "max_speakers", "2");
        assertThat(crossed.statusCode()).isEqualTo(400);
        assertThat(crossed.body()).contains("min_speakers is 3 and max_speakers 2");
        for (String wrong : List.of("0", "-1", "x", "1.5")) {
            assertThat(diarize("num_speakers", wrong).statusCode()).as(wrong).isEqualTo(422);
        }
        assertThat(diarize("response_format", "xml").statusCode()).isEqualTo(422);
    }

    @Test
    void peopleWhoseVoicesAreSentHaveTheirNames() throws Exception {
        assertThat(
                        labels(
                                diarize(
                                        "known_speaker_names[]",
                                        "Ben",
                                        "known_speaker_references[]",
                                        dataUrl(voice(1, 3)))))
                .containsExactly("SPEAKER_00", "Ben", "SPEAKER_00");
        // more than a text field may have, and of two people
        FormBody form =
                form(
                        conversation,
                        "model",
                        SEGMENTATION,
                        "known_speaker_names[]",
                        "Ann",
                        "known_speaker_names[]",
                        "Ben",
                        "known_speaker_references[]",
                        dataUrl(voice(0, 40)));
        form.file("known_speaker_references[]", "ben.wav", "audio/wav", voice(1, 2));
        assertThat(labels(server.post(DIARIZATION, form))).containsExactly("Ann", "Ben", "Ann");
        // nobody who speaks sounds so
        assertThat(
                        labels(
                                diarize(
                                        "known_speaker_names",
                                        "Cleo",
                                        "known_speaker_references",
                                        dataUrl(voice(2, 3)))))
                .doesNotContain("Cleo");
    }

    @Test
    void referencesThatCannotBeUsedAreNamed() throws Exception {
        String good = dataUrl(voice(1, 2));
        refused(400, "1 names and 0 references", "known_speaker_names[]", "Ben");
        refused(400, "0 names and 1 references", "known_speaker_references[]", good);
        refused(
                400,
                "A name is given twice",
                "known_speaker_names[]",
                "Ben",
                "known_speaker_names[]",
                "Ben",
                "known_speaker_references[]",
                good,
                "known_speaker_references[]",
                good);
        refusedReference(415, "number 1", "hello, I am no audio");
        refusedReference(415, "number 1", "data:audio/wav;base64,aGVsbG8=");
        refusedReference(400, "not in base64", "data:audio/wav,hello");
        refusedReference(400, "no comma before its data", "data:audio/wav;base64");
        refusedReference(400, "Reference 1", "data:audio/wav;base64,A");
        refusedReference(400, "number 1", dataUrl(voice(1, 0.1)));
        refusedReference(400, "less than half a second", dataUrl(voice(1, 0.4)));
        refusedReference(413, "more than 60 seconds", dataUrl(voice(1, 61)));
        String[] many = new String[400];
        for (int i = 0; i < many.length; i += 4) {
            many[i] = "known_speaker_names[]";
            many[i + 1] = "N" + i;
            many[i + 2] = "known_speaker_references[]";
            many[i + 3] = "data:audio/wav;base64,AA==";
        }
        refused(400, "100 names were sent; at most 16", many);
    }

    private static void refusedReference(int status, String message, String reference)
            throws Exception {
        refused(
                status,
                message,
                "known_speaker_names[]",
                "Ben",
                "known_speaker_references[]",
                reference);
    }

    private static void refused(int status, String message, String... fields) throws Exception {
        HttpResponse<String> response = diarize(fields);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.body()).contains(message);
    }

    @Test
    void silenceHasNoTurns() throws Exception {
        byte[] silence = ToneVoices.wav(new float[16_000 * 12]);
        HttpResponse<String> response =
                server.post(DIARIZATION, form(silence, "model", SEGMENTATION));
        assertThat(response.body()).isEqualTo("{\"duration\":12.0,\"segments\":[]}");
        assertThat(
                        server.post(
                                        DIARIZATION,
                                        form(
                                                silence,
                                                "model",
                                                SEGMENTATION,
                                                "response_format",
                                                "rttm"))
                                .body())
                .isEmpty();
    }

    @Test
    void theModelsAreListedLoadedAndUnloadedAsAllOthers() throws Exception {
        assertThat(server.get("/v1/models?task=speaker-embedding").body()).contains(EMBEDDING);
        assertThat(server.get("/v1/models?task=speaker-diarization").body()).contains(SEGMENTATION);
        assertThat(labels(diarize())).isNotEmpty();
        // Diarization models stay, embedding models go with their last request, as in Speaches.
        assertThat(server.get("/api/ps").body()).contains(SEGMENTATION).doesNotContain(EMBEDDING);
    }

    @Test
    void otherFilesThanTheModelsAreAnErrorAndNotTheEnd() throws Exception {
        TinySpeakerModels.embeddingFolder(server.models.resolve("acme/wespeaker-broken"));
        TinySpeakerModels.brokenEmbedding(
                server.models.resolve("acme/wespeaker-broken/model.onnx"));
        HttpResponse<String> response =
                server.post(EMBED, form(voice(0, 1), "model", "acme/wespeaker-broken"));
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).contains("gives NaN among its numbers");
        assertThat(diarize("embedding_model", "acme/wespeaker-broken").statusCode()).isEqualTo(500);
        assertThat(labels(diarize())).isNotEmpty();
    }

    @Test
    void withoutModelsTheAnswerSaysHowToGetThem(@TempDir Path empty) throws Exception {
        try (SpeakerServer bare =
                new SpeakerServer(
                        empty, false, "HF_HUB_OFFLINE", "0", "HF_ENDPOINT", "http://127.0.0.1:9")) {
            HttpResponse<String> response =
                    bare.post(
                            DIARIZATION,
                            form(
                                    conversation,
                                    "model",
                                    "pyannote/speaker-diarization-community-1"));
            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(response.body()).contains("parlo model download " + SEGMENTATION);
        }
    }
}
