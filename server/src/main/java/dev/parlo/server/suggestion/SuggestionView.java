package dev.parlo.server.suggestion;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parlo.registry.InstalledModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Suggestions as {@code /v1/registry/suggestions} answers them.
 *
 * @param data what fits, the best first
 * @param tooLarge the smallest of what does not
 * @param memoryBytes that models on the processor may take
 * @param memorySource where that comes from
 * @param hub false where only installed models could be looked at
 * @param advice what to change; left out where something fits
 * @param problems what is missing, in sentences; left out for nothing
 */
public record SuggestionView(
        String object,
        String task,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String language,
        long memoryBytes,
        String memorySource,
        boolean hub,
        List<Model> data,
        List<Model> tooLarge,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String advice,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> problems) {

    /**
     * @param fit {@code with_room}, {@code tight} or {@code too_large}
     * @param downloadBytes 0 for what is installed
     * @param memoryBytes that its weights are expected to take, as the pool reserves them
     * @param computeType that a checkpoint is converted to; left out where it is the file's own
     * @param weights how many numbers it has, left out where that is not known
     * @param license as the Hub abbreviates it; left out where its card names none
     * @param why in a sentence
     * @param commands that install and use it
     */
    public record Model(
            String id,
            String format,
            List<String> language,
            boolean installed,
            String fit,
            long downloadBytes,
            long memoryBytes,
            String device,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String computeType,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long weights,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String license,
            long downloads,
            long likes,
            boolean gated,
            String why,
            List<String> commands) {}

    /**
     * @param url of the server, for commands that ask it
     */
    static SuggestionView of(SuggestionQuery query, Suggestions.Found found, String url) {
        List<Model> fitting =
                found.fitting().stream().map(each -> model(query, each, url)).toList();
        return new SuggestionView(
                "list",
                query.task().tag(),
                query.language().orElse(null),
                found.room().bytes(),
                found.room().source(),
                found.hub(),
                fitting,
                found.tooLarge().stream().map(each -> model(query, each, url)).toList(),
                fitting.isEmpty() ? Reasons.advice(query, found) : null,
                found.problems());
    }

    private static Model model(SuggestionQuery query, Candidate candidate, String url) {
        boolean there = candidate.installed().isPresent();
        return new Model(
                candidate.card().id().toString(),
                candidate.card().family().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                List.copyOf(Languages.of(candidate.card())),
                there,
                candidate.fit().name().toLowerCase(Locale.ROOT),
                there ? 0 : candidate.files().bytes(),
                candidate.size().bytes(),
                candidate.size().gpu() ? "cuda" : "cpu",
                candidate.size().type().map(type -> type.label()).orElse(null),
                candidate.files().weights().isPresent()
                        ? candidate.files().weights().getAsLong()
                        : null,
                candidate
                        .card()
                        .licence()
                        .or(() ->
                                candidate
                                        .installed()
                                        .map(InstalledModel::card)
                                        .flatMap(c -> c.licence()))
                        .orElse(null),
                Math.max(0, candidate.card().downloads()),
                Math.max(0, candidate.card().likes()),
                candidate.isClosed(),
                Reasons.why(query, candidate),
                commands(query, candidate, url));
    }

    private static List<String> commands(SuggestionQuery query, Candidate candidate, String url) {
        String id = candidate.card().id().toString();
        List<String> commands = new ArrayList<>();
        if (candidate.installed().isEmpty()) {
            commands.add("parlo model download " + id);
        }
        commands.add(
                switch (candidate.card().task()) {
                    case AUTOMATIC_SPEECH_RECOGNITION ->
                            "parlo transcribe recording.wav --model "
                                    + id
                                    + query.language()
                                            .map(code -> " --language " + code)
                                            .orElse("");
                    case TEXT_TO_SPEECH ->
                            "parlo speak \"Hello.\" --model "
                                    + id
                                    + voice(query, candidate)
                                    + " -o hello.mp3";
                    case VOICE_ACTIVITY_DETECTION -> curl(url, "speech/timestamps", id);
                    case SPEAKER_EMBEDDING -> curl(url, "speech/embedding", id);
                    case SPEAKER_DIARIZATION -> curl(url, "diarization", id);
                });
        return commands;
    }

    private static String curl(String url, String route, String id) {
        return "curl -s " + url + "/v1/audio/" + route + " -F file=@recording.wav -F model=" + id;
    }

    /** The first voice of the language, where the card tells the voices. */
    private static String voice(SuggestionQuery query, Candidate candidate) {
        return candidate
                .installed()
                .map(InstalledModel::card)
                .orElse(candidate.card())
                .voices()
                .stream()
                .filter(voice ->
                        query.language().isPresent()
                                && Languages.code(voice.language()).equals(query.language()))
                .map(voice -> voice.id())
                .filter(id -> id.matches("[A-Za-z0-9_.-]+")) // it goes into a shell
                .findFirst()
                .map(id -> " --voice " + id)
                .orElse("");
    }
}
