package dev.parlo.engine.whisper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.Placement;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.whisper.checkpoint.WeightCache;
import dev.parlo.engine.whisper.cpu.CpuNetwork;
import dev.parlo.engine.whisper.decode.StepRow;
import dev.parlo.engine.whisper.decode.TokenMask;
import dev.parlo.engine.whisper.graph.ComputePlan;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.WindowStep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Whether int8 loses more in shared steps than alone: by {@code make parity}, for {@code
 * docs/accuracy.md}.
 */
class EightBitsRun {
    private static final int WINDOWS = 8;
    private static final int STEPS = 16;
    private static final int DRAWS = 16;

    @TempDir private Path cache;
    private Golden golden;
    private JsonNode answers;

    @BeforeEach
    void open() {
        golden = new Golden(SharedFiles.find("golden/audio"));
        answers = Golden.read(SharedFiles.find("golden/golden.json"));
    }

    @AfterEach
    void close() {
        golden.close();
    }

    /** Differences of logits. */
    private static final class Difference {
        private double squares;
        private long values;
        private int otherBest;

        void add(float[] a, float[] b) {
            for (int i = 0; i < a.length; i++) {
                squares += Math.pow(a[i] - b[i], 2);
            }
            values += a.length;
            otherBest += best(a) == best(b) ? 0 : 1;
        }

        double rootMeanSquare() {
            return Math.sqrt(squares / values);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT, "%.5f, another best token %d times", rootMeanSquare(), otherBest);
        }
    }

    @Test
    void logitsInSharedStepsAreAsNearToFloat32AsThoseAlone() {
        List<String> files = new ArrayList<>();
        answers.get("utterances").forEach(node -> files.add(node.get("file").asString()));
        Difference alone = new Difference();
        Difference shared = new Difference();
        Difference between = new Difference();
        try (CpuNetwork float32 = network(ComputeType.FLOAT32);
                CpuNetwork int8 = network(ComputeType.INT8);
                DecodeArena exact = float32.openArena(WINDOWS);
                DecodeArena lonely = int8.openArena(WINDOWS);
                DecodeArena together = int8.openArena(WINDOWS)) {
            List<DecodeArena> arenas = List.of(exact, lonely, together);
            int start = float32.shape().firstTimestamp() - 106; // start of transcript
            for (int from = 0; from + WINDOWS <= files.size(); from += WINDOWS) {
                int[] token = new int[WINDOWS];
                for (int slot = 0; slot < WINDOWS; slot++) {
                    float[] mel = golden.window(files.get(from + slot), 80);
                    for (DecodeArena arena : arenas) {
                        arena.encoder().encode(mel, slot);
                    }
                    token[slot] = start;
                }
                for (int t = 0; t < STEPS; t++) {
                    List<WindowStep> all = new ArrayList<>();
                    for (int slot = 0; slot < WINDOWS; slot++) {
                        all.add(step(slot, t, token[slot]));
                    }
                    List<float[]> many = logits(together, all);
                    for (int slot = 0; slot < WINDOWS; slot++) {
                        float[] truth = logits(exact, List.of(all.get(slot))).getFirst();
                        float[] one = logits(lonely, List.of(all.get(slot))).getFirst();
                        alone.add(one, truth);
                        shared.add(many.get(slot), truth);
                        between.add(many.get(slot), one);
                        token[slot] = best(truth);
                    }
                }
                for (DecodeArena arena : arenas) {
                    for (int slot = 0; slot < WINDOWS; slot++) {
                        arena.step().release(slot);
                    }
                }
            }
        }
        System.out.printf(
                "PARITY logits, int8 alone from float32: %s; int8 in steps of %d windows from float32: %s;"
                        + " from int8 alone: %s%n",
                alone, WINDOWS, shared, between);
        assertThat(shared.rootMeanSquare()).isLessThan(1.05 * alone.rootMeanSquare());
        assertThat(between.rootMeanSquare()).isLessThan(0.2 * alone.rootMeanSquare());
    }

    private CpuNetwork network(ComputeType type) {
        return CpuNetwork.load(
                SharedFiles.builtInModel(),
                ComputePlan.forThisProcessor(type),
                new WeightCache(CacheFolder.at(cache)),
                Placement.Cpu.threads(1),
                new Cancellation());
    }

    private static WindowStep step(int slot, int position, int token) {
        StepRow row =
                new StepRow(0, position, new int[] {token}, TokenMask.NONE, 0, 1501, 1, true, null);
        return new WindowStep(slot, 1, List.of(row));
    }

    private static List<float[]> logits(DecodeArena arena, List<WindowStep> windows) {
        return arena.step().run(windows).stream()
                .map(results -> results.getFirst().logits())
                .toList();
    }

    private static int best(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }

    @Test
    void wordErrorsOfTheFilesInBatchesByDraw() {
        for (int slots : new int[] {1, 8}) {
            for (ComputeType type : List.of(ComputeType.FLOAT32, ComputeType.INT8)) {
                WhisperEngineSettings settings =
                        new WhisperEngineSettings(
                                type,
                                Placement.Cpu.threads(1),
                                new Admission(slots, 65),
                                Long.MAX_VALUE,
                                CacheFolder.at(cache),
                                cache);
                try (WhisperEngine engine =
                        WhisperEngine.open(
                                SharedFiles.builtInModel(), settings, new Cancellation())) {
                    for (int draw = 0; draw < DRAWS; draw++) {
                        System.out.printf(
                                Locale.ROOT,
                                "PARITY word error rate of the files in batches, %s, windows of a step %d, draw %d: %.2f %%%n",
                                type.label(),
                                slots,
                                draw,
                                100 * wordErrors(engine, draw));
                    }
                }
            }
        }
    }

    private double wordErrors(WhisperEngine engine, int draw) {
        TranscribeOptions options =
                TranscribeOptions.builder().batchSize(8).seed(OptionalLong.of(1 + draw)).build();
        WordErrors errors = new WordErrors();
        for (JsonNode file : answers.get("files")) {
            StringBuilder heard = new StringBuilder();
            engine.transcribe(
                    new Noisy(golden.open(file.get("file").asString()), draw),
                    options,
                    segment -> heard.append(segment.text()),
                    new Cancellation());
            errors.add(file.get("reference").asString(), heard.toString());
        }
        return errors.rate();
    }

    /** A recording with noise of two steps of 16 bits, which nobody hears; draw 0 has none. */
    private record Noisy(AudioSource source, int draw) implements AudioSource {
        @Override
        public Reader open() {
            Reader reader = source.open();
            Random random = new Random(draw);
            return new Reader() {
                @Override
                public int read(float[] samples) {
                    int count = reader.read(samples);
                    for (int i = 0; i < count && draw > 0; i++) {
                        samples[i] += (random.nextInt(5) - 2) / 32768f;
                    }
                    return count;
                }

                @Override
                public void close() {
                    reader.close();
                }
            };
        }
    }
}
