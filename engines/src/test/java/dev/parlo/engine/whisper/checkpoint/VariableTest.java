package dev.parlo.engine.whisper.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

final class VariableTest {
    private static Variable floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return new StoredVariable(
                "decoder/layer_norm/gamma",
                new int[] {values.length},
                DataType.FLOAT32,
                MemorySegment.ofArray(bytes.array()),
                null);
    }

    @Test
    void weightsThatAreNotFiniteAreRefusedAndTheirNameIsTold() {
        assertThat(floats(1, -2).toFloats()).containsExactly(1, -2);
        for (float wrong : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
            assertThatThrownBy(() -> floats(1, wrong).toFloats())
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("decoder/layer_norm/gamma");
        }
    }
}
