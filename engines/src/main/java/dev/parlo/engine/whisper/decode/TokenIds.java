package dev.parlo.engine.whisper.decode;

/**
 * The ids that decoding has rules for. Text ids lie below {@code timestampBegin}, timestamps from
 * there to the end of the vocabulary.
 */
public record TokenIds(int endOfText, int noTimestamps, int noSpeech, int vocabularySize) {
    public int timestampBegin() {
        return noTimestamps + 1;
    }

    int timestamps() {
        return vocabularySize - timestampBegin();
    }
}
