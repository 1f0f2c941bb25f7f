package dev.parlo.server.cosyvoice;

import dev.parlo.engine.SpokenWord;
import dev.parlo.server.socket.SocketPeer;
import dev.parlo.server.speech.SentenceBuffer;
import dev.parlo.server.speech.SpeechStream;
import java.util.ArrayList;
import java.util.List;

/** One task: texts in, events and audio out. Used by one thread. */
final class SpeechTask implements AutoCloseable {
    private final SocketPeer peer;
    private final TaskEvents events;
    private final SpeechStream speech;
    private final boolean wordTimes;
    private final SentenceBuffer buffer = new SentenceBuffer();
    private int sentences;
    private long characters;

    SpeechTask(SocketPeer peer, TaskEvents events, SpeechStream speech, boolean wordTimes) {
        this.peer = peer;
        this.events = events;
        this.speech = speech;
        this.wordTimes = wordTimes;
    }

    /** Takes text, and speaks its whole sentences. */
    void add(String text) {
        buffer.add(text);
        say(buffer.sentences());
    }

    /** Speaks everything that waits. */
    void flush() {
        say(buffer.all());
    }

    void finish() {
        flush();
        sound(sentences, speech.finish());
        events.finished(characters);
    }

    private void say(String text) {
        if (!SpeechStream.speakable(text)) {
            return;
        }
        int index = sentences++;
        double origin = speech.seconds();
        List<SpokenWord> words = new ArrayList<>();
        events.sentenceBegin(index, text);
        speech.speak(
                text,
                piece -> {
                    sound(index, piece.audio());
                    words.addAll(piece.words());
                });
        characters += text.codePointCount(0, text.length());
        events.sentenceEnd(index, text, wordTimes ? words : List.of(), origin, characters);
    }

    private void sound(int index, byte[] audio) {
        if (audio.length > 0) {
            events.sound(index);
            peer.send(audio);
        }
    }

    @Override
    public void close() {
        peer.note(speech.modelId(), speech.seconds());
        speech.close();
    }
}
