package dev.parlo.engine.whisper;

import dev.parlo.engine.whisper.chunk.Chunk;
import dev.parlo.engine.whisper.chunk.Chunks;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chunks of which the first can be heard before they are taken. Not thread-safe. */
final class PeekedChunks implements Chunks {
    private final Chunks chunks;
    private final Deque<Chunk> held = new ArrayDeque<>();

    PeekedChunks(Chunks chunks) {
        this.chunks = chunks;
    }

    /** As many chunks from here on as hold so many samples, or all that there are. */
    List<Chunk> ahead(long samples) {
        long there = held.stream().mapToLong(chunk -> chunk.samples().length).sum();
        while (there < samples) {
            Chunk next = chunks.next();
            if (next == null) {
                break;
            }
            held.add(next);
            there += next.samples().length;
        }
        return List.copyOf(held);
    }

    @Override
    public @Nullable Chunk next() {
        Chunk first = held.poll();
        return first == null ? chunks.next() : first;
    }

    @Override
    public long samples() {
        return chunks.samples();
    }

    @Override
    public void close() {
        chunks.close();
    }
}
