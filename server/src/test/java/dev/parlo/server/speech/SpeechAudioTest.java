package dev.parlo.server.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.engine.audio.AudioDecoder;
import dev.parlo.engine.audio.AudioLimits;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.server.http.Json;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The sound of the answers: all of it, of one length in every format, without clicks. */
final class SpeechAudioTest {
    private static final String TEXT =
            "Hello there. This is the second sentence, and it is somewhat longer than the first"
                    + " one. Was that all? No, it was not! Here is more, so that there are several"
                    + " chunks in this answer, each of which ends and begins somewhere.";

    @TempDir static Path folder;
    private static SpeakingServer server;

    @BeforeAll
    static void start() {
        server = new SpeakingServer(folder);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Map<String, Object> request(String format) {
        return SpeakingServer.request(TEXT, "en-us", format);
    }

    @ParameterizedTest
    @CsvSource({
        "mp3,audio/mpeg",
        "opus,audio/opus",
        "aac,audio/aac",
        "flac,audio/flac",
        "wav,audio/wav",
        "m4a,audio/mp4",
        "webm,audio/webm",
        "wav_mulaw,audio/wav",
        "wav_alaw,audio/wav"
    })
    void everyFormatIsAsLongAsTheSamples(String format, String type) throws Exception {
        double seconds = server.audio(request("pcm")).length / 2 / 22_050.0;
        HttpResponse<byte[]> streamed = server.speech(request(format));
        assertThat(streamed.headers().firstValue("Content-Type")).contains(type);
        assertThat(decoded(streamed.body()).length / 16_000.0).isCloseTo(seconds, within(0.05));
        Map<String, Object> whole = request(format);
        whole.put("stream", false);
        assertThat(decoded(server.audio(whole)).length / 16_000.0).isCloseTo(seconds, within(0.05));
    }

    /** What the client hears last is what was said last: loud up to the same moment. */
    @ParameterizedTest
    @ValueSource(strings = {"mp3", "opus", "aac", "flac", "m4a", "webm"})
    void theEndIsNotLost(String format) throws Exception {
        double samplesEnd = soundEnd(decoded(server.audio(request("wav"))));
        assertThat(soundEnd(decoded(server.audio(request(format)))))
                .isCloseTo(samplesEnd, within(0.06));
    }

    @Test
    void chunksJoinWithoutAClick() throws Exception {
        List<short[]> chunks = new ArrayList<>();
        for (byte[] delta : deltas(request("pcm"))) {
            chunks.add(shorts(delta));
        }
        assertThat(chunks.size()).isGreaterThan(3);
        for (int i = 1; i < chunks.size(); i++) {
            short[] before = chunks.get(i - 1);
            int step = Math.abs(chunks.get(i)[0] - before[before.length - 1]);
            // A hundredth of full scale is 40 dB below it; speech itself steps ten times as far.
            assertThat(step).as("joint %d", i).isLessThan(328);
        }
    }

    /** Resampling and coding go on across the joints as if there were none. */
    @ParameterizedTest
    @CsvSource({"pcm,16000", "pcm,48000", "mp3,0", "opus,0", "flac,44100", "aac,24000"})
    void theWayItIsDeliveredChangesNothing(String format, int rate) throws Exception {
        Map<String, Object> request = request(format);
        if (rate > 0) {
            request.put("sample_rate", rate);
        }
        byte[] streamed = server.audio(request);
        ByteArrayOutputStream events = new ByteArrayOutputStream();
        deltas(request).forEach(events::writeBytes);
        assertThat(events.toByteArray()).isEqualTo(streamed);
        request.put("stream", false);
        byte[] whole = server.audio(request);
        // Of a known length may be a sample more or less: resampling rounds its own way.
        int same = Math.min(whole.length, streamed.length) - 64;
        assertThat(Math.abs(whole.length - streamed.length)).isLessThan(64);
        assertThat(whole).startsWith(Arrays.copyOf(streamed, same));
    }

    private static List<byte[]> deltas(Map<String, Object> request) throws Exception {
        Map<String, Object> events = new LinkedHashMap<>(request);
        events.put("stream_format", "sse");
        List<byte[]> deltas = new ArrayList<>();
        String body = new String(server.audio(events), StandardCharsets.UTF_8);
        for (String block : body.split("\n\n")) {
            if (block.startsWith("data: ")) {
                JsonNode event = Json.mapper().readTree(block.substring(6));
                if (event.path("type").asString().equals("speech.audio.delta")) {
                    deltas.add(Base64.getDecoder().decode(event.path("audio").asString()));
                }
            }
        }
        return deltas;
    }

    private static short[] shorts(byte[] pcm) {
        short[] samples = new short[pcm.length / 2];
        ByteBuffer.wrap(pcm).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
        return samples;
    }

    private static double soundEnd(float[] samples) {
        int end = samples.length;
        while (end > 0 && Math.abs(samples[end - 1]) < 0.02f) {
            end--;
        }
        return end / 16_000.0;
    }

    private static float[] decoded(byte[] audio) throws Exception {
        Path file = Files.write(Files.createTempFile(folder, "speech", ""), audio);
        float[] all = new float[1 << 22];
        int length = 0;
        try (AudioDecoder decoder = new AudioDecoder(1, new AudioLimits(1 << 28, 600))) {
            float[] block = new float[16_000];
            AudioSource source = decoder.open(file);
            try (AudioSource.Reader reader = source.open()) {
                for (int n = reader.read(block); n > 0; n = reader.read(block)) {
                    System.arraycopy(block, 0, all, length, n);
                    length += n;
                }
            }
        }
        return Arrays.copyOf(all, length);
    }
}
