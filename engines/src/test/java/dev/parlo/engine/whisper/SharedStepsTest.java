package dev.parlo.engine.whisper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.Placement;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.admission.Urgency;
import dev.parlo.engine.cache.CacheFolder;
import dev.parlo.engine.cuda.Gpus;
import dev.parlo.engine.whisper.checkpoint.WeightCache;
import dev.parlo.engine.whisper.cpu.CpuNetwork;
import dev.parlo.engine.whisper.cuda.CudaNetwork;
import dev.parlo.engine.whisper.decode.BeamSearch;
import dev.parlo.engine.whisper.decode.DecodedWindow;
import dev.parlo.engine.whisper.decode.GreedySearch;
import dev.parlo.engine.whisper.decode.LogitRules;
import dev.parlo.engine.whisper.decode.SuppressRules;
import dev.parlo.engine.whisper.decode.TokenIds;
import dev.parlo.engine.whisper.decode.WindowSearch;
import dev.parlo.engine.whisper.decode.WindowTask;
import dev.parlo.engine.whisper.graph.ComputePlan;
import dev.parlo.engine.whisper.network.DecodeArena;
import dev.parlo.engine.whisper.network.WhisperNetwork;
import dev.parlo.engine.whisper.window.BatchingRuntime;
import dev.parlo.engine.whisper.window.EncodedWindow;
import dev.parlo.engine.whisper.window.WindowsTogether;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * On the real runtime: windows of many requests that join and leave at random, with prompts,
 * timestamps, temperatures and widths of their own, a quarter of which are given up.
 */
@Timeout(180)
class SharedStepsTest {
    private static final int REQUESTS = 24;
    private static final int SLOTS = 5;

    private static final List<String> FILES =
            List.of("u000.flac", "u001.flac", "u002.flac", "u008.flac");

    @TempDir static Path cache;
    private static Golden golden;

    @BeforeAll
    static void open() {
        golden = new Golden(Path.of("src/test/resources/golden"));
    }

    @AfterAll
    static void close() {
        golden.close();
    }

    @Test
    void float32SaysTheSameTokensAsAlone() {
        try (CpuNetwork network = network(ComputeType.FLOAT32)) {
            assertThat(different(network, network, 1e-5)).isZero();
        }
    }

    /** What a GPU runs, on the processor's memory, against the processor's own graphs. */
    @Test
    void deviceGraphsInCompanySayTheSameTokensAsTheProcessorAlone() {
        try (CpuNetwork alone = network(ComputeType.FLOAT32);
                Gpus gpus = Gpus.onHost(4L << 30);
                CudaNetwork shared =
                        CudaNetwork.load(
                                SharedFiles.builtInModel(),
                                ComputeType.FLOAT32,
                                new WeightCache(CacheFolder.at(cache)),
                                gpus.get(0),
                                new Cancellation())) {
            assertThat(different(shared, alone, 1e-4)).isZero();
        }
    }

    /** Eight bits round differently in company, so a draw of two that are as good may change. */
    @Test
    void int8SaysTheSameTokensAsAloneUpToRounding() {
        try (CpuNetwork network = network(ComputeType.INT8)) {
            assertThat(different(network, network, 0.03)).isLessThanOrEqualTo(1);
        }
    }

    private static CpuNetwork network(ComputeType type) {
        return CpuNetwork.load(
                SharedFiles.builtInModel(),
                ComputePlan.forThisProcessor(type),
                new WeightCache(CacheFolder.at(cache)),
                Placement.Cpu.threads(2),
                new Cancellation());
    }

    private static int different(
            WhisperNetwork shared, WhisperNetwork reference, double tolerance) {
        boolean shortWindows = shared.shortWindows();
        int vocabulary = shared.shape().vocabularySize();
        int timestamps = shared.shape().firstTimestamp();
        TokenIds ids = new TokenIds(timestamps - 107, timestamps, timestamps - 2, vocabulary);
        Admission admission = new Admission(SLOTS, REQUESTS);
        AtomicInteger different = new AtomicInteger();
        AtomicInteger compared = new AtomicInteger();
        try (BatchingRuntime runtime =
                        new BatchingRuntime(
                                80,
                                SLOTS,
                                () -> shared.openArena(SLOTS),
                                EngineObserver.NONE,
                                new Urgency());
                DecodeArena alone = reference.openArena(1);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                int seed = i;
                Cancellation cancellation = new Cancellation();
                Ticket ticket = admission.enter(Priority.BATCH, cancellation);
                all.add(
                        CompletableFuture.runAsync(
                                () -> {
                                    DecodedWindow found;
                                    try (ticket;
                                            EncodedWindow window =
                                                    runtime.encode(
                                                            mel(seed, shortWindows),
                                                            ticket,
                                                            cancellation)) {
                                        found = window.decode(search(seed, ids));
                                    } catch (EngineException e) {
                                        assertThat(seed % 4).as("gave up").isZero();
                                        return;
                                    }
                                    WindowSearch expected = search(seed, ids);
                                    synchronized (alone) {
                                        alone.encoder().encode(mel(seed, shortWindows), 0);
                                        WindowsTogether.runAlone(alone.step(), 0, expected);
                                    }
                                    compared.incrementAndGet();
                                    if (!same(found, expected.result(), tolerance)) {
                                        different.incrementAndGet();
                                    }
                                },
                                callers));
                if (i % 4 == 0) {
                    callers.execute(() -> {
                        Thread.yield();
                        cancellation.cancel();
                    });
                }
            }
            all.forEach(CompletableFuture::join);
        }
        assertThat(compared.get()).isGreaterThanOrEqualTo(REQUESTS * 3 / 4);
        return different.get();
    }

    private static boolean same(DecodedWindow one, DecodedWindow other, double tolerance) {
        double noSpeech = one.noSpeechProbability() - other.noSpeechProbability();
        return Arrays.equals(one.tokens(), other.tokens())
                && Math.abs(one.score() - other.score()) < tolerance
                && Math.abs(noSpeech) < tolerance;
    }

    /** A third of the windows have fewer frames than the others, where the network takes such. */
    private static float[] mel(int seed, boolean shortWindows) {
        float[] whole = golden.window(FILES.get(seed % FILES.size()), 80);
        int frames = shortWindows && seed % 3 == 1 ? 500 + 100 * (seed % 2) : 3000;
        float[] mel = new float[80 * frames];
        for (int band = 0; band < 80; band++) {
            System.arraycopy(whole, band * 3000, mel, band * frames, frames);
        }
        return mel;
    }

    private static WindowSearch search(int seed, TokenIds ids) {
        Random random = new Random(seed);
        int[] prompt = new int[1 + random.nextInt(3) * 45];
        for (int i = 0; i < prompt.length - 1; i++) {
            prompt[i] = 200 + random.nextInt(500);
        }
        prompt[prompt.length - 1] = ids.endOfText() + 1;
        boolean timed = random.nextBoolean();
        SuppressRules suppress =
                new SuppressRules(ids, new int[] {5}, new int[] {ids.endOfText()}, timed);
        LogitRules rules = new LogitRules(ids, suppress, timed, 50, 1, 0);
        WindowTask task =
                new WindowTask(
                        prompt, prompt.length - 1, new int[0], 4 + random.nextInt(30), rules);
        return switch (seed % 3) {
            case 0 -> GreedySearch.best(task, 1);
            case 1 -> new BeamSearch(task, 2 + random.nextInt(6), 1, 1);
            default -> GreedySearch.sampling(task, 0.6, 1 + random.nextInt(4), 1, random);
        };
    }
}
