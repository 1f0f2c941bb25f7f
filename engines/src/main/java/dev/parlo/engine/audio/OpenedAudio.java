package dev.parlo.engine.audio;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Audio whose head was decoded to see whether it is audio: the first reader goes on from there, and
 * the head is not decoded twice. Closing frees a reader that was not taken; readers that were taken
 * are their takers'. Thread-safe.
 */
public final class OpenedAudio implements AudioSource, AutoCloseable {
    private final AudioSource source;
    private final AtomicReference<@Nullable Reader> first;

    private OpenedAudio(AudioSource source, Reader first) {
        this.source = source;
        this.first = new AtomicReference<>(first);
    }

    /**
     * Opens {@code source}.
     *
     * @param source not read before its head was
     * @return the same audio; the caller closes it
     * @throws dev.parlo.engine.EngineException as {@link AudioSource#open}
     */
    public static OpenedAudio of(AudioSource source) {
        return new OpenedAudio(source, source.open());
    }

    @Override
    public Reader open() {
        Reader opened = first.getAndSet(null);
        return opened == null ? source.open() : opened;
    }

    @Override
    public TimeMap times() {
        return source.times();
    }

    @Override
    public Optional<String> truncation() {
        return source.truncation();
    }

    @Override
    public void close() {
        Reader unused = first.getAndSet(null);
        if (unused != null) {
            unused.close();
        }
    }
}
