package dev.parlo.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Where frames belong, by their timestamps. */
class AudioTimelineTest {
    private static final double FRAME = 0.02;
    private static final int FRAME_SAMPLES = 320;

    private final AudioTimeline file = new AudioTimeline(0, false);
    private long position;

    /** Places a frame and answers the silence before it, in samples. */
    private long frame(AudioTimeline timeline, double timestamp) {
        long silence = timeline.place(timestamp, FRAME, position);
        position += silence + FRAME_SAMPLES;
        return silence;
    }

    @Test
    void aLateStartIsSilence() {
        assertThat(frame(file, 3.94)).isEqualTo(Math.round(3.94 * 16_000));
        assertThat(frame(file, 3.96)).isZero();
    }

    @Test
    void theStartCountsFromThatOfTheFile() {
        AudioTimeline broadcast = new AudioTimeline(95_443.7, true);
        assertThat(frame(broadcast, 95_446.7)).isEqualTo(48_000);
        position = 0;
        assertThat(frame(new AudioTimeline(Double.NaN, false), 12.5)).isZero();
    }

    @Test
    void aGapIsSilenceAndItsEndIsWhereTheTimestampSays() {
        frame(file, 0);
        assertThat(frame(file, 6.02)).isEqualTo(96_000);
        assertThat(position).isEqualTo(Math.round(6.04 * 16_000));
    }

    @Test
    void primingAndMillisecondsMoveNothing() {
        assertThat(frame(file, 0.069)).isZero();
        assertThat(frame(file, 0.082)).isZero();
        assertThat(frame(file, 0.101)).isZero();
    }

    @Test
    void framesWithoutTimestampsFollowTheOnesBefore() {
        frame(file, 0);
        assertThat(frame(file, Double.NaN)).isZero();
        assertThat(frame(file, 0.04)).isZero();
    }

    @Test
    void roundedTimestampsDoNotDriftInTenHours() {
        long inserted = 0;
        int frames = 10 * 3600 * 50;
        for (int i = 0; i < frames; i++) {
            inserted += Math.abs(frame(file, Math.round(i * FRAME * 1000 + 0.4) / 1000.0));
        }
        assertThat(inserted).isZero();
    }

    @Test
    void aSlowClockOfTheSamplesIsCorrectedInBothDirections() {
        for (double pace : new double[] {1.0005, 0.9995}) {
            AudioTimeline timeline = new AudioTimeline(0, false);
            position = 0;
            int frames = 3600 * 50;
            for (int i = 0; i < frames; i++) {
                frame(timeline, i * FRAME * pace);
            }
            assertThat(position / 16_000.0).isCloseTo(3600 * pace, within(0.13));
        }
    }

    @Test
    void timestampsThatBeginAnewLoseNoFrame() {
        for (double restart : new double[] {0, 0.5, 100, 159.5}) {
            AudioTimeline timeline = new AudioTimeline(0, false);
            position = 0;
            for (int i = 0; i < 8_000; i++) {
                frame(timeline, i * FRAME);
            }
            assertThat(frame(timeline, restart)).isZero();
            assertThat(frame(timeline, restart + FRAME)).isZero();
            assertThat(frame(timeline, restart + 5)).isEqualTo(Math.round(4.96 * 16_000));
        }
    }

    @Test
    void anotherLinkGoesOnWhereTheOneBeforeEnded() {
        frame(file, 5);
        file.restart();
        assertThat(frame(file, 0)).isZero();
        file.restart();
        assertThat(frame(file, 70)).isZero();
    }

    @Test
    void aSpliceOfABroadcastOrADamagedTimestampIsNoGap() {
        AudioTimeline broadcast = new AudioTimeline(0, true);
        frame(broadcast, 0);
        assertThat(frame(broadcast, 9)).isEqualTo(Math.round(8.98 * 16_000));
        assertThat(frame(broadcast, 50_000)).isZero();
        assertThat(frame(broadcast, 50_001)).isEqualTo(Math.round(0.98 * 16_000));
        position = 0;
        frame(file, 0);
        assertThat(frame(file, 1e9)).isZero();
        assertThat(frame(file, 0.04)).isZero();
    }
}
