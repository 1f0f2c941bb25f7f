package dev.parlo.server.realtime;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.audio.StreamedPcm;
import dev.parlo.engine.log.CallersLog;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.listening.Turn;
import dev.parlo.server.listening.TurnListener;
import dev.parlo.server.listening.TurnRecognition;
import dev.parlo.server.listening.TurnRecognizer;
import dev.parlo.server.listening.TurnSettings;
import dev.parlo.server.listening.TurnTranscript;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The audio of a client: its buffer, its turns, and what is said in them. Used by the thread of the
 * session; transcripts come on one of their own.
 */
final class Ear implements TurnListener, AutoCloseable {
    private static final int LEAST_MS = 100;
    private static final WireFormat HEARD = new WireFormat(StreamedPcm.Encoding.PCM16, 16_000);

    private final Talk talk;
    private final TranscriptEvents transcripts;
    private final Answers answers;
    private final TurnRecognition recognition;
    private final Duration longest;
    private final Runnable onVoice;
    private final Consumer<Runnable> onThread;
    private final Map<Turn, String> turns = new ConcurrentHashMap<>();
    private final TurnRecognizer recognizer;
    private String model;
    private @Nullable String named;
    private WireFormat format;
    private StreamedPcm decoder;
    private volatile boolean speaking;

    /** Input in bytes since the last commit, which is exact where resampled audio is not. */
    private long uncommitted;

    /**
     * Loads what is needed to hear.
     *
     * @param longest turn
     * @param onVoice told when somebody begins to speak
     * @param onThread runs something on the thread of the session
     */
    Ear(
            Talk talk,
            Answers answers,
            TurnRecognition recognition,
            Duration longest,
            Runnable onVoice,
            Consumer<Runnable> onThread,
            MemoryBudget.Share memory,
            Cancellation cancellation) {
        this.talk = talk;
        this.transcripts = new TranscriptEvents(talk);
        this.answers = answers;
        this.recognition = recognition;
        this.longest = longest;
        this.onVoice = onVoice;
        this.onThread = onThread;
        SessionSettings settings = talk.settings();
        this.named = settings.transcriptionModel;
        this.model = recognition.choose(named);
        this.format = settings.input;
        this.decoder = new StreamedPcm(format.encoding(), format.rate(), 1);
        this.recognizer = recognition.open(turnSettings(settings), this, memory, cancellation);
    }

    /** The transcription model that answers. */
    String model() {
        return model;
    }

    private TurnSettings turnSettings(SessionSettings settings) {
        TurnDetection detection = settings.turnDetection;
        return new TurnSettings(
                model,
                options(settings),
                detection == null ? null : detection.detection(),
                settings.showsTranscripts(talk.emitter.dialect()),
                longest);
    }

    private static TranscribeOptions options(SessionSettings settings) {
        return TranscribeOptions.builder()
                .language(settings.language)
                .initialPrompt(
                        settings.prompt == null || settings.prompt.isBlank()
                                ? null
                                : settings.prompt)
                .build();
    }

    /** The settings have changed. */
    void configure() {
        SessionSettings settings = talk.settings();
        String asked = settings.transcriptionModel;
        if (asked != null && !asked.equals(named)) {
            model = recognition.choose(asked);
            named = asked;
        }
        if (!settings.input.equals(format)) {
            decoder.close();
            format = settings.input;
            decoder = new StreamedPcm(format.encoding(), format.rate(), 1);
            uncommitted = format.bytes((int) recognizer.uncommittedMs());
        }
        if (settings.turnDetection == null) {
            speaking = false;
            turns.keySet().removeIf(turn -> turn.endMs() < 0);
        }
        recognizer.configure(turnSettings(settings));
    }

    void append(@Nullable String base64) {
        byte[] bytes = ItemReader.bytes(base64, "audio");
        uncommitted += bytes.length;
        try {
            recognizer.hear(decoder, bytes);
        } catch (ApiError full) {
            uncommitted = format.bytes((int) recognizer.uncommittedMs());
            throw full;
        }
    }

    void commit() {
        double held = format.milliseconds(uncommitted);
        if (held < LEAST_MS) {
            throw new RealtimeException(
                    "input_audio_buffer_commit_empty",
                    String.format(
                            Locale.ROOT,
                            "Error committing input audio buffer: buffer too small. Expected at"
                                    + " least %dms of audio, but buffer only has %.2fms of audio.",
                            LEAST_MS,
                            held));
        }
        speaking = false;
        recognizer.commit(this::committed);
    }

    void clear() {
        speaking = false;
        uncommitted = 0;
        recognizer.clear();
        turns.keySet().removeIf(turn -> turn.endMs() < 0);
        talk.emitter.send(talk.emitter.event("input_audio_buffer.cleared"));
    }

    /** Nobody has spoken for a while: an empty turn, which is answered. */
    void timeout() {
        if (speaking) {
            return;
        }
        String id = talk.ids.next("item_");
        ObjectNode event = talk.emitter.event("input_audio_buffer.timeout_triggered");
        event.put("audio_start_ms", recognizer.positionMs())
                .put("audio_end_ms", recognizer.positionMs())
                .put("item_id", id);
        talk.emitter.send(event);
        committed(id, new Item.Sound(HEARD, new byte[0], List.of()), "");
        answers.automatic();
    }

    @Override
    public void started(Turn turn) {
        speaking = true;
        onVoice.run();
        String id = talk.ids.next("item_");
        turns.put(turn, id);
        ObjectNode event = talk.emitter.event("input_audio_buffer.speech_started");
        event.put("audio_start_ms", turn.startMs()).put("item_id", id);
        TurnDetection detection = talk.settings().turnDetection;
        if (detection != null && detection.interruptResponse()) {
            answers.interrupt(() -> talk.emitter.send(event));
        } else {
            talk.emitter.send(event);
        }
    }

    @Override
    public void stopped(Turn turn) {
        speaking = false;
        ObjectNode event = talk.emitter.event("input_audio_buffer.speech_stopped");
        event.put("audio_end_ms", turn.endMs()).put("item_id", turns.get(turn));
        talk.emitter.send(event);
        committed(turn);
        uncommitted = format.bytes((int) recognizer.uncommittedMs());
    }

    private void committed(Turn turn) {
        talk.emitter.decide();
        uncommitted = 0;
        String id = turns.computeIfAbsent(turn, made -> talk.ids.next("item_"));
        ByteBuffer bytes =
                ByteBuffer.allocate(turn.samples().length * Short.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(turn.samples());
        talk.await(id);
        try {
            committed(id, new Item.Sound(HEARD, bytes.array(), List.of()), null);
        } catch (RuntimeException | Error failure) {
            turns.remove(turn);
            talk.settle(id, null);
            throw failure;
        }
    }

    private void committed(String id, Item.Sound sound, @Nullable String transcript) {
        talk.locked(() -> {
            ObjectNode event = talk.emitter.event("input_audio_buffer.committed");
            event.put("previous_item_id", talk.items.last()).put("item_id", id);
            talk.emitter.send(event);
            talk.add(
                    Item.message(
                            id,
                            "user",
                            Item.Status.COMPLETED,
                            List.of(Item.Part.audio(transcript, sound))),
                    null);
        });
    }

    @Override
    public void partial(Turn turn, Partial text) {
        transcripts.delta(turns.get(turn), text.delta());
    }

    @Override
    public void understood(Turn turn) {
        TurnDetection detection = talk.settings().turnDetection;
        if (detection != null && detection.type() == TurnDetection.Type.SEMANTIC) {
            onThread.accept(recognizer::reconsider);
        }
    }

    @Override
    public void completed(Turn turn, TurnTranscript transcript) {
        String id = turns.remove(turn);
        if (id == null) {
            return;
        }
        transcripts.completed(
                id,
                transcript.text(),
                transcript.rest(),
                transcript.seconds(),
                transcript.language());
        TurnDetection detection = talk.settings().turnDetection;
        boolean answered =
                detection != null
                        && detection.createResponse()
                        && !talk.settings().transcriptionOnly
                        && turn.detected();
        // Noise is not answered, nor somebody who has gone on speaking.
        if (answered && !transcript.text().isBlank() && !speaking) {
            answers.automatic();
        }
    }

    @Override
    public void failed(Turn turn, Throwable why) {
        String id = turns.remove(turn);
        if (id != null) {
            transcripts.failed(id, why);
        }
    }

    /** Hears the audio of an item that the client made; the item is in the conversation. */
    void hear(Item item, Cancellation cancellation) {
        Item.Part part = item.parts().isEmpty() ? null : item.parts().getFirst();
        Item.Sound sound = part == null ? null : part.sound();
        if (part == null || sound == null || part.text() != null) {
            return;
        }
        // The item may be let go before its turn comes; its sound is needed until then.
        long bytes = sound.bytes().length;
        try {
            talk.hold(bytes);
        } catch (ApiError full) {
            transcripts.failed(item.id(), full);
            return;
        }
        talk.await(item.id());
        TranscribeOptions options = options(talk.settings());
        String with = model;
        Thread.ofVirtual()
                .name("transcripts")
                .start(
                        CallersLog.carried(() -> {
                            try {
                                String text =
                                        recognition.text(
                                                with,
                                                new StreamedPcm(
                                                        sound.format().encoding(),
                                                        sound.format().rate(),
                                                        1),
                                                sound.bytes(),
                                                options,
                                                cancellation);
                                double length = sound.format().milliseconds(bytes);
                                transcripts.completed(item.id(), text, text, length / 1000, "");
                            } catch (RuntimeException | Error failure) { // an answer may wait
                                if (!cancellation.isCancelled()) {
                                    transcripts.failed(item.id(), failure);
                                }
                            } finally {
                                talk.hold(-bytes);
                            }
                        }));
    }

    /** The item with its audio as clients play it. */
    Item playable(Item item) {
        Item.Part part = item.parts().isEmpty() ? null : item.parts().getFirst();
        Item.Sound sound = part == null ? null : part.sound();
        if (part == null || sound == null || !sound.format().equals(HEARD)) {
            return item;
        }
        byte[] bytes = recognition.resampled(sound.bytes(), WireFormat.PCM_24K.rate());
        return item.with(
                Item.Part.audio(part.text(), new Item.Sound(WireFormat.PCM_24K, bytes, List.of())));
    }

    /** Seconds of audio that were heard. */
    double seconds() {
        return recognizer.positionMs() / 1000.0;
    }

    @Override
    public void close() {
        recognizer.close();
        decoder.close();
    }
}
