package dev.parlo.server.asrwebservice;

import static dev.parlo.server.options.OptionType.choice;
import static dev.parlo.server.options.OptionType.flag;
import static dev.parlo.server.options.OptionType.text;
import static dev.parlo.server.options.OptionType.whole;

import dev.parlo.server.options.Option;
import dev.parlo.server.options.OptionType;
import dev.parlo.server.transcription.JobFields;
import java.util.List;

/** The parameters of {@code /asr} and {@code /detect-language}. */
public final class AsrOptions {
    private AsrOptions() {}

    /** What they have set so far. One thread. */
    static final class Draft {
        final JobFields job = new JobFields();
        boolean container;
        Output output = Output.TXT;
        String model = "";
    }

    /** Those of {@code /asr}. */
    public static List<Option<Draft, ?>> transcription() {
        return List.of(
                encode(),
                passed(
                                "task",
                                choice(List.of("transcribe", "translate")),
                                "Write what was said, or translate it into English.")
                        .fallback("transcribe"),
                passed("language", text(), "Spoken language, as a code or an English name.")
                        .otherwise("detected"),
                passed(
                        "initial_prompt",
                        text(),
                        "Text that the audio continues, for names and style."),
                passed(
                                "vad_filter",
                                flag(),
                                "Only what a voice activity detector takes for speech is"
                                        + " transcribed; times are those of the whole audio.")
                        .fallback(true),
                passed("word_timestamps", flag(), "Adds the times of words to `json`.")
                        .fallback(false),
                Option.<Draft, Output>of(
                                "output",
                                choice(Output.class),
                                "How the transcript is written.",
                                (draft, output) -> draft.output = output)
                        .fallback(Output.TXT),
                passed(
                        "diarize",
                        flag(),
                        "Tells speakers by their voices, which needs a diarization and an embedding"
                                + " model."),
                passed("min_speakers", whole(1), "At least so many people speak."),
                passed("max_speakers", whole(1), "At most so many people speak."),
                model());
    }

    /** Those of {@code /detect-language}. */
    public static List<Option<Draft, ?>> detection() {
        return List.of(encode(), model());
    }

    private static Option<Draft, Boolean> encode() {
        return Option.<Draft, Boolean>of(
                        "encode",
                        flag(),
                        "`false`: the file is bare 16-bit little-endian samples, mono at 16 kHz;"
                                + " else audio or video of any kind.",
                        (draft, value) -> draft.container = value)
                .fallback(true);
    }

    private static Option<Draft, String> model() {
        return Option.<Draft, String>of(
                        "model",
                        text(),
                        "Id or alias of the model, which whisper-asr-webservice does not have.",
                        (draft, value) -> draft.model = value)
                .otherwise("the loaded one");
    }

    /** An option of a transcription that is called the same. */
    private static <V> Option<Draft, V> passed(String name, OptionType<V> type, String sentence) {
        return Option.of(name, type, sentence, (draft, value) -> draft.job.set(name, value));
    }
}
