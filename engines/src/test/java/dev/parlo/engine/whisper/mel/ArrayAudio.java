package dev.parlo.engine.whisper.mel;

import dev.parlo.engine.audio.AudioSource;

/** Audio held in memory, handed out in blocks of a given size; counts how often it was opened. */
public final class ArrayAudio implements AudioSource {
    private final float[] samples;
    private final int block;
    private int opened;

    public ArrayAudio(float[] samples, int block) {
        this.samples = samples;
        this.block = block;
    }

    public int opened() {
        return opened;
    }

    @Override
    public Reader open() {
        opened++;
        return new Reader() {
            private int position;

            @Override
            public int read(float[] target) {
                int count = Math.min(Math.min(block, target.length), samples.length - position);
                if (count == 0) {
                    return -1;
                }
                System.arraycopy(samples, position, target, 0, count);
                position += count;
                return count;
            }

            @Override
            public void close() {}
        };
    }
}
