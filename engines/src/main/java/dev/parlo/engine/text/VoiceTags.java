package dev.parlo.engine.text;

import dev.parlo.engine.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads dialogues: {@code [voice:af_sky]} changes the speaker, {@code [rate:1.2]} the speed, until
 * the next such tag; a new speaker starts at the normal rate.
 */
final class VoiceTags {
    private static final Pattern TAG =
            Pattern.compile("\\[(voice|rate):([^\\[\\]\\n]{0,200})\\]", Pattern.CASE_INSENSITIVE);
    private static final Pattern RATE = Pattern.compile("\\d{1,3}(?:\\.\\d{1,6})?");

    private VoiceTags() {}

    static Script read(String text) {
        List<Step> steps = new ArrayList<>();
        Manner manner = Manner.NORMAL;
        Matcher tags = TAG.matcher(text);
        StringBuilder source = new StringBuilder(text);
        int from = 0;
        while (tags.find()) {
            add(steps, manner, from, tags.start());
            String value = tags.group(2).strip();
            if (tags.group(1).toLowerCase(Locale.ROOT).equals("voice")) {
                if (value.isEmpty()) {
                    throw wrong(text, tags.start(), tags.group(), "names no voice");
                }
                manner = new Manner(value, 1, 1);
            } else {
                if (!RATE.matcher(value).matches() || Double.parseDouble(value) == 0) {
                    throw wrong(
                            text,
                            tags.start(),
                            tags.group(),
                            "must hold a number above 0, such as [rate:1.2]");
                }
                manner = new Manner(manner.voice(), Double.parseDouble(value), 1);
            }
            from = tags.end();
            // words end at tags, and no tag is part of one
            source.replace(tags.start(), from, " ".repeat(from - tags.start()));
        }
        add(steps, manner, from, text.length());
        return new Script(source.toString(), steps);
    }

    private static void add(List<Step> steps, Manner manner, int from, int to) {
        if (from < to) {
            steps.add(new Step.Passage(manner, from, to, List.of(), true, true));
        }
    }

    private static EngineException wrong(String text, int at, String tag, String problem) {
        int line = 1;
        int start = 0;
        for (int i = text.indexOf('\n'); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) {
            line++;
            start = i + 1;
        }
        return new EngineException(
                EngineException.Category.BAD_REQUEST,
                "Line " + line + ", column " + (at - start + 1) + ": " + tag + " " + problem + ".");
    }
}
