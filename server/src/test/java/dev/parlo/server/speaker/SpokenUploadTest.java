package dev.parlo.server.speaker;

import static dev.parlo.server.speaker.SpeakerServer.WHISPER;
import static dev.parlo.server.speaker.SpeakerServer.form;
import static dev.parlo.server.speaker.SpeakerServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.engine.Segment;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.Word;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.speaker.SpeakerTurn;
import dev.parlo.engine.speaker.ToneVoices;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Transcripts of uploads in which several people speak, from the file to the answer: the engine
 * says a word for each stretch that is loud.
 */
final class SpokenUploadTest {
    private static final String TRANSCRIPTIONS = "/v1/audio/transcriptions";

    @TempDir private static Path folder;
    private static SpeakerServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new SpeakerServer(folder, true, "MAX_AUDIO_SECONDS", "40");
        server.engine.script.set((options, sink, cancellation) -> {
            List<Word> words = words(server.engine.heard.getLast());
            int id = 0;
            for (Word word : words) {
                sink.accept(
                        new Segment(
                                ++id,
                                0,
                                word.start(),
                                word.end(),
                                word.text(),
                                new int[0],
                                0,
                                1,
                                0,
                                0,
                                options.wordTimestamps() ? List.of(word) : null,
                                null));
            }
            return new Transcript("en", 1, seconds(server.engine.heard.getLast()), Map.of());
        });
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static double seconds(AudioSource audio) {
        return (double) samples(audio).length / AudioSource.SAMPLE_RATE;
    }

    private static float[] samples(AudioSource audio) {
        float[] samples = new float[40 * AudioSource.SAMPLE_RATE];
        int count = 0;
        float[] block = new float[4096];
        try (AudioSource.Reader reader = audio.open()) {
            for (int n = reader.read(block); n > 0; n = reader.read(block)) {
                System.arraycopy(block, 0, samples, count, n);
                count += n;
            }
        }
        return Arrays.copyOf(samples, count);
    }

    /** A word for each stretch with at least half a second of quiet before it. */
    private static List<Word> words(AudioSource audio) {
        float[] samples = samples(audio);
        List<Word> words = new ArrayList<>();
        int from = -1;
        int loud = -AudioSource.SAMPLE_RATE;
        for (int i = 0; i <= samples.length; i++) {
            boolean now = i < samples.length && Math.abs(samples[i]) > 0.15;
            if (from >= 0 && (i == samples.length || i - loud > AudioSource.SAMPLE_RATE / 2)) {
                double start = (double) from / AudioSource.SAMPLE_RATE;
                double end = (double) loud / AudioSource.SAMPLE_RATE;
                words.add(new Word(start, end, " w" + (words.size() + 1), 1));
                from = -1;
            }
            if (now) {
                from = from < 0 ? i : from;
                loud = i;
            }
        }
        return words;
    }

    private static JsonNode transcribe(byte[] wav, String... fields) throws Exception {
        HttpResponse<String> response = send(wav, fields);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return json(response);
    }

    private static HttpResponse<String> send(byte[] wav, String... fields) throws Exception {
        List<String> all = new ArrayList<>(List.of("model", WHISPER, "vad_filter", "false"));
        all.addAll(List.of(fields));
        return server.post(TRANSCRIPTIONS, form(wav, all.toArray(String[]::new)));
    }

    private static float[] turns(double seconds, SpeakerTurn... turns) {
        return ToneVoices.recording(seconds, List.of(turns));
    }

    @Test
    void speakersAreToldByTheirVoices() throws Exception {
        byte[] wav =
                ToneVoices.wav(
                        turns(
                                16,
                                new SpeakerTurn(1, 4, 0),
                                new SpeakerTurn(6, 9, 1),
                                new SpeakerTurn(11, 14, 0)));
        JsonNode answer = transcribe(wav, "response_format", "diarized_json");
        assertThat(answer.get("text").asString()).isEqualTo("A: w1\nB: w2\nA: w3");
        assertThat(answer.at("/segments/1/start").asDouble()).isCloseTo(6, within(0.1));
        assertThat(transcribe(wav, "diarize", "true", "num_speakers", "1").get("text").asString())
                .isEqualTo("SPEAKER_00: w1 w2 w3");
    }

    @Test
    void channelsAreTranscribedApartAndJoinedByTime() throws Exception {
        byte[] wav =
                ToneVoices.wav(
                        turns(16, new SpeakerTurn(1, 3, 0), new SpeakerTurn(9, 11, 0)),
                        turns(16, new SpeakerTurn(5, 7, 1), new SpeakerTurn(13, 14, 1)));
        JsonNode verbose = transcribe(wav, "channels", "split", "response_format", "verbose_json");
        assertThat(verbose.get("duration").asDouble()).isEqualTo(16);
        List<String> told = new ArrayList<>();
        verbose.get("segments")
                .forEach(s ->
                        told.add(
                                s.get("id").asInt()
                                        + s.get("speaker").asString()
                                        + Math.round(s.get("start").asDouble())));
        assertThat(told)
                .containsExactly("1SPEAKER_001", "2SPEAKER_015", "3SPEAKER_009", "4SPEAKER_0113");
        JsonNode diarized =
                transcribe(
                        wav,
                        "channels",
                        "split",
                        "response_format",
                        "diarized_json",
                        "known_speaker_names[]",
                        "Agent");
        assertThat(diarized.get("text").asString()).isEqualTo("Agent: w1\nA: w1\nAgent: w2\nA: w2");
        // Mixed, without channels, they are one voice after another.
        assertThat(transcribe(wav).get("text").asString()).isEqualTo("w1 w2 w3 w4");
    }

    /** A cue that had to wait for the other speaker's would come when everything has been said. */
    @Test
    void subtitlesOfPeopleWhoSpeakAtOnceAreOnScreenTogether() throws Exception {
        byte[] wav =
                ToneVoices.wav(
                        turns(6, new SpeakerTurn(1, 5, 0)), turns(6, new SpeakerTurn(2, 3, 1)));
        HttpResponse<String> srt = send(wav, "channels", "split", "response_format", "srt");
        assertThat(srt.body())
                .matches(
                        "(?s)1\n00:00:01,\\d{3} --> 00:00:04,.*SPEAKER_00]: w1.*"
                                + "2\n00:00:02,\\d{3} --> 00:00:02,.*SPEAKER_01]: w1\n\n");
    }

    @Test
    void channelsAreJoinedByTimeInAStreamToo() throws Exception {
        byte[] wav =
                ToneVoices.wav(
                        turns(10, new SpeakerTurn(1, 2, 0), new SpeakerTurn(7, 8, 0)),
                        turns(10, new SpeakerTurn(4, 5, 1)));
        HttpResponse<String> response = send(wav, "channels", "split", "stream", "true");
        assertThat(response.body().lines().filter(line -> line.contains("text.segment\"")))
                .hasSize(3)
                .satisfiesExactly(
                        first -> assertThat(first).contains("seg_001", "SPEAKER_00"),
                        second -> assertThat(second).contains("seg_002", "SPEAKER_01"),
                        third -> assertThat(third).contains("seg_003", "SPEAKER_00"));
        assertThat(response.body()).contains("\"text\":\"SPEAKER_00: w1\\nSPEAKER_01: w1\\n");
    }

    @Test
    void filesThatCannotBeSplitAreRefused() throws Exception {
        float[] second = turns(1, new SpeakerTurn(0, 1, 0));
        assertThat(send(ToneVoices.wav(second), "channels", "split").body())
                .contains("this one has one");
        float[][] nine = {second, second, second, second, second, second, second, second, second};
        HttpResponse<String> many = send(ToneVoices.wav(nine), "channels", "split");
        assertThat(many.statusCode()).isEqualTo(400);
        assertThat(many.body()).contains("up to 8 channels, and this one has 9");
        HttpResponse<String> names =
                send(
                        ToneVoices.wav(second, second),
                        "channels",
                        "split",
                        "known_speaker_names[]",
                        "a",
                        "known_speaker_names[]",
                        "b",
                        "known_speaker_names[]",
                        "c");
        assertThat(names.statusCode()).isEqualTo(400);
        // what every channel has together is what MAX_AUDIO_SECONDS holds for
        float[] half = new float[21 * 16_000];
        HttpResponse<String> together = send(ToneVoices.wav(half, half), "channels", "split");
        assertThat(together.statusCode()).isEqualTo(413);
        assertThat(together.body()).contains("The 2 channels have 42 s together");
    }

    @Test
    void withoutModelsNoTranscriptIsWritten(@TempDir Path empty) throws Exception {
        try (SpeakerServer bare =
                new SpeakerServer(
                        empty, false, "HF_HUB_OFFLINE", "0", "HF_ENDPOINT", "http://127.0.0.1:9")) {
            HttpResponse<String> response =
                    bare.post(
                            TRANSCRIPTIONS,
                            form(
                                    ToneVoices.wav(turns(2, new SpeakerTurn(0, 2, 0))),
                                    "model",
                                    WHISPER,
                                    "diarize",
                                    "true"));
            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(response.body())
                    .contains("parlo model download " + SpeakerServer.SEGMENTATION);
            assertThat(bare.engine.heard).isEmpty();
        }
    }
}
