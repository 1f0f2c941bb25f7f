package dev.parlo.server.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sound of the answers: all of it, of one length in every format, however it is delivered. */
@Tag("locale")
final class SpeechAudioTest {
    private static final String TEXT =
            "Hello there. This is the second sentence, longer than the first one. Was that all? No,"
                    + " it was not! Here is more, so that there are several chunks. And a last one.";

    @TempDir static Path folder;
    private static ToneServer server;
    private static SpeechClient client;

    @BeforeAll
    static void start() {
        server = new ToneServer(folder);
        client = new SpeechClient(server.url());
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static Map<String, Object> request(String format) {
        return SpeechClient.request(TEXT, "tone", format);
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
        // Whatever place in a codec's frame the end falls into.
        for (String text : new String[] {TEXT, TEXT + "!", TEXT + "!!!", "Hi.", "Yes, sir."}) {
            Map<String, Object> request = SpeechClient.request(text, "tone", format);
            Map<String, Object> bare = SpeechClient.request(text, "tone", "pcm");
            double seconds = client.audio(bare).length / 2.0 / ToneServer.RATE;
            HttpResponse<byte[]> streamed = client.speech(request);
            assertThat(streamed.headers().firstValue("Content-Type")).contains(type);
            assertThat(seconds(streamed.body())).as(text).isCloseTo(seconds, within(0.05));
            request.put("stream", false);
            assertThat(seconds(client.audio(request))).as(text).isCloseTo(seconds, within(0.05));
        }
    }

    private static double seconds(byte[] audio) throws Exception {
        return SpeechClient.decoded(audio, folder).length / 16_000.0;
    }

    /** What the client hears last is what was said last: loud up to the same moment. */
    @ParameterizedTest
    @ValueSource(strings = {"mp3", "opus", "aac", "flac", "m4a", "webm"})
    void theEndIsNotLost(String format) throws Exception {
        double end = soundEnd(client.audio(request("wav")));
        assertThat(soundEnd(client.audio(request(format)))).isCloseTo(end, within(0.05));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mp3", "opus", "aac", "flac", "m4a", "webm"})
    void everyFormatIsAsLongAsTheSamples(String format) throws Exception {
        double samples = seconds(client.audio(request("wav")));
        assertThat(seconds(client.audio(request(format)))).isCloseTo(samples, within(0.05));
    }

    private static double soundEnd(byte[] audio) throws Exception {
        float[] samples = SpeechClient.decoded(audio, folder);
        int end = samples.length;
        while (end > 0 && Math.abs(samples[end - 1]) < 0.02f) {
            end--;
        }
        return end / 16_000.0;
    }

    /** Resampling and coding go on across the joints as if there were none. */
    @ParameterizedTest
    @CsvSource({"pcm,16000", "pcm,48000", "mp3,0", "opus,0", "flac,44100", "aac,24000", "m4a,0"})
    void theWayItIsDeliveredChangesNothing(String format, int rate) throws Exception {
        Map<String, Object> request = request(format);
        if (rate > 0) {
            request.put("sample_rate", rate);
        }
        byte[] streamed = client.audio(request);
        ByteArrayOutputStream events = new ByteArrayOutputStream();
        client.deltas(request).forEach(events::writeBytes);
        assertThat(Arrays.equals(events.toByteArray(), streamed)).isTrue();
        request.put("stream", false);
        assertThat(Arrays.equals(client.audio(request), streamed)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"wav,44,2", "wav_mulaw,58,1", "wav_alaw,58,1"})
    void wavHasItsRealSizesWhereTheyAreKnown(String format, int headerBytes, int sampleBytes)
            throws Exception {
        // An odd number of samples, which RIFF pads when they are bytes.
        for (String text : new String[] {"Odd.", "Odd.!", "Odd."}) {
            Map<String, Object> request = SpeechClient.request(text, "tone", format);
            request.put("stream", false);
            byte[] whole = client.audio(request);
            ByteBuffer header = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
            int dataBytes = text.length() * 211 * sampleBytes;
            assertThat(header.getInt(4)).isEqualTo(whole.length - 8);
            assertThat(header.getInt(headerBytes - 4)).isEqualTo(dataBytes);
            assertThat(whole.length).isEqualTo(headerBytes + dataBytes + dataBytes % 2);
        }
    }

    @Test
    void whatIsTooLongForOnePieceIsRefused() throws Exception {
        Map<String, Object> request =
                SpeechClient.request("This is a sentence. ".repeat(9_000), "tone", "pcm");
        request.put("stream", false);
        HttpResponse<byte[]> refused = client.speech(request);
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(new String(refused.body(), StandardCharsets.UTF_8))
                .contains("64 MiB")
                .contains("stream");
        Awaitility.await().until(() -> server.openEncoders() == 0);
    }
}
