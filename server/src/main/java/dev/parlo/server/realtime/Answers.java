package dev.parlo.server.realtime;

import dev.parlo.engine.log.CallersLog;
import dev.parlo.server.trace.Traces;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The answers of a session that are under way: one in the conversation, and a few beside it.
 * Thread-safe.
 */
final class Answers implements AutoCloseable {
    private static final int MOST_BESIDE = 4;
    private static final CompletableFuture<@Nullable Void> NOTHING_TO_TELL =
            CompletableFuture.completedFuture(null);

    private final Talk talk;
    private final Answer.Means means;
    private final Runnable dropUnsent;
    private final Consumer<Answer> onEnd;
    private final List<Answer> running = new ArrayList<>();
    private final Traces traces;

    /** An answer may begin on any thread, and belongs to the session all the same. */
    private final Traces.Span session;

    /** When the client knows the end of the answer that began last in the conversation. */
    private CompletableFuture<@Nullable Void> lastTold = NOTHING_TO_TELL;

    private boolean closed;

    /**
     * @param dropUnsent takes back parts of cancelled answers that have not left yet
     * @param onEnd told when an answer has ended
     */
    Answers(Talk talk, Answer.Means means, Runnable dropUnsent, Consumer<Answer> onEnd) {
        this.talk = talk;
        this.means = means;
        this.dropUnsent = dropUnsent;
        this.onEnd = onEnd;
        this.traces = means.speech().traces();
        this.session = traces.current();
    }

    /** The answer in the conversation that is under way, or null. */
    synchronized @Nullable Answer active() {
        for (Answer answer : running) {
            if (answer.inConversation()) {
                return answer;
            }
        }
        return null;
    }

    /**
     * Begins an answer that the client asked for. In the beta it takes the place of one that is
     * under way.
     *
     * @throws RealtimeException while another one is under way
     */
    void create(ResponseOrder order) {
        begin(order, false);
    }

    /** Answers a turn, unless an answer is under way that the turn did not end. */
    void automatic() {
        begin(ResponseOrder.usual(talk.settings()), true);
    }

    private void begin(ResponseOrder order, boolean automatic) {
        talk.emitter.decide();
        // Tools, input and metadata of an answer stay until the language model has ended.
        long bytes = order.bytes(talk.settings());
        Answer answer =
                new Answer(
                        talk,
                        means,
                        order,
                        this::remove,
                        ended -> {
                            talk.hold(-bytes);
                            onEnd.accept(ended);
                        });
        Answer replaced;
        CompletableFuture<@Nullable Void> before;
        // One decision: a turn may be answered by itself while the client asks for an answer.
        synchronized (this) {
            replaced = order.inConversation() ? active() : null;
            if (closed || (automatic && replaced != null)) {
                return;
            }
            refuse(order, replaced);
            talk.hold(bytes);
            running.add(answer);
            before = order.inConversation() ? lastTold : NOTHING_TO_TELL;
            lastTold = order.inConversation() ? answer.told() : lastTold;
        }
        if (replaced != null) {
            interrupt(replaced, "client_cancelled"); // as Speaches does
        }
        try {
            // Where the end of the one before is yet to be told, its own thread announces it.
            if (before.isDone()) {
                answer.announce();
            }
            Thread.ofVirtual()
                    .name("answer")
                    .start(
                            CallersLog.carried(() -> {
                                before.join();
                                run(answer);
                            }));
        } catch (RuntimeException | Error failure) {
            // It does not run, and whoever comes next must not wait for it.
            remove(answer);
            answer.told().complete(null);
            talk.hold(-bytes);
            throw failure;
        }
    }

    /** With the lock. */
    private void refuse(ResponseOrder order, @Nullable Answer active) {
        if (active != null && talk.emitter.dialect() == Dialect.GA) {
            throw new RealtimeException(
                    "conversation_already_has_active_response",
                    "Conversation already has an active response in progress: "
                            + active.id()
                            + ". Wait until the response is finished before creating a new one.");
        }
        if (!order.inConversation() && beside() >= MOST_BESIDE) {
            throw new RealtimeException(
                    "too_many_responses",
                    String.format(
                            Locale.ROOT,
                            "%d responses outside of the conversation are in progress. Wait until"
                                    + " one is finished.",
                            MOST_BESIDE));
        }
    }

    private void run(Answer answer) {
        try (Traces.Scope outer = session.enter()) {
            Traces.Span span = traces.part("response");
            span.note("parlo.response_id", answer.id());
            try (Traces.Scope inner = span.enter()) {
                answer.run();
            } finally {
                span.end();
            }
        }
    }

    private long beside() {
        return running.stream().filter(answer -> !answer.inConversation()).count();
    }

    /**
     * Somebody speaks: the answer ends at once, in the middle of a word.
     *
     * @param told says that somebody speaks: nothing of the answer's sound follows it, and how the
     *     answer ends does
     */
    void interrupt(Runnable told) {
        Answer answer = active();
        if (answer == null) {
            told.run();
            return;
        }
        answer.cancel(
                "turn_detected",
                () -> {
                    dropUnsent.run();
                    told.run();
                });
        remove(answer);
    }

    private void interrupt(Answer answer, String why) {
        answer.cancel(why, dropUnsent);
        remove(answer);
    }

    /** It still has to say that it ended, but nothing waits for that. */
    private synchronized void remove(Answer answer) {
        running.remove(answer);
    }

    /**
     * @param id null for the one in the conversation
     * @throws RealtimeException where there is none
     */
    void cancel(@Nullable String id) {
        Answer found = id == null ? active() : find(id);
        if (found == null) {
            throw new RealtimeException(
                    "response_cancel_not_active", "Cancellation failed: no active response found");
        }
        interrupt(found, "client_cancelled");
    }

    private synchronized @Nullable Answer find(String id) {
        return running.stream().filter(answer -> answer.id().equals(id)).findFirst().orElse(null);
    }

    @Override
    public void close() {
        List<Answer> open;
        synchronized (this) {
            closed = true;
            open = List.copyOf(running);
        }
        open.forEach(answer -> answer.cancel("client_cancelled", () -> {}));
    }
}
