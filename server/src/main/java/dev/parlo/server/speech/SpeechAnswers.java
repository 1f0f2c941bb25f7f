package dev.parlo.server.speech;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.text.Script;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.ClientWatch;
import dev.parlo.server.http.ContentType;
import dev.parlo.server.http.MemoryBudget;
import dev.parlo.server.http.RequestBody;
import dev.parlo.server.http.RunningRequest;
import dev.parlo.server.http.SseWriter;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Answers HTTP requests with what the {@link SpeechPipeline} speaks: the status line goes out with
 * the first bytes, a client that leaves ends the work. Thread-safe.
 */
public final class SpeechAnswers {
    private final SpeechPipeline pipeline;
    private final ScheduledExecutorService timer;

    public SpeechAnswers(SpeechPipeline pipeline, ScheduledExecutorService timer) {
        this.pipeline = pipeline;
        this.timer = timer;
    }

    /** What an answer is written with. Used by one thread. */
    public static final class Answer {
        private final Context ctx;
        private final SpeechStream speech;
        private final RunningRequest running;
        private final MemoryBudget.Share memory;
        private final Map<String, String> headers = new LinkedHashMap<>();

        private Answer(Context ctx, SpeechStream speech, RunningRequest running) {
            this.ctx = ctx;
            this.speech = speech;
            this.running = running;
            this.memory = RequestBody.share(ctx);
        }

        public SpeechStream speech() {
            return speech;
        }

        /** Sends bytes of a streamed body at once; nothing for none. */
        public void write(String contentType, byte[] bytes) {
            if (bytes.length == 0) {
                return;
            }
            try {
                OutputStream out = ctx.res().getOutputStream();
                if (!ctx.res().isCommitted()) {
                    headers(contentType);
                }
                running.audioBegins();
                out.write(bytes);
                out.flush();
            } catch (IOException gone) {
                running.clientGone();
                throw new EngineException(
                        EngineException.Category.CANCELLED, "The client went away.", gone);
            }
        }

        /** One more header, which goes out with the first bytes: an error does not have it. */
        public void header(String name, String value) {
            headers.put(name, value);
        }

        /** Sends a text as audio while it is made. */
        void stream(Script script, String contentType) {
            var unused = speech.speak(script, piece -> write(contentType, piece.audio()));
            write(contentType, speech.finish());
        }

        /**
         * Counts audio that is kept until the answer is whole with what all requests hold, as
         * {@link #spoken} does: twice, since it is copied once before it is sent.
         *
         * @throws ApiError 413 or 503, naming MAX_HELD_BYTES
         */
        public void hold(long bytes) {
            memory.take(2 * bytes);
        }

        /** Speaks a text as one complete file. */
        SpokenPiece spoken(Script script) {
            return speech.whole(script, memory);
        }

        /** Sends a text as one complete file. */
        void whole(Script script, String contentType) {
            whole(contentType, spoken(script).audio());
        }

        /** Sends a body with its length. */
        public void whole(String contentType, byte[] bytes) {
            headers(contentType);
            running.audioBegins();
            ctx.result(bytes);
        }

        private void headers(String contentType) {
            ctx.status(200);
            ctx.header("Cache-Control", "no-cache");
            ctx.header("X-Accel-Buffering", "no");
            ctx.header("X-Sample-Rate", Integer.toString(speech.sampleRate()));
            headers.forEach(ctx::header);
            ContentType.set(ctx, contentType);
        }
    }

    /**
     * A text as audio, sent as it is made.
     *
     * @throws ApiError before anything is sent, as {@link SpeechPipeline#script}
     */
    public void stream(Context ctx, SpeechOrder order, String text, String contentType) {
        Script script = pipeline.script(order, text);
        answer(ctx, order, answer -> answer.stream(script, contentType));
    }

    /** A text as one complete file. */
    public void whole(Context ctx, SpeechOrder order, String text, String contentType) {
        Script script = pipeline.script(order, text);
        answer(ctx, order, answer -> answer.whole(script, contentType));
    }

    /** As {@link SpeechPipeline#script}, for answers of other shapes. */
    public Script script(SpeechOrder order, String text) {
        return pipeline.script(order, text);
    }

    /** An answer of events; what fails after the first one is told as the last one. */
    void events(Context ctx, SpeechOrder order, BiConsumer<Answer, SseWriter> speaker) {
        answer(
                ctx,
                order,
                answer ->
                        SseWriter.answer(
                                ctx,
                                timer,
                                SseWriter.HEARTBEAT,
                                events -> speaker.accept(answer, events),
                                error -> Map.of("type", "error", "error", error.error())));
    }

    /** An answer of any shape. */
    public void answer(Context ctx, SpeechOrder order, Consumer<Answer> speaker) {
        long start = System.nanoTime();
        RunningRequest running = RunningRequest.of(ctx);
        try (SpeechStream speech = pipeline.open(order, running.cancellation())) {
            speech.notes().forEach(ctx::header);
            try {
                ClientWatch.during(
                        ctx,
                        timer,
                        speech.modelId(),
                        start,
                        () -> speaker.accept(new Answer(ctx, speech, running)));
            } finally {
                running.note(speech.modelId(), speech.seconds(), start);
            }
        }
    }
}
