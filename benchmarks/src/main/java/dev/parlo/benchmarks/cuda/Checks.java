package dev.parlo.benchmarks.cuda;

import dev.parlo.benchmarks.Shape;
import dev.parlo.engine.ComputeType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is asked, the most telling first: where the time ends early, the rest is not missed as much.
 *
 * @param list with the names by which a process is told which it is
 */
record Checks(List<Planned> list) {
    /**
     * A check with its limit.
     *
     * @param models that have to be there
     */
    record Planned(String name, Duration limit, List<Shape> models, Check check) {}

    static Checks of(Bench bench, Path natives, List<Path> cudaFolders) {
        return bench.rehearsal() ? rehearsal(natives, cudaFolders) : real(natives, cudaFolders);
    }

    /** The models to make beforehand, in this order. */
    List<Shape> models() {
        return list.stream().flatMap(check -> check.models().stream()).distinct().toList();
    }

    private static Checks real(Path natives, List<Path> cudaFolders) {
        List<Planned> list = new ArrayList<>();
        plan(list, "G0", 40, List.of(), new FoundCheck(natives, cudaFolders));
        plan(list, "G1 float32", 40, List.of(), new TokensCheck(ComputeType.FLOAT32));
        plan(list, "G1 float16", 40, List.of(), new TokensCheck(ComputeType.FLOAT16));
        plan(list, "G3 turbo", 60, Shape.TURBO, new ThroughputCheck(Shape.TURBO, 16, 8, 250, 600));
        plan(list, "G2 turbo", 40, Shape.TURBO, new StepCheck(Shape.TURBO, true, 100, 1, 4, 16));
        plan(list, "G2 turbo eager", 40, Shape.TURBO, new StepCheck(Shape.TURBO, false, 50, 1, 16));
        plan(
                list,
                "G3 large-v3",
                75,
                Shape.LARGE_V3,
                new ThroughputCheck(Shape.LARGE_V3, 16, 4, 70, 500));
        plan(list, "G4", 45, List.of(), new SpeechCheck(8, 100, 20, 100, 400));
        plan(list, "G5", 60, Shape.SMALL, new MemoryCheck(Shape.SMALL, 20, 16));
        plan(list, "G2 large-v3", 45, Shape.LARGE_V3, new StepCheck(Shape.LARGE_V3, true, 50, 1, 16));
        plan(list, "G3 small", 40, Shape.SMALL, new ThroughputCheck(Shape.SMALL, 16, 8, 0, 0));
        return new Checks(list);
    }

    /** The same with the smallest shape and fewer of everything. */
    private static Checks rehearsal(Path natives, List<Path> cudaFolders) {
        List<Planned> list = new ArrayList<>();
        plan(list, "G0", 60, List.of(), new FoundCheck(natives, cudaFolders));
        plan(list, "G1 float32", 120, List.of(), new TokensCheck(ComputeType.FLOAT32));
        plan(list, "G1 float16", 120, List.of(), new TokensCheck(ComputeType.FLOAT16));
        plan(list, "G3 tiny", 120, Shape.TINY, new ThroughputCheck(Shape.TINY, 2, 1, 0, 0));
        plan(list, "G2 tiny", 120, Shape.TINY, new StepCheck(Shape.TINY, true, 5, 1, 2));
        plan(list, "G4", 120, List.of(), new SpeechCheck(1, 0, 20));
        plan(list, "G5", 120, Shape.TINY, new MemoryCheck(Shape.TINY, 2, 2));
        return new Checks(list);
    }

    private static void plan(
            List<Planned> list, String name, int seconds, Shape shape, Check check) {
        plan(list, name, seconds, List.of(shape), check);
    }

    private static void plan(
            List<Planned> list, String name, int seconds, List<Shape> models, Check check) {
        list.add(new Planned(name, Duration.ofSeconds(seconds), models, check));
    }
}
