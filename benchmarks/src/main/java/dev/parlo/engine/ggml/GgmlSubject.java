package dev.parlo.engine.ggml;

import dev.parlo.benchmarks.Subject;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * whisper.cpp as whisper-jni ships it, by the functions that its own benchmark times. Lies in the
 * engine's package for their sake.
 */
public final class GgmlSubject implements Subject {
    private final WhisperLibrary library = WhisperLibrary.load();
    private final Arena arena = Arena.ofConfined();
    private final String name;
    private final int threads;
    private final MemorySegment context;
    private final MemorySegment state;
    private final MemorySegment tokens;

    public GgmlSubject(Path file, int threads) {
        GgmlFile checked = GgmlFile.read(file);
        name = "whisper.cpp " + checked.layout().type().name().toLowerCase(Locale.ROOT);
        this.threads = threads;
        context = library.loadContext(file.toString());
        state = library.newState(context);
        tokens = arena.allocate(ValueLayout.JAVA_INT, 448);
        for (int i = 0; i < 448; i++) {
            tokens.setAtIndex(ValueLayout.JAVA_INT, i, 1000 + i);
        }
        MemorySegment samples = arena.allocate(ValueLayout.JAVA_FLOAT, SampleWindow.CAPACITY);
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < SampleWindow.CAPACITY; i++) {
            samples.setAtIndex(
                    ValueLayout.JAVA_FLOAT, i, (float) (random.nextDouble() - 0.5) * 0.1f);
        }
        check(library.mel(context, state, samples, SampleWindow.CAPACITY, threads));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void encode() {
        check(library.encode(context, state, threads));
    }

    @Override
    public void prefill(int count) {
        check(library.decode(context, state, tokens, count, 0, threads));
    }

    /** Several rows as so many tokens of one batch, as whisper.cpp's benchmark counts them. */
    @Override
    public void step(int rows, int position) {
        check(library.decode(context, state, tokens, rows, position, threads));
    }

    private static void check(int result) {
        if (result != 0) {
            throw new IllegalStateException("whisper.cpp answered " + result);
        }
    }

    @Override
    public void close() {
        library.freeState(state);
        library.freeContext(context);
        arena.close();
    }
}
