package dev.parlo.server.vad;

import static dev.parlo.server.options.OptionType.choice;
import static dev.parlo.server.options.OptionType.number;
import static dev.parlo.server.options.OptionType.whole;

import dev.parlo.engine.vad.VadOptions;
import dev.parlo.server.options.Option;
import dev.parlo.server.options.Structure;
import java.util.List;

/** OpenAI's {@code chunking_strategy}, with its defaults. */
public final class ChunkingStrategy {
    private static final int LONGEST_PADDING_MS = 30_000;

    private ChunkingStrategy() {}

    /** {@code auto}, which leaves it to the server, or an object. */
    public static Structure<VadParameters> object() {
        return new Structure<>(
                List.of(
                        Option.<VadParameters, String>of(
                                        "type",
                                        choice(List.of("server_vad")),
                                        "What finds the speech.",
                                        (draft, value) -> {})
                                .mandatory(),
                        Option.<VadParameters, Double>of(
                                        "threshold",
                                        number(0, 1),
                                        "From this probability on it is speech.",
                                        (draft, value) -> draft.threshold = value)
                                .fallback(0.5),
                        Option.<VadParameters, Integer>of(
                                        "prefix_padding_ms",
                                        whole(0, LONGEST_PADDING_MS),
                                        "Audio that is kept around speech.",
                                        (draft, value) -> draft.speechPadMs = value)
                                .fallback(300),
                        Option.<VadParameters, Integer>of(
                                        "silence_duration_ms",
                                        whole(0, VadOptions.LONGEST_MS),
                                        "A pause as long as this ends a stretch of speech.",
                                        (draft, value) -> draft.minSilenceDurationMs = value)
                                .fallback(200)),
                VadParameters::new,
                List.of("auto"),
                (draft, word) -> {});
    }
}
