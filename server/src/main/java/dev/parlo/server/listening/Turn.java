package dev.parlo.server.listening;

import dev.parlo.engine.Segment;
import dev.parlo.engine.audio.AudioSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody says until it is the other's turn. What is not public is guarded by the lock of the
 * {@link TurnRecognizer}.
 */
public final class Turn {
    static final long NONE = -1;
    private static final int SAMPLES_PER_MS = AudioSource.SAMPLE_RATE / 1000;

    private final long number;
    private final long start;
    private volatile long end = NONE;
    private volatile boolean detected = true;

    /** How it was to be heard when it began, or was committed. */
    final TurnSettings settings;

    /** Of the closed turn: all of it. */
    short[] audio = new short[0];

    /** What is sure already, and from which sample on audio is still heard. */
    final Agreement agreement = new Agreement();

    long windowStart;

    /** Segments before the window, at seconds of the stream. */
    final List<Segment> settled = new ArrayList<>();

    /** Where the last hypothesis ended, and how much audio it takes to make another one. */
    long heardUntil;

    long pace;

    /** Where the silence began that may end the turn. */
    long pause = NONE;

    /** What was heard up to a pause, in case that it ends the turn. */
    @Nullable Heard early;

    long earlyPause = NONE;
    @Nullable String language;

    Turn(long number, long start, TurnSettings settings) {
        this.number = number;
        this.start = start;
        this.settings = settings;
        this.windowStart = start;
        this.heardUntil = start;
    }

    void end(long sample) {
        end = sample;
    }

    /** It was the client that ended it. */
    void committed() {
        detected = false;
    }

    /** Whether its end was detected. */
    public boolean detected() {
        return detected;
    }

    long start() {
        return start;
    }

    /** NONE while it goes on. */
    long end() {
        return end;
    }

    /** Counts the turns of a stream, from 1. */
    public long number() {
        return number;
    }

    /** Milliseconds from the start of the stream, padding included. */
    public long startMs() {
        return start / SAMPLES_PER_MS;
    }

    /** Milliseconds from the start of the stream, the silence included; -1 while it goes on. */
    public long endMs() {
        return end == NONE ? NONE : end / SAMPLES_PER_MS;
    }

    /**
     * The audio of a turn that is over, 16-bit samples at 16 kHz; empty once {@link
     * TurnListener#completed} or {@link TurnListener#failed} has returned.
     */
    public short[] samples() {
        return audio.clone();
    }
}
