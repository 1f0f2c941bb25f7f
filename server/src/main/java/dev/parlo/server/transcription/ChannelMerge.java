package dev.parlo.server.transcription;

import dev.parlo.engine.Segment;
import dev.parlo.engine.SegmentSink;
import dev.parlo.engine.Word;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Makes one transcript of those of a file's channels, which are transcribed one after another:
 * segments of all but the last channel wait, and join those of the last in the order of their
 * starts. One thread.
 */
final class ChannelMerge {
    private final SegmentSink next;
    private final int channels;

    /** By their starts; the queue keeps no other order, so equal ones go by their channel. */
    private final PriorityQueue<Waiting> waiting =
            new PriorityQueue<>(
                    Comparator.comparingDouble((Waiting w) -> w.segment().start())
                            .thenComparingInt(Waiting::channel)
                            .thenComparingInt(w -> w.segment().id()));

    private int number;
    private double done;

    private record Waiting(Segment segment, int channel) {}

    ChannelMerge(SegmentSink next, int channels) {
        this.next = next;
        this.channels = channels;
    }

    /** Takes the segments of a channel; those of the last are taken last. */
    SegmentSink of(int channel, String speaker) {
        return new SegmentSink() {
            @Override
            public void accept(Segment segment) {
                Segment said = segment.withSpeaker(speaker, said(segment.words(), speaker));
                waiting.add(new Waiting(said, channel));
                if (channel == channels - 1) {
                    send(segment.start());
                }
            }

            @Override
            public void progress(double audioSeconds) {
                next.progress((done + audioSeconds) / channels);
            }
        };
    }

    /** A channel is over. */
    void ended(double seconds) {
        done += seconds;
    }

    /** All channels are over. */
    void end() {
        send(Double.POSITIVE_INFINITY);
    }

    private void send(double until) {
        while (!waiting.isEmpty() && waiting.peek().segment().start() <= until) {
            next.accept(waiting.remove().segment().withId(++number));
        }
    }

    private static @Nullable List<Word> said(@Nullable List<Word> words, String speaker) {
        return words == null
                ? null
                : words.stream().map(word -> word.withSpeaker(speaker)).toList();
    }
}
