package dev.parlo.engine.text;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Chinese characters and kana in a text of another language, with the numbers that touch them:
 * {@code 2024年3月5日}. These belong to the language of the characters, not to that of the text. Every
 * repetition is bounded.
 */
final class EasternRuns {
    private static final String NUMBER =
            "[¥￥$€£]?[0-9０-９](?:[0-9０-９.,:：/~～〜-]{0,30}[0-9０-９])?+[%％]?+";
    private static final String CHARACTERS =
            "[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}ー〇々]{1,400}+";
    private static final Pattern RUN =
            Pattern.compile(
                    "(?<![\\p{IsLatin}0-9])(?:"
                            + NUMBER
                            + ")?+(?:"
                            + CHARACTERS
                            + "(?:"
                            + NUMBER
                            + ")?+){1,200}+");
    private static final Pattern KANA = Pattern.compile("[\\p{IsHiragana}\\p{IsKatakana}]");

    private EasternRuns() {}

    /** The text with the numbers of such runs written out as the run's language says them. */
    static MappedText written(MappedText text, Normalization wanted) {
        String s = text.text();
        if (!wanted.enabled() || s.chars().noneMatch(c -> c >= 0x3005)) {
            return text;
        }
        Matcher runs = RUN.matcher(s);
        MappedText.Builder builder = new MappedText.Builder(text);
        @Nullable TextNormalizer japanese = null;
        @Nullable TextNormalizer mandarin = null;
        int from = 0;
        while (runs.find()) {
            if (runs.group().chars().noneMatch(Character::isDigit)) {
                continue;
            }
            boolean kana = KANA.matcher(runs.group()).find();
            if (kana && japanese == null) {
                japanese = TextNormalizer.japanese(wanted);
            } else if (!kana && mandarin == null) {
                mandarin = TextNormalizer.mandarin(wanted);
            }
            TextNormalizer normalizer = Objects.requireNonNull(kana ? japanese : mandarin);
            builder.append(from, runs.start())
                    .appendAll(normalizer.normalize(text.sub(runs.start(), runs.end())));
            from = runs.end();
        }
        return from == 0 ? text : builder.append(from, s.length()).build();
    }
}
