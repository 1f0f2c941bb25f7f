package dev.parlo.engine.whisper;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.TimeMap;
import dev.parlo.engine.whisper.window.WindowRuntime;
import java.util.Optional;

/**
 * Audio of a file whose readers give way to clips: what is computed from it, block after block
 * (speech, the loudest value of its spectrogram), would otherwise take the cores from a clip for as
 * long as the file is read. Thread-safe; its readers are not.
 */
final class BackgroundAudio implements AudioSource {
    private final AudioSource audio;
    private final WindowRuntime runtime;
    private final long atOnce;
    private final Cancellation cancellation;

    /**
     * @param atOnce samples of each reader that are read without giving way: a clip has no more
     * @param cancellation ends the waiting, and not the reading
     */
    BackgroundAudio(
            AudioSource audio, WindowRuntime runtime, long atOnce, Cancellation cancellation) {
        this.audio = audio;
        this.runtime = runtime;
        this.atOnce = atOnce;
        this.cancellation = cancellation;
    }

    @Override
    public Reader open() {
        return new Background(audio.open());
    }

    @Override
    public TimeMap times() {
        return audio.times();
    }

    @Override
    public Optional<String> truncation() {
        return audio.truncation();
    }

    private final class Background implements Reader {
        private final Reader reader;
        private long samples;
        private long since = System.nanoTime();

        Background(Reader reader) {
            this.reader = reader;
        }

        @Override
        public int read(float[] block) {
            if (samples >= atOnce) {
                runtime.giveWay(System.nanoTime() - since, cancellation);
                since = System.nanoTime();
            }
            int count = reader.read(block);
            samples += Math.max(0, count);
            return count;
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
