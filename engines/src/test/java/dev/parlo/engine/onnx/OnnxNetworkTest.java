package dev.parlo.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.steps.NativeSteps;
import dev.parlo.engine.steps.StepLane;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs of ONNX Runtime that take too long, by a model that goes in circles for an hour. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OnnxNetworkTest {
    private static final long AN_HOUR_OF_TURNS = 3_000_000_000L;

    @TempDir Path folder;
    private final NativeSteps steps = new NativeSteps();

    private static CompletableFuture<OnnxNetwork.Output> start(OnnxNetwork network, int samples) {
        return CompletableFuture.supplyAsync(
                () -> run(network, samples), task -> Thread.ofPlatform().daemon().start(task));
    }

    private static OnnxNetwork.Output run(OnnxNetwork network, int samples) {
        long[] shape = {1, samples};
        return network.run(FloatBuffer.allocate(samples), shape, 4, new Cancellation());
    }

    @Test
    void aRunThatTakesTooLongEndsWhereItIsAskedToAndTheNextIsNotTouched() throws Exception {
        Path file = folder.resolve("model.onnx");
        LoopModel.write(file, 100, AN_HOUR_OF_TURNS, 0);
        try (OnnxNetwork network = new OnnxNetwork(file, "test model", 1 << 20, 1, steps)) {
            assertThat(run(network, 100).values()).containsExactly(1, 2, 3, 4);
            CompletableFuture<OnnxNetwork.Output> endless = start(network, 101);
            await().until(() -> steps.lanes().stream().anyMatch(lane -> lane.position() % 2 == 1));
            StepLane lane = steps.lanes().getFirst();
            assertThat(lane.ask(lane.position())).isTrue();
            assertThatThrownBy(endless::join)
                    .cause()
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.category()).isEqualTo(Category.STUCK));
            assertThat(steps.lanes()).isEmpty();
            assertThat(run(network, 100).values()).containsExactly(1, 2, 3, 4);
        }
    }
}
