package dev.parlo.benchmarks;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.ggml.GgmlEngineSettings;
import dev.parlo.engine.ggml.GgmlType;
import dev.parlo.engine.ggml.GgmlWhisperEngine;
import dev.parlo.engine.whisper.WhisperEngine;
import dev.parlo.engine.whisper.WhisperEngineSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;

/**
 * Clips of three and ten seconds, with whole windows and with less of them, in turn. Least
 * processor times, which on one thread are the times where nothing else runs.
 *
 * <p>Arguments: folder of generated models, rounds, {@code docs} folder, a line about the machine,
 * shapes.
 */
final class ClipsBenchmark {
    private static final Marks MARKS =
            new Marks("<!-- clips: written by benchmarks/clips.sh -->", "<!-- end of clips -->");

    /** Audio positions; 1 is as many as the audio needs. */
    private static final List<Integer> CONTEXTS = List.of(0, 1000, 750, 500, 250, 1);

    private static final String GGML = "/q8_0";

    /** Tokens that a second of speech has, about. */
    private static final double TOKENS_PER_SECOND = 3.3;

    private ClipsBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        int rounds = Integer.parseInt(arguments[1]);
        Path docs = Path.of(arguments[2]);
        StringBuilder page = new StringBuilder(arguments[3]).append("\n\n");
        page.append("| clip |");
        CONTEXTS.forEach(context -> page.append(" audio_ctx ").append(context).append(" |"));
        page.append("\n|---|").append("---:|".repeat(CONTEXTS.size())).append('\n');
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("machine", arguments[3]);
        for (String name : Arrays.stream(arguments).skip(4).toList()) {
            try (SpeechToText engine = open(Path.of(arguments[0]), name)) {
                for (int seconds : new int[] {3, 10}) {
                    for (int beams : new int[] {1, 5}) {
                        Samples samples = timed(engine, seconds, beams, rounds);
                        String clip =
                                String.format(
                                        Locale.ROOT,
                                        "%s, %d s, %s",
                                        name,
                                        seconds,
                                        beams == 1 ? "greedy" : "beam " + beams);
                        result.put(clip, samples.summary());
                        page.append(row(clip, samples));
                        System.err.println(clip);
                    }
                }
            }
        }
        MARKS.fill(docs.resolve("benchmarks.md"), page);
        new ObjectMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(docs.resolve("benchmarks-clips.json").toFile(), result);
    }

    /**
     * @param name of a shape, for whisper.cpp with {@code /q8_0} behind it
     */
    private static SpeechToText open(Path folder, String name) throws IOException {
        boolean ggml = name.endsWith(GGML);
        Shape shape = Shape.of(ggml ? name.substring(0, name.length() - GGML.length()) : name);
        Models models = new Models(folder, shape);
        return ggml
                ? GgmlWhisperEngine.open(
                        models.ggml(GgmlType.Q8_0),
                        new GgmlEngineSettings(1, new Admission(1, 2), models.cache()))
                : WhisperEngine.open(
                        models.checkpoint(),
                        WhisperEngineSettings.of(ComputeType.INT8, 1, models.cache()),
                        new Cancellation());
    }

    private static Samples timed(SpeechToText engine, int seconds, int beams, int rounds) {
        Windows clip = new Windows(seconds);
        int most = 2 * (int) Math.round(seconds * TOKENS_PER_SECOND) - Script.PROMPT.length;
        // whisper.cpp knows no such limit and says all of the script.
        TranscribeOptions options =
                engine instanceof WhisperEngine
                        ? Windows.options(beams).toBuilder().maxNewTokens(most).build()
                        : Windows.options(beams);
        Samples samples = new Samples();
        for (int round = -1; round < rounds; round++) {
            Samples into = round < 0 ? new Samples() : samples;
            for (int context : CONTEXTS) {
                TranscribeOptions some = options.toBuilder().audioContext(context).build();
                into.timeProcessor(label(context), () -> clip.transcribe(engine, some));
            }
        }
        return samples;
    }

    private static String row(String clip, Samples samples) {
        StringBuilder row = new StringBuilder("| ").append(clip).append(" |");
        double whole = samples.least(label(CONTEXTS.getFirst()));
        for (int context : CONTEXTS) {
            double least = samples.least(label(context));
            row.append(String.format(Locale.ROOT, " %.0f ms", least));
            if (context != 0) {
                row.append(String.format(Locale.ROOT, " (**%.2f**)", least / whole));
            }
            row.append(" |");
        }
        return row.append('\n').toString();
    }

    private static String label(int context) {
        return "audio_ctx " + context;
    }
}
