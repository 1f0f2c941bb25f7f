package dev.parlo.engine.ggml;

import static dev.parlo.engine.ggml.ScriptedGgml.PLAIN;
import static dev.parlo.engine.ggml.ScriptedGgml.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.Latches;
import dev.parlo.engine.Segment;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.admission.Turn;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.PcmAudio;
import dev.parlo.engine.ggml.ScriptedGgml.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A clip for the model whose file is being computed, with whisper.cpp itself: no window ends before
 * the clip that came in its middle.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClipsBesideFilesTest {
    @TempDir Path folder;

    /** The encoder's run has two of them around it. */
    private static final int PAUSE = 3;

    private final Admission admission = new Admission(1, 4);
    private final List<Run> clips = new ArrayList<>();

    @Test
    void aClipIsDoneInTheMiddleOfAWindowOfAFile() throws IOException {
        CompletableFuture<GgmlWhisperEngine> opened = new CompletableFuture<>();
        AtomicInteger windowsOfTheFile = new AtomicInteger();
        try (GgmlWhisperEngine engine =
                GgmlWhisperEngine.open(
                        ScriptedGgml.multilingual(folder),
                        ScriptedGgml.settings(admission),
                        (turn, cancellation) ->
                                turn.isUrgent() || windowsOfTheFile.incrementAndGet() > 2
                                        ? () -> {}
                                        : once(() -> clips.add(run(opened.join(), 4, PLAIN))))) {
            opened.complete(engine);
            Run file = run(engine, 31, PLAIN.toBuilder().language("de").beamSize(1).build());
            assertThat(clips).hasSize(2);
            for (Run clip : clips) {
                assertThat(clip.transcript().language()).isEqualTo("de");
                assertThat(clip.segments())
                        .extracting(Segment::text)
                        .containsExactly(" w1 w2", " w3");
            }
            assertThat(file.segments()).hasSize(15);
            assertThat(admission.urgency().isFelt()).isFalse();
        }
    }

    /** After some pauses; what fails must not leave a function that native code calls. */
    private static Runnable once(Runnable work) {
        AtomicInteger pauses = new AtomicInteger();
        return () -> {
            if (pauses.incrementAndGet() == PAUSE) {
                CompletableFuture.runAsync(work, task -> Thread.ofPlatform().start(task))
                        .handle((done, failure) -> failure)
                        .join();
            }
        };
    }

    @Test
    void aWindowSaysTheSameWhetherItRestsOrNot() throws IOException {
        Path model = folder.resolve("ggml-random.bin");
        GgmlModelWriter.random(model, GgmlModelWriter.layout(51865, 64, 1, GgmlType.F16), 3);
        checkRest(
                model,
                PLAIN.toBuilder()
                        .beamSize(1)
                        .withoutTimestamps(true) // so that a window is one turn
                        .tokenLogProbabilities(true)
                        .logProbThreshold(null)
                        .noSpeechThreshold(null)
                        .compressionRatioThreshold(null)
                        .build());
    }

    @Test
    void aWindowOfSeveralHypothesesRestsToo() throws IOException {
        checkRest(ScriptedGgml.noisy(folder), PLAIN);
    }

    private void checkRest(Path model, TranscribeOptions options) {
        GgmlEngineSettings settings = new GgmlEngineSettings(1, admission, folder);
        Run alone;
        Run clipAlone;
        try (GgmlWhisperEngine engine = GgmlWhisperEngine.open(model, settings)) {
            alone = noise(engine, 30, options);
            clipAlone = noise(engine, 2, options);
        }
        Rests rests = new Rests(engine -> noise(engine, 2, options));
        try (GgmlWhisperEngine engine = GgmlWhisperEngine.open(model, settings, rests)) {
            rests.engine.complete(engine);
            assertThat(noise(engine, 30, options)).usingRecursiveComparison().isEqualTo(alone);
        }
        assertThat(alone.segments()).isNotEmpty();
        assertThat(clips).hasSize(1);
        assertThat(clips).first().usingRecursiveComparison().isEqualTo(clipAlone);
    }

    /** In the middle of a file's first window a clip begins, and has it rest until it is done. */
    private final class Rests implements GgmlWhisperEngine.Pauses {
        final CompletableFuture<GgmlWhisperEngine> engine = new CompletableFuture<>();
        private final Function<GgmlWhisperEngine, Run> clip;

        private final CountDownLatch hasTurn = new CountDownLatch(1);

        private final CountDownLatch resting = new CountDownLatch(1);

        private final AtomicBoolean begun = new AtomicBoolean();

        Rests(Function<GgmlWhisperEngine, Run> clip) {
            this.clip = clip;
        }

        @Override
        public Runnable of(Turn turn, Cancellation cancellation) {
            if (turn.isUrgent()) {
                return () -> {
                    hasTurn.countDown();
                    Latches.await(resting);
                };
            }
            AtomicLong seconds = new AtomicLong();
            WindowPause pause =
                    new WindowPause(
                            admission.urgency(),
                            cancellation,
                            () -> {
                                long now = seconds.incrementAndGet();
                                if (now > 1) { // it feels the clip; the first is when it begins
                                    resting.countDown();
                                }
                                return TimeUnit.SECONDS.toNanos(now);
                            });
            return once(() -> {
                if (!begun.compareAndSet(false, true)) {
                    return;
                }
                CompletableFuture<Run> run =
                        CompletableFuture.supplyAsync(
                                () -> clip.apply(engine.join()),
                                task -> Thread.ofPlatform().start(task));
                Latches.await(hasTurn);
                pause.giveWay();
                clips.add(run.join());
            });
        }
    }

    private static Run noise(GgmlWhisperEngine engine, int seconds, TranscribeOptions options) {
        Random random = new Random(seconds);
        float[] samples = new float[seconds * AudioSource.SAMPLE_RATE];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (float) random.nextGaussian() / 10;
        }
        List<Segment> segments = new ArrayList<>();
        var transcript =
                engine.transcribe(PcmAudio.of(samples), options, segments::add, new Cancellation());
        return new Run(transcript, segments);
    }

    @Test
    void aClipHasMemoryOfItsOwnBesideAFileOnlyWhereTheBudgetHoldsIt() throws IOException {
        Path model = ScriptedGgml.multilingual(folder);
        GgmlFile file = GgmlFile.read(model);
        long window = WhisperState.bytes(file.layout());
        assertThat(besideFile(model, file.tensorBytes() + 4 * window)).isTrue();
        assertThat(besideFile(model, file.tensorBytes() + 4 * window - 2)).isFalse();
        assertThat(besideFile(model, 0)).isFalse();
    }

    private boolean besideFile(Path model, long memoryBytes) {
        GgmlEngineSettings settings = new GgmlEngineSettings(1, admission, memoryBytes, folder, 0);
        try (GgmlWhisperEngine engine = GgmlWhisperEngine.open(model, settings);
                Ticket other = admission.enter(Priority.BATCH, new Cancellation())) {
            other.expectMore();
            long before = engine.nativeBytes();
            try (Turn window = other.await();
                    Ticket clip = admission.enter(Priority.BATCH, new Cancellation())) {
                assertThat(engine.nativeBytes()).isEqualTo(before); // none until there is a clip
                Cancellation now = new Cancellation();
                CompletableFuture<Boolean> served =
                        CompletableFuture.supplyAsync(
                                () -> {
                                    try (Turn beside = clip.await(now)) {
                                        return true;
                                    } catch (EngineException cancelled) {
                                        return false;
                                    }
                                },
                                task -> Thread.ofPlatform().start(task));
                await().until(() -> served.isDone() || admission.waiting() > 0);
                now.cancel();
                return served.join();
            }
        }
    }

    @Test
    void asManyWindowsSideBySideAsTheBudgetHolds() throws IOException {
        Path model = ScriptedGgml.multilingual(folder);
        GgmlFile file = GgmlFile.read(model);
        long window = WhisperState.bytes(file.layout());
        Admission many = new Admission(8, 8);
        GgmlEngineSettings settings =
                new GgmlEngineSettings(1, many, file.tensorBytes() + 6 * window, folder, 0);
        try (GgmlWhisperEngine engine = GgmlWhisperEngine.open(model, settings)) {
            assertThat(many.parallel()).isEqualTo(3);
            assertThat(run(engine, 4, PLAIN).segments()).hasSize(2);
        }
    }
}
