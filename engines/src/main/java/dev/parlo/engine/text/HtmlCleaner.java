package dev.parlo.engine.text;

import java.text.Normalizer;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes out what is left of HTML in a text that was copied or made by a program: known tags, of
 * which those of blocks end a sentence, and references to characters ({@code &amp;}). What only
 * looks like a tag ({@code a < b}, {@code List<Name>}) stays. Linear in the length of a block.
 */
final class HtmlCleaner {
    private static final int LONGEST_TAG = 400;
    private static final String BLOCKS =
            "p|div|br|hr|li|ul|ol|dl|dt|dd|h[1-6]|table|thead|tbody|tr|blockquote|section|article"
                    + "|header|footer|main|nav|aside|figure|figcaption|form|title";
    private static final String INLINE =
            "span|strong|em|code|pre|font|small|big|sub|sup|del|ins|mark|img|td|th|kbd|samp|var|cite"
                    + "|abbr|label|button|input|center|html|head|body|meta|link|wbr|tt|strike|a|b|i|u|s|q";

    /** Single letters and all other names in small letters only, as HTML is written now. */
    private static final Pattern TAG =
            Pattern.compile(
                    "</?(?:("
                            + BLOCKS
                            + ")|(?:"
                            + INLINE
                            + "))(?:\\s{1,4}[\\w:-]{1,40}=(?:\"[^\"<>]{0,300}\"|'[^'<>]{0,300}'|[^\\s<>\"']{1,100})){0,8}\\s?/?>"
                            + "|<!--[^<>]{0,300}-->");

    private static final Pattern REFERENCE =
            Pattern.compile(
                    "&(?:#(\\d{1,7})|#[xX](\\p{XDigit}{1,6})|(\\p{Alpha}[\\p{Alnum}]{1,7}));");

    private static final Map<String, String> NAMES =
            Map.ofEntries(
                    Map.entry("amp", "&"),
                    Map.entry("lt", "<"),
                    Map.entry("gt", ">"),
                    Map.entry("quot", "\""),
                    Map.entry("apos", "'"),
                    Map.entry("nbsp", " "),
                    Map.entry("ensp", " "),
                    Map.entry("emsp", " "),
                    Map.entry("thinsp", " "),
                    Map.entry("shy", ""),
                    Map.entry("ndash", "–"),
                    Map.entry("mdash", "—"),
                    Map.entry("hellip", "…"),
                    Map.entry("lsquo", "‘"),
                    Map.entry("rsquo", "’"),
                    Map.entry("ldquo", "“"),
                    Map.entry("rdquo", "”"),
                    Map.entry("laquo", "«"),
                    Map.entry("raquo", "»"),
                    Map.entry("bull", "•"),
                    Map.entry("middot", "·"),
                    Map.entry("copy", "©"),
                    Map.entry("reg", "®"),
                    Map.entry("trade", "™"),
                    Map.entry("euro", "€"),
                    Map.entry("pound", "£"),
                    Map.entry("yen", "¥"),
                    Map.entry("cent", "¢"),
                    Map.entry("sect", "§"),
                    Map.entry("para", "¶"),
                    Map.entry("deg", "°"),
                    Map.entry("plusmn", "±"),
                    Map.entry("times", "×"),
                    Map.entry("divide", "÷"),
                    Map.entry("minus", "−"),
                    Map.entry("frac12", "½"),
                    Map.entry("frac14", "¼"),
                    Map.entry("frac34", "¾"),
                    Map.entry("sup2", "²"),
                    Map.entry("sup3", "³"),
                    Map.entry("micro", "µ"),
                    Map.entry("ordm", "º"),
                    Map.entry("ordf", "ª"),
                    Map.entry("le", "≤"),
                    Map.entry("ge", "≥"),
                    Map.entry("ne", "≠"),
                    Map.entry("larr", "←"),
                    Map.entry("rarr", "→"),
                    Map.entry("iexcl", "¡"),
                    Map.entry("iquest", "¿"),
                    Map.entry("szlig", "ß"),
                    Map.entry("aelig", "æ"),
                    Map.entry("AElig", "Æ"),
                    Map.entry("oelig", "œ"),
                    Map.entry("OElig", "Œ"),
                    Map.entry("oslash", "ø"),
                    Map.entry("Oslash", "Ø"));

    /** Of {@code eacute} the part behind the letter, as a combining mark. */
    private static final Map<String, String> ACCENTS =
            Map.of(
                    "grave", "\u0300",
                    "acute", "\u0301",
                    "circ", "\u0302",
                    "tilde", "\u0303",
                    "uml", "\u0308",
                    "ring", "\u030A",
                    "caron", "\u030C",
                    "cedil", "\u0327");

    private HtmlCleaner() {}

    static MappedText clean(MappedText block) {
        MappedText text = block;
        if (text.text().indexOf('<') >= 0) {
            String s = text.text();
            text = text.replace(TAG, tag -> instead(s, tag));
        }
        return text.text().indexOf('&') < 0
                ? text
                : text.replace(REFERENCE, HtmlCleaner::character);
    }

    /** A word of a text without tags and with the characters that references stand for. */
    static String plain(String word) {
        String text = word.indexOf('<') < 0 ? word : TAG.matcher(word).replaceAll("");
        return text.indexOf('&') < 0
                ? text
                : REFERENCE
                        .matcher(text)
                        .replaceAll(reference -> {
                            String character = character(reference);
                            return Matcher.quoteReplacement(
                                    character == null ? reference.group() : character);
                        });
    }

    /**
     * The place of the bracket that opens a tag around a place, no further back than one, or -1.
     */
    private static int open(String s, int at) {
        int least = Math.max(0, at - LONGEST_TAG);
        for (int i = at; i >= least; i--) {
            if (s.charAt(i) == '<') {
                return i;
            }
        }
        return -1;
    }

    /** Whether a tag begins at a place in a text. */
    static boolean opens(String s, int at) {
        return s.charAt(at) == '<'
                && TAG.matcher(s).region(at, Math.min(s.length(), at + LONGEST_TAG)).lookingAt();
    }

    /** Whether a tag ends before a place in a text. */
    static boolean closes(String s, int end) {
        if (s.charAt(end - 1) != '>') {
            return false;
        }
        int open = open(s, end - 1);
        return open >= 0 && end - open <= LONGEST_TAG && TAG.matcher(s).region(open, end).matches();
    }

    private static String instead(String s, MatchResult tag) {
        if (tag.group(1) == null) {
            return tag.group().startsWith("</t") ? " " : "";
        }
        if (behindBlock(s, tag.start())) {
            return " ";
        }
        int before = beforeTags(s, tag.start());
        boolean ended = before < 0 || !Character.isLetterOrDigit(s.charAt(before));
        return ended || s.substring(tag.end()).isBlank() ? " " : ". ";
    }

    /** Whether a block's tag stands before a place, which has ended the sentence already. */
    private static boolean behindBlock(String s, int place) {
        int end = place;
        while (end > 0 && end > place - LONGEST_TAG && Character.isWhitespace(s.charAt(end - 1))) {
            end--;
        }
        if (end == 0 || s.charAt(end - 1) != '>') {
            return false;
        }
        int open = open(s, end - 1);
        Matcher tag = open < 0 || end - open > LONGEST_TAG ? null : TAG.matcher(s);
        return tag != null && tag.region(open, end).matches() && tag.group(1) != null;
    }

    /** The last character before a place that is neither white space nor in a tag, or -1. */
    private static int beforeTags(String s, int place) {
        int at = place - 1;
        int least = Math.max(0, place - LONGEST_TAG);
        while (at >= least) {
            if (s.charAt(at) == '>') {
                int open = open(s, at);
                if (open < least) {
                    return at;
                }
                at = open - 1;
            } else if (Character.isWhitespace(s.charAt(at))) {
                at--;
            } else {
                return at;
            }
        }
        return -1;
    }

    private static @Nullable String character(MatchResult reference) {
        String decimal = reference.group(1);
        String hexadecimal = reference.group(2);
        if (decimal != null || hexadecimal != null) {
            int c = decimal != null ? Integer.parseInt(decimal) : Integer.parseInt(hexadecimal, 16);
            boolean shown = Character.isValidCodePoint(c) && !unseen(Character.getType(c));
            return shown ? Character.toString(c) : " ";
        }
        String name = reference.group(3);
        String known = NAMES.get(name);
        if (known != null) {
            return known;
        }
        String accent = ACCENTS.get(name.substring(1));
        return accent == null
                ? null
                : Normalizer.normalize(name.charAt(0) + accent, Normalizer.Form.NFC);
    }

    /** Controls, halves of pairs, and the private characters that stand for pronunciations. */
    private static boolean unseen(int type) {
        return type == Character.CONTROL
                || type == Character.SURROGATE
                || type == Character.PRIVATE_USE
                || type == Character.UNASSIGNED;
    }
}
