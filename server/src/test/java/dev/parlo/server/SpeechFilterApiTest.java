package dev.parlo.server;

import static dev.parlo.server.ListeningServer.RATE;
import static dev.parlo.server.ListeningServer.json;
import static dev.parlo.server.ListeningServer.sample;
import static dev.parlo.server.ListeningServer.signal;
import static dev.parlo.server.ListeningServer.wav;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.server.http.Json;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Transcripts of what is heard through a detector of speech, over HTTP. */
class SpeechFilterApiTest {
    @TempDir static Path folder;
    private static ListeningServer server;

    @BeforeAll
    static void start() {
        server = new ListeningServer(folder);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Never words: models invent them where there is nothing to hear. */
    @ParameterizedTest
    @ValueSource(strings = {"json", "text", "srt", "vtt", "verbose_json"})
    void audioWithoutSpeechHasAnEmptyTranscriptInEveryFormat(String format) throws Exception {
        String body = server.transcribe(wav(tone(33)), "response_format", format).body();
        assertThat(body)
                .isEqualTo(
                        switch (format) {
                            case "json" ->
                                    "{\"text\":\"\",\"logprobs\":null,\"usage\":{\"type\":\"duration\","
                                            + "\"seconds\":33}}";
                            case "vtt" -> "WEBVTT\n\n";
                            case "verbose_json" -> body;
                            default -> "";
                        });
        if (format.equals("verbose_json")) {
            JsonNode verbose = Json.mapper().readTree(body);
            assertThat(verbose.path("duration").asDouble()).isEqualTo(33);
            assertThat(verbose.path("segments")).isEmpty();
            assertThat(verbose.path("text").asString()).isEmpty();
        }
    }

    @Test
    void audioWithoutSpeechHasAnEmptyStream() throws Exception {
        assertThat(server.transcribe(wav(tone(4)), "stream", "true").body())
                .startsWith("data: {\"text\":\"\",\"type\":\"transcript.text.done\"")
                .doesNotContain("delta");
    }

    @Test
    void soundsThatAreNotVoicesHaveNoWordsAtAnyLevel() throws Exception {
        Random random = new Random(4);
        List<DoubleUnaryOperator> sounds =
                List.of(
                        t -> 0,
                        t -> random.nextGaussian() / 4,
                        t -> Math.sin(2 * Math.PI * 440 * t),
                        t -> Math.sin(2 * Math.PI * 50 * t) + Math.sin(2 * Math.PI * 150 * t) / 3,
                        t -> t * 3 % 1 < 1.0 / RATE ? 1 : 0,
                        t ->
                                (Math.sin(2 * Math.PI * 220 * t)
                                                + Math.sin(2 * Math.PI * 277 * t)
                                                + Math.sin(2 * Math.PI * 330 * t))
                                        / 3);
        for (int i = 0; i < sounds.size(); i++) {
            for (double level : new double[] {0.9, 0.1, 0.003}) {
                DoubleUnaryOperator sound = sounds.get(i);
                double[] samples = signal(5, t -> level * sound.applyAsDouble(t));
                assertThat(json(server.transcribe(wav(samples))).path("text").asString())
                        .as("sound %s at %s", i, level)
                        .isEmpty();
            }
        }
    }

    @Test
    void timesAreThoseOfTheFileHoweverMuchOfItIsSilence() throws Exception {
        double[] speech = sample();
        int first = 7 * RATE;
        int second = first + speech.length + 11 * RATE;
        double[] samples = new double[second + speech.length + 5 * RATE];
        System.arraycopy(speech, 0, samples, first, speech.length);
        System.arraycopy(speech, 0, samples, second, speech.length);
        JsonNode answer =
                json(
                        server.transcribe(
                                wav(samples),
                                "response_format",
                                "verbose_json",
                                "timestamp_granularities[]",
                                "word"));
        double seconds = (double) samples.length / RATE;
        assertThat(answer.path("duration").asDouble()).isCloseTo(seconds, within(0.001));
        assertThat(answer.path("words")).isNotEmpty();
        double length = (double) speech.length / RATE;
        boolean[] spoken = new boolean[2];
        for (String kind : List.of("words", "segments")) {
            for (JsonNode part : answer.path(kind)) {
                double middle = (part.path("start").asDouble() + part.path("end").asDouble()) / 2;
                double inFirst = middle - (double) first / RATE;
                double inSecond = middle - (double) second / RATE;
                boolean one = inFirst > -0.5 && inFirst < length + 0.5;
                boolean two = inSecond > -0.5 && inSecond < length + 0.5;
                if (kind.equals("words")) {
                    assertThat(one || two).as("%s", part).isTrue();
                }
                spoken[0] |= one;
                spoken[1] |= two;
            }
        }
        assertThat(spoken).containsExactly(true, true);
    }

    @Test
    void theFilterIsOffWhereItIsSwitchedOff() throws Exception {
        double[] samples = Arrays.copyOf(sample(), 4 * RATE);
        HttpResponse<String> strict =
                server.transcribe(wav(samples), "vad_parameters", "{\"threshold\": 1}");
        assertThat(json(strict).path("text").asString()).isEmpty();
        HttpResponse<String> off =
                server.transcribe(
                        wav(samples),
                        "vad_filter",
                        "false",
                        "vad_parameters",
                        "{\"threshold\": 1}");
        assertThat(json(off).path("text").asString()).isNotEmpty();
        HttpResponse<String> clips =
                server.transcribe(
                        wav(samples), "clip_timestamps", "0,4", "vad_parameters[threshold]", "1");
        assertThat(json(clips).path("text").asString()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auto",
                "{\"type\": \"server_vad\"}",
                "{\"type\": \"server_vad\", \"threshold\": 0.4, \"prefix_padding_ms\": 100,"
                        + " \"silence_duration_ms\": 500}"
            })
    void chunkingStrategiesOfOpenAiAreAccepted(String strategy) throws Exception {
        HttpResponse<String> answer =
                server.transcribe(wav(sample()), "chunking_strategy", strategy);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).path("text").asString()).isNotEmpty();
    }

    @Test
    void strategiesAndParametersThatAreWrongAreAllNamed() throws Exception {
        HttpResponse<String> answer =
                server.transcribe(
                        wav(new double[RATE]),
                        "chunking_strategy",
                        "{\"type\": \"semantic\", \"threshold\": 2}",
                        "vad_parameters",
                        "{\"speech_pad_ms\": 30001, \"onset\": 1}");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(json(answer).at("/error/message").asString())
                .contains(
                        "chunking_strategy.type",
                        "chunking_strategy.threshold",
                        "vad_parameters.speech_pad_ms",
                        "vad_parameters.onset");
        HttpResponse<String> both =
                server.transcribe(
                        wav(new double[RATE]), "vad_filter", "no", "chunking_strategy", "auto");
        assertThat(both.statusCode()).isEqualTo(422);
        assertThat(both.body()).contains("chunking_strategy");
    }

    private static double[] tone(double seconds) {
        return signal(seconds, t -> 0.5 * Math.sin(2 * Math.PI * 440 * t));
    }
}
