package dev.parlo.engine.whisper.words;

/** A word while its times and its punctuation are being settled. */
final class TimedWord {
    String text;
    int tokens;
    double start;
    double end;
    final double probability;

    /**
     * @param tokens how many it is made of
     * @param start seconds
     * @param end seconds
     */
    TimedWord(String text, int tokens, double start, double end, double probability) {
        this.text = text;
        this.tokens = tokens;
        this.start = start;
        this.end = end;
        this.probability = probability;
    }

    double duration() {
        return end - start;
    }
}
