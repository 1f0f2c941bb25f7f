package dev.parlo.engine.espeak;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects the audio and the words that the library hands to its callback. Used by the library's
 * thread only.
 */
final class EspeakSynthesis {
    /** Byte layout of {@code espeak_EVENT} on 64-bit platforms. */
    private static final int EVENT_BYTES = 40;

    private static final int EVENT_POSITION = 8;
    private static final int EVENT_LENGTH = 12;
    private static final int EVENT_AUDIO_MILLISECONDS = 16;
    private static final int EVENT_LIST_TERMINATED = 0;
    private static final int EVENT_WORD = 1;

    private static final int GO_ON = 0;
    private static final int STOP = 1;

    private BooleanSupplier cancelled = () -> true;
    private List<WordEvent> words = new ArrayList<>();
    private short[] samples = new short[0];
    private int size;
    private @Nullable Throwable failed;

    /** A word as the library reports it: positions count characters of the text from 1. */
    record WordEvent(int position, int length, int milliseconds) {}

    /** What a synthesis made. */
    record Sound(short[] samples, List<WordEvent> words) {}

    /** The function to register with the library; it lives as long as the arena. */
    MemorySegment callback(Arena arena) throws ReflectiveOperationException {
        MethodHandle take =
                MethodHandles.lookup()
                        .findVirtual(
                                EspeakSynthesis.class,
                                "take",
                                MethodType.methodType(
                                        int.class,
                                        MemorySegment.class,
                                        int.class,
                                        MemorySegment.class))
                        .bindTo(this);
        return Linker.nativeLinker()
                .upcallStub(
                        take, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS), arena);
    }

    /** Forgets what came before. */
    void begin(BooleanSupplier isCancelled) {
        cancelled = isCancelled;
        words = new ArrayList<>();
        samples = new short[1 << 15];
        size = 0;
        failed = null;
    }

    /** What went wrong while audio was taken, or null. */
    @Nullable Throwable failure() {
        return failed;
    }

    /** Ends the synthesis: what the library says from now on is not wanted. */
    Sound end() {
        Sound sound = new Sound(Arrays.copyOf(samples, size), words);
        cancelled = () -> true;
        samples = new short[0];
        size = 0;
        return sound;
    }

    /** Called by the library. */
    @SuppressWarnings("unused")
    private int take(MemorySegment wav, int count, MemorySegment events) {
        try {
            return taken(wav, count, events);
        } catch (Throwable failure) {
            // what is thrown into native code ends the process
            failed = failure;
            return STOP;
        }
    }

    private int taken(MemorySegment wav, int count, MemorySegment events) {
        if (failed != null || cancelled.getAsBoolean()) {
            return STOP;
        }
        if (wav.address() != 0 && count > 0) {
            if (size + count > samples.length) {
                samples = Arrays.copyOf(samples, Math.max(samples.length * 2, size + count));
            }
            MemorySegment.copy(
                    wav.reinterpret((long) count * Short.BYTES),
                    JAVA_SHORT,
                    0,
                    samples,
                    size,
                    count);
            size += count;
        }
        if (events.address() != 0) {
            MemorySegment all = events.reinterpret(Long.MAX_VALUE);
            for (long at = 0; all.get(JAVA_INT, at) != EVENT_LIST_TERMINATED; at += EVENT_BYTES) {
                if (all.get(JAVA_INT, at) == EVENT_WORD) {
                    words.add(
                            new WordEvent(
                                    all.get(JAVA_INT, at + EVENT_POSITION),
                                    all.get(JAVA_INT, at + EVENT_LENGTH),
                                    all.get(JAVA_INT, at + EVENT_AUDIO_MILLISECONDS)));
                }
            }
        }
        return GO_ON;
    }
}
