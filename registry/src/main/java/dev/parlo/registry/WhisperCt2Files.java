package dev.parlo.registry;

import java.util.ArrayList;
import java.util.List;

/** Whisper as CTranslate2 and faster-whisper keep it. */
final class WhisperCt2Files implements FamilyFiles {
    @Override
    public boolean recognises(RepositoryContents contents) {
        return contents.has("model.bin")
                && contents.has("config.json")
                && hasVocabulary(contents)
                && isWhisper(contents);
    }

    /** CTranslate2 has one layout for all its models; only config.json tells Whisper from NLLB. */
    private static boolean isWhisper(RepositoryContents contents) {
        RepositoryConfig config = contents.config();
        return config.readable()
                ? config.hasAny("suppress_ids", "alignment_heads", "lang_ids")
                : contents.mentions("whisper")
                        || contents.tags().contains(ModelTask.AUTOMATIC_SPEECH_RECOGNITION.tag());
    }

    private static boolean hasVocabulary(RepositoryContents contents) {
        return contents.hasAny("tokenizer.json", "vocabulary.json", "vocabulary.txt");
    }

    @Override
    public List<String> wanted(RepositoryContents contents, String variant) {
        return FamilyFiles.present(
                contents,
                "config.json",
                "preprocessor_config.json",
                "model.bin",
                "tokenizer.json",
                "vocabulary.json",
                "vocabulary.txt");
    }

    @Override
    public List<String> lacking(RepositoryContents contents) {
        if (!contents.has("model.bin")
                || !(contents.has("config.json") || hasVocabulary(contents))) {
            return List.of();
        }
        List<String> lacking = new ArrayList<>(FamilyFiles.absent(contents, "config.json"));
        if (!hasVocabulary(contents)) {
            lacking.add("tokenizer.json (or vocabulary.json, vocabulary.txt)");
        }
        return lacking;
    }

    @Override
    public boolean mayHoldMore(RepositoryContents contents) {
        return !(contents.has("tokenizer.json")
                && contents.has("preprocessor_config.json")
                && contents.hasAny("vocabulary.json", "vocabulary.txt"));
    }
}
