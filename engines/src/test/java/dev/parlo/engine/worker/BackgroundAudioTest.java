package dev.parlo.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.PcmAudio;
import dev.parlo.engine.whisper.mel.MelSpectrogram;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BackgroundAudioTest {
    private final Cancellation never = new Cancellation();
    private final List<Long> gaveWayFor = new ArrayList<>();

    /** Times that are made up. */
    private long processor;

    private long wall;

    /** Whatever is asked for the time takes a moment, and so does a read. */
    private static final long READ = 7;

    private BackgroundAudio audio(int seconds, long atOnce) {
        return new BackgroundAudio(
                PcmAudio.of(new float[seconds * AudioSource.SAMPLE_RATE]),
                (worked, cancellation) -> gaveWayFor.add(worked),
                atOnce,
                never,
                () -> processor,
                () -> wall += READ);
    }

    private MelSpectrogram spectrogram(int seconds) {
        return new MelSpectrogram(audio(seconds, BackgroundAudio.CLIP), 80, never);
    }

    @Test
    void aFileGivesWayWithEveryBlockOfItsLoudnessPassAndAClipNever() {
        try (MelSpectrogram clip = spectrogram(29)) {
            assertThat(clip.samples()).isEqualTo(29L * AudioSource.SAMPLE_RATE);
        }
        assertThat(gaveWayFor).isEmpty();
        try (MelSpectrogram file = spectrogram(90)) {
            assertThat(file.samples()).isEqualTo(90L * AudioSource.SAMPLE_RATE);
        }
        assertThat(gaveWayFor).hasSizeBetween(60, 63);
    }

    @Test
    void whatAReaderWaitsBetweenTwoReadsIsNoWorkAndReadingIs() {
        try (AudioSource.Reader reader = audio(5, 0).open()) {
            float[] block = new float[AudioSource.SAMPLE_RATE];
            reader.read(block);
            wall += TimeUnit.HOURS.toNanos(1); // for the end of a window, say
            processor += 1000;
            reader.read(block);
            wall += 2000; // on a core that another thread has, too
            processor += 1000;
            reader.read(block);
            wall += TimeUnit.HOURS.toNanos(1);
            processor += TimeUnit.HOURS.toNanos(1);
            reader.read(block);
        }
        assertThat(gaveWayFor)
                .containsExactly(
                        0L, 4 * 1000L + READ, 2000L + READ + READ, TimeUnit.SECONDS.toNanos(1));
    }
}
