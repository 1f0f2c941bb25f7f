package dev.parlo.engine.text;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Takes out what is meant for the eye: emoji, Markdown and what is left of HTML. Words keep their
 * underscores ({@code snake_case}), sums their asterisks ({@code 2 * 3}). Linear in the length of a
 * block.
 */
final class MarkupCleaner {
    private static final Pattern LINE_MARK =
            Pattern.compile(
                    "(?m)^[ \\t]{0,8}(?:#{1,6}[ \\t](?!of\\b)|(?:>(?![\\d$€£<=])[ \\t]?){1,8}|[-*+•][ \\t])");
    private static final Pattern FENCE_OR_RULE =
            Pattern.compile(
                    "(?m)^[ \\t]{0,8}(?:```[^\\n]{0,80}|~~~[^\\n]{0,80}|(?:[-*_][ \\t]?){3,40})[ \\t]*$");
    private static final Pattern LINK =
            Pattern.compile(
                    "!?\\[([^\\[\\]\\n]{0,300})\\]\\((?!/)[^()\\s]{0,500}(?: \"[^\"\\n]{0,100}\")?\\)");
    private static final Pattern TABLE_RULE =
            Pattern.compile("(?m)^[ \\t]{0,8}\\|?[ \\t]{0,8}:?-{2,}[-:| \\t]{0,200}$");

    /** The mark before, between and behind the cells of a row; its ends are groups. */
    private static final Pattern TABLE_ROW =
            Pattern.compile("(?m)^([ \\t]{0,8}\\|)[ \\t]{0,8}|[ \\t]{0,8}\\|([ \\t]{0,8}$)?");

    private static final Pattern CODE = Pattern.compile("`+|~~");

    private MarkupCleaner() {}

    static MappedText clean(MappedText block) {
        MappedText text = dropEmoji(HtmlCleaner.clean(block));
        String s = text.text();
        if (s.indexOf('#') >= 0
                || s.indexOf('>') >= 0
                || s.indexOf('-') >= 0
                || s.indexOf('*') >= 0
                || s.indexOf('+') >= 0
                || s.indexOf('`') >= 0
                || s.indexOf('~') >= 0
                || s.indexOf('•') >= 0
                || s.indexOf('_') >= 0) {
            text = text.replace(FENCE_OR_RULE, match -> "");
            text = text.replace(LINE_MARK, match -> "");
            text = text.replace(CODE, match -> "");
        }
        if (s.stripLeading().startsWith("|")) {
            text = text.replace(TABLE_RULE, match -> "");
            text = text.replace(TABLE_ROW, MarkupCleaner::cells);
        }
        if (s.indexOf("](") >= 0) {
            text = text.replace(LINK, match -> match.group(1));
        }
        return dropEmphasis(text);
    }

    /** Each cell of a table is a sentence. */
    private static String cells(MatchResult mark) {
        return mark.group(1) != null ? "" : mark.group(2) != null ? "." : ". ";
    }

    private static MappedText dropEmoji(MappedText block) {
        String s = block.text();
        MappedText.Builder kept = null;
        int from = 0;
        for (int i = 0; i < s.length(); ) {
            int codePoint = s.codePointAt(i);
            int next = i + Character.charCount(codePoint);
            if (emoji(codePoint)) {
                if (kept == null) {
                    kept = new MappedText.Builder(block);
                }
                kept.append(from, i);
                from = next;
            }
            i = next;
        }
        return kept == null ? block : kept.append(from, s.length()).build();
    }

    private static boolean emoji(int c) {
        return c >= 0x1F300 && c <= 0x1FAFF
                || c >= 0x1F1E6 && c <= 0x1F1FF
                || c >= 0x2600 && c <= 0x27BF
                || c >= 0xE0020 && c <= 0xE007F
                || c == 0xFE0F
                || c == 0x20E3
                || c == 0x2B50
                || c == 0x2B55
                || c == 0x231A
                || c == 0x231B
                || c == 0x200D;
    }

    /** Drops runs of {@code *} and {@code _} that open and close emphasis, in pairs. */
    private static MappedText dropEmphasis(MappedText text) {
        String s = text.text();
        if (s.indexOf('*') < 0 && s.indexOf('_') < 0) {
            return text;
        }
        BitSet dropped = new BitSet(s.length());
        Deque<int[]> open = new ArrayDeque<>();
        Deque<int[]> openUnderscores = new ArrayDeque<>();
        for (int i = 0; i < s.length(); ) {
            char mark = s.charAt(i);
            if (mark != '*' && mark != '_') {
                i++;
                continue;
            }
            int end = i;
            while (end < s.length() && s.charAt(end) == mark) {
                end++;
            }
            boolean opens =
                    end < s.length() && !Character.isWhitespace(s.charAt(end)) && !wordBefore(s, i);
            boolean closes =
                    i > 0 && !Character.isWhitespace(s.charAt(i - 1)) && !wordAfter(s, end);
            Deque<int[]> stack = mark == '*' ? open : openUnderscores;
            int from = i;
            if (closes) {
                while (from < end && !stack.isEmpty()) {
                    int[] opener = stack.pop();
                    int length = Math.min(opener[1] - opener[0], end - from);
                    dropped.set(opener[1] - length, opener[1]);
                    dropped.set(from, from + length);
                    from += length;
                    if (opener[1] - length > opener[0]) {
                        stack.push(new int[] {opener[0], opener[1] - length});
                    }
                }
            }
            if (opens && from < end) {
                stack.push(new int[] {from, end});
            }
            i = end;
        }
        if (dropped.isEmpty()) {
            return text;
        }
        MappedText.Builder kept = new MappedText.Builder(text);
        int from = 0;
        for (int i = dropped.nextSetBit(0); i >= 0; i = dropped.nextSetBit(i + 1)) {
            kept.append(from, i);
            from = i + 1;
        }
        return kept.append(from, s.length()).build();
    }

    private static boolean wordBefore(String s, int i) {
        return i > 0 && Character.isLetterOrDigit(s.charAt(i - 1));
    }

    private static boolean wordAfter(String s, int i) {
        return i < s.length() && Character.isLetterOrDigit(s.charAt(i));
    }
}
