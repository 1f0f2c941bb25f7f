package dev.parlo.benchmarks.cuda;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Placement;
import dev.parlo.engine.Segment;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.cuda.Gpus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** G1: the built-in model says on the GPU what it says on the processor, token for token. */
final class TokensCheck implements Check {
    private final ComputeType type;

    TokensCheck(ComputeType type) {
        this.type = type;
    }

    @Override
    public void run(Bench bench, Findings findings) throws IOException {
        List<Path> recordings = Recordings.in(bench.home().resolve("recordings"));
        int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8);
        try (Gpus gpus = bench.gpus();
                SpeechToText processor =
                        bench.open(
                                bench.builtIn(),
                                ComputeType.FLOAT32,
                                Placement.Cpu.threads(threads),
                                1,
                                gpus);
                SpeechToText gpu = bench.open(bench.builtIn(), type, 1, gpus)) {
            for (int beams : new int[] {1, 5}) {
                int same = 0;
                StringBuilder others = new StringBuilder();
                for (Path recording : recordings) {
                    List<Integer> expected = tokens(processor, recording, beams);
                    List<Integer> found = tokens(gpu, recording, beams);
                    if (found.equals(expected) && !expected.isEmpty()) {
                        same++;
                    } else {
                        others.append(' ').append(recording.getFileName());
                    }
                }
                findings.require(
                        type.label() + (beams == 1 ? ", greedy" : ", " + beams + " beams"),
                        same + " of " + recordings.size() + " recordings alike" + others,
                        "all",
                        same == recordings.size());
            }
        }
    }

    private static List<Integer> tokens(SpeechToText engine, Path recording, int beams)
            throws IOException {
        List<Integer> tokens = new ArrayList<>();
        engine.transcribe(
                Recordings.source(recording),
                TranscribeOptions.builder().beamSize(beams).temperatures(List.of(0.0)).build(),
                segment -> add(segment, tokens),
                new Cancellation());
        return tokens;
    }

    private static void add(Segment segment, List<Integer> tokens) {
        for (int token : segment.tokens()) {
            tokens.add(token);
        }
    }
}
