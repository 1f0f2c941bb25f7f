package dev.parlo.server.elevenlabs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.SpokenText;
import dev.parlo.engine.SpokenWord;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("locale")
final class CharacterTimesTest {
    @Test
    void aWordsTimeIsSharedByItsCharactersAndAPauseByWhatIsBetween() {
        CharacterTimes times = new CharacterTimes("Hi, you.");
        List<CharacterTimes.Timed> timed =
                times.take(
                        List.of(
                                new SpokenWord("Hi", 0, 2, 0.1, 0.3),
                                new SpokenWord("you", 4, 7, 0.5, 0.8)),
                        1.0);
        assertThat(timed.stream().map(CharacterTimes.Timed::text))
                .containsExactly("H", "i", ",", " ", "y", "o", "u", ".");
        assertThat(timed.get(1).end()).isEqualTo(0.3);
        assertThat(timed.get(2).start()).isEqualTo(0.3);
        assertThat(timed.get(3).end()).isEqualTo(0.5);
        assertThat(timed.get(6).end()).isEqualTo(0.8);
        assertThat(timed.get(7).end()).isEqualTo(1.0);
        assertThat(times.rest()).isEmpty();
    }

    @Test
    void whatWasNotSaidComesAtTheEnd() {
        CharacterTimes times = new CharacterTimes("one 😀 two");
        List<CharacterTimes.Timed> all =
                new ArrayList<>(times.take(List.of(new SpokenWord("one", 0, 3, 0, 0.5)), 0.6));
        all.addAll(times.take(List.of(), 0.7));
        all.addAll(times.rest());
        assertThat(all.stream().map(CharacterTimes.Timed::text).collect(Collectors.joining()))
                .isEqualTo("one 😀 two");
        assertThat(all.getLast().end()).isEqualTo(0.7);
    }

    @Test
    void whatIsWrittenOutHasTheTimeOfTheItemAndIsAlignedByItself() {
        CharacterTimes times = new CharacterTimes("it is it $5");
        List<CharacterTimes.Timed> timed =
                times.take(
                        List.of(
                                new SpokenWord("it", 0, 2, 0, 0.2),
                                new SpokenWord("is", 3, 5, 0.2, 0.4),
                                new SpokenWord("it", 6, 8, 0.5, 0.6),
                                new SpokenWord("$5", 9, 11, 0.8, 1.6)),
                        2);
        assertThat(timed.get(9).text()).isEqualTo("$");
        assertThat(timed.get(9).start()).isEqualTo(0.8);
        assertThat(timed.get(10).end()).isEqualTo(1.6);
        assertThat(timed.get(6).start()).isEqualTo(0.5);
        SaidTimes spoken = new SaidTimes();
        List<CharacterTimes.Timed> said =
                new ArrayList<>(
                        spoken.take(
                                List.of(
                                        new SpokenText("it", 0, 0.2),
                                        new SpokenText("is", 0.2, 0.4))));
        said.addAll(
                spoken.take(
                        List.of(new SpokenText("five", 0.8, 1.2), new SpokenText("中", 1.2, 1.4))));
        said.addAll(spoken.take(List.of(new SpokenText("国", 1.4, 1.6))));
        assertThat(said.stream().map(CharacterTimes.Timed::text).collect(Collectors.joining()))
                .isEqualTo("it is five 中国");
        assertThat(said.get(5)).isEqualTo(new CharacterTimes.Timed(" ", 0.4, 0.8));
        assertThat(said.get(6).start()).isEqualTo(0.8);
        assertThat(said.getLast().end()).isEqualTo(1.6);
    }

    @Property(tries = 300)
    void everyCharacterComesOnceAndTimesNeverGoBack(
            @ForAll @Size(max = 8)
                    List<@StringLength(min = 1, max = 5) @CharRange(from = 'a', to = 'd') String>
                            words,
            @ForAll @IntRange(min = 0, max = 8) int firstPiece,
            @ForAll @StringLength(max = 3) @CharRange(from = ' ', to = '/') String between) {
        String text = String.join(between + " ", words) + between;
        List<SpokenWord> spoken = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < words.size(); i++) {
            int to = from + words.get(i).length();
            spoken.add(new SpokenWord(words.get(i), from, to, i * 0.5, i * 0.5 + 0.4));
            from = to + between.length() + 1;
        }
        int cut = Math.min(firstPiece, spoken.size());
        CharacterTimes times = new CharacterTimes(text);
        List<CharacterTimes.Timed> all =
                new ArrayList<>(times.take(spoken.subList(0, cut), cut * 0.5));
        all.addAll(times.take(spoken.subList(cut, spoken.size()), spoken.size() * 0.5));
        all.addAll(times.rest());
        assertThat(all.stream().map(CharacterTimes.Timed::text).collect(Collectors.joining()))
                .isEqualTo(text);
        double before = 0;
        for (CharacterTimes.Timed one : all) {
            assertThat(one.start()).isGreaterThanOrEqualTo(before - 1e-9);
            assertThat(one.end()).isGreaterThanOrEqualTo(one.start());
            before = one.end();
        }
    }
}
