package dev.parlo.engine.whisper;

import dev.parlo.engine.whisper.decode.TokenIds;
import dev.parlo.engine.whisper.tokenizer.NonSpeechTokens;
import dev.parlo.engine.whisper.tokenizer.Vocabulary;
import dev.parlo.engine.whisper.tokenizer.WhisperTokenizer;

/**
 * A checkpoint's tokens and the lists that its configuration makes of them. Immutable and
 * thread-safe.
 *
 * @param tokenizer text to ids and back
 * @param multilingual false for an English-only model
 * @param suppressedAtBegin ids that may not come first ({@code suppress_ids_begin})
 * @param nonSpeech ids that -1 in a suppress list stands for
 */
record ModelTokens(
        WhisperTokenizer tokenizer,
        boolean multilingual,
        int[] suppressedAtBegin,
        int[] nonSpeech) {

    static ModelTokens of(WhisperTokenizer tokenizer, int[] suppressedAtBegin) {
        Vocabulary vocabulary = tokenizer.vocabulary();
        return new ModelTokens(
                tokenizer,
                vocabulary.multilingual(),
                suppressedAtBegin,
                NonSpeechTokens.of(tokenizer));
    }

    TokenIds ids() {
        Vocabulary vocabulary = tokenizer.vocabulary();
        return new TokenIds(
                vocabulary.endOfText(),
                vocabulary.noTimestamps(),
                vocabulary.noSpeech(),
                vocabulary.size());
    }
}
