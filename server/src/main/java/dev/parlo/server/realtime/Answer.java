package dev.parlo.server.realtime;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.EngineException;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.ErrorMapper;
import dev.parlo.server.http.Json;
import dev.parlo.server.llm.LlmClient;
import dev.parlo.server.speech.SpeechOrder;
import dev.parlo.server.speech.SpeechPipeline;
import dev.parlo.server.speech.SpokenReply;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One answer: waits for what was said before, asks the language model, speaks its sentences while
 * the next ones come, and tells of everything. Each is run once, by a thread of its own.
 */
final class Answer implements Runnable {
    /** Who speaks the answer and who thinks of it. */
    record Means(LlmClient llm, SpeechPipeline speech) {}

    private final Talk talk;
    private final Means means;
    private final ResponseOrder order;
    private final ResponseView view;
    private final Cancellation cancellation = new Cancellation();
    private final Consumer<Answer> over;
    private final Consumer<Answer> ended;
    private final AnswerItems items;
    private final ReentrantLock ending = new ReentrantLock();
    private final CompletableFuture<@Nullable Void> told = new CompletableFuture<>();
    private boolean announced;
    private volatile String reason = "client_cancelled";
    private @Nullable SpokenReply reply;
    private @Nullable AnswerSound sound;
    private JsonNode usage = NullNode.getInstance();
    private String finish = "";

    /**
     * @param over told before the client is: it may ask for the next one at once
     * @param ended told at the very end
     */
    Answer(
            Talk talk,
            Means means,
            ResponseOrder order,
            Consumer<Answer> over,
            Consumer<Answer> ended) {
        this.talk = talk;
        this.means = means;
        this.order = order;
        this.over = over;
        this.ended = ended;
        String id = talk.ids.next("resp_");
        this.view =
                new ResponseView(id, order, order.inConversation() ? talk.conversationId : null);
        this.items = new AnswerItems(talk, id, order, cancellation);
    }

    String id() {
        return view.id();
    }

    boolean inConversation() {
        return order.inConversation();
    }

    /** How long it sounds by now, in milliseconds. */
    double soundMs() {
        AnswerSound begun = sound;
        return begun == null ? 0 : begun.milliseconds();
    }

    /** Completed when the client knows its end, or is gone. */
    CompletableFuture<@Nullable Void> told() {
        return told;
    }

    /**
     * Tells that it begins. Before anything else is done, since some clients wait for that; {@link
     * #run} does it unless it was done.
     */
    void announce() {
        announced = true;
        ObjectNode created = talk.emitter.event("response.created");
        created.set("response", view.begun(talk.emitter.dialect()));
        talk.emitter.send(created);
        ObjectNode limits = talk.emitter.event("rate_limits.updated");
        limits.putArray("rate_limits"); // there are none
        talk.emitter.send(limits);
    }

    /**
     * Ends it as soon as possible. Returns at once.
     *
     * @param why {@code turn_detected} or {@code client_cancelled}
     * @param before is run when no more of its sound is sent, and before it says that it ended
     */
    void cancel(String why, Runnable before) {
        ending.lock();
        try {
            if (!cancellation.isCancelled()) {
                reason = why;
            }
            cancellation.cancel();
            before.run();
        } finally {
            ending.unlock();
        }
    }

    /** Whoever cancels may have something to say before this says that it ended. */
    private void awaitCancel() {
        ending.lock();
        ending.unlock();
    }

    @Override
    public void run() {
        try {
            if (!announced) {
                announce();
            }
            answerAndTell();
        } catch (EngineException gone) {
            // Nobody is left to be told.
            cancellation.cancel();
        } finally {
            over.accept(this);
            told.complete(null);
            ended.accept(this);
        }
    }

    private void answerAndTell() {
        String status = "completed";
        ObjectNode details = null;
        try {
            answer();
            if (finish.equals("length") || finish.equals("content_filter")) {
                status = "incomplete";
                details = details(status);
                details.put(
                        "reason", finish.equals("length") ? "max_output_tokens" : "content_filter");
            }
        } catch (RuntimeException | Error failure) { // as of a library, or of memory
            if (cancellation.isCancelled()) {
                status = "cancelled";
                details = details(status).put("reason", reason);
            } else {
                status = "failed";
                details = details(status);
                error(failure, details);
            }
        }
        awaitCancel();
        tell(status, details);
    }

    private static ObjectNode details(String status) {
        return Json.mapper().createObjectNode().put("type", status);
    }

    private void error(Throwable failure, ObjectNode details) {
        ApiError error = ErrorMapper.toApiError(failure);
        Emitter.describe(details.putObject("error"), error, "server_error");
    }

    private void tell(String status, @Nullable ObjectNode details) {
        items.end(status.equals("completed"));
        if (status.equals("failed") && talk.emitter.dialect() != Dialect.GA && details != null) {
            // The beta's clients look for errors here.
            JsonNode error = details.path("error");
            talk.emitter.error(
                    error.path("type").asString(),
                    error.path("code").asString(),
                    error.path("message").asString(),
                    null,
                    null);
        }
        ObjectNode done = talk.emitter.event("response.done");
        done.set(
                "response",
                view.ended(
                        talk.emitter.dialect(),
                        status,
                        details == null ? NullNode.getInstance() : details,
                        items.output(),
                        usage));
        over.accept(this);
        talk.emitter.send(done);
    }

    private void answer() {
        talk.awaitTranscripts(cancellation);
        List<Item> given = order.input();
        List<Item> asked = given == null ? talk.get(talk.items::all) : given;
        try {
            means.llm().stream(ChatBody.of(order.settings(), asked), this::take, cancellation);
            SpokenReply speech = reply;
            if (speech != null) {
                speech.finish();
            }
            cancellation.check();
        } finally {
            if (reply != null) {
                reply.close();
            }
        }
    }

    private void take(ObjectNode chunk) {
        if (chunk.path("usage").isObject()) {
            usage = chunk.path("usage");
        }
        JsonNode choice = chunk.path("choices").path(0);
        JsonNode delta = choice.path("delta");
        String text = delta.path("content").asString("");
        if (!text.isEmpty()) {
            write(text);
        }
        for (JsonNode call : delta.path("tool_calls")) {
            items.call(call);
        }
        if (choice.path("finish_reason").isString()) {
            finish = choice.path("finish_reason").asString();
        }
    }

    private void write(String text) {
        if (!items.hasMessage()) {
            begin();
        }
        items.write(text);
        if (reply != null) {
            reply.add(text);
        }
    }

    private void begin() {
        AnswerSound begun = items.begin();
        SessionSettings settings = order.settings();
        if (settings.audio) {
            sound = begun;
            reply = SpokenReply.start(means.speech(), speech(settings), cancellation, begun);
        }
    }

    /** How the answers of a session sound. */
    static SpeechOrder speech(SessionSettings settings) {
        return SpeechOrder.of(settings.speechModel, settings.voice, settings.output.speech())
                .withSampleRate(settings.output.rate())
                .withSpeed(settings.speed)
                .withWordTimes(true); // of which those count that the client heard
    }
}
