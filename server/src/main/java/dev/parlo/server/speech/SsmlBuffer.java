package dev.parlo.server.speech;

import dev.parlo.server.http.ApiError;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects SSML that comes in pieces and gives it out as documents: each {@code <speak>} when it
 * has ended, and where there is none, sentence by sentence, with {@code <speak>} put around them. A
 * tag or an element is never cut apart, unless the client says that this was all. Used by one
 * thread.
 */
public final class SsmlBuffer {
    /** Of a document that does not end. */
    private static final int LONGEST = 1 << 18;

    private final StringBuilder text = new StringBuilder();

    /** Where a document or a sentence ends. */
    private final List<Integer> ends = new ArrayList<>();

    private int scanned;
    private int depth;

    /** Where the tag began that is open, or -1. */
    private int tag = -1;

    /** What closes the attribute value that is open, or a zero. */
    private char quote;

    /**
     * @throws ApiError 413 when too much waits for its end
     */
    public void add(String piece) {
        text.append(text.isEmpty() ? piece.stripLeading() : piece);
        for (; scanned < text.length(); scanned++) {
            scan(text.charAt(scanned));
        }
        if (text.length() - last() > LONGEST) {
            throw ApiError.of(413, "More than " + LONGEST + " characters of SSML without an end.");
        }
    }

    private int last() {
        return ends.isEmpty() ? 0 : ends.getLast();
    }

    private void scan(char c) {
        if (tag >= 0) {
            inTag(c);
        } else if (c == '<') {
            tag = scanned;
        } else if (depth == 0 && sentenceEnds(c)) {
            ends.add(scanned + 1);
        }
    }

    private void inTag(char c) {
        if (quote != 0) {
            quote = c == quote ? 0 : quote;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            char first = text.charAt(tag + 1);
            if (first == '/') {
                depth = Math.max(0, depth - 1);
                if (depth == 0 && text.substring(tag, scanned).strip().equals("</speak")) {
                    ends.add(scanned + 1);
                }
            } else if (first != '!' && first != '?' && text.charAt(scanned - 1) != '/') {
                depth++;
            }
            tag = -1;
        }
    }

    /** At a wide mark, or at the space after a mark, which alone may be the point of a number. */
    private boolean sentenceEnds(char c) {
        if (!Character.isWhitespace(c)) {
            return SentenceBuffer.WIDE_MARKS.indexOf(c) >= 0;
        }
        boolean marked = scanned > 0 && SentenceBuffer.MARKS.indexOf(text.charAt(scanned - 1)) >= 0;
        return marked || c == '\n' || scanned - last() >= SentenceBuffer.LONGEST;
    }

    /** What has ended. */
    public List<String> ready() {
        List<String> documents = new ArrayList<>();
        int from = 0;
        for (int end : ends) {
            document(text.substring(from, end), documents);
            from = end;
        }
        ends.clear();
        text.delete(0, from);
        scanned -= from;
        tag = tag < 0 ? tag : tag - from;
        return documents;
    }

    /** Everything, where no tag and no element is open; else what has ended. */
    public List<String> whole() {
        return depth == 0 && tag < 0 ? all() : ready();
    }

    /** Everything. */
    public List<String> all() {
        List<String> documents = ready();
        document(text.toString(), documents);
        text.setLength(0);
        scanned = 0;
        depth = 0;
        tag = -1;
        quote = 0;
        return documents;
    }

    private static void document(String piece, List<String> documents) {
        String stripped = piece.strip();
        if (!stripped.isEmpty()) {
            boolean complete = stripped.startsWith("<speak") || stripped.startsWith("<?xml");
            documents.add(complete ? stripped : "<speak>" + stripped + "</speak>");
        }
    }
}
