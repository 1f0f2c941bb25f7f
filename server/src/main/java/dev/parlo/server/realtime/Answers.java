package dev.parlo.server.realtime;

import dev.parlo.engine.log.CallersLog;
import dev.parlo.server.trace.Traces;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The answers of a session that are under way: one in the conversation, and a few beside it.
 * Thread-safe.
 */
final class Answers implements AutoCloseable {
    private static final int MOST_BESIDE = 4;

    private final Talk talk;
    private final Answer.Means means;
    private final Runnable dropUnsent;
    private final Consumer<Answer> onEnd;
    private final List<Answer> running = new ArrayList<>();
    private final Traces traces;

    /** An answer may begin on any thread, and belongs to the session all the same. */
    private final Traces.Span session;

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
     * Begins an answer that the client asked for.
     *
     * @throws RealtimeException while another one is under way
     */
    void create(ResponseOrder order) {
        Answer before = active();
        if (order.inConversation() && before != null) {
            if (talk.emitter.dialect() == Dialect.GA) {
                throw new RealtimeException(
                        "conversation_already_has_active_response",
                        "Conversation already has an active response in progress: "
                                + before.id()
                                + ". Wait until the response is finished before creating a new"
                                + " one.");
            }
            // As Speaches does.
            interrupt(before, "client_cancelled");
        }
        start(order, false);
    }

    /** Answers a turn, unless an answer is under way that the turn did not end. */
    void automatic() {
        start(ResponseOrder.usual(talk.settings()), true);
    }

    private void start(ResponseOrder order, boolean unlessActive) {
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
        synchronized (this) {
            if (closed || (unlessActive && active() != null)) {
                return;
            }
            if (!order.inConversation() && beside() >= MOST_BESIDE) {
                throw new RealtimeException(
                        "too_many_responses",
                        String.format(
                                Locale.ROOT,
                                "%d responses outside of the conversation are in progress. Wait"
                                        + " until one is finished.",
                                MOST_BESIDE));
            }
            talk.hold(bytes);
            running.add(answer);
        }
        answer.announce();
        Thread.ofVirtual().name("answer").start(CallersLog.carried(() -> run(answer)));
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
