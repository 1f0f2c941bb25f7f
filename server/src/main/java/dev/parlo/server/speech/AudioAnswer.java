package dev.parlo.server.speech;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.SpeechChunk;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpeechSink;
import dev.parlo.engine.SpeechSummary;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.audio.AudioEncoder;
import dev.parlo.engine.audio.AudioEncoders;
import dev.parlo.engine.audio.AudioTarget;
import dev.parlo.server.http.ContentType;
import dev.parlo.server.http.RunningRequest;
import io.javalin.http.Context;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Speech as the body of an answer: streamed, with the status line sent no earlier than the first
 * chunk is there, or whole with its length. Used by one thread.
 */
final class AudioAnswer {
    private final Context ctx;
    private final AudioEncoders encoders;
    private final SpeechRequest request;
    private final int inputRate;
    private final AudioTarget target;

    AudioAnswer(Context ctx, AudioEncoders encoders, SpeechRequest request, int inputRate) {
        this.ctx = ctx;
        this.encoders = encoders;
        this.request = request;
        this.inputRate = inputRate;
        this.target = request.target(request.format(), inputRate);
    }

    SpeechSummary speak(TextToSpeech engine, SpeechOptions options, RunningRequest running) {
        return request.stream()
                ? stream(engine, options, running)
                : whole(engine, options, running);
    }

    private void headers() {
        ctx.status(200);
        ctx.header("Cache-Control", "no-cache");
        ctx.header("X-Accel-Buffering", "no");
        ctx.header(
                "X-Sample-Rate", Integer.toString(target.format().sampleRate(target.sampleRate())));
        ctx.header(
                "Content-Disposition",
                "attachment; filename=speech." + request.format().extension());
        ContentType.set(ctx, request.format().mimeType());
    }

    private SpeechSummary stream(
            TextToSpeech engine, SpeechOptions options, RunningRequest running) {
        try (StreamSink sink = new StreamSink(running)) {
            SpeechSummary summary =
                    engine.speak(request.input(), options, sink, running.cancellation());
            sink.finish();
            return summary;
        }
    }

    /** Opens the encoder with the first chunk. */
    private final class StreamSink implements SpeechSink, AutoCloseable {
        private final RunningRequest running;
        private @Nullable AudioEncoder encoder;

        StreamSink(RunningRequest running) {
            this.running = running;
        }

        @Override
        public void accept(SpeechChunk chunk) {
            try {
                AudioEncoder open = encoder;
                if (open == null) {
                    headers();
                    open = encoders.open(target, inputRate, ctx.res().getOutputStream());
                    encoder = open;
                }
                open.write(chunk.samples(), chunk.samples().length);
            } catch (IOException gone) {
                throw clientGone(gone, running);
            }
        }

        void finish() {
            try {
                if (encoder != null) {
                    encoder.finish();
                }
            } catch (IOException gone) {
                throw clientGone(gone, running);
            }
        }

        @Override
        public void close() {
            if (encoder != null) {
                encoder.close();
            }
        }
    }

    private static EngineException clientGone(IOException gone, RunningRequest running) {
        running.clientGone();
        return new EngineException(
                EngineException.Category.CANCELLED, "The client went away.", gone);
    }

    private SpeechSummary whole(
            TextToSpeech engine, SpeechOptions options, RunningRequest running) {
        try (WholeAudio audio = new WholeAudio(encoders, target, inputRate)) {
            SpeechSummary summary =
                    engine.speak(request.input(), options, audio, running.cancellation());
            byte[] bytes = audio.finish();
            headers();
            ctx.result(bytes);
            return summary;
        }
    }
}
