package dev.parlo.engine.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.EngineException.Category;
import dev.parlo.engine.Segment;
import dev.parlo.engine.Transcript;
import dev.parlo.engine.Word;
import dev.parlo.engine.worker.SegmentSpool.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentSpoolTest {
    @TempDir Path folder;

    static Segment segment(int id, String text) {
        return new Segment(
                id,
                id * 100,
                id,
                id + 0.5,
                text,
                new int[] {id, 50364},
                -0.25,
                1.5,
                0.01,
                0.2,
                List.of(new Word(id, id + 0.25, text, 0.9)),
                List.of(new Segment.TokenLogProbability(text, -0.5, new byte[] {1, -1})));
    }

    private static Segment found(Event event) {
        assertThat(event).isInstanceOf(Event.Found.class);
        return ((Event.Found) event).segment();
    }

    private List<Path> files() {
        try (Stream<Path> list = Files.list(folder)) {
            return list.toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aWriterNeverWaitsForItsReaderAndNothingIsLostOrReordered() throws Exception {
        String text = "ö".repeat(5_000); // a hundred of these are more than the memory part
        try (SegmentSpool spool = new SegmentSpool(folder)) {
            for (int i = 0; i < 300; i++) {
                spool.add(segment(i, text));
            }
            spool.end(new Event.Done(new Transcript("en", 1, 300, Map.of())));
            for (int i = 0; i < 300; i++) {
                assertThat(found(spool.next()))
                        .usingRecursiveComparison()
                        .isEqualTo(segment(i, text));
                if (i == 150) {
                    // Read half, write again: what is new comes after what is in the file.
                    spool.add(segment(300, "last"));
                }
            }
            assertThat(found(spool.next()).text()).isEqualTo("last");
            assertThat(spool.next()).isInstanceOf(Event.Done.class);
            assertThat(files()).isEmpty(); // the file has no name
        }
    }

    @Test
    void whatIsKeptForOneReaderIsBounded() {
        try (SegmentSpool spool = new SegmentSpool(folder)) {
            String text = "a".repeat(1 << 20);
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 100; i++) {
                                    spool.add(segment(i, text));
                                }
                            })
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.category()).isEqualTo(Category.NO_SPACE))
                    .hasMessageContaining("reads too slowly");
        }
    }

    @Test
    void segmentsThatWereDecidedBeforeAFailureReachTheReaderFirst() throws Exception {
        try (SegmentSpool spool = new SegmentSpool(folder)) {
            for (int i = 0; i < 40; i++) {
                spool.add(segment(i, "x"));
            }
            spool.progress(40);
            spool.end(new Event.Failed(new IllegalStateException("later")));
            for (int i = 0; i < 40; i++) {
                assertThat(found(spool.next()).id()).isEqualTo(i);
            }
            assertThat(spool.next()).isEqualTo(new Event.Progress(40));
            assertThat(spool.next()).isInstanceOf(Event.Failed.class);
        }
    }

    @Property(tries = 200)
    void everySegmentComesBackFromItsBytesAsItWas(
            @ForAll String text,
            @ForAll @Size(max = 9) int[] tokens,
            @ForAll double number,
            @ForAll @IntRange(max = 3) int parts) {
        @Nullable List<Word> words =
                parts == 0
                        ? null
                        : Stream.generate(() -> new Word(number, 1, text, number))
                                .limit(parts)
                                .toList();
        @Nullable List<Segment.TokenLogProbability> chances =
                parts == 1
                        ? null
                        : Stream.generate(() ->
                                        new Segment.TokenLogProbability(
                                                "�", number, new byte[parts]))
                                .limit(parts)
                                .toList();
        String valid =
                new String(
                        text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        java.nio.charset.StandardCharsets.UTF_8);
        Segment segment =
                new Segment(
                        7,
                        9,
                        number,
                        2,
                        valid,
                        tokens,
                        number,
                        3,
                        4,
                        5,
                        words == null
                                ? null
                                : words.stream()
                                        .map(w ->
                                                new Word(
                                                        w.start(), w.end(), valid, w.probability()))
                                        .toList(),
                        chances);
        assertThat(SegmentCodec.decode(SegmentCodec.encode(segment)))
                .usingRecursiveComparison()
                .isEqualTo(segment);
    }
}
