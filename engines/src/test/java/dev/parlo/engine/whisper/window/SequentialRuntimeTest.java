package dev.parlo.engine.whisper.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.admission.Tickets;
import dev.parlo.engine.admission.Urgency;
import org.junit.jupiter.api.Test;

class SequentialRuntimeTest {
    private static final float[] MEL = {};

    @Test
    void anArenaThatCouldNotBeOpenedDoesNotCount() {
        try (SequentialRuntime runtime =
                new SequentialRuntime(
                        80,
                        () -> {
                            throw new EngineException(Category.NO_SPACE, "no memory");
                        },
                        EngineObserver.NONE,
                        new Urgency())) {
            assertThatThrownBy(() -> runtime.encode(MEL, Tickets.alone(), new Cancellation()))
                    .hasMessage("no memory");
            assertThat(runtime.bytes()).isZero();
        }
    }
}
