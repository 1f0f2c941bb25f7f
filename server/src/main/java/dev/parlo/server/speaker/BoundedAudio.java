package dev.parlo.server.speaker;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.audio.AudioSource;

/**
 * Audio that is refused as soon as more of it is read than is allowed.
 *
 * @param most samples
 */
record BoundedAudio(AudioSource audio, long most) implements AudioSource {
    @Override
    public Reader open() {
        Reader reader = audio.open();
        return new Reader() {
            private long read;

            @Override
            public int read(float[] samples) {
                int n = reader.read(samples);
                read += Math.max(0, n);
                if (read > most) {
                    throw new EngineException(
                            Category.TOO_LARGE,
                            "It has more than "
                                    + most / SAMPLE_RATE
                                    + " seconds. Two to ten are enough.");
                }
                return n;
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }
}
