package dev.parlo.server.speech;

import dev.parlo.engine.EngineException;
import dev.parlo.server.http.ClientWatch;
import dev.parlo.server.http.ContentType;
import dev.parlo.server.http.IncompleteAnswer;
import dev.parlo.server.http.RunningRequest;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * Answers HTTP requests with what {@link SpeechDoors} speak: the status line goes out with the
 * first bytes, a client that leaves ends the work. Thread-safe.
 */
public final class SpeechAnswers {
    private final SpeechDoors doors;
    private final ScheduledExecutorService timer;

    public SpeechAnswers(SpeechDoors doors, ScheduledExecutorService timer) {
        this.doors = doors;
        this.timer = timer;
    }

    /** What an answer is written with. Used by one thread. */
    public static final class Answer {
        private final Context ctx;
        private final SpeechStream speech;
        private final RunningRequest running;

        private Answer(Context ctx, SpeechStream speech, RunningRequest running) {
            this.ctx = ctx;
            this.speech = speech;
            this.running = running;
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
                out.write(bytes);
                out.flush();
            } catch (IOException gone) {
                running.clientGone();
                throw new EngineException(
                        EngineException.Category.CANCELLED, "The client went away.", gone);
            }
        }

        /** Sends a body with its length. */
        public void whole(String contentType, byte[] bytes) {
            headers(contentType);
            ctx.result(bytes);
        }

        private void headers(String contentType) {
            ctx.status(200);
            ctx.header("Cache-Control", "no-cache");
            ctx.header("X-Accel-Buffering", "no");
            ctx.header("X-Sample-Rate", Integer.toString(speech.sampleRate()));
            ContentType.set(ctx, contentType);
        }
    }

    /** A text as audio, sent as it is made. */
    public void stream(Context ctx, SpeechOrder order, String text, String contentType) {
        answer(
                ctx,
                order,
                answer -> {
                    answer.speech().speak(text, piece -> answer.write(contentType, piece.audio()));
                    answer.write(contentType, answer.speech().finish());
                });
    }

    /** A text as one complete file. */
    public void whole(Context ctx, SpeechOrder order, String text, String contentType) {
        answer(ctx, order, answer -> answer.whole(contentType, answer.speech().whole(text)));
    }

    /** An answer of any shape. */
    public void answer(Context ctx, SpeechOrder order, Consumer<Answer> speaker) {
        long start = System.nanoTime();
        RunningRequest running = RunningRequest.of(ctx);
        try (SpeechStream speech = doors.open(order, running.cancellation())) {
            speech.notes().forEach(ctx::header);
            try (ClientWatch watch = ClientWatch.open(ctx, timer, running::clientGone)) {
                speaker.accept(new Answer(ctx, speech, running));
            } catch (EngineException failure) {
                if (failure.category() != EngineException.Category.CANCELLED
                        || !running.clientIsGone()) {
                    throw failure;
                }
                IncompleteAnswer.clientGone(ctx);
            } finally {
                running.note(speech.modelId(), speech.seconds(), start);
            }
        }
    }
}
