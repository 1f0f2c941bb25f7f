package dev.parlo.server.elevenlabs;

import dev.parlo.engine.SpokenText;
import java.util.ArrayList;
import java.util.List;

/**
 * When each character of what is said is heard, where numbers and the like are written out: the
 * time of a word is shared evenly by its characters, and the space between two words has the time
 * between them. For one text; used by one thread.
 */
final class SaidTimes {
    private double time;
    private int last = -1;

    /**
     * The characters of one piece of the speech.
     *
     * @param said in it, timed from the start of the text's speech
     */
    List<CharacterTimes.Timed> take(List<SpokenText> said) {
        List<CharacterTimes.Timed> timed = new ArrayList<>();
        for (SpokenText word : said) {
            double start = Math.max(time, word.start());
            double end = Math.max(start, word.end());
            if (last >= 0 && !(joined(last) && joined(word.text().codePointAt(0)))) {
                timed.add(new CharacterTimes.Timed(" ", time, start));
            }
            int count = word.text().codePointCount(0, word.text().length());
            double each = (end - start) / count;
            for (int i = 0, at = 0; i < count; i++) {
                int width = Character.charCount(word.text().codePointAt(at));
                timed.add(
                        new CharacterTimes.Timed(
                                word.text().substring(at, at + width),
                                start + i * each,
                                start + (i + 1) * each));
                at += width;
            }
            time = end;
            last = word.text().codePointBefore(word.text().length());
        }
        return timed;
    }

    /** Scripts that put no space between words. */
    private static boolean joined(int c) {
        return Character.isIdeographic(c) || c >= 0x3000 && c <= 0x30FF;
    }
}
