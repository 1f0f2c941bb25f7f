package dev.parlo.engine.audio;

/** What becomes of the time in which an audio track has nothing to play. */
public enum AudioGaps {
    /**
     * A late start, lost packets and packets that cannot be decoded are silence, so that times fit
     * the file as players show it. As {@code ffmpeg -af aresample=async=1:first_pts=0}.
     */
    KEEP,
    /** The audio that there is follows without a gap, as PyAV gives it to faster-whisper. */
    CLOSE
}
