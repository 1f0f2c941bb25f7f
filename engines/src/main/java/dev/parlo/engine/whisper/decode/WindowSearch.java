package dev.parlo.engine.whisper.decode;

/** A search for what is said in a window, at one temperature. */
public interface WindowSearch extends WindowDecoder {
    /** The answer; only when done. */
    DecodedWindow result();
}
