package dev.parlo.engine.whisper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.admission.Ticket;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.PcmAudio;
import dev.parlo.engine.whisper.mel.MelSpectrogram;
import dev.parlo.engine.whisper.window.EncodedWindow;
import dev.parlo.engine.whisper.window.WindowRuntime;
import org.junit.jupiter.api.Test;

class BackgroundAudioTest {
    private static final int WINDOW = 30 * AudioSource.SAMPLE_RATE;

    private int gaveWay;

    private final WindowRuntime runtime =
            new WindowRuntime() {
                @Override
                public int melBands() {
                    return 80;
                }

                @Override
                public int slots() {
                    return 16;
                }

                @Override
                public EncodedWindow encode(float[] mel, Ticket ticket, Cancellation cancellation) {
                    throw new UnsupportedOperationException();
                }

                @Override
                public void giveWay(long workedNanos, Cancellation cancellation) {
                    gaveWay++;
                }

                @Override
                public long bytes() {
                    return 0;
                }

                @Override
                public void close() {}
            };

    private MelSpectrogram spectrogram(int seconds) {
        PcmAudio audio = PcmAudio.of(new float[seconds * AudioSource.SAMPLE_RATE]);
        Cancellation never = new Cancellation();
        return new MelSpectrogram(new BackgroundAudio(audio, runtime, WINDOW, never), 80, never);
    }

    @Test
    void aFileGivesWayWithEveryBlockOfItsLoudnessPassAndAClipNever() {
        try (MelSpectrogram clip = spectrogram(29)) {
            assertThat(clip.samples()).isEqualTo(29L * AudioSource.SAMPLE_RATE);
        }
        assertThat(gaveWay).isZero();
        try (MelSpectrogram file = spectrogram(90)) {
            assertThat(file.samples()).isEqualTo(90L * AudioSource.SAMPLE_RATE);
        }
        assertThat(gaveWay).isBetween(60, 63);
    }
}
