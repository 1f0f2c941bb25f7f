package dev.parlo.server.transcription;

import dev.parlo.engine.EngineFacts;
import dev.parlo.engine.EngineObserver;
import dev.parlo.engine.EngineObserver.Stage;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.TimeMap;
import dev.parlo.engine.vad.VoiceActivityDetector;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Adds up the time of a stage that is done piece by piece while others go on: audio is decoded, and
 * speech is found in it, only as far as it is needed. Thread-safe.
 */
final class StageClock {
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong busy = new AtomicLong();
    private volatile long last;

    private <T> T timed(Supplier<T> piece) {
        long start = System.nanoTime();
        begun.compareAndSet(0, start);
        try {
            return piece.get();
        } finally {
            last = System.nanoTime();
            busy.addAndGet(last - start);
        }
    }

    /** Tells of the stage if there was one; when it is over. */
    void tell(EngineObserver observer, Stage stage) {
        long start = begun.get();
        if (start != 0) {
            observer.stage(stage, Duration.ofNanos(last - start), Duration.ofNanos(busy.get()));
        }
    }

    /** The same audio, its reading measured. */
    AudioSource of(AudioSource audio) {
        return new Audio(audio);
    }

    /** The same detector, its work measured. Closing it closes nothing: it is on loan. */
    VoiceActivityDetector of(VoiceActivityDetector detector) {
        return new Detector(detector);
    }

    private final class Audio implements AudioSource {
        private final AudioSource audio;

        Audio(AudioSource audio) {
            this.audio = audio;
        }

        @Override
        public Reader open() {
            Reader reader = timed(audio::open);
            return new Reader() {
                @Override
                public int read(float[] samples) {
                    return timed(() -> reader.read(samples));
                }

                @Override
                public void close() {
                    reader.close();
                }
            };
        }

        @Override
        public TimeMap times() {
            return audio.times();
        }

        @Override
        public Optional<String> truncation() {
            return audio.truncation();
        }
    }

    private final class Detector implements VoiceActivityDetector {
        private final VoiceActivityDetector detector;

        Detector(VoiceActivityDetector detector) {
            this.detector = detector;
        }

        @Override
        public Pass open() {
            Pass pass = detector.open();
            return new Pass() {
                @Override
                public float[] probabilities(float[] samples, int windows) {
                    return timed(() -> pass.probabilities(samples, windows));
                }

                @Override
                public void close() {
                    pass.close();
                }
            };
        }

        @Override
        public EngineFacts facts() {
            return detector.facts();
        }

        @Override
        public void close() {}
    }
}
