package dev.parlo.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.engine.audio.TimeMap.Gap;
import dev.parlo.engine.audio.TimeMap.Span;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TimeMapTest {
    /** A late start of 4 s, and 6 s missing after 3 s of audio. */
    private final TimeMap map = new TimeMap(List.of(new Gap(0, 0, 4), new Gap(3, 0.5, 5.5)));

    @Test
    void whatBeginsAtAGapBeginsAfterItAndWhatEndsThereEndsBeforeIt() {
        assertThat(map.start(0)).isEqualTo(4);
        assertThat(map.end(2)).isEqualTo(6);
        assertThat(map.end(3)).isEqualTo(7);
        assertThat(map.end(3.4)).isEqualTo(7.4);
        assertThat(map.start(3.1)).isEqualTo(12.6);
        assertThat(map.start(3.5)).isEqualTo(13);
        assertThat(map.end(4)).isEqualTo(13.5);
        assertThat(map.duration(5)).isEqualTo(14.5);
    }

    @Test
    void whatReachesALittleOverAGapIsOnOneSideOfIt() {
        assertThat(map.span(0, 3.2)).isEqualTo(new Span(4, 7.2));
        assertThat(map.span(2.5, 5)).isEqualTo(new Span(12.5, 14.5));
        assertThat(map.span(0.5, 4)).isEqualTo(new Span(4.5, 7.5));
        assertThat(map.span(1, 6)).isEqualTo(new Span(5, 15.5));
    }

    @Test
    void aTimeInsideAGapIsAtItsEnd() {
        assertThat(map.position(1)).isEqualTo(0);
        assertThat(map.position(5)).isEqualTo(1);
        assertThat(map.position(10)).isEqualTo(3.5);
        assertThat(map.position(14)).isEqualTo(4.5);
        assertThat(TimeMap.NONE.position(7)).isEqualTo(7);
    }

    @Test
    void gapsThatTouchAreOne() {
        TimeMap touching =
                TimeMap.NONE
                        .with(new Gap(1, 0.5, 2))
                        .with(new Gap(1.5, 0, 3))
                        .with(new Gap(4, 0.5, 1));
        assertThat(touching.gaps()).containsExactly(new Gap(1, 0.5, 5), new Gap(4, 0.5, 1));
    }

    @Property(tries = 200)
    void timesStayInOrderAndComeBack(
            @ForAll @Size(max = 5) List<@IntRange(min = 1, max = 50) Integer> steps,
            @ForAll @DoubleRange(min = 0, max = 60) double a,
            @ForAll @DoubleRange(min = 0, max = 60) double b) {
        List<Gap> gaps = new ArrayList<>();
        double at = 0;
        for (int step : steps) {
            gaps.add(new Gap(at, at == 0 ? 0 : 0.5, step / 3.0));
            at += 0.5 + step;
        }
        TimeMap any = new TimeMap(gaps);
        double first = Math.min(a, b);
        double second = Math.max(a, b);
        assertThat(any.start(first)).isLessThanOrEqualTo(any.start(second));
        assertThat(any.end(first)).isLessThanOrEqualTo(any.end(second));
        assertThat(any.position(first)).isLessThanOrEqualTo(any.position(second));
        assertThat(any.position(any.end(second))).isCloseTo(second, within(1e-9));
        Span span = any.span(first, second);
        assertThat(span.start()).isLessThanOrEqualTo(span.end());
        assertThat(span.end()).isLessThanOrEqualTo(any.duration(60));
    }
}
