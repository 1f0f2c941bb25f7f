package dev.parlo.server.vad;

import static dev.parlo.server.options.OptionType.number;
import static dev.parlo.server.options.OptionType.parsed;
import static dev.parlo.server.options.OptionType.whole;

import dev.parlo.engine.vad.VadOptions;
import dev.parlo.server.http.LaxValues;
import dev.parlo.server.options.Option;
import dev.parlo.server.options.OptionType;
import dev.parlo.server.options.Structure;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** faster-whisper's {@code VadOptions} by their own names. */
public final class VadParameterOptions {
    /** More around each stretch would be silence again. */
    private static final int LONGEST_PAD_MS = 30_000;

    private static final Set<String> INFINITE = Set.of("inf", "+inf", "infinity", "+infinity");

    private VadParameterOptions() {}

    /** As an object within another option. */
    public static Structure<VadParameters> object() {
        return OptionType.object(
                VadParameters::new,
                all("0.5", "2000, batched 160", "400", "inf, batched 30", LONGEST_PAD_MS));
    }

    /** As fields whose defaults are those of the timestamps route. */
    static List<Option<VadParameters, ?>> fields() {
        VadOptions usual = VadOptions.TIMESTAMPS;
        return all(
                String.valueOf(usual.threshold()),
                String.valueOf(usual.minSilenceDurationMs()),
                String.valueOf(usual.speechPadMs()),
                "inf",
                VadOptions.LONGEST_MS);
    }

    private static List<Option<VadParameters, ?>> all(
            String threshold, String minSilence, String pad, String maxSpeech, int longestPad) {
        return List.of(
                Option.<VadParameters, Double>of(
                                "threshold",
                                number(0, 1),
                                "From this probability on a window of 32 ms is speech.",
                                (draft, value) -> draft.threshold = value)
                        .otherwise(threshold),
                Option.<VadParameters, Double>of(
                                "neg_threshold",
                                number(0, 1),
                                "Below this probability speech ends.",
                                (draft, value) -> draft.negThreshold = value)
                        .otherwise("threshold - 0.15, at least 0.01"),
                Option.<VadParameters, Integer>of(
                                "min_speech_duration_ms",
                                whole(0, VadOptions.LONGEST_MS),
                                "Shorter stretches of speech are left out.",
                                (draft, value) -> draft.minSpeechDurationMs = value)
                        .otherwise("0"),
                Option.<VadParameters, Double>of(
                                "max_speech_duration_s",
                                parsed(VadParameterOptions::seconds, "SECONDS"),
                                "Longer stretches are cut, if possible at a pause; at least 0, or"
                                        + " `inf`.",
                                (draft, value) -> draft.maxSpeechDurationS = value)
                        .otherwise(maxSpeech),
                Option.<VadParameters, Integer>of(
                                "min_silence_duration_ms",
                                whole(0, VadOptions.LONGEST_MS),
                                "Shorter pauses do not end a stretch.",
                                (draft, value) -> draft.minSilenceDurationMs = value)
                        .otherwise(minSilence),
                Option.<VadParameters, Integer>of(
                                "speech_pad_ms",
                                whole(0, longestPad),
                                "Added at both ends of a stretch, as far as the pause allows.",
                                (draft, value) -> draft.speechPadMs = value)
                        .otherwise(pad));
    }

    /** As Python reads a number, which may be infinite. */
    private static Double seconds(String text) {
        if (INFINITE.contains(text.strip().toLowerCase(Locale.ROOT))) {
            return Double.POSITIVE_INFINITY;
        }
        Double value = LaxValues.number(text);
        if (value == null || value < 0) {
            throw new IllegalArgumentException("input should be a number of at least 0, or inf");
        }
        return value;
    }
}
