package dev.parlo.engine.whisper;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.whisper.decode.TokenIds;
import dev.parlo.engine.whisper.tokenizer.NonSpeechTokens;
import dev.parlo.engine.whisper.tokenizer.Vocabulary;
import dev.parlo.engine.whisper.tokenizer.WhisperTokenizer;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint's tokens and the lists that its configuration makes of them. Immutable and
 * thread-safe.
 *
 * @param tokenizer text to ids and back
 * @param multilingual false for an English-only model
 * @param suppressedAtBegin ids that may not come first ({@code suppress_ids_begin})
 * @param nonSpeech ids that -1 in a suppress list stands for
 * @param defaultLanguage that is taken where a request names none; null where it is detected
 */
record ModelTokens(
        WhisperTokenizer tokenizer,
        boolean multilingual,
        int[] suppressedAtBegin,
        int[] nonSpeech,
        @Nullable String defaultLanguage) {

    /**
     * @throws EngineException of category BAD_MODEL for an id that the vocabulary does not have
     */
    static ModelTokens of(WhisperTokenizer tokenizer, int[] suppressedAtBegin) {
        Vocabulary vocabulary = tokenizer.vocabulary();
        for (int id : suppressedAtBegin) {
            if (id < 0 || id >= vocabulary.size()) {
                throw new EngineException(
                        EngineException.Category.BAD_MODEL,
                        String.format(
                                Locale.ROOT,
                                "config.json: suppress_ids_begin holds %d; token ids are 0 to %d.",
                                id,
                                vocabulary.size() - 1));
            }
        }
        return new ModelTokens(
                tokenizer,
                vocabulary.multilingual(),
                suppressedAtBegin,
                NonSpeechTokens.of(tokenizer),
                null);
    }

    /**
     * The same with a language of its own.
     *
     * @param language id of a language's token, null for none
     */
    ModelTokens withDefaultLanguage(@Nullable Integer language) {
        String code =
                tokenizer.vocabulary().languages().entrySet().stream()
                        .filter(entry -> entry.getValue().equals(language))
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse(null);
        return new ModelTokens(tokenizer, multilingual, suppressedAtBegin, nonSpeech, code);
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
