package dev.parlo.server.transcription;

import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.TimeMap;

/** The start of some audio. Thread-safe as its source is; its readers are not. */
final class FirstSeconds implements AudioSource {
    private final AudioSource source;
    private final long samples;

    FirstSeconds(AudioSource source, int seconds) {
        this.source = source;
        this.samples = (long) seconds * SAMPLE_RATE;
    }

    @Override
    public Reader open() {
        return new Head(source.open(), samples);
    }

    @Override
    public TimeMap times() {
        return source.times();
    }

    private static final class Head implements Reader {
        private final Reader reader;
        private long left;

        Head(Reader reader, long left) {
            this.reader = reader;
            this.left = left;
        }

        @Override
        public int read(float[] samples) {
            int read = left > 0 ? reader.read(samples) : -1;
            int kept = (int) Math.min(read, left);
            left -= Math.max(0, kept);
            return kept;
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
