package dev.parlo.engine.whisper.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/** Direct buffers in native order, which tensors wrap without a copy. */
final class Buffers {
    private Buffers() {}

    static FloatBuffer floats(int count) {
        return bytes(count, Float.BYTES).asFloatBuffer();
    }

    static IntBuffer ints(int... values) {
        return bytes(values.length, Integer.BYTES).asIntBuffer().put(values).flip();
    }

    static LongBuffer longs(long... values) {
        return bytes(values.length, Long.BYTES).asLongBuffer().put(values).flip();
    }

    private static ByteBuffer bytes(int count, int width) {
        return ByteBuffer.allocateDirect(Math.multiplyExact(count, width))
                .order(ByteOrder.nativeOrder());
    }
}
