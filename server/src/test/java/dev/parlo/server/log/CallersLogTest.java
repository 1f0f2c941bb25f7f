package dev.parlo.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.Segment;
import dev.parlo.engine.SpeechChunk;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.admission.Priority;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.log.CallersLog;
import dev.parlo.engine.speech.ChunkPipeline;
import dev.parlo.engine.steps.NativeSteps;
import dev.parlo.engine.worker.TranscriptionWorkers;
import dev.parlo.engine.worker.TurnWorkers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;

/** Threads of engines log with the ids of the request that they work for, and of no other. */
class CallersLogTest {
    private static final String ID = "request_id";

    /** What the logger knew on the thread of the engine, and which one it was. */
    private final Queue<String> seen = new ConcurrentLinkedQueue<>();

    private void look() {
        seen.add(MDC.get(ID) + "@" + Thread.currentThread().getName());
    }

    @AfterEach
    void clear() {
        MDC.clear();
    }

    private void twice(Runnable request) {
        MDC.put(ID, "r-1");
        request.run();
        MDC.put(ID, "r-2");
        request.run();
        // One that has no id, such as a warm-up's, must not get the id of the one before.
        MDC.clear();
        request.run();
    }

    @Test
    void aWorkerThatComputesOneResult() {
        Admission admission = new Admission(1, 4);
        try (TurnWorkers workers =
                new TurnWorkers(Thread.ofPlatform().daemon().name("engine").factory(), 1)) {
            twice(() -> {
                try (Ticket ticket = admission.enter(Priority.INTERACTIVE, new Cancellation())) {
                    workers.run(
                            cancellation -> {
                                look();
                                return "";
                            },
                            ticket);
                }
            });
        }
        assertThat(seen).containsExactly("r-1@engine", "r-2@engine", "null@engine");
    }

    @Test
    void aWorkerThatTranscribes(@TempDir Path folder) {
        Admission admission = new Admission(1, 4);
        EngineObserver observer =
                new EngineObserver() {
                    @Override
                    public void segment(Segment segment) {
                        look();
                    }
                };
        try (TranscriptionWorkers workers =
                new TranscriptionWorkers(
                        Thread.ofPlatform().daemon().name("engine").factory(),
                        1,
                        folder,
                        observer)) {
            twice(() -> {
                try (Ticket ticket = admission.enter(Priority.INTERACTIVE, new Cancellation())) {
                    workers.run(
                            (sink, cancellation) -> {
                                look();
                                return new Transcript("en", 1, 1, Map.of());
                            },
                            segment -> {},
                            ticket);
                }
            });
        }
        assertThat(seen).containsExactly("r-1@engine", "r-2@engine", "null@engine");
    }

    @Test
    void aThreadThatMakesChunksOfSpeech() {
        try (ExecutorService threads =
                Executors.newSingleThreadExecutor(Thread.ofPlatform().name("engine").factory())) {
            ChunkPipeline pipeline = new ChunkPipeline(threads, new NativeSteps());
            twice(() -> pipeline.run(new Two(), chunk -> {}, new Cancellation()));
        }
        assertThat(seen)
                .startsWith("r-1@engine", "r-1@engine", "r-1@engine", "r-2@engine")
                .endsWith("null@engine")
                .hasSize(9);
    }

    private final class Two implements ChunkPipeline.Producer {
        private int made;

        @Override
        public @Nullable SpeechChunk next() {
            look();
            return made++ == 2
                    ? null
                    : new SpeechChunk(new float[1], List.of(), List.of(), List.of());
        }
    }

    @Test
    void aFailureTakesTheIdsAwayAsWell() {
        MDC.put(ID, "r-1");
        Runnable work =
                CallersLog.carried(
                        (Runnable)
                                () -> {
                                    look();
                                    throw new IllegalStateException("broken");
                                });
        MDC.put(ID, "of the thread");
        assertThatThrownBy(work::run).hasMessage("broken");
        assertThat(seen.peek()).startsWith("r-1@");
        assertThat(MDC.get(ID)).isEqualTo("of the thread");
    }
}
