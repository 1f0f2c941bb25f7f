package dev.parlo.benchmarks.cuda;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.cuda.Gpus;
import dev.parlo.engine.speech.ShapedModels;
import dev.parlo.engine.speech.SpeechModel;
import dev.parlo.engine.speech.SpeechModel.DurationTap;
import dev.parlo.engine.speech.SpeechSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/** G4: Kokoro's graph with generated weights: the first piece of speech, and its real-time factor. */
final class SpeechCheck implements Check {
    private static final int SAMPLE_RATE = 24_000;

    private final int rounds;
    private final int[] lengths;
    private final double goal;

    /**
     * @param goal of the longest text; 0 for none
     * @param lengths of texts in tokens, the longest last
     */
    SpeechCheck(int rounds, double goal, int... lengths) {
        this.rounds = rounds;
        this.goal = goal;
        this.lengths = lengths.clone();
    }

    @Override
    public void run(Bench bench, Findings findings) throws Exception {
        Path shapes = bench.home().resolve("shapes");
        if (!Files.isDirectory(shapes.resolve("kokoro-shaped"))) {
            findings.tell("Kokoro", "not run: no kokoro-shaped was packed");
            return;
        }
        Path folder = bench.data().resolve("kokoro");
        Path file = folder.resolve("model.onnx");
        if (!Files.exists(file)) {
            file = new ShapedModels(shapes).kokoro(folder).resolve("model.onnx");
        }
        SpeechSettings settings =
                new SpeechSettings(
                        Runtime.getRuntime().availableProcessors(), new Admission(1, 4));
        try (Gpus gpus = bench.gpus();
                SpeechModel model =
                        new SpeechModel(
                                file,
                                bench.rehearsal()
                                        ? settings
                                        : settings.on(
                                                Bench.GPU,
                                                gpus.get(0).recording().readLock(),
                                                settings.admission()),
                                DurationTap.CLIP_AFTER_ROUND)) {
            findings.tell("Kokoro: computed on", model.facts().device());
            for (int tokens : lengths) {
                time(model, tokens, findings);
            }
        }
    }

    private void time(SpeechModel model, int tokens, Findings findings) {
        double[] milliseconds = new double[rounds];
        double[] factors = new double[rounds];
        double first = 0;
        for (int round = -1; round < rounds; round++) {
            // Another length each time, as texts have: what is learned of a shape helps no other.
            int length = tokens + 3 * (round + 1);
            long start = System.nanoTime();
            int samples = speak(model, length);
            double elapsed = (System.nanoTime() - start) / 1e6;
            if (round < 0) {
                first = elapsed;
            } else {
                milliseconds[round] = elapsed;
                factors[round] = samples * 1000.0 / SAMPLE_RATE / elapsed;
            }
        }
        String what = "Kokoro, " + tokens + " tokens: ";
        findings.tell(what + "first run, ms", StepCheck.number(first));
        findings.tell(what + "run, ms", StepCheck.number(StepCheck.median(milliseconds)));
        double factor = StepCheck.median(factors);
        String value = String.format(Locale.ROOT, "%.1f × real time", factor);
        if (goal > 0 && tokens == lengths[lengths.length - 1]) {
            findings.require(
                    what + "speech",
                    value,
                    String.format(Locale.ROOT, "≥ %.0f", goal),
                    factor >= goal);
        } else {
            findings.tell(what + "speech", value);
        }
    }

    private static int speak(SpeechModel model, int tokens) {
        SplittableRandom random = new SplittableRandom(tokens);
        double[] ids = new double[tokens + 2];
        for (int i = 1; i <= tokens; i++) {
            ids[i] = 1 + random.nextInt(170);
        }
        double[] style = new double[256];
        for (int i = 0; i < style.length; i++) {
            style[i] = random.nextDouble() * 0.4 - 0.2;
        }
        String input = model.requiredInput("tokens", "input_ids");
        Map<String, SpeechModel.Feed> feeds =
                Map.of(
                        input, () -> model.tensor(input, ids, 1, ids.length),
                        "style", () -> model.tensor("style", style, 1, style.length),
                        "speed", () -> model.tensor("speed", new double[] {1}, 1));
        return model.run(feeds, ids.length, new Cancellation()).samples().length;
    }
}
