package dev.parlo.server.elevenlabs;

import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.engine.text.Script;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.RequestBody;
import dev.parlo.server.speech.SpeechAnswers;
import dev.parlo.server.speech.SpeechAnswers.Answer;
import dev.parlo.server.speech.SpeechOrder;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ElevenLabs' {@code POST /v1/text-to-speech/{voice}} in its four forms. Thread-safe. */
public final class ElevenLabsRoutes {
    private static final String JSON = "application/json";
    private static final String LINES = "application/x-ndjson";

    /** Of one answer that is sent when all of it is there. */
    private static final int MOST_BYTES = 64 << 20;

    private static final String TOO_LONG =
            "The speech is longer than the 64 MiB that are sent in one piece;"
                    + " /stream/with-timestamps has no such limit.";

    private record Request(String text, SpeechOrder order, OutputFormat format) {}

    private record Timestamped(
            String audioBase64,
            Alignment.@Nullable Seconds alignment,
            Alignment.@Nullable Seconds normalizedAlignment) {
        static Timestamped of(
                byte[] audio, List<CharacterTimes.Timed> timed, List<CharacterTimes.Timed> said) {
            return new Timestamped(
                    Base64.getEncoder().encodeToString(audio), seconds(timed), seconds(said));
        }

        private static Alignment.@Nullable Seconds seconds(List<CharacterTimes.Timed> timed) {
            return timed.isEmpty() ? null : Alignment.Seconds.of(timed);
        }
    }

    private final SpeechAnswers answers;

    public ElevenLabsRoutes(SpeechAnswers answers) {
        this.answers = answers;
    }

    public void register(RoutesConfig routes) {
        String path = "/v1/text-to-speech/{voice}";
        routes.post(path, this::speak);
        routes.post(path + "/stream", this::stream);
        routes.post(path + "/with-timestamps", this::speakTimed);
        routes.post(path + "/stream/with-timestamps", this::streamTimed);
    }

    private static Request read(Context ctx, boolean timed) {
        Fields query = Fields.query(ctx);
        String given = query.text("output_format");
        OutputFormat format =
                OutputFormat.of(given == null ? OutputFormat.DEFAULT : given).orElse(null);
        if (format == null) {
            query.reject("output_format", "accepted are " + OutputFormat.ACCEPTED);
        }
        query.check();
        Fields body = Fields.json(RequestBody.bytes(ctx));
        String text = body.required("text");
        String model = body.text("model_id");
        String language = body.text("language_code");
        double speed = body.within("voice_settings").number("speed", 1, 0.25, 4);
        body.check();
        OutputFormat known =
                format == null ? OutputFormat.of(OutputFormat.DEFAULT).orElseThrow() : format;
        SpeechOrder order =
                SpeechOrder.of(model, ctx.pathParam("voice"), known.format())
                        .withSpeed(speed)
                        .withLanguage(language == null || language.isBlank() ? null : language)
                        .withWordTimes(timed)
                        .withSampleRate(known.sampleRate())
                        .withBitRate(known.bitRate());
        return new Request(text, order, known);
    }

    private void speak(Context ctx) {
        Request request = read(ctx, false);
        if (request.format().format() == AudioFormat.WAV) {
            // a file, whose header has to tell its length
            answers.whole(ctx, request.order(), request.text(), request.format().contentType());
        } else {
            answers.stream(ctx, request.order(), request.text(), request.format().contentType());
        }
    }

    private void stream(Context ctx) {
        Request request = read(ctx, false);
        answers.stream(ctx, request.order(), request.text(), request.format().contentType());
    }

    private void speakTimed(Context ctx) {
        Request request = read(ctx, true);
        Script script = answers.script(request.order(), request.text());
        answers.answer(
                ctx,
                request.order(),
                answer -> {
                    CharacterTimes times = new CharacterTimes(script.source());
                    List<CharacterTimes.Timed> timed = new ArrayList<>();
                    SaidTimes spoken = new SaidTimes();
                    List<CharacterTimes.Timed> said = new ArrayList<>();
                    ByteArrayOutputStream audio = new ByteArrayOutputStream();
                    answer.speech()
                            .speak(
                                    script,
                                    piece -> {
                                        answer.hold(piece.audio().length);
                                        audio.writeBytes(piece.audio());
                                        if (audio.size() > MOST_BYTES) {
                                            throw ApiError.of(413, TOO_LONG, "too_large");
                                        }
                                        timed.addAll(times.take(piece.words(), piece.end()));
                                        said.addAll(spoken.take(piece.said()));
                                    });
                    audio.writeBytes(answer.speech().finish());
                    timed.addAll(times.rest());
                    answer.whole(
                            JSON,
                            Json.mapper()
                                    .writeValueAsBytes(
                                            Timestamped.of(audio.toByteArray(), timed, said)));
                });
    }

    private void streamTimed(Context ctx) {
        Request request = read(ctx, true);
        Script script = answers.script(request.order(), request.text());
        answers.answer(
                ctx,
                request.order(),
                answer -> {
                    CharacterTimes times = new CharacterTimes(script.source());
                    SaidTimes spoken = new SaidTimes();
                    answer.speech()
                            .speak(
                                    script,
                                    piece ->
                                            line(
                                                    answer,
                                                    piece.audio(),
                                                    times.take(piece.words(), piece.end()),
                                                    spoken.take(piece.said())));
                    line(answer, answer.speech().finish(), times.rest(), List.of());
                });
    }

    private static void line(
            Answer answer,
            byte[] audio,
            List<CharacterTimes.Timed> timed,
            List<CharacterTimes.Timed> said) {
        if (audio.length > 0 || !timed.isEmpty()) {
            String line = Json.text(Timestamped.of(audio, timed, said)) + "\n";
            answer.write(LINES, line.getBytes(StandardCharsets.UTF_8));
        }
    }
}
