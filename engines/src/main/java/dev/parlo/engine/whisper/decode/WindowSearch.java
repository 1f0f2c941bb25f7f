package dev.parlo.engine.whisper.decode;

/** A search that ends in the best hypothesis it found. */
public interface WindowSearch extends WindowDecoder {
    /** The answer; only when done. */
    DecodedWindow result();
}
