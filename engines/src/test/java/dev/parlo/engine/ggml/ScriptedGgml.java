package dev.parlo.engine.ggml;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.Segment;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.audio.AudioSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Models whose decoder says the same whatever it hears: {@code w1 w2} from 0 to 2 s and {@code w3}
 * from 2 to 4 s of each window, the multilingual one in German.
 */
final class ScriptedGgml {
    static final int TIMESTAMPS = 50364;
    static final TranscribeOptions PLAIN =
            TranscribeOptions.builder()
                    .temperatures(List.of(0.0))
                    .conditionOnPreviousText(false)
                    .build();

    private static final int GERMAN = 50259 + 2;

    private ScriptedGgml() {}

    /** What a request gave. */
    record Run(Transcript transcript, List<Segment> segments) {}

    static Path multilingual(Path folder) throws IOException {
        Path model = folder.resolve("ggml-scripted.bin");
        GgmlModelWriter.scripted(
                model,
                GgmlModelWriter.layout(51865, 64, 1, GgmlType.F16),
                script(0, GERMAN, 2, TIMESTAMPS, 50257),
                false);
        return model;
    }

    /**
     * Says the same from 0 to 15 s and from 15 to 30 s, with probabilities that depend on what it
     * hears.
     */
    static Path noisy(Path folder) throws IOException {
        Path model = folder.resolve("ggml-noisy.bin");
        Map<Integer, Integer> script = script(0, GERMAN, 2, TIMESTAMPS, 50257);
        script.put(5, TIMESTAMPS + 750);
        script.put(6, TIMESTAMPS + 750);
        script.put(8, TIMESTAMPS + 1500);
        GgmlModelWriter.scripted(
                model, GgmlModelWriter.layout(51865, 64, 1, GgmlType.F16), script, true);
        return model;
    }

    static Path english(Path folder) throws IOException {
        Path model = folder.resolve("ggml-scripted.en.bin");
        GgmlModelWriter.scripted(
                model,
                GgmlModelWriter.layout(51864, 64, 1, GgmlType.Q8_0),
                script(0, TIMESTAMPS - 1, 0, TIMESTAMPS - 1, 50256),
                false);
        return model;
    }

    /** After the token at {@code position}, the segments; after the start, {@code first}. */
    private static Map<Integer, Integer> script(
            int start, int first, int position, int timestamps, int endOfText) {
        Map<Integer, Integer> script = new HashMap<>();
        script.put(start, first);
        int[] said = {
            timestamps,
            GgmlModelWriter.token(" w1"),
            GgmlModelWriter.token(" w2"),
            timestamps + 100,
            timestamps + 100,
            GgmlModelWriter.token(" w3"),
            timestamps + 200,
            endOfText
        };
        for (int i = 0; i < said.length; i++) {
            script.put(position + i, said[i]);
        }
        return script;
    }

    static AudioSource silence(double seconds) {
        long total = Math.round(seconds * AudioSource.SAMPLE_RATE);
        return () ->
                new AudioSource.Reader() {
                    private long left = total;

                    @Override
                    public int read(float[] samples) {
                        if (left == 0) {
                            return -1;
                        }
                        int count = (int) Math.min(left, Math.min(samples.length, 5000));
                        Arrays.fill(samples, 0, count, 0);
                        left -= count;
                        return count;
                    }

                    @Override
                    public void close() {}
                };
    }

    /** One request at a time, one waiting. */
    static GgmlWhisperEngine open(Path model) {
        return open(model, new Admission(1, 2));
    }

    static GgmlWhisperEngine open(Path model, Admission admission) {
        return GgmlWhisperEngine.open(model, settings(admission));
    }

    static GgmlEngineSettings settings(Admission admission) {
        return new GgmlEngineSettings(1, admission, Path.of(System.getProperty("java.io.tmpdir")));
    }

    static Run run(GgmlWhisperEngine engine, double seconds, TranscribeOptions options) {
        List<Segment> segments = new ArrayList<>();
        Transcript transcript =
                engine.transcribe(silence(seconds), options, segments::add, new Cancellation());
        return new Run(transcript, segments);
    }
}
