package dev.parlo.server.transcription;

import static dev.parlo.server.options.OptionType.flag;
import static dev.parlo.server.options.OptionType.whole;
import static dev.parlo.server.transcription.TranscriptionOptions.option;

import dev.parlo.server.options.Option;
import java.util.List;

/** How subtitles are cut by words. */
final class SubtitleOptions {
    private SubtitleOptions() {}

    static List<Option<TranscriptionDraft, ?>> all() {
        return List.of(
                option(
                        "max_line_width",
                        whole(1),
                        "Most characters of a line of subtitles.",
                        (draft, value) -> draft.maxLineWidth = value),
                option(
                        "max_line_count",
                        whole(1),
                        "Most lines of a cue of subtitles.",
                        (draft, value) -> draft.maxLineCount = value),
                option(
                        "max_words_per_line",
                        whole(1),
                        "Most words of a line of subtitles.",
                        (draft, value) -> draft.maxWordsPerLine = value),
                option(
                        "highlight_words",
                        flag(),
                        "Underline each word of the subtitles while it is spoken.",
                        false,
                        (draft, value) -> draft.highlightWords = value));
    }
}
