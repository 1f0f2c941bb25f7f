package dev.parlo.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.Placement;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.audio.AudioSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With engines that stand for GPUs: each computes until it is let go, fails or is cancelled. */
@Timeout(180)
class SpeechToTextOnGpusTest {
    private static final List<Placement.Cuda> TWO =
            List.of(new Placement.Cuda(0), new Placement.Cuda(1));

    private static final AudioSource NO_AUDIO =
            () -> {
                throw new IllegalStateException("nothing is read");
            };

    private final GpuHealth health = new GpuHealth();
    private final List<OneGpu> gpus = new ArrayList<>();
    private final Admission admission = new Admission(2, 8);
    private final java.util.concurrent.ExecutorService clients =
            Executors.newVirtualThreadPerTaskExecutor();

    private SpeechToTextOnGpus open(List<Placement.Cuda> places) {
        return SpeechToTextOnGpus.open(
                places,
                health,
                admission,
                (gpu, queue) -> {
                    OneGpu engine = new OneGpu(gpu, queue);
                    gpus.add(engine);
                    return engine;
                });
    }

    @AfterEach
    void stop() {
        clients.shutdownNow();
    }

    private CompletableFuture<String> request(SpeechToText engine) {
        return CompletableFuture.supplyAsync(() -> transcribe(engine, new Cancellation()), clients);
    }

    private static String transcribe(SpeechToText engine, Cancellation cancellation) {
        return engine.transcribe(
                        NO_AUDIO, TranscribeOptions.defaults(), segment -> {}, cancellation)
                .language();
    }

    @Test
    void aRequestGoesToTheGpuWithTheFewest() throws Exception {
        SpeechToTextOnGpus engine = open(TWO);
        CompletableFuture<String> first = request(engine);
        gpus.get(0).started.await();
        CompletableFuture<String> second = request(engine);
        gpus.get(1).started.await();
        gpus.get(1).go.countDown();
        assertThat(second.get()).isEqualTo("cuda:1");
        assertThat(request(engine).get()).isEqualTo("cuda:1");
        gpus.get(0).go.countDown();
        assertThat(first.get()).isEqualTo("cuda:0");
        assertThat(engine.facts().device()).isEqualTo("cuda:0,cuda:1");
        assertThat(admission.entered()).isZero();
    }

    @Test
    void aGpuThatFailsIsTakenOutAndItsOtherRequestsEndAtOnce() throws Exception {
        SpeechToTextOnGpus engine = open(TWO);
        List<CompletableFuture<String>> requests = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            requests.add(request(engine));
        }
        gpus.get(0).all.await();
        gpus.get(1).all.await();
        gpus.get(0).failing = true;
        gpus.get(0).go.countDown(); // the first that goes on fails, the other still computes

        int failed = 0;
        gpus.get(1).go.countDown();
        for (CompletableFuture<String> request : requests) {
            try {
                assertThat(request.get(60, TimeUnit.SECONDS)).isEqualTo("cuda:1");
            } catch (ExecutionException failure) {
                assertThat(failure.getCause())
                        .isInstanceOfSatisfying(
                                EngineException.class,
                                e -> assertThat(e.category()).isEqualTo(Category.DEVICE_LOST));
                failed++;
            }
        }
        assertThat(failed).isEqualTo(2);
        assertThat(health.lost()).containsOnlyKeys(0);
        assertThat(engine.facts().device()).isEqualTo("cuda:1");
        assertThat(request(engine).get()).isEqualTo("cuda:1");
        engine.close();
        assertThat(gpus.get(0).closed).as("what lies on a lost GPU cannot be freed").isFalse();
        assertThat(gpus.get(1).closed).isTrue();
    }

    @Test
    void withNoGpuLeftEveryRequestIsRefusedAtOnceAndNothingIsLoaded() {
        SpeechToTextOnGpus engine = open(List.of(new Placement.Cuda(0)));
        gpus.getFirst().failing = true;
        gpus.getFirst().go.countDown();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> transcribe(engine, new Cancellation()))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.category()).isEqualTo(Category.DEVICE_LOST));
        }
        assertThatThrownBy(() -> open(List.of(new Placement.Cuda(0))))
                .hasMessageContaining("has to be started again");
        assertThat(gpus).hasSize(1);
        assertThat(admission.entered()).isZero();
    }

    @Test
    void aRequestThatIsCancelledIsNoFailureOfTheGpu() throws Exception {
        SpeechToTextOnGpus engine = open(TWO);
        Cancellation cancellation = new Cancellation();
        CompletableFuture<String> request =
                CompletableFuture.supplyAsync(() -> transcribe(engine, cancellation), clients);
        gpus.get(0).started.await();
        cancellation.cancel();
        assertThatThrownBy(request::get)
                .hasCauseInstanceOf(EngineException.class)
                .hasMessageContaining("cancelled");
        assertThat(health.lost()).isEmpty();
    }

    @Test
    void anEngineThatCannotBeLoadedOnOneGpuIsClosedOnTheOthers() {
        assertThatThrownBy(() ->
                        SpeechToTextOnGpus.open(
                                TWO,
                                health,
                                admission,
                                (gpu, queue) -> {
                                    if (gpu.index() == 1) {
                                        throw new EngineException(Category.NO_SPACE, "no memory");
                                    }
                                    OneGpu engine = new OneGpu(gpu, queue);
                                    gpus.add(engine);
                                    return engine;
                                }))
                .hasMessage("no memory");
        assertThat(gpus.getFirst().closed).isTrue();
    }

    /** A request waits here until the test lets it go, or it is cancelled. */
    private static final class OneGpu implements SpeechToText {
        final CountDownLatch started = new CountDownLatch(1);
        final CountDownLatch all = new CountDownLatch(2);
        final CountDownLatch go = new CountDownLatch(1);
        private final Placement.Cuda gpu;
        private final Admission admission;
        volatile boolean failing;
        volatile boolean closed;

        OneGpu(Placement.Cuda gpu, Admission admission) {
            this.gpu = gpu;
            this.admission = admission;
        }

        @Override
        public Admission admission() {
            return admission;
        }

        @Override
        public Transcript transcribe(
                AudioSource audio, TranscribeOptions options, SegmentSink sink, Ticket ticket) {
            started.countDown();
            all.countDown();
            CountDownLatch woken = new CountDownLatch(1);
            try (Cancellation.Registration stop =
                    ticket.cancellation().onCancel(woken::countDown)) {
                while (go.getCount() > 0 || hangs()) {
                    ticket.cancellation().check();
                    if (woken.await(1, TimeUnit.MILLISECONDS)) {
                        ticket.cancellation().check();
                    }
                }
            } catch (InterruptedException interrupted) {
                throw new IllegalStateException(interrupted);
            }
            if (failing) {
                throw new EngineException(Category.DEVICE_LOST, "CUDA failure 700");
            }
            return new Transcript(gpu.label(), 1, 1, java.util.Map.of());
        }

        /** Of a GPU that fails one request gets the error, and the others no answer at all. */
        private synchronized boolean hangs() {
            if (!failing || told) {
                return failing;
            }
            told = true;
            return false;
        }

        private boolean told;

        @Override
        public List<String> languages() {
            return List.of("en");
        }

        @Override
        public boolean multilingual() {
            return false;
        }

        @Override
        public long nativeBytes() {
            return 1;
        }

        @Override
        public EngineFacts facts() {
            return new EngineFacts(gpu, ComputeType.FLOAT16, "fake", 1);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
