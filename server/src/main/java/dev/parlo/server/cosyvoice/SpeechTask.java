package dev.parlo.server.cosyvoice;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.SpokenWord;
import dev.parlo.engine.text.Script;
import dev.parlo.server.socket.SocketPeer;
import dev.parlo.server.speech.SentenceBuffer;
import dev.parlo.server.speech.SpeechOrder;
import dev.parlo.server.speech.SpeechStream;
import dev.parlo.server.speech.SsmlBuffer;
import java.util.ArrayList;
import java.util.List;

/** One task: texts in, events and audio out. Used by one thread. */
final class SpeechTask implements AutoCloseable {
    private final SocketPeer peer;
    private final TaskEvents events;
    private final SpeechStream speech;
    private final SpeechOrder order;
    private final Cancellation cancellation;
    private final SentenceBuffer plain = new SentenceBuffer();

    /** In place of the other one where the text is SSML. */
    private final SsmlBuffer marked = new SsmlBuffer();

    private int sentences;
    private long characters;

    SpeechTask(
            SocketPeer peer,
            TaskEvents events,
            SpeechStream speech,
            SpeechOrder order,
            Cancellation cancellation) {
        this.peer = peer;
        this.events = events;
        this.speech = speech;
        this.order = order;
        this.cancellation = cancellation;
    }

    /** Takes text, and speaks its whole sentences. */
    void add(String text) {
        if (order.ssml()) {
            marked.add(text);
            marked.ready().forEach(this::say);
        } else {
            plain.add(text);
            say(plain.sentences());
        }
    }

    /** Speaks everything that waits. */
    void flush() {
        marked.all().forEach(this::say);
        say(plain.all());
    }

    void finish() {
        flush();
        sound(sentences, speech.finish());
        events.finished(characters);
    }

    /** Ends early: what was spoken so far is all there is. */
    void cancelled() {
        events.finished(characters);
    }

    private void say(String given) {
        if (given.isEmpty()) {
            return;
        }
        Script script = speech.script(given);
        if (!script.sounds()) {
            return;
        }
        String text = script.source();
        int index = sentences++;
        double origin = speech.seconds();
        List<SpokenWord> words = new ArrayList<>();
        events.sentenceBegin(index, text, cancellation);
        speech.speak(
                script,
                piece -> {
                    sound(index, piece.audio());
                    words.addAll(piece.words());
                });
        characters += text.codePointCount(0, text.length());
        events.sentenceEnd(
                index,
                text,
                order.wordTimes() ? words : List.of(),
                origin,
                characters,
                cancellation);
    }

    private void sound(int index, byte[] audio) {
        if (audio.length > 0) {
            events.sound(index, cancellation);
            peer.stream(audio, cancellation);
        }
    }

    @Override
    public void close() {
        peer.note(speech.modelId(), speech.seconds());
        speech.close();
    }
}
