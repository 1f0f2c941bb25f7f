package dev.parlo.benchmarks;

import dev.parlo.engine.ComputeType;
import dev.parlo.engine.ggml.GgmlSubject;
import dev.parlo.engine.ggml.GgmlType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.ObjectMapper;

/**
 * Times encoder, prefill and decoder steps of all engines in turn, again and again, so that what
 * disturbs the machine disturbs them alike.
 *
 * <p>Arguments: folder of generated models, shape, rounds, threads, {@code spin} or {@code
 * no-spin}, file to write; then, to save time, how many steps to take (100) and the engines to
 * leave out.
 */
final class PartsBenchmark {
    private static final int PROMPT = 4;
    private static final int LONG_PROMPT = 228;
    private static final int STEPS = 100;
    private static final int BEAMS = 5;

    private PartsBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Models models = new Models(Path.of(arguments[0]), Shape.of(arguments[1]));
        int rounds = Integer.parseInt(arguments[2]);
        int threads = Integer.parseInt(arguments[3]);
        boolean spinning = arguments[4].equals("spin");
        Path out = Path.of(arguments[5]);
        int steps = arguments.length > 6 ? Integer.parseInt(arguments[6]) : STEPS;
        Predicate<String> wanted = name -> Arrays.stream(arguments).skip(7).noneMatch(name::equals);
        List<Subject> subjects = subjects(models, threads, spinning, wanted);
        Map<String, Samples> samples = new LinkedHashMap<>();
        for (int round = -1; round < rounds; round++) {
            for (Subject subject : subjects) {
                Samples into =
                        round < 0
                                ? new Samples()
                                : samples.computeIfAbsent(subject.name(), n -> new Samples());
                run(subject, into, steps);
            }
            System.err.printf(Locale.ROOT, "%s: round %d of %d%n", arguments[1], round + 1, rounds);
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("shape", models.shape().label());
        result.put("threads", threads);
        result.put("spinning", spinning);
        Map<String, Object> engines = new LinkedHashMap<>();
        samples.forEach((name, timed) -> engines.put(name, timed.summary()));
        result.put("milliseconds", engines);
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(out.toFile(), result);
        subjects.forEach(Subject::close);
    }

    private static List<Subject> subjects(
            Models models, int threads, boolean spinning, Predicate<String> wanted)
            throws IOException {
        List<Subject> subjects = new ArrayList<>();
        for (ComputeType type : List.of(ComputeType.INT8, ComputeType.FLOAT32)) {
            if (wanted.test("parlo " + type.label())) {
                subjects.add(
                        new ParloSubject(
                                models.checkpoint(), models.cache(), type, threads, spinning));
            }
        }
        for (GgmlType type : List.of(GgmlType.Q8_0, GgmlType.F16)) {
            if (wanted.test("whisper.cpp " + type.name().toLowerCase(Locale.ROOT))) {
                subjects.add(new GgmlSubject(models.ggml(type), threads));
            }
        }
        return subjects;
    }

    private static void run(Subject subject, Samples samples, int steps) {
        samples.time("encoder", 1, subject::encode);
        samples.time("prefill " + LONG_PROMPT, 1, () -> subject.prefill(LONG_PROMPT));
        samples.time("prefill " + PROMPT, 1, () -> subject.prefill(PROMPT));
        samples.time("greedy step", 1.0 / steps, () -> steps(subject, 1, steps));
        subject.prefill(PROMPT);
        samples.time("beam " + BEAMS + " step", 1.0 / steps, () -> steps(subject, BEAMS, steps));
    }

    private static void steps(Subject subject, int rows, int steps) {
        for (int i = 0; i < steps; i++) {
            subject.step(rows, PROMPT + i);
        }
    }
}
