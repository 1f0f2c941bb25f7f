package dev.parlo.engine.parakeet;

import java.util.ArrayList;
import java.util.List;

/** Groups the tokens of a chunk into words, and words into sentences, by NeMo's rules. */
final class TokenWords {
    /** Seconds of one frame of the encoder. */
    static final double FRAME = 0.08;

    private static final double SHORTEST = 0.02;
    private static final double LONGEST_PAUSE = 1;
    private static final double LONGEST_SENTENCE = 30;

    private final PieceVocabulary vocabulary;

    /**
     * A word with the punctuation that clings to it.
     *
     * @param start seconds from the start of the chunk
     * @param end seconds from the start of the chunk, after the start
     * @param text with a leading space, as far as the pieces have one
     */
    record Spoken(double start, double end, String text, List<TimedToken> tokens) {
        /** Mean of its tokens' probabilities. */
        double probability() {
            return tokens.stream()
                    .mapToDouble(token -> Math.exp(token.logProbability()))
                    .average()
                    .orElse(0);
        }
    }

    TokenWords(PieceVocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /** Sentences, each of at least one word; of nothing but control tokens none. */
    List<List<Spoken>> sentences(List<TimedToken> tokens) {
        List<List<Spoken>> sentences = new ArrayList<>();
        List<Spoken> open = new ArrayList<>();
        for (Spoken word : words(tokens)) {
            if (!open.isEmpty() && endsBefore(open, word)) {
                sentences.add(List.copyOf(open));
                open.clear();
            }
            open.add(word);
        }
        if (!open.isEmpty()) {
            sentences.add(List.copyOf(open));
        }
        return sentences;
    }

    private static boolean endsBefore(List<Spoken> sentence, Spoken next) {
        Spoken last = sentence.getLast();
        String text = last.text().strip();
        return !text.isEmpty() && ".?!".indexOf(text.charAt(text.length() - 1)) >= 0
                || next.start() - last.end() > LONGEST_PAUSE
                || next.end() - sentence.getFirst().start() > LONGEST_SENTENCE;
    }

    List<Spoken> words(List<TimedToken> tokens) {
        List<Spoken> words = new ArrayList<>();
        List<TimedToken> open = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        double start = 0;
        double end = 0;
        double last = 0;
        for (TimedToken token : tokens) {
            if (vocabulary.isControl(token.id())) {
                continue;
            }
            String piece = vocabulary.text(token.id());
            if (piece.startsWith(" ") && !text.toString().isBlank()) {
                words.add(word(start, end, text, open));
                last = words.getLast().end();
                open.clear();
                text.setLength(0);
            }
            double from = token.frame() * FRAME;
            double to = (token.frame() + token.duration()) * FRAME;
            if (isPunctuation(piece) && !open.isEmpty()) {
                from = to = end; // a mark may be written after a pause, which it says nothing of
            }
            if (open.isEmpty()) {
                start = Math.max(last, from);
                end = start;
            }
            end = Math.max(end, to);
            open.add(token);
            text.append(piece);
        }
        if (!text.toString().isBlank()) {
            words.add(word(start, end, text, open));
        }
        return words;
    }

    private static Spoken word(
            double start, double end, StringBuilder text, List<TimedToken> tokens) {
        String said = text.toString().replaceAll("\\s+", " ").stripTrailing();
        return new Spoken(start, Math.max(end, start + SHORTEST), said, List.copyOf(tokens));
    }

    private static boolean isPunctuation(String piece) {
        if (piece.isEmpty()) {
            return false;
        }
        return switch (Character.getType(piece.codePointAt(0))) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION ->
                    true;
            default -> false;
        };
    }
}
