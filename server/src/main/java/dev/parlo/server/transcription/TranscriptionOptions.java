package dev.parlo.server.transcription;

import dev.parlo.engine.TranscribeOptions.Task;
import dev.parlo.server.options.Option;
import dev.parlo.server.options.OptionType;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * The options of a transcription: OpenAI's, Speaches', and every option of faster-whisper under its
 * own name, in the order of the help and of the documents. The ranges are those of the option
 * itself; what a model cannot do within them its engine refuses when it is asked.
 */
public final class TranscriptionOptions {
    private static final List<Option<TranscriptionDraft, ?>> ALL =
            Stream.of(
                            RequestOptions.all(),
                            VoiceActivityOptions.all(),
                            LanguageOptions.all(),
                            SearchOptions.all(),
                            WindowOptions.all(),
                            SubtitleOptions.all(),
                            SpeakerOptions.all())
                    .flatMap(List::stream)
                    .toList();

    private TranscriptionOptions() {}

    /** All of them, for help and documents. */
    public static List<? extends Option<?, ?>> all() {
        return ALL;
    }

    /** Those that are flags of {@code parlo transcribe}. */
    static List<Option<TranscriptionDraft, ?>> ofCommandLine() {
        return ALL.stream().filter(option -> !option.requestOnly()).toList();
    }

    /** Those of a route; a translation has no other task. */
    static List<Option<TranscriptionDraft, ?>> of(Task route) {
        return route == Task.TRANSCRIBE
                ? ALL
                : ALL.stream().filter(option -> !option.name().equals("task")).toList();
    }

    static <V> Option<TranscriptionDraft, V> option(
            String name,
            OptionType<V> type,
            String sentence,
            BiConsumer<TranscriptionDraft, V> setter) {
        return Option.of(name, type, sentence, setter);
    }

    static <V> Option<TranscriptionDraft, V> option(
            String name,
            OptionType<V> type,
            String sentence,
            V fallback,
            BiConsumer<TranscriptionDraft, V> setter) {
        return Option.<TranscriptionDraft, V>of(name, type, sentence, setter).fallback(fallback);
    }
}
