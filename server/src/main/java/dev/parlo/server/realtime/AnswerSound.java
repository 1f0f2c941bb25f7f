package dev.parlo.server.realtime;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.SpokenWord;
import dev.parlo.server.speech.SpokenPiece;
import dev.parlo.server.speech.SpokenReply;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/** Sends the sound of an answer in short pieces, and remembers which words are where in it. */
final class AnswerSound implements SpokenReply.Sink {
    /** A voice that interrupts is heard within one. */
    private static final int PIECE_MS = 200;

    /** Of longer answers the end is not kept. */
    private static final int MOST_KEPT = 3 << 20;

    private final WireFormat format;
    private final Emitter emitter;
    private final Supplier<ObjectNode> event;
    private final Cancellation cancellation;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final List<Item.Spoken> words = new ArrayList<>();
    private long sent;

    /** What is spoken, where its sound begins, and how much of it is among the words. */
    private String text = "";

    private double start;
    private int told;

    /**
     * @param event that carries a piece, to be filled with it
     */
    AnswerSound(
            WireFormat format,
            Emitter emitter,
            Supplier<ObjectNode> event,
            Cancellation cancellation) {
        this.format = format;
        this.emitter = emitter;
        this.event = event;
        this.cancellation = cancellation;
    }

    @Override
    public synchronized void sentence(String next) {
        endText();
        text = next;
        start = format.milliseconds(sent);
        told = 0;
    }

    /** Marks behind the last word; all of a text whose words have no times. */
    private void endText() {
        if (told < text.length()) {
            double last = told == 0 || words.isEmpty() ? start : words.getLast().start();
            words.add(new Item.Spoken(text.substring(told), last));
        }
        told = text.length();
    }

    private synchronized void note(SpokenPiece piece) {
        for (SpokenWord word : piece.words()) {
            int at = word.text().isEmpty() ? -1 : text.indexOf(word.text(), told);
            if (at >= 0) {
                int end = at + word.text().length();
                words.add(new Item.Spoken(text.substring(told, end), start + 1000 * word.start()));
                told = end;
            }
        }
    }

    @Override
    public void piece(SpokenPiece piece) {
        note(piece);
        byte[] audio = piece.audio();
        int most = format.bytes(PIECE_MS);
        for (int from = 0; from < audio.length; from += most) {
            byte[] part = Arrays.copyOfRange(audio, from, Math.min(audio.length, from + most));
            ObjectNode delta = event.get();
            delta.put("delta", Base64.getEncoder().encodeToString(part));
            emitter.stream(delta, cancellation);
            keep(part);
        }
    }

    private synchronized void keep(byte[] part) {
        sent += part.length;
        if (kept.size() + part.length <= MOST_KEPT) {
            kept.writeBytes(part);
        }
    }

    /**
     * All of it.
     *
     * @param whole false where the speech was ended: of its last text not every word was said
     */
    synchronized Item.Sound sound(boolean whole) {
        if (whole || told == 0) {
            endText();
        }
        return new Item.Sound(format, kept.toByteArray(), words);
    }

    /** How long it sounds. */
    synchronized double milliseconds() {
        return format.milliseconds(sent);
    }
}
