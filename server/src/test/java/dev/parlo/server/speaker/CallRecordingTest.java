package dev.parlo.server.speaker;

import static dev.parlo.server.speaker.SpeakerServer.form;
import static dev.parlo.server.speaker.SpeakerServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.parlo.engine.audio.AudioDecoder;
import dev.parlo.engine.audio.AudioLimits;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.speaker.ToneVoices;
import dev.parlo.server.ProjectFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A call of two people, one on each channel, as the built-in model hears it. */
final class CallRecordingTest {
    private static final int RATE = AudioSource.SAMPLE_RATE;

    private static float[] sample(AudioDecoder decoder, String name, int delay, int length) {
        float[] samples = new float[length];
        int at = delay;
        float[] block = new float[4096];
        try (AudioSource.Reader reader =
                decoder.open(ProjectFiles.root().resolve("samples").resolve(name)).open()) {
            for (int n = reader.read(block); n > 0 && at < length; n = reader.read(block)) {
                int kept = Math.min(n, length - at);
                System.arraycopy(block, 0, samples, at, kept);
                at += kept;
            }
        }
        return samples;
    }

    @Test
    void eachSideOfACallIsWrittenDownByItself(@TempDir Path folder) throws Exception {
        byte[] call;
        try (AudioDecoder decoder = new AudioDecoder(1, AudioLimits.unlimited())) {
            // They speak at once for two seconds: mixed, neither could be understood there.
            float[] caller = sample(decoder, "the-scientists.flac", 0, 11 * RATE);
            float[] agent = sample(decoder, "a-miracle.flac", 4 * RATE, 11 * RATE);
            call = ToneVoices.wav(caller, agent);
        }
        try (SpeakerServer server = SpeakerServer.real(folder)) {
            JsonNode answer =
                    json(
                            server.post(
                                    "/v1/audio/transcriptions",
                                    form(
                                            call,
                                            "model",
                                            "parlo/whisper-nano.en",
                                            "channels",
                                            "split",
                                            "response_format",
                                            "diarized_json",
                                            "known_speaker_names[]",
                                            "Caller")));
            assertThat(answer.get("text").asString().lines())
                    .satisfiesExactly(
                            first ->
                                    assertThat(first)
                                            .startsWith("Caller: ")
                                            .contains("scientists", "experiment"),
                            second ->
                                    assertThat(second)
                                            .startsWith("A: ")
                                            .contains("miracle", "priest"));
        }
    }

    /** A recording of faster-whisper's tests; not part of the project. */
    @Test
    void thePublishedRecordingHasTwoSides(@TempDir Path folder) throws Exception {
        Path recording = ProjectFiles.root().resolveSibling("shared/audio/stereo_diarization.wav");
        assumeThat(recording).as("folder shared/audio beside the checkout").exists();
        try (SpeakerServer server = SpeakerServer.real(folder)) {
            JsonNode answer =
                    json(
                            server.post(
                                    "/v1/audio/transcriptions",
                                    form(
                                            Files.readAllBytes(recording),
                                            "model",
                                            "parlo/whisper-nano.en",
                                            "channels",
                                            "split",
                                            "response_format",
                                            "verbose_json")));
            assertThat(answer.get("duration").asDouble()).isEqualTo(5.0);
            assertThat(answer.findValuesAsString("speaker"))
                    .containsSubsequence("SPEAKER_00", "SPEAKER_01");
            assertThat(Arrays.asList(answer.findValue("text").asString().split(" ")))
                    .hasSizeGreaterThan(10);
        }
    }
}
