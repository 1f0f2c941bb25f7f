package dev.parlo.engine.whisper.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.admission.Urgency;
import dev.parlo.engine.steps.NativeSteps;
import dev.parlo.engine.steps.StepLane;
import dev.parlo.engine.whisper.decode.BeamSearch;
import dev.parlo.engine.whisper.decode.DecodedWindow;
import dev.parlo.engine.whisper.decode.GreedySearch;
import dev.parlo.engine.whisper.decode.LogitRules;
import dev.parlo.engine.whisper.decode.ScriptedStep;
import dev.parlo.engine.whisper.decode.SuppressRules;
import dev.parlo.engine.whisper.decode.TokenIds;
import dev.parlo.engine.whisper.decode.WindowSearch;
import dev.parlo.engine.whisper.decode.WindowTask;
import dev.parlo.engine.whisper.network.AlignmentTask;
import dev.parlo.engine.whisper.network.WatchedArena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class BatchingRuntimeTest {
    private static final TokenIds IDS = new TokenIds(12, 17, 16, 38);
    private static final int SOT = 13;

    private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    private final MadeUpArena arena = new MadeUpArena(4, IDS, BatchingRuntimeTest::logits);
    private final BatchingRuntime runtime =
            new BatchingRuntime(80, 4, () -> arena, EngineObserver.NONE, new Urgency());
    private final AtomicInteger queued = new AtomicInteger();
    private final Admission admission =
            new Admission(
                    4,
                    1000,
                    new EngineObserver() {
                        @Override
                        public void queued(Priority priority, int waiting) {
                            queued.incrementAndGet();
                        }
                    });

    @AfterEach
    void close() {
        arena.open.countDown();
        runtime.close();
        requests.close();
    }

    @Test
    void readyingTheDecoderIsAStepThatIsWatchedAsItsOthersAre() {
        NativeSteps steps = new NativeSteps();
        try (WatchedArena watched = new WatchedArena(arena, steps)) {
            watched.step().warmUp();
            assertThat(steps.lanes())
                    .filteredOn(lane -> lane.what().equals("decoder step"))
                    .extracting(StepLane::position)
                    .containsExactly(2L); // one step has begun and ended
        }
    }

    @Test
    void aStartReadiesTheDecoderOnItsThreadBeforeTheFirstWindow() {
        runtime.start();
        assertThat(arena.warmedUpBy).isEqualTo("whisper-decoder");
        assertThat(arena.encoded).hasValue(0);
    }

    @Test
    void aStartThatFindsTooLittleMemorySaysSoAndLeavesNothingBehind() {
        arena.failWarmUp = true;
        assertThatThrownBy(runtime::start)
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.category()).isEqualTo(Category.NO_SPACE))
                .hasMessage("the GPU is full");
        runtime.close();
        assertThat(arena.closed).isTrue();
    }

    /** Searches of all kinds by many requests, a quarter of which go away at some moment. */
    @Test
    void everyWindowsAnswerIsWhatItIsAloneWhoeverJoinsAndLeaves() {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            int audio = i;
            all.add(CompletableFuture.runAsync(() -> request(audio), requests));
        }
        all.forEach(CompletableFuture::join);
        assertThat(arena.mostTogether).as("windows in one step").isBetween(2, 4);
        List<EncodedWindow> noneLeaked = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            noneLeaked.add(encode(i));
        }
        noneLeaked.forEach(EncodedWindow::close);
    }

    private void request(int audio) {
        Random random = new Random(audio);
        Cancellation cancellation = new Cancellation();
        boolean leaves = audio % 4 == 0;
        if (leaves) {
            requests.execute(() -> {
                Thread.yield();
                cancellation.cancel();
            });
        }
        Priority priority = random.nextInt(5) == 0 ? Priority.INTERACTIVE : Priority.BATCH;
        try (EncodedWindow window = runtime.encode(mel(audio), ticket(priority), cancellation)) {
            for (int round = 0; round < 3; round++) {
                long seed = random.nextLong();
                DecodedWindow found = window.decode(search(seed));
                DecodedWindow alone = alone(audio, search(seed));
                assertThat(found.tokens()).as("audio " + audio).isEqualTo(alone.tokens());
                assertThat(found.score()).isEqualTo(alone.score());
            }
            assertThat(window.detectLanguage(SOT, new int[] {3, 4})).hasSize(2);
            assertThat(window.align(new AlignmentTask(new int[] {SOT, 5, 12}, 1, 1, 12)).heads())
                    .isEqualTo(1);
        } catch (EngineException e) {
            assertThat(leaves).as("only those that leave are told so").isTrue();
            assertThat(e.category()).isEqualTo(Category.CANCELLED);
        }
    }

    @Test
    void aWindowThatFailsFailsAlone() {
        try (EncodedWindow good = encode(1);
                EncodedWindow bad = encode(2)) {
            CompletableFuture<DecodedWindow> beside =
                    CompletableFuture.supplyAsync(() -> good.decode(search(7)), requests);
            WindowSearch broken = new BrokenSearch();
            assertThatThrownBy(() -> bad.decode(broken)).hasMessageContaining("a broken search");
            assertThat(beside.join().tokens()).isEqualTo(alone(1, search(7)).tokens());
            assertThat(bad.decode(search(8)).tokens()).isEqualTo(alone(2, search(8)).tokens());
        }
    }

    @Test
    void aStepThatFailsFailsItsWindowsAndNoLaterOne() {
        try (EncodedWindow window = encode(1)) {
            arena.failNextStep = true;
            assertThatThrownBy(() -> window.decode(search(7)))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("the step failed");
            assertThat(window.decode(search(7)).tokens()).isEqualTo(alone(1, search(7)).tokens());
        }
    }

    @Test
    void interactiveWindowsComeFirstAndSlotsAreGivenOutLowestFirst() {
        List<EncodedWindow> taken = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            taken.add(encode(i));
        }
        CompletableFuture<EncodedWindow> file = later(10, Priority.BATCH);
        await().until(() -> queued.get() == 1);
        CompletableFuture<EncodedWindow> conversation = later(11, Priority.INTERACTIVE);
        await().until(() -> queued.get() == 2);
        assertThat(file).isNotDone();
        taken.remove(2).close();
        taken.add(conversation.join());
        assertThat(arena.lastSlot).isEqualTo(2);
        assertThat(file).isNotDone();
        taken.removeFirst().close();
        taken.add(file.join());
        assertThat(arena.lastSlot).isZero();
        taken.forEach(EncodedWindow::close);
    }

    @Test
    void aWindowThatWaitsForASlotGoesAwayAtOnce() {
        List<EncodedWindow> taken = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            taken.add(encode(i));
        }
        Cancellation cancellation = new Cancellation();
        CompletableFuture<EncodedWindow> waiting =
                CompletableFuture.supplyAsync(
                        () -> runtime.encode(mel(9), ticket(Priority.BATCH), cancellation),
                        requests);
        await().until(() -> queued.get() == 1);
        cancellation.cancel();
        assertThatThrownBy(waiting::join).hasRootCauseInstanceOf(EngineException.class);
        assertThat(runtime.waiting()).isZero();
        taken.removeLast().close();
        taken.add(encode(5)); // the turn that it did not take is free
        taken.forEach(EncodedWindow::close);
    }

    @Test
    void windowsAreEncodedWhileOthersAreDecoded() {
        try (EncodedWindow first = encode(1)) {
            arena.holdEncoder();
            CompletableFuture<EncodedWindow> second = later(2, Priority.BATCH);
            await().until(() -> arena.encoding);
            assertThat(first.decode(search(3)).tokens()).isEqualTo(alone(1, search(3)).tokens());
            assertThat(second).isNotDone();
            arena.open.countDown();
            second.join().close();
        }
    }

    @Test
    void closingFailsWhatRunsAndWhatWaits() {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        CountDownLatch started = new CountDownLatch(8);
        for (int i = 0; i < 8; i++) {
            int audio = i;
            all.add(
                    CompletableFuture.runAsync(
                            () -> {
                                started.countDown();
                                while (true) {
                                    // given back, so that the places last however long this goes on
                                    try (Ticket ticket = ticket(Priority.BATCH);
                                            EncodedWindow window =
                                                    runtime.encode(
                                                            mel(audio),
                                                            ticket,
                                                            new Cancellation())) {
                                        window.decode(search(audio));
                                    }
                                }
                            },
                            requests));
        }
        await().until(() -> started.getCount() == 0 && arena.encoded.get() > 20);
        runtime.close();
        for (CompletableFuture<Void> one : all) {
            assertThatThrownBy(one::join)
                    .isInstanceOf(CompletionException.class)
                    .hasRootCauseMessage("The model is being unloaded.");
        }
        assertThat(arena.closed).isTrue();
    }

    private CompletableFuture<EncodedWindow> later(int audio, Priority priority) {
        return CompletableFuture.supplyAsync(
                () -> runtime.encode(mel(audio), ticket(priority), new Cancellation()), requests);
    }

    private EncodedWindow encode(int audio) {
        return runtime.encode(mel(audio), ticket(Priority.BATCH), new Cancellation());
    }

    private Ticket ticket(Priority priority) {
        return admission.enter(priority, new Cancellation());
    }

    private static float[] mel(int audio) {
        return new float[] {audio};
    }

    /** What a window of the same audio says when it is decoded alone. */
    private static DecodedWindow alone(int audio, WindowSearch search) {
        WindowsTogether.runAlone(
                new ScriptedStep(1, IDS, (slot, tokens) -> logits(audio, tokens)), 0, search);
        return search.result();
    }

    /** A greedy search, a beam search or samples, of a prompt of some length. */
    private static WindowSearch search(long seed) {
        Random random = new Random(seed);
        int[] prompt = new int[1 + random.nextInt(6)];
        prompt[prompt.length - 1] = SOT;
        boolean timestamps = random.nextBoolean();
        SuppressRules suppress =
                new SuppressRules(IDS, new int[] {2, 13}, new int[] {1, 12}, timestamps);
        LogitRules rules = new LogitRules(IDS, suppress, timestamps, 6, 1, 0);
        WindowTask task =
                new WindowTask(
                        prompt, prompt.length - 1, new int[0], 3 + random.nextInt(20), rules);
        return switch (random.nextInt(3)) {
            case 0 -> GreedySearch.best(task, 1);
            case 1 -> new BeamSearch(task, 1 + random.nextInt(8), 1, 1);
            default -> GreedySearch.sampling(task, 0.8, 1 + random.nextInt(5), 1, random);
        };
    }

    private static float[] logits(int audio, List<Integer> tokens) {
        Random random = new Random(31L * audio + tokens.hashCode());
        float[] logits = new float[38];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (random.nextGaussian() * 3);
        }
        return logits;
    }
}
