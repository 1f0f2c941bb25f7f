package dev.parlo.engine.whisper.decode;

/**
 * A window to decode.
 *
 * @param prompt what the decoder is fed first
 * @param startOfTranscript index of {@code <|startoftranscript|>} in the prompt
 * @param prefix tokens that the answer must begin with
 * @param maxTokens most tokens of the answer, prefix included
 * @param rules on the next token
 */
public record WindowTask(
        int[] prompt, int startOfTranscript, int[] prefix, int maxTokens, LogitRules rules) {}
