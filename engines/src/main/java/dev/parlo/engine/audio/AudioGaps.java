package dev.parlo.engine.audio;

/** What becomes of the time in which an audio track has nothing to play. */
public enum AudioGaps {
    /**
     * A late start, lost packets, packets that cannot be decoded and announced pauses keep their
     * place in time, as {@code ffmpeg -af aresample=async=1:first_pts=0} makes it: half a second of
     * each is silence, the rest is in {@link AudioSource#times}.
     */
    KEEP,
    /** The audio that there is follows without a gap, as PyAV gives it to faster-whisper. */
    CLOSE
}
