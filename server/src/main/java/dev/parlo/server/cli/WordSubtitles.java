package dev.parlo.server.cli;

import dev.parlo.engine.SpokenWord;
import dev.parlo.server.transcription.Subtitles;
import java.util.List;

/** Subtitles in SubRip's format, a word each. */
final class WordSubtitles {
    private WordSubtitles() {}

    static String srt(List<SpokenWord> words) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words.size(); i++) {
            SpokenWord word = words.get(i);
            text.append(i + 1)
                    .append('\n')
                    .append(Subtitles.time(word.start(), ','))
                    .append(" --> ")
                    .append(Subtitles.time(word.end(), ','))
                    .append('\n')
                    .append(word.text())
                    .append("\n\n");
        }
        return text.toString();
    }
}
