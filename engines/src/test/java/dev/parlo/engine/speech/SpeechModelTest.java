package dev.parlo.engine.speech;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.admission.Admission;
import dev.parlo.engine.speech.SpeechModel.DurationTap;
import dev.parlo.engine.speech.SpeechModel.Feed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpeechModelTest {
    @TempDir Path folder;
    private final AtomicInteger runs = new AtomicInteger();

    private SpeechModel model() throws IOException {
        Path file = folder.resolve("model.onnx");
        TinySpeechModels.kokoro(file, TinySpeechModels.Family.A, false);
        return new SpeechModel(
                file,
                new SpeechSettings(
                        1, new Admission(1, 1), (inputs, nanoseconds) -> runs.incrementAndGet()),
                DurationTap.CLIP_AFTER_ROUND);
    }

    private static Map<String, Feed> feeds(SpeechModel model) {
        Map<String, Feed> feeds = new HashMap<>();
        feeds.put("tokens", () -> model.tensor("tokens", new double[] {0, 43, 0}, 1, 3));
        feeds.put("style", () -> model.tensor("style", new double[256], 1, 256));
        feeds.put("speed", () -> model.tensor("speed", new double[] {1}, 1));
        return feeds;
    }

    @Test
    void aRunThatIsCancelledOnItsWayStopsAndTheNextOneWorks() throws IOException {
        try (SpeechModel model = model()) {
            Cancellation cancellation = new Cancellation();
            Map<String, Feed> feeds = feeds(model);
            Feed speed = feeds.get("speed");
            feeds.put(
                    "speed",
                    () -> {
                        cancellation.cancel();
                        return java.util.Objects.requireNonNull(speed).tensor();
                    });
            assertThatThrownBy(() -> model.run(feeds, 3, cancellation))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e ->
                                    assertThat(e.category())
                                            .isEqualTo(EngineException.Category.CANCELLED));
            assertThat(runs).hasValue(0);
            assertThat(model.run(feeds(model), 3, new Cancellation()).durations()).hasSize(3);
            assertThat(runs).hasValue(1);
        }
    }

    @Test
    void anActionTakenBackDoesNotRun() {
        Cancellation cancellation = new Cancellation();
        AtomicInteger told = new AtomicInteger();
        AtomicInteger takenBack = new AtomicInteger();
        Cancellation.Registration kept = cancellation.onCancel(told::incrementAndGet);
        cancellation.onCancel(takenBack::incrementAndGet).close();
        cancellation.cancel();
        cancellation.cancel();
        assertThat(told).hasValue(1);
        assertThat(takenBack).hasValue(0);
        kept.close();
        // too late to wait for it: it is told at once
        cancellation.onCancel(told::incrementAndGet).close();
        assertThat(told).hasValue(2);
    }
}
