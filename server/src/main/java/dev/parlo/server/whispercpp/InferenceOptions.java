package dev.parlo.server.whispercpp;

import static dev.parlo.server.options.OptionType.choice;
import static dev.parlo.server.options.OptionType.flag;
import static dev.parlo.server.options.OptionType.number;
import static dev.parlo.server.options.OptionType.text;
import static dev.parlo.server.options.OptionType.whole;

import dev.parlo.engine.whisper.WhisperLimits;
import dev.parlo.server.options.Option;
import dev.parlo.server.options.OptionType;
import dev.parlo.server.transcription.JobFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The fields of whisper.cpp's {@code /inference} that mean something here. */
public final class InferenceOptions {
    private static final double HOTTEST = 1.0;

    /** A century in milliseconds. */
    private static final int MOST_MS = Integer.MAX_VALUE;

    private InferenceOptions() {}

    /** What they have set so far. One thread. */
    static final class Draft {
        final JobFields job = new JobFields();
        Format format = Format.JSON;
        String model = "";
        double temperature;
        double step = 0.2;
        int offsetMs;
        int durationMs;
        boolean timed = true;

        /** Sets what several fields say together. */
        void together() {
            job.set("temperature", temperatures());
            if (step == 0) {
                job.set("temperature_fallback", false);
            }
            if (offsetMs > 0 || durationMs > 0) {
                String end = durationMs > 0 ? "," + seconds((long) offsetMs + durationMs) : "";
                job.set("clip_timestamps", seconds(offsetMs) + end);
            }
            job.set("without_timestamps", !timed);
            boolean words = timed && format == Format.VERBOSE_JSON;
            job.set("word_timestamps", words);
            job.format(format.asked());
        }

        /** From the first one up in steps, as whisper.cpp tries them. */
        private List<Double> temperatures() {
            List<Double> all = new ArrayList<>(List.of(temperature));
            if (step > 0) {
                for (int i = 1; temperature + i * step < HOTTEST + 1e-6; i++) {
                    all.add(Math.round((temperature + i * step) * 1e6) / 1e6);
                }
            }
            return all;
        }

        private static String seconds(long milliseconds) {
            return String.format(Locale.ROOT, "%d.%03d", milliseconds / 1000, milliseconds % 1000);
        }
    }

    public static List<Option<Draft, ?>> all() {
        return List.of(
                Option.<Draft, String>of(
                                "file",
                                new OptionType.Upload(),
                                "Audio or video of any kind, not WAV alone.",
                                (draft, name) -> {})
                        .mandatory(),
                Option.<Draft, Format>of(
                                "response_format",
                                choice(Format.class),
                                "How the transcript is written.",
                                (draft, format) -> draft.format = format)
                        .fallback(Format.JSON),
                Option.<Draft, Double>of(
                                "temperature",
                                number(0, WhisperLimits.HIGHEST_TEMPERATURE),
                                "The first temperature.",
                                (draft, value) -> draft.temperature = value)
                        .fallback(0.0),
                Option.<Draft, Double>of(
                                "temperature_inc",
                                new OptionType.Decimal(0, HOTTEST),
                                "Added to the temperature, up to 1, when a window failed; 0: it is"
                                        + " not tried again.",
                                (draft, value) -> draft.step = stepOf(value))
                        .fallback(0.2),
                passed("language", "language", text(), "Spoken language; `auto` detects it.")
                        .otherwise("detected"),
                Option.<Draft, Boolean>of(
                                "detect_language",
                                flag(),
                                "Detects the language, whatever `language` says.",
                                (draft, value) -> {
                                    if (value) {
                                        draft.job.set("language", "auto");
                                    }
                                })
                        .fallback(false),
                Option.<Draft, Boolean>of(
                                "translate",
                                flag(),
                                "Translates into English.",
                                (draft, value) ->
                                        draft.job.set("task", value ? "translate" : "transcribe"))
                        .fallback(false),
                passed("prompt", "prompt", text(), "Text that the audio continues."),
                Option.of(
                        "beam_size",
                        whole(-1, WhisperLimits.MOST_ROWS),
                        "Candidates of beam search; below 1 the usual number.",
                        InferenceOptions::beams),
                Option.of(
                        "best_of",
                        whole(-1, WhisperLimits.MOST_ROWS),
                        "Samples at temperatures above 0; below 1 the usual number.",
                        InferenceOptions::samples),
                Option.<Draft, Integer>of(
                                "offset_t",
                                whole(0, MOST_MS),
                                "Milliseconds of the audio that are left out at its start.",
                                (draft, value) -> draft.offsetMs = value)
                        .fallback(0),
                Option.<Draft, Integer>of(
                                "duration",
                                whole(0, MOST_MS),
                                "Milliseconds of the audio that are transcribed; 0: all.",
                                (draft, value) -> draft.durationMs = value)
                        .fallback(0),
                Option.<Draft, Integer>of(
                                "max_len",
                                whole(0),
                                "Most characters of a cue of `srt` and `vtt`, which is cut between"
                                        + " words; 0: cues are segments.",
                                InferenceOptions::width)
                        .fallback(0),
                passed(
                                "audio_ctx",
                                "audio_ctx",
                                whole(0, WhisperLimits.MOST_AUDIO_POSITIONS),
                                "How much of a window is computed, in audio positions; 0: all.")
                        .otherwise("`WHISPER__AUDIO_CTX`"),
                passed(
                                "logprob_thold",
                                "log_prob_threshold",
                                number(),
                                "With a lower mean log-probability a temperature has failed.")
                        .otherwise("-1"),
                passed(
                                "no_speech_thold",
                                "no_speech_threshold",
                                number(),
                                "A failed window with a higher probability of silence is silence.")
                        .otherwise("0.6"),
                Option.<Draft, Boolean>of(
                                "no_timestamps",
                                flag(),
                                "Text only, without times within a window.",
                                (draft, value) -> draft.timed = !value)
                        .fallback(false),
                passed(
                                "vad",
                                "vad_filter",
                                flag(),
                                "Only what a voice activity detector takes for speech is"
                                        + " transcribed.")
                        .fallback(true),
                passed(
                        "diarize",
                        "diarize",
                        flag(),
                        "Tells speakers by their voices, which needs a diarization and an embedding"
                                + " model."),
                Option.<Draft, String>of(
                                "model",
                                text(),
                                "Id or alias of the model, which whisper.cpp does not have.",
                                (draft, value) -> draft.model = value)
                        .otherwise("the loaded one"));
    }

    /** Smaller steps would be a temperature for each of a thousand. */
    private static double stepOf(double given) {
        return given == 0 ? 0 : Math.max(given, 0.05);
    }

    private static void beams(Draft draft, int value) {
        if (value > 0) {
            draft.job.set("beam_size", value);
        }
    }

    private static void samples(Draft draft, int value) {
        if (value > 0) {
            draft.job.set("best_of", value);
        }
    }

    private static void width(Draft draft, int value) {
        if (value > 0) {
            draft.job.set("max_line_width", value);
            draft.job.set("max_line_count", 1);
        }
    }

    private static <V> Option<Draft, V> passed(
            String name, String ours, OptionType<V> type, String sentence) {
        return Option.of(name, type, sentence, (draft, value) -> draft.job.set(ours, value));
    }
}
