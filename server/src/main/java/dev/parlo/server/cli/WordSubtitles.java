package dev.parlo.server.cli;

import dev.parlo.engine.SpokenWord;
import dev.parlo.server.transcription.Cue;
import dev.parlo.server.transcription.Subtitles;
import java.util.List;

/** Subtitles in SubRip's format, a word each. */
final class WordSubtitles {
    private WordSubtitles() {}

    static String srt(List<SpokenWord> words) {
        List<Cue> cues =
                words.stream().map(word -> new Cue(word.start(), word.end(), word.text())).toList();
        return Subtitles.srt(cues, Double.POSITIVE_INFINITY);
    }
}
