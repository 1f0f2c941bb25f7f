package dev.parlo.server.realtime;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.ErrorMapper;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.listening.TurnRecognition;
import dev.parlo.server.socket.Conversation;
import dev.parlo.server.socket.SocketPeer;
import dev.parlo.server.socket.Tasks;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One session of the Realtime protocol. A bad event is told of and changes nothing else; only the
 * client, its silence, or the longest time of a session end it.
 */
final class RealtimeSession implements Conversation {
    private static final int NORMAL = 1000;
    private static final int TOO_LARGE = 413;

    /** What all sessions share. */
    record Parts(
            TurnRecognition recognition,
            Answer.Means means,
            RealtimeLimits limits,
            ScheduledExecutorService timer,
            Ids ids) {}

    private final SocketPeer peer;
    private final Tasks tasks;
    private final Parts parts;
    private final Duration idle;
    private final Talk talk;
    private final Answers answers;
    private final String id;
    private final Instant expires;
    private final Cancellation cancellation = new Cancellation();
    private final ClientEvents events;
    private final Runnable onClose;
    private @Nullable Ear ear;
    private @Nullable ScheduledFuture<?> expiry;
    private volatile @Nullable ScheduledFuture<?> silence;

    RealtimeSession(
            SocketPeer peer,
            Tasks tasks,
            Parts parts,
            Duration idle,
            Talk talk,
            MemoryBudget.Share memory,
            Runnable onClose) {
        this.peer = peer;
        this.tasks = tasks;
        this.parts = parts;
        this.idle = idle;
        this.talk = talk;
        this.onClose = onClose;
        this.id = parts.ids().next("sess_");
        this.expires = Instant.now().plus(parts.limits().longest());
        this.answers = new Answers(talk, parts.means(), peer::dropEnded, this::answered);
        this.events = new ClientEvents(talk, answers, this::view);
        tasks.add(0, connecting -> open(memory, connecting));
    }

    /** Loads what the session needs, so that the first turn need not wait, and greets. */
    private void open(MemoryBudget.Share memory, Cancellation connecting) {
        SessionSettings settings = talk.settings();
        Ear opened =
                new Ear(
                        talk,
                        answers,
                        parts.recognition(),
                        parts.limits().longestTurn(),
                        this::voice,
                        task -> tasks.add(0, unused -> isolated(task, null)),
                        memory,
                        connecting);
        ear = opened;
        if (!settings.transcriptionOnly && settings.audio) {
            parts.means().speech().announce(Answer.speech(settings));
        }
        connecting.check();
        Emitter emitter = talk.emitter;
        boolean old = emitter.dialect() == Dialect.BETA && settings.transcriptionOnly;
        ObjectNode created =
                emitter.event(old ? "transcription_session.created" : "session.created");
        created.set("session", view());
        emitter.send(created);
        if (!settings.transcriptionOnly && emitter.dialect() == Dialect.BETA) {
            ObjectNode conversation = emitter.event("conversation.created");
            conversation
                    .putObject("conversation")
                    .put("id", talk.conversationId)
                    .put("object", "realtime.conversation");
            emitter.send(conversation);
        }
        expiry = later(parts.limits().longest(), this::expire);
    }

    private ObjectNode view() {
        Ear open = ear;
        return new SessionView(
                        id,
                        talk.settings(),
                        open == null ? "" : open.model(),
                        expires.getEpochSecond())
                .in(talk.emitter.dialect());
    }

    private ScheduledFuture<?> later(Duration wait, Runnable task) {
        // The timer's thread must not wait for room among the tasks.
        return parts.timer()
                .schedule(
                        () ->
                                Thread.ofVirtual()
                                        .start(() -> tasks.add(0, unused -> isolated(task, null))),
                        wait.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void expire() {
        talk.emitter.error(
                new RealtimeException(
                        "session_expired",
                        "Your session hit the maximum duration of "
                                + parts.limits().longest().toMinutes()
                                + " minutes."),
                null);
        peer.end(NORMAL, "session expired");
    }

    /** Somebody speaks. */
    private void voice() {
        ScheduledFuture<?> waiting = silence;
        if (waiting != null) {
            waiting.cancel(false);
            silence = null;
        }
    }

    /** An answer has ended: the client may be silent for a while, from when it has heard it. */
    private void answered(Answer answer) {
        tasks.add(0, unused -> {}); // the patience begins anew
        TurnDetection detection = talk.settings().turnDetection;
        Ear open = ear;
        if (detection != null && detection.idleTimeoutMs().isPresent() && open != null) {
            long wait = detection.idleTimeoutMs().getAsInt() + Math.round(answer.soundMs());
            voice();
            silence = later(Duration.ofMillis(wait), open::timeout);
        }
    }

    @Override
    public void text(String message) {
        JsonNode event;
        try {
            event = Json.mapper().readTree(message);
        } catch (JacksonException broken) {
            refuse("invalid_event", "The event is not valid JSON.");
            return;
        }
        if (!event.isObject()) {
            refuse("invalid_event", "The event must be a JSON object.");
            return;
        }
        JsonNode given = event.path("event_id");
        String eventId = given.isString() ? Given.shown(given.asString()) : null;
        try {
            tasks.add(
                    Json.bytes(message),
                    unused ->
                            isolated(
                                    () -> events.take(new Given(event, ""), ears(), cancellation),
                                    eventId));
        } catch (ApiError refused) {
            if (refused.status() != TOO_LARGE) {
                throw refused;
            }
            tasks.add(0, unused -> talk.emitter.error(refused, eventId));
        }
    }

    private void refuse(String code, String message) {
        tasks.add(0, unused -> talk.emitter.error(new RealtimeException(code, message), null));
    }

    private Ear ears() {
        Ear open = ear;
        if (open == null) {
            throw new IllegalStateException("the session is not open");
        }
        return open;
    }

    /** Whatever an event leads to, the session goes on. */
    private void isolated(Runnable action, @Nullable String eventId) {
        try {
            action.run();
        } catch (RealtimeException refused) {
            talk.emitter.error(refused, eventId);
        } catch (RuntimeException | Error failure) {
            if (failure instanceof EngineException cancelled
                    && cancelled.category() == EngineException.Category.CANCELLED) {
                throw failure;
            }
            talk.emitter.error(ErrorMapper.toApiError(failure), eventId);
        }
    }

    @Override
    public void binary(byte[] message) {
        refuse(
                "invalid_event",
                "Binary frames are not supported. Send JSON as text, with audio as base64.");
    }

    @Override
    public Duration patience() {
        return answers.active() == null ? idle : parts.limits().longest();
    }

    @Override
    public void silent() {
        talk.emitter.error(
                new RealtimeException(
                        "session_idle", "Nothing came for " + idle.toSeconds() + " seconds."),
                null);
    }

    @Override
    public void failed(ApiError error) {
        talk.emitter.error(error, null);
    }

    @Override
    public void close() {
        cancellation.cancel();
        for (ScheduledFuture<?> waiting : new ScheduledFuture<?>[] {expiry, silence}) {
            if (waiting != null) {
                waiting.cancel(false);
            }
        }
        answers.close();
        Ear open = ear;
        if (open != null) {
            peer.note(open.model(), open.seconds());
            open.close();
        }
        talk.close();
        onClose.run();
    }
}
