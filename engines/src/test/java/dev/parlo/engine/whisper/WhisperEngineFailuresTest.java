package dev.parlo.engine.whisper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.Latches;
import dev.parlo.engine.Segment;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.admission.Turn;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.whisper.mel.ArrayAudio;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests that end before the last word, and what becomes of the engine. */
@Timeout(180)
@Tag("locale")
class WhisperEngineFailuresTest {
    @TempDir private static Path cache;
    private static Golden golden;

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeAll
    static void open() {
        golden = new Golden(Path.of("src/test/resources/golden"));
    }

    @AfterAll
    static void close() {
        golden.close();
    }

    @Test
    void aFullQueueRefusesAndAQueuedRequestCanBeCancelled() {
        Admission admission = new Admission(1, 2);
        try (WhisperEngine engine = BuiltInEngine.open(admission, cache);
                Ticket other = admission.enter(Priority.BATCH, new Cancellation());
                Turn turn = other.await()) {
            Cancellation queued = new Cancellation();
            CompletableFuture<Void> waiting = start(engine, silence(), queued);
            await().untilAsserted(() -> assertThat(admission.entered()).isEqualTo(2));
            assertThat(refusalOf(start(engine, silence(), new Cancellation())))
                    .isEqualTo(Category.OVERLOADED);
            assertThat(waiting).isNotDone();
            queued.cancel();
            assertThat(refusalOf(waiting)).isEqualTo(Category.CANCELLED);
            assertThat(turn.isUrgent()).isTrue();
        }
    }

    @Test
    void closingCancelsWhatRuns() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch reading = new CountDownLatch(1);
        WhisperEngine engine = BuiltInEngine.open(new Admission(1, 2), cache);
        Cancellation cancellation = new Cancellation();
        CompletableFuture<Void> running = start(engine, held(reading, release), cancellation);
        await().until(() -> reading.getCount() == 0);
        Thread closing = Thread.ofPlatform().start(engine::close);
        // for the worker, whose request it has cancelled before
        await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        release.countDown();
        assertThat(refusalOf(running)).isEqualTo(Category.CANCELLED);
        assertThat(cancellation.isCancelled()).isFalse();
        closing.join();
        assertThat(refusalOf(start(engine, silence(), new Cancellation())))
                .isEqualTo(Category.CANCELLED);
        engine.close(); // twice is harmless
    }

    @Test
    void aReceiverThatFailsEndsTheWork() {
        try (WhisperEngine engine = BuiltInEngine.open(new Admission(1, 2), cache)) {
            assertThatThrownBy(() ->
                            engine.transcribe(
                                    golden.open("u000.flac"),
                                    TranscribeOptions.defaults(),
                                    segment -> {
                                        throw new IllegalStateException("gone");
                                    },
                                    new Cancellation()))
                    .hasMessage("gone");
            List<Segment> next = new ArrayList<>();
            engine.transcribe(
                    golden.open("u000.flac"),
                    TranscribeOptions.defaults(),
                    next::add,
                    new Cancellation());
            assertThat(next).isNotEmpty();
        }
    }

    @Test
    void aFailingSourceKeepsItsCategoryAndTheCallersFlagDown() {
        AudioSource broken =
                () -> {
                    throw new EngineException(Category.BAD_AUDIO, "no audio in it");
                };
        try (WhisperEngine engine = BuiltInEngine.open(new Admission(1, 2), cache)) {
            Cancellation cancellation = new Cancellation();
            assertThat(refusalOf(start(engine, broken, cancellation)))
                    .isEqualTo(Category.BAD_AUDIO);
            assertThat(cancellation.isCancelled()).isFalse();
        }
    }

    private CompletableFuture<Void> start(
            WhisperEngine engine, AudioSource audio, Cancellation cancellation) {
        return CompletableFuture.runAsync(
                () ->
                        engine.transcribe(
                                audio, TranscribeOptions.defaults(), segment -> {}, cancellation),
                callers);
    }

    private static Category refusalOf(CompletableFuture<Void> request) {
        try {
            request.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof EngineException known) {
                return known.category();
            }
        }
        return Category.INTERNAL;
    }

    private static AudioSource silence() {
        return new ArrayAudio(new float[1600], 1600);
    }

    /** Audio whose reader waits until it is released. */
    private static AudioSource held(CountDownLatch reading, CountDownLatch release) {
        AudioSource silence = silence();
        return () -> {
            reading.countDown();
            Latches.await(release);
            return silence.open();
        };
    }
}
