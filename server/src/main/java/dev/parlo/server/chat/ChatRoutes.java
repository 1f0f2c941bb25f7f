package dev.parlo.server.chat;

import dev.parlo.server.http.ClientWatch;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.http.RequestBody;
import dev.parlo.server.http.RunningRequest;
import dev.parlo.server.http.SseWriter;
import dev.parlo.server.llm.LlmClient;
import dev.parlo.server.speech.SpeechOrder;
import dev.parlo.server.speech.SpeechPipeline;
import dev.parlo.server.transcription.SpokenText;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /v1/chat/completions}: hears what is said in the messages, has the language model
 * answer, and speaks the answer. Thread-safe.
 */
public final class ChatRoutes {
    private static final Duration ANSWERS_KEPT = Duration.ofHours(1);

    /** A body is also held as a tree, and once more as what the language model is sent. */
    private static final long COPIES = 2;

    private final LlmClient llm;
    private final boolean modelNeeded;
    private final SpeechPipeline pipeline;
    private final HeardMessages messages;
    private final SpokenAnswer spoken;
    private final RecentTexts answers;
    private final InstantSource clock;
    private final ScheduledExecutorService timer;

    /**
     * @param modelNeeded whether clients have to name the language model
     * @param usualModel who listens where a request does not say
     */
    public ChatRoutes(
            LlmClient llm,
            boolean modelNeeded,
            SpeechPipeline pipeline,
            SpokenText spokenText,
            Supplier<String> usualModel,
            InstantSource clock,
            ScheduledExecutorService timer) {
        this.llm = llm;
        this.modelNeeded = modelNeeded;
        this.pipeline = pipeline;
        this.answers = new RecentTexts(ANSWERS_KEPT, clock);
        this.messages = new HeardMessages(spokenText, usualModel, answers, clock);
        this.spoken = new SpokenAnswer(pipeline, answers);
        this.clock = clock;
        this.timer = timer;
    }

    public void register(RoutesConfig routes) {
        for (String slash : List.of("", "/")) {
            routes.post("/v1/chat/completions" + slash, this::handle);
        }
    }

    private void handle(Context ctx) {
        long start = System.nanoTime();
        llm.requireConfigured(); // before the body, which may be large
        byte[] body = RequestBody.bytes(ctx, RequestBody.Kind.WITH_AUDIO);
        MemoryBudget.Share memory = RequestBody.share(ctx);
        memory.take(COPIES * body.length);
        ChatRequest request = ChatRequest.read(body, modelNeeded);
        String model = request.upstream().path("model").asString("");
        ClientWatch.during(
                ctx, timer, model, start, () -> answer(ctx, request, memory, model, start));
    }

    private void answer(
            Context ctx, ChatRequest request, MemoryBudget.Share memory, String model, long start) {
        RunningRequest running = RunningRequest.of(ctx);
        SpeechOrder order = request.speech();
        if (order != null) {
            // A voice that is not there is refused before the language model is asked.
            pipeline.announce(order).forEach(ctx::header);
        }
        messages.resolve(request, running.cancellation());
        running.note(model, 0, start);
        if (request.stream()) {
            stream(ctx, request, start);
            return;
        }
        ObjectNode answer = llm.complete(request.upstream(), memory, running.cancellation());
        if (order != null) {
            spoken.speak(answer, order, running, memory, start);
        }
        Json.respond(ctx, answer);
    }

    private void stream(Context ctx, ChatRequest request, long start) {
        SseWriter.answer(
                ctx,
                timer,
                SseWriter.HEARTBEAT,
                events -> stream(RunningRequest.of(ctx), events, request, start),
                SseWriter::failure);
    }

    private void stream(RunningRequest running, SseWriter events, ChatRequest request, long start) {
        StreamedChat chat =
                new StreamedChat(
                        llm, pipeline, answers, events, clock.instant().plus(ANSWERS_KEPT));
        SpeechOrder order = request.speech();
        if (order == null) {
            chat.write(request.upstream(), running.cancellation());
        } else {
            StreamedChat.Spoken told =
                    chat.speak(request.upstream(), order, running.cancellation());
            running.note(told.modelId(), told.seconds(), start);
        }
    }
}
