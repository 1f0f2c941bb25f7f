package dev.parlo.engine.whisper;

/**
 * What the decoder is given before it writes.
 *
 * @param tokens previous text, start of transcript, language, task
 * @param startOfTranscript index of {@code <|startoftranscript|>} in {@code tokens}
 * @param prefix tokens that the answer begins with
 * @param maxTokens most tokens of the answer, prefix included
 */
record Prompt(int[] tokens, int startOfTranscript, int[] prefix, int maxTokens) {}
