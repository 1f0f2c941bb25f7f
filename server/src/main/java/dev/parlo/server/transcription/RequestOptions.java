package dev.parlo.server.transcription;

import static dev.parlo.server.options.OptionType.choice;
import static dev.parlo.server.options.OptionType.flag;
import static dev.parlo.server.options.OptionType.text;
import static dev.parlo.server.options.OptionType.texts;
import static dev.parlo.server.transcription.TranscriptionOptions.option;

import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.server.options.Option;
import dev.parlo.server.options.OptionType;
import java.util.List;

/** What is asked for and how it is answered. */
final class RequestOptions {
    private RequestOptions() {}

    static List<Option<TranscriptionDraft, ?>> all() {
        return List.of(
                option(
                                "file",
                                new OptionType.Upload(),
                                "Audio or video in any container and codec that FFmpeg reads, with"
                                        + " or without a file name. Content type `audio/pcm`:"
                                        + " bare 16-bit little-endian samples, mono at 16 kHz"
                                        + " unless it says `;rate=24000;channels=2`; others without"
                                        + " a header: [audio](audio.md#in).",
                                (draft, name) -> {})
                        .mandatory()
                        .inRequests(),
                option(
                                "file_url",
                                text(),
                                "Web address of the recording, instead of `file`, where the server"
                                        + " has `FILE_URLS`: http or https, of a host with public"
                                        + " addresses.",
                                (draft, address) -> {})
                        .inRequests(),
                option("model", text(), "Id or alias of the model.", (d, id) -> d.model = id)
                        .mandatory()
                        .inRequests(),
                option(
                                "response_format",
                                choice(ResponseFormat.class),
                                "How the transcript is written.",
                                (draft, format) -> draft.format = format)
                        .fallback(ResponseFormat.JSON),
                option(
                                "stream",
                                flag(),
                                "Events instead of one body, one for each segment as soon as it is"
                                        + " known; the format is then OpenAI's events.",
                                (draft, value) -> draft.stream = value)
                        .fallback(false)
                        .inRequests(),
                option(
                                "timestamp_granularities",
                                texts("segment", "word"),
                                "What `verbose_json` gives times of; `word` adds `words` to it.",
                                (draft, values) -> draft.granularities = values)
                        .otherwise("segment")
                        .inRequests(),
                option(
                        "include",
                        texts("logprobs"),
                        "`logprobs` adds the log-probability of every token to `json` and to the"
                                + " events.",
                        (draft, values) -> draft.include = values),
                option(
                                "keep_alive",
                                OptionType.parsed(KeepAlive::parse, "TIME"),
                                "How long the model stays loaded afterwards, for this and later"
                                        + " requests: seconds, a duration such as `5m`, 0 for not"
                                        + " at all, -1 for ever.",
                                (draft, value) -> draft.keepAlive = value)
                        .otherwise("as set")
                        .inRequests());
    }
}
