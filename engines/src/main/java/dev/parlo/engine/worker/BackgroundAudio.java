package dev.parlo.engine.worker;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.admission.Urgency;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.TimeMap;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Audio of a file whose readers give way to clips: decoding it, and what is computed from it, block
 * after block (speech, voices, the loudest value of its spectrogram), would otherwise take the
 * cores from a clip for as long as the file is read. Thread-safe; its readers are not.
 */
public final class BackgroundAudio implements AudioSource {
    /** Samples of a window: as long as the longest clip. */
    public static final long CLIP = 30L * SAMPLE_RATE;

    /** More work than this between two reads counts as this much: a window of a large model. */
    private static final long MOST_WORKED = TimeUnit.SECONDS.toNanos(1);

    /** Threads on a core, at most, for which work is taken to have lasted longer than it needs. */
    private static final int SHARED = 4;

    private final AudioSource audio;
    private final Courtesy courtesy;
    private final long atOnce;
    private final Cancellation cancellation;
    private final LongSupplier processorNanos;
    private final LongSupplier nanoTime;

    /** How to give way. */
    @FunctionalInterface
    public interface Courtesy {
        /**
         * Waits while clips are computed, for some times as long as the caller has worked at most.
         *
         * @param workedNanos since the caller last gave way
         * @param cancellation ends the waiting
         */
        void giveWay(long workedNanos, Cancellation cancellation);
    }

    /**
     * Audio that is read without giving way as far as a clip goes.
     *
     * @param urgency of the clips
     */
    public static BackgroundAudio of(
            AudioSource audio, Urgency urgency, Cancellation cancellation) {
        return new BackgroundAudio(audio, urgency::giveWay, CLIP, cancellation);
    }

    /**
     * @param atOnce samples of each reader that are read without giving way, such as {@link #CLIP}
     * @param cancellation ends the waiting, and not the reading
     */
    public BackgroundAudio(
            AudioSource audio, Courtesy courtesy, long atOnce, Cancellation cancellation) {
        this(
                audio,
                courtesy,
                atOnce,
                cancellation,
                ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime,
                System::nanoTime);
    }

    /**
     * @param processorNanos that the calling thread has had of the processor
     * @param nanoTime as {@link System#nanoTime}
     */
    BackgroundAudio(
            AudioSource audio,
            Courtesy courtesy,
            long atOnce,
            Cancellation cancellation,
            LongSupplier processorNanos,
            LongSupplier nanoTime) {
        this.audio = audio;
        this.courtesy = courtesy;
        this.atOnce = atOnce;
        this.cancellation = cancellation;
        this.processorNanos = processorNanos;
        this.nanoTime = nanoTime;
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

        /** When the last read was over, by the clock and by the thread's processor time. */
        private long since = nanoTime.getAsLong();

        private long processorSince = processorNanos.getAsLong();

        /** How long the last read took. */
        private long reading;

        Background(Reader reader) {
            this.reader = reader;
        }

        @Override
        public int read(float[] block) {
            if (samples >= atOnce) {
                courtesy.giveWay(Math.min(MOST_WORKED, computed() + reading), cancellation);
            }
            long begin = nanoTime.getAsLong();
            int count = reader.read(block);
            since = nanoTime.getAsLong();
            reading = since - begin;
            processorSince = processorNanos.getAsLong();
            samples += Math.max(0, count);
            return count;
        }

        /**
         * How long was worked since the last read. The thread may have waited for its turn since,
         * or for the end of its window, which is no work; but that its core was busy with others is
         * no reason to take it the sooner.
         */
        private long computed() {
            long processor = Math.max(0, processorNanos.getAsLong() - processorSince);
            return Math.min(nanoTime.getAsLong() - since, SHARED * processor);
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
