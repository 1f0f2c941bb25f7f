package dev.parlo.engine.espeak;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.SpeechChunk;
import dev.parlo.engine.SpeechOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** An engine of espeak-ng, open for all tests of a class. */
@Tag("locale")
abstract class OpenEspeak {
    @TempDir static Path cache;
    static EspeakEngine engine;

    @BeforeAll
    static void open() {
        engine = TestEspeak.engine(cache, 64);
    }

    @AfterAll
    static void close() {
        engine.close();
    }

    static List<SpeechChunk> speak(String text, SpeechOptions options) {
        List<SpeechChunk> chunks = new ArrayList<>();
        engine.speak(text, options, chunks::add, new Cancellation());
        return chunks;
    }

    static float[] samples(String text, SpeechOptions options) {
        List<SpeechChunk> chunks = speak(text, options);
        float[] all = new float[chunks.stream().mapToInt(c -> c.samples().length).sum()];
        int at = 0;
        for (SpeechChunk chunk : chunks) {
            System.arraycopy(chunk.samples(), 0, all, at, chunk.samples().length);
            at += chunk.samples().length;
        }
        return all;
    }

    /**
     * The same words by the same voice: espeak-ng's noise and flutter go on from call to call, so
     * that two runs differ a little.
     */
    static boolean alike(float[] a, float[] b) {
        if (Math.abs(a.length - b.length) > a.length / 50) {
            return false;
        }
        int window = engine.sampleRate() / 20;
        double difference = 0;
        double sum = 0;
        for (int at = 0; at + window <= Math.min(a.length, b.length); at += window) {
            double x = power(a, at, window);
            double y = power(b, at, window);
            difference += Math.abs(x - y);
            sum += x + y;
        }
        return difference < 0.1 * sum;
    }

    static double power(float[] samples, int at, int count) {
        double power = 0;
        for (int i = at; i < at + count; i++) {
            power += samples[i] * samples[i];
        }
        return Math.sqrt(power);
    }
}
