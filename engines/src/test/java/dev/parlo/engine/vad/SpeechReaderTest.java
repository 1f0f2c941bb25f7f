package dev.parlo.engine.vad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.TimeMap;
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

    /** An AMR file whose pauses were not sent, a video with lost packets. */
    @Test
    void whatIsLeftOutOfTheSamplesIsSilenceThatEndsAStretch() {
        float[] samples = new float[5 * 16_000];
        Arrays.fill(samples, 16_000, 2 * 16_000, 0.9f);
        Arrays.fill(samples, 40_000, 4 * 16_000, 0.9f); // after a pause of half a second
        VadOptions options = new VadOptions(0.5, null, 0, 30, 1000, 0);
        BlockSource plain = new BlockSource(samples, 900);
        assertThat(new SpeechScan(detector).spans(plain, options, new Cancellation())).hasSize(1);
        TimeMap gap = new TimeMap(List.of(new TimeMap.Gap(2, 0.5, 6)));
        AudioSource source =
                new AudioSource() {
                    @Override
                    public Reader open() {
                        return plain.open();
                    }

                    @Override
                    public TimeMap times() {
                        return gap;
                    }
                };
        List<SpeechSpan> spans =
                new SpeechScan(detector).spans(source, options, new Cancellation());
        assertThat(spans).hasSize(2);
        assertThat(spans.getFirst().end()).isBetween(31_488L, 32_512L);
        try (SpeechReader reader =
                new SpeechAudio(source, detector, options, new Cancellation())
                        .speech(new Cancellation())) {
            Speech first = reader.next();
            assertThat(first == null ? null : first.span()).isEqualTo(spans.getFirst());
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
