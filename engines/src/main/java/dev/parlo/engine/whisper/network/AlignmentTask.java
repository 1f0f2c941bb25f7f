package dev.parlo.engine.whisper.network;

/**
 * A text to find in the audio of a window, fed to the decoder in one pass without any mask.
 *
 * @param tokens the whole decoder input
 * @param textStart index in {@code tokens} of the text's first token, at least 1
 * @param textLength tokens of the text, at least 1
 * @param textIds the text is of ids below this one, and its probabilities are among those
 */
public record AlignmentTask(int[] tokens, int textStart, int textLength, int textIds) {
    public AlignmentTask {
        if (textStart < 1 || textLength < 1 || textStart + textLength > tokens.length) {
            throw new IllegalArgumentException(
                    "a text of "
                            + textLength
                            + " from "
                            + textStart
                            + " on in an input of "
                            + tokens.length);
        }
        for (int i = textStart; i < textStart + textLength; i++) {
            if (tokens[i] < 0 || tokens[i] >= textIds) {
                throw new IllegalArgumentException(
                        "token " + tokens[i] + " is not text; text ids are below " + textIds);
            }
        }
    }
}
