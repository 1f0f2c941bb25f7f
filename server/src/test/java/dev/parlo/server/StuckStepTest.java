package dev.parlo.server;

import static dev.parlo.server.RunningServer.BUILT_IN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.ComputeType;
import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.Placement;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.SpeechToText;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.admission.Turn;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.worker.TranscriptionWorkers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A step of native code that never returns, in a running server: a latch stands for it. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StuckStepTest {
    private static final Transcript SAID = new Transcript("en", 1, 1, Map.of());

    @TempDir Path folder;
    private final CountDownLatch returned = new CountDownLatch(1);
    private final List<Engine> engines = new CopyOnWriteArrayList<>();

    @AfterEach
    void letItReturn() {
        returned.countDown();
    }

    /** The first engine hangs in its first step, whatever it is asked; later ones do not. */
    private final class Engine implements SpeechToText {
        private final boolean hangs = engines.isEmpty();
        private final Admission admission;
        private final TranscriptionWorkers workers;
        private final CountDownLatch closed = new CountDownLatch(1);

        Engine(Admission admission) {
            this.admission = admission;
            workers =
                    new TranscriptionWorkers(
                            Thread.ofPlatform().daemon().factory(),
                            admission.places(),
                            folder,
                            EngineObserver.NONE);
        }

        @Override
        public Transcript transcribe(
                AudioSource audio, TranscribeOptions options, SegmentSink sink, Ticket ticket) {
            return workers.run(
                    (found, stop) -> {
                        try (Turn turn = ticket.await(stop)) {
                            // Of one that does not hang the watchdog must not see even a moment's
                            // step: the machine may be busy for longer than its second.
                            return hangs
                                    ? admission.steps().run("test step", stop, asked -> hang())
                                    : SAID;
                        }
                    },
                    sink,
                    ticket);
        }

        private Transcript hang() {
            boolean interrupted = false;
            while (returned.getCount() > 0) {
                try {
                    returned.await();
                } catch (InterruptedException deaf) { // as native code is
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return SAID;
        }

        @Override
        public Admission admission() {
            return admission;
        }

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
            return 1000;
        }

        @Override
        public EngineFacts facts() {
            return new EngineFacts(Placement.Cpu.threads(1), ComputeType.FLOAT32, "test", 1000);
        }

        @Override
        public void close() {
            workers.close();
            closed.countDown();
        }
    }

    private RunningServer server() throws Exception {
        return new RunningServer(
                folder,
                (family, files, admission, cancellation) -> {
                    Engine engine = new Engine(admission);
                    engines.add(engine);
                    return engine;
                },
                "STUCK_STEP_SECONDS",
                "1");
    }

    @Test
    void aStepThatNeverReturnsIsAnsweredAndAnotherEngineServesTheNextRequests() throws Exception {
        try (RunningServer server = server()) {
            HttpResponse<String> told = server.transcribe(BUILT_IN, "");
            assertThat(told.statusCode()).isEqualTo(503);
            assertThat(told.body()).contains("model_stuck", "STUCK_STEP_SECONDS");
            assertThat(told.headers().firstValue("Retry-After")).isPresent();
            assertThat(server.transcribe(BUILT_IN, "").statusCode()).isEqualTo(200);
            assertThat(engines).hasSize(2);

            HttpResponse<String> ready = server.ask("GET", "/health/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains(BUILT_IN, "test step");
            assertThat(server.ask("HEAD", "/health/ready").statusCode()).isEqualTo(503);
            assertThat(server.ask("GET", "/metrics").body())
                    .containsPattern("parlo_model_stuck_steps\\{model=\"parlo/small\"} [1-9]")
                    .containsPattern(
                            "parlo_model_steps_overdue_total\\{model=\"parlo/small\"} [1-9]");
            // Nothing but another process can do without it: whoever runs this one is to know.
            await().until(() -> server.ask("GET", "/health/live").statusCode() == 503);
            assertThat(server.ask("GET", "/health").body()).contains(BUILT_IN, "start it again");
            assertThat(server.ask("HEAD", "/health").statusCode()).isEqualTo(503);
            assertThat(server.transcribe(BUILT_IN, "").statusCode()).isEqualTo(200);

            returned.countDown();
            engines.getFirst().closed.await();
            await().until(() -> server.ask("GET", "/health/ready").statusCode() == 200);
            assertThat(server.ask("GET", "/health/live").statusCode()).isEqualTo(200);
            assertThat(engines.getLast().closed.getCount()).isEqualTo(1);
        }
    }
}
