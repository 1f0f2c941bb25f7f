package dev.parlo.server.cli;

import dev.parlo.engine.SpokenWord;
import java.util.List;
import java.util.Locale;

/** Subtitles in SubRip's format, a word each. */
final class WordSubtitles {
    private WordSubtitles() {}

    static String srt(List<SpokenWord> words) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words.size(); i++) {
            SpokenWord word = words.get(i);
            text.append(i + 1)
                    .append('\n')
                    .append(time(word.start()))
                    .append(" --> ")
                    .append(time(word.end()))
                    .append('\n')
                    .append(word.text())
                    .append("\n\n");
        }
        return text.toString();
    }

    private static String time(double seconds) {
        long millis = Math.round(seconds * 1000);
        return String.format(
                Locale.ROOT,
                "%02d:%02d:%02d,%03d",
                millis / 3_600_000,
                millis / 60_000 % 60,
                millis / 1000 % 60,
                millis % 1000);
    }
}
