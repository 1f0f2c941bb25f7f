package dev.parlo.engine.whisper.graph;

import dev.parlo.engine.whisper.checkpoint.WhisperShape;

/**
 * The vocabulary in chunks of 256: those of text ids, then those of timestamps, each zone filled up
 * to whole chunks. The best of a short row are found by one pass of a sorting network, those of a
 * whole vocabulary by many passes; and whoever reads the chunks can sum over one zone or both.
 *
 * @param firstTimestamp ids below are text
 * @param timestamps how many follow
 */
public record VocabularyChunks(int firstTimestamp, int timestamps) {
    /** Ids in a chunk; an index within it is one byte. */
    public static final int SIZE = 256;

    public static VocabularyChunks of(WhisperShape shape) {
        return new VocabularyChunks(shape.firstTimestamp(), WhisperShape.TIMESTAMPS);
    }

    /** Chunks of text. */
    public int textCount() {
        return (firstTimestamp + SIZE - 1) / SIZE;
    }

    public int count() {
        return textCount() + timestampCount();
    }

    /** Chunks of timestamps. */
    public int timestampCount() {
        return (timestamps + SIZE - 1) / SIZE;
    }

    /** Places of the text zone. */
    public int textWidth() {
        return textCount() * SIZE;
    }

    /** Places of the timestamp zone. */
    public int timestampWidth() {
        return timestampCount() * SIZE;
    }

    /** All places. */
    public int width() {
        return count() * SIZE;
    }

    /** Where an id lies. */
    public int place(int id) {
        return id < firstTimestamp ? id : id - firstTimestamp + textWidth();
    }

    /** The id that lies at a place; only of places that are not filled up. */
    public int id(int place) {
        return place < textWidth() ? place : place - textWidth() + firstTimestamp;
    }
}
