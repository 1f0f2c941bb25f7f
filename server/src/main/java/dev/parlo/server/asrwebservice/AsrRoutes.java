package dev.parlo.server.asrwebservice;

import dev.parlo.engine.Transcript;
import dev.parlo.server.asrwebservice.AsrOptions.Draft;
import dev.parlo.server.http.ContentType;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.Json;
import dev.parlo.server.options.Option;
import dev.parlo.server.options.OptionType.Constant;
import dev.parlo.server.transcription.SpokenLanguage;
import dev.parlo.server.transcription.TranscriptionAnswers;
import dev.parlo.server.transcription.TranscriptionAnswers.FormReader;
import dev.parlo.server.transcription.TranscriptionAnswers.Heard;
import dev.parlo.server.transcription.TranscriptionAnswers.Order;
import dev.parlo.server.transcription.TranscriptionJob;
import dev.parlo.server.transcription.TranscriptionPipeline.Result;
import dev.parlo.server.transcription.UnnamedModel;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * whisper-asr-webservice's {@code POST /asr} and {@code POST /detect-language}: parameters in the
 * query, the audio in the form's field {@code audio_file}. Thread-safe.
 */
public final class AsrRoutes {
    /** As file systems have it. */
    private static final int LONGEST_NAME = 255;

    private static final String FILE = "audio_file";

    /** What {@code encode=false} announces. */
    private static final String SAMPLES = "audio/pcm";

    private record Detected(String detectedLanguage, String languageCode, double confidence) {}

    private final TranscriptionAnswers answers;
    private final UnnamedModel unnamed;

    public AsrRoutes(TranscriptionAnswers answers, UnnamedModel unnamed) {
        this.answers = answers;
        this.unnamed = unnamed;
    }

    public void register(RoutesConfig routes) {
        routes.post("/asr", this::transcribe);
        routes.post("/detect-language", this::detectLanguage);
    }

    private void transcribe(Context ctx) {
        Draft draft = read(ctx, AsrOptions.transcription());
        draft.job.format(draft.output.asked());
        TranscriptionJob job = draft.job.job();
        String model = model(draft);
        answers.transcribe(
                ctx,
                FormReader.multipart(FILE).withModel(model),
                FILE,
                form -> new Order(model, contentType(draft), job),
                (answered, heard) -> write(answered, draft.output, heard));
    }

    private void detectLanguage(Context ctx) {
        Draft draft = read(ctx, AsrOptions.detection());
        answers.detectLanguage(
                ctx, FILE, model(draft), contentType(draft), AsrRoutes::writeLanguage);
    }

    private static Draft read(Context ctx, List<Option<Draft, ?>> options) {
        Fields query = Fields.query(ctx);
        Draft draft = new Draft();
        options.forEach(option -> option.read(query, draft));
        query.check();
        return draft;
    }

    private String model(Draft draft) {
        return draft.model.isBlank() ? unnamed.id() : draft.model;
    }

    private static @Nullable String contentType(Draft draft) {
        return draft.container ? null : SAMPLES;
    }

    private static void write(Context ctx, Output output, Heard heard) {
        String name = heard.file().fileName() == null ? FILE : heard.file().fileName();
        // Percent signs are ASCII: whatever the client called its file is no header of its own.
        String quoted =
                URLEncoder.encode(shortened(name), StandardCharsets.UTF_8).replace("+", "%20");
        ctx.header(
                "Content-Disposition",
                "attachment; filename=\"" + quoted + "." + Constant.word(output) + "\"");
        ctx.header("Asr-Engine", "parlo");
        ContentType.respond(ctx, "text/plain; charset=utf-8", AsrText.of(output, heard));
    }

    /**
     * A name of kilobytes would not fit into the head of the answer, and the transcript were lost.
     */
    private static String shortened(String name) {
        int characters = name.codePointCount(0, name.length());
        return characters <= LONGEST_NAME
                ? name
                : name.substring(0, name.offsetByCodePoints(0, LONGEST_NAME));
    }

    private static void writeLanguage(Context ctx, Result result) {
        Transcript transcript = result.transcript();
        Json.respond(
                ctx,
                new Detected(
                        SpokenLanguage.englishName(transcript.language()),
                        transcript.language(),
                        transcript.languageProbability()));
    }
}
