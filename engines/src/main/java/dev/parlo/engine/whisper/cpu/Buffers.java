package dev.parlo.engine.whisper.cpu;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/** Native memory of an arena as buffers in native order, which tensors wrap without a copy. */
final class Buffers {
    private Buffers() {}

    static FloatBuffer floats(Arena arena, int count) {
        return bytes(arena, count, Float.BYTES).asFloatBuffer();
    }

    static IntBuffer ints(Arena arena, int... values) {
        return bytes(arena, values.length, Integer.BYTES).asIntBuffer().put(values).flip();
    }

    static LongBuffer longs(Arena arena, long... values) {
        return bytes(arena, values.length, Long.BYTES).asLongBuffer().put(values).flip();
    }

    static ByteBuffer bytes(Arena arena, int count, int width) {
        return arena.allocate((long) count * width, Long.BYTES)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder());
    }
}
