package dev.parlo.server.models;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parlo.registry.InstalledModel;
import dev.parlo.registry.ModelCard;
import dev.parlo.registry.SpeechVoices;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A model as lists show it: OpenAI's keys, then Speaches', then ours.
 *
 * @param created seconds since 1970; a local model's newest file, a remote one's making
 * @param language null where the task has no language
 * @param sampleRate of a speech model; like {@code voices} left out for others
 * @param format the family in words, such as {@code whisper-ct2}
 * @param origin {@code built_in}, {@code local} or {@code cache}; left out for remote models
 * @param weights the files that hold its numbers; left out for remote models
 * @param aliasOf the id that an alias stands for; left out for ids
 */
public record ModelView(
        String id,
        long created,
        String object,
        String ownedBy,
        @Nullable List<String> language,
        String task,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer sampleRate,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<VoiceView> voices,
        String format,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String origin,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long sizeBytes,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> weights,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long downloads,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean gated,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String aliasOf) {

    /** A voice; {@code gender} is left out where it is not known. */
    public record VoiceView(
            String name,
            String language,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String gender,
            String id,
            String modelId) {}

    public static ModelView installed(InstalledModel model) {
        String origin = model.origin().name().toLowerCase(Locale.ROOT);
        return of(model.card(), model.id().toString(), origin, model, null, null, null);
    }

    public static ModelView alias(String alias, InstalledModel model) {
        String origin = model.origin().name().toLowerCase(Locale.ROOT);
        String id = model.id().toString();
        return of(model.card(), alias, origin, model, null, null, id);
    }

    public static ModelView remote(ModelCard card) {
        return of(
                card,
                card.id().toString(),
                null,
                null,
                card.downloads(),
                card.gated() ? true : null,
                null);
    }

    /** The voices of a speech model; none for others. */
    public static List<VoiceView> voices(ModelCard card) {
        return card.voices().stream()
                .map(voice ->
                        new VoiceView(
                                voice.name(),
                                voice.language(),
                                voice.gender(),
                                voice.id(),
                                card.id().toString()))
                .toList();
    }

    private static @Nullable List<String> weights(@Nullable InstalledModel model) {
        return model == null || model.weights().isEmpty() ? null : model.weights();
    }

    private static ModelView of(
            ModelCard card,
            String name,
            @Nullable String origin,
            @Nullable InstalledModel model,
            @Nullable Long downloads,
            @Nullable Boolean gated,
            @Nullable String aliasOf) {
        SpeechVoices speech = card.speech();
        return new ModelView(
                name,
                card.created().getEpochSecond(),
                "model",
                card.id().ownedBy(),
                card.languages(),
                card.task().tag(),
                speech == null ? null : speech.sampleRate(),
                speech == null ? null : voices(card),
                card.family().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                origin,
                model == null ? null : model.sizeBytes(),
                weights(model),
                downloads,
                gated,
                aliasOf);
    }
}
