package dev.parlo.engine.vad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.audio.AudioSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Both ways of hearing the speech alone against the spans of the whole audio. */
class SpeechReaderTest {
    private final VoiceActivityDetector detector = new LoudnessDetector();

    @Test
    void speechIsHandedOnWithItsSamplesWhateverTheOptions() {
        Random random = new Random(11);
        for (int round = 0; round < 150; round++) {
            VadOptions options =
                    new VadOptions(
                            0.3 + 0.5 * random.nextDouble(),
                            null,
                            random.nextInt(400),
                            random.nextInt(8) == 0 ? 0 : 0.2 + 3 * random.nextDouble(),
                            random.nextInt(600),
                            random.nextInt(4) == 0 ? 5000 : random.nextInt(300));
            float[] samples = recording(random, random.nextInt(60 * 16_000));
            AudioSource audio = new BlockSource(samples, 1 + random.nextInt(40_000));
            List<SpeechSpan> spans =
                    new SpeechScan(detector).spans(audio, options, new Cancellation());
            assertThat(spans).isEqualTo(PlainTimestamps.of(detector, samples, options));

            SpeechAudio heard = new SpeechAudio(audio, detector, options, new Cancellation());
            List<SpeechSpan> pulled = new ArrayList<>();
            float[] speech = new float[(int) spans.stream().mapToLong(SpeechSpan::length).sum()];
            int filled = 0;
            try (SpeechReader reader = heard.speech(new Cancellation())) {
                for (Speech next = reader.next(); next != null; next = reader.next()) {
                    pulled.add(next.span());
                    assertThat(next.samples())
                            .isEqualTo(
                                    Arrays.copyOfRange(
                                            samples,
                                            (int) next.span().start(),
                                            (int) next.span().end()));
                    System.arraycopy(next.samples(), 0, speech, filled, next.samples().length);
                    filled += next.samples().length;
                }
            }
            assertThat(pulled).as("%s, round %s", options, round).isEqualTo(spans);
            assertThat(heard.restored().duration(0)).isEqualTo(samples.length / 16_000.0);

            SpeechAudio source = new SpeechAudio(audio, detector, options, new Cancellation());
            for (int pass = 0; pass < 2; pass++) {
                assertThat(BlockSource.read(source)).isEqualTo(speech);
            }
        }
    }

    @Test
    void audioOfAnyLengthWithoutSpeechIsNoSamples() {
        for (int length : new int[] {0, 1, 496, 511, 512, 513, 16_000}) {
            SpeechAudio audio =
                    new SpeechAudio(
                            new BlockSource(new float[length], 7000),
                            detector,
                            VadOptions.BATCHED,
                            new Cancellation());
            assertThat(BlockSource.read(audio)).isEmpty();
            assertThat(audio.restored().duration(0)).isEqualTo(length / 16_000.0);
            try (SpeechReader reader = audio.speech(new Cancellation())) {
                assertThat(reader.next()).isNull();
                assertThat(reader.next()).isNull();
            }
        }
    }

    @Test
    void stretchesWithoutBoundAreRefusedInOnePass() {
        SpeechAudio audio =
                new SpeechAudio(
                        new BlockSource(new float[1], 1),
                        detector,
                        VadOptions.FILTER,
                        new Cancellation());
        assertThatThrownBy(() -> audio.speech(new Cancellation()))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("max_speech_duration_s");
    }

    @Test
    void aCancelledRequestIsNotLookedThrough() {
        Cancellation cancelled = new Cancellation();
        cancelled.cancel();
        AudioSource audio = new BlockSource(new float[16_000], 100);
        assertThatThrownBy(new SpeechAudio(audio, detector, VadOptions.FILTER, cancelled)::open)
                .isInstanceOf(EngineException.class);
        try (SpeechReader reader =
                new SpeechAudio(audio, detector, VadOptions.BATCHED, new Cancellation())
                        .speech(cancelled)) {
            assertThatThrownBy(reader::next).isInstanceOf(EngineException.class);
        }
    }

    /** Loud and quiet stretches; no two samples the same by chance alone. */
    private static float[] recording(Random random, int length) {
        float[] samples = new float[length];
        float level = 0;
        for (int i = 0; i < length; i++) {
            if (random.nextInt(9000) == 0) {
                level = random.nextFloat();
            }
            samples[i] = level * (0.9f + 0.1f * random.nextFloat());
        }
        return samples;
    }
}
