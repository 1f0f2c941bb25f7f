package dev.parlo.engine.whisper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import org.junit.jupiter.api.Test;

class ArenaPoolTest {
    @Test
    void anArenaThatCouldNotBeOpenedDoesNotCount() {
        try (ArenaPool pool =
                new ArenaPool(rows -> {
                    throw new EngineException(Category.NO_SPACE, "no memory");
                })) {
            assertThatThrownBy(() -> pool.borrow(1)).hasMessage("no memory");
            assertThat(pool.open()).isZero();
        }
    }
}
