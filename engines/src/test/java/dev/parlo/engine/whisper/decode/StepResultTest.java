package dev.parlo.engine.whisper.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import org.junit.jupiter.api.Test;

final class StepResultTest {
    @Test
    void numbersThatAreNotFiniteAreTheModelsFaultAndNoTranscript() {
        for (float sum : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new StepResult.Candidates(new int[1], new float[1], sum))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            failure ->
                                    assertThat(failure.category())
                                            .isEqualTo(EngineException.Category.BAD_MODEL));
            assertThatThrownBy(() -> new StepResult.Probed(new float[1], sum))
                    .isInstanceOf(EngineException.class);
        }
        assertThat(StepResult.Candidates.NONE.ids()).isEmpty();
    }
}
