package dev.parlo.server.elevenlabs;

import static dev.parlo.server.options.OptionType.choice;
import static dev.parlo.server.options.OptionType.flag;
import static dev.parlo.server.options.OptionType.number;
import static dev.parlo.server.options.OptionType.text;
import static dev.parlo.server.options.OptionType.texts;
import static dev.parlo.server.options.OptionType.whole;

import dev.parlo.server.http.Json;
import dev.parlo.server.options.Option;
import dev.parlo.server.options.OptionType;
import dev.parlo.server.transcription.JobFields;
import dev.parlo.server.transcription.ResponseFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;

/** The fields of ElevenLabs' {@code /v1/speech-to-text} that mean something here. */
public final class SpeechToTextOptions {
    /** Of which ElevenLabs knows at most 32. */
    private static final int MOST_SPEAKERS = 32;

    /** How ElevenLabs' own models begin. */
    static final String THEIRS = "scribe";

    private static final double HOTTEST = 2;
    private static final String SAMPLES = "pcm_s16le_16";

    /** What times are told of. */
    enum Granularity {
        NONE,
        WORD,
        CHARACTER
    }

    private SpeechToTextOptions() {}

    /** What they have set so far. One thread. */
    static final class Draft {
        final JobFields job = new JobFields();
        String model = "";
        Granularity granularity = Granularity.WORD;
        boolean samples;
        boolean channels;
        boolean combined;
        private boolean diarize;
        private int mostSpeakers;

        /** Sets what several fields say together. */
        void together() {
            job.format(ResponseFormat.TEXT);
            job.set("word_timestamps", granularity != Granularity.NONE);
            if (channels) {
                job.set("channels", "split");
            } else if (diarize) {
                job.set("diarize", true);
                if (mostSpeakers > 0) {
                    job.set("max_speakers", mostSpeakers);
                }
            }
        }
    }

    public static List<Option<Draft, ?>> all() {
        return List.of(
                Option.<Draft, String>of(
                                "file",
                                new OptionType.Upload(),
                                "Audio or video of any kind; or its web address as `source_url` or"
                                        + " `cloud_storage_url`, where the server has `FILE_URLS`.",
                                (draft, name) -> {})
                        .mandatory(),
                Option.<Draft, String>of(
                                "model_id",
                                text(),
                                "Id or alias of a model; for `scribe_v1` and the like the loaded"
                                        + " one answers, or the usual one.",
                                (draft, value) -> draft.model = value)
                        .otherwise("the loaded one"),
                passed(
                                "language_code",
                                "language",
                                text(),
                                "Spoken language, in ISO 639-1 or 639-3.")
                        .otherwise("detected"),
                Option.<Draft, Granularity>of(
                                "timestamps_granularity",
                                choice(Granularity.class),
                                "What times are told of. Characters share the time of their word"
                                        + " evenly.",
                                (draft, value) -> draft.granularity = value)
                        .fallback(Granularity.WORD),
                Option.<Draft, Boolean>of(
                                "diarize",
                                flag(),
                                "Tells speakers by their voices, which needs a diarization and an"
                                        + " embedding model.",
                                (draft, value) -> draft.diarize = value)
                        .fallback(false),
                Option.<Draft, Integer>of(
                        "num_speakers",
                        whole(1, MOST_SPEAKERS),
                        "At most so many people speak; means something with `diarize` only.",
                        (draft, value) -> draft.mostSpeakers = value),
                Option.<Draft, Boolean>of(
                                "use_multi_channel",
                                flag(),
                                "Transcribes each of two to eight channels by itself. Not together"
                                        + " with `diarize`.",
                                (draft, value) -> draft.channels = value)
                        .fallback(false),
                Option.<Draft, String>of(
                                "multichannel_output_style",
                                choice(List.of("separate", "combined")),
                                "One transcript a channel, or one of all in the order of speaking.",
                                (draft, value) -> draft.combined = value.equals("combined"))
                        .fallback("separate"),
                Option.<Draft, String>of(
                                "file_format",
                                choice(List.of(SAMPLES, "other")),
                                "`pcm_s16le_16`: the file is bare 16-bit little-endian samples,"
                                        + " mono at 16 kHz.",
                                (draft, value) -> draft.samples = value.equals(SAMPLES))
                        .fallback("other"),
                Option.<Draft, List<String>>of(
                        "keyterms",
                        texts(),
                        "Words to expect; repeatable, or a JSON array.",
                        (draft, values) -> draft.job.set("keywords", words(values))),
                passed(
                                "temperature",
                                "temperature",
                                number(0, HOTTEST),
                                "As that of a transcription.")
                        .otherwise("the ladder"),
                passed("seed", "seed", whole(0), "Seed of the sampling."));
    }

    /** What would be missing from the answer without a word if it were passed over. */
    static List<String> refused() {
        return List.of("webhook", "additional_formats", "entity_detection", "entity_redaction");
    }

    private static List<String> words(List<String> given) {
        List<String> words = new ArrayList<>();
        for (String value : given) {
            if (value.strip().startsWith("[")) {
                try {
                    Stream.of(Json.mapper().readValue(value, String[].class))
                            .filter(Objects::nonNull) // as where a field is null
                            .forEach(words::add);
                    continue;
                } catch (JacksonException noArray) {
                    // a word with a bracket
                }
            }
            words.add(value);
        }
        return words;
    }

    private static <V> Option<Draft, V> passed(
            String name, String ours, OptionType<V> type, String sentence) {
        return Option.of(name, type, sentence, (draft, value) -> draft.job.set(ours, value));
    }
}
