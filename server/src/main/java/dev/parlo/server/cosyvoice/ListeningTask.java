package dev.parlo.server.cosyvoice;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.audio.StreamedPcm;
import dev.parlo.server.http.ErrorMapper;
import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.listening.Turn;
import dev.parlo.server.listening.TurnListener;
import dev.parlo.server.listening.TurnRecognition;
import dev.parlo.server.listening.TurnRecognizer;
import dev.parlo.server.listening.TurnTranscript;
import dev.parlo.server.socket.SocketPeer;

/**
 * One task of recognition: samples in, sentences out. What is heard is told by the recogniser's
 * threads, the rest is for the thread of the conversation's tasks.
 */
final class ListeningTask implements TurnListener, AutoCloseable {
    private static final double MILLIS = 1000;

    private final SocketPeer peer;
    private final TaskEvents events;
    private final StreamedPcm decoder;
    private final MemoryBudget.Share memory;
    private final TurnRecognizer recognizer;
    private final String model;
    private volatile boolean failed;

    /**
     * Loads the model where it is not loaded.
     *
     * @param memory for the audio that is held; closed with the task
     * @throws RuntimeException as {@link TurnRecognition#open}
     */
    ListeningTask(
            SocketPeer peer,
            TaskEvents events,
            RecognitionParameters parameters,
            TurnRecognition turns,
            MemoryBudget.Share memory,
            Cancellation cancellation) {
        this.peer = peer;
        this.events = events;
        this.memory = memory;
        this.model = turns.choose(parameters.model());
        this.recognizer = turns.open(parameters.settings(model), this, memory, cancellation);
        this.decoder = parameters.decoder();
    }

    void hear(byte[] samples) {
        recognizer.hear(decoder, samples);
    }

    /** Waits for what was said last, and says that this is all. */
    void finish() {
        recognizer.finish();
        if (!failed) {
            events.listened(recognizer.positionMs() / MILLIS);
        }
    }

    @Override
    public void partial(Turn turn, Partial text) {
        events.hearing(turn.startMs(), text.stable() + text.unstable());
    }

    @Override
    public void completed(Turn turn, TurnTranscript transcript) {
        String text = transcript.text().strip();
        // Clients take an empty sentence for one that goes on.
        if (!text.isEmpty()) {
            events.heard(turn.startMs(), turn.endMs(), text, transcript.segments());
        }
    }

    @Override
    public void failed(Turn turn, Throwable why) {
        failed = true;
        events.failed(ErrorMapper.toApiError(why));
    }

    @Override
    public void close() {
        peer.note(model, recognizer.positionMs() / MILLIS);
        recognizer.close();
        decoder.close();
        memory.close();
    }
}
