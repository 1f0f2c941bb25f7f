package dev.parlo.server.speech;

import dev.parlo.engine.EngineException;
import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.SpeechSummary;
import dev.parlo.engine.SpokenWord;
import dev.parlo.engine.TextToSpeech;
import dev.parlo.engine.audio.AudioEncoders;
import dev.parlo.engine.audio.AudioTarget;
import dev.parlo.server.http.ContentType;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.RunningRequest;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Speech with the times of its words, as Kokoro-FastAPI answers it: one object, or one per line and
 * chunk. Used by one thread.
 */
final class CaptionedAnswer {
    private record Piece(String audio, String audioFormat, List<Timestamp> timestamps) {}

    private final Context ctx;
    private final AudioEncoders encoders;
    private final SpeechRequest request;
    private final int sampleRate;

    CaptionedAnswer(Context ctx, AudioEncoders encoders, SpeechRequest request, int sampleRate) {
        this.ctx = ctx;
        this.encoders = encoders;
        this.request = request;
        this.sampleRate = sampleRate;
    }

    SpeechSummary speak(TextToSpeech engine, SpeechOptions options, RunningRequest running) {
        AudioTarget target = request.target(request.format(), sampleRate);
        if (!request.stream()) {
            try (WholeAudio audio = new WholeAudio(encoders, target, sampleRate)) {
                SpeechSummary summary =
                        engine.speak(request.input(), options, audio, running.cancellation());
                String base64 = Base64.getEncoder().encodeToString(audio.finish());
                Json.respond(ctx, piece(base64, audio.words()));
                return summary;
            }
        }
        try (EncodedChunks encoded = new EncodedChunks(encoders, target, sampleRate)) {
            return lines(engine, options, encoded, running);
        }
    }

    private SpeechSummary lines(
            TextToSpeech engine,
            SpeechOptions options,
            EncodedChunks encoded,
            RunningRequest running) {
        SpeechSummary summary =
                engine.speak(
                        request.input(),
                        options,
                        chunk -> line(encoded.add(chunk), chunk.words(), running),
                        running.cancellation());
        line(encoded.finish(), List.of(), running);
        return summary;
    }

    private void line(String audio, List<SpokenWord> words, RunningRequest running) {
        if (audio.isEmpty() && words.isEmpty()) {
            return;
        }
        try {
            OutputStream out = ctx.res().getOutputStream();
            if (!ctx.res().isCommitted()) {
                ctx.header("Cache-Control", "no-cache");
                ctx.header("X-Accel-Buffering", "no");
                ContentType.set(ctx, "application/x-ndjson");
            }
            out.write((Json.text(piece(audio, words)) + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException gone) {
            running.clientGone();
            throw new EngineException(
                    EngineException.Category.CANCELLED, "The client went away.", gone);
        }
    }

    private Piece piece(String audio, List<SpokenWord> words) {
        return new Piece(audio, request.format().mimeType(), Timestamp.of(words));
    }
}
