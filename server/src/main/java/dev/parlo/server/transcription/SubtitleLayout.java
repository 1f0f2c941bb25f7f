package dev.parlo.server.transcription;

import org.jspecify.annotations.Nullable;

/**
 * How subtitles are cut by words, with openai-whisper's names. All unset: one cue a segment.
 *
 * @param maxLineWidth characters of a line
 * @param maxLineCount lines of a cue; cues follow segments while this or the width is unset
 * @param maxWordsPerLine words of a line
 * @param highlightWords one cue a word, in which that word is underlined
 */
record SubtitleLayout(
        @Nullable Integer maxLineWidth,
        @Nullable Integer maxLineCount,
        @Nullable Integer maxWordsPerLine,
        boolean highlightWords) {

    public static final SubtitleLayout BY_SEGMENT = new SubtitleLayout(null, null, null, false);

    /** Whether it can only be done where the times of words are known. */
    public boolean needsWords() {
        return maxLineWidth != null
                || maxLineCount != null
                || maxWordsPerLine != null
                || highlightWords;
    }
}
