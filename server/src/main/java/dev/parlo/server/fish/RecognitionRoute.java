package dev.parlo.server.fish;

import dev.parlo.engine.Segment;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Fields;
import dev.parlo.server.http.Json;
import dev.parlo.server.http.MultipartForm;
import dev.parlo.server.http.RequestBody;
import dev.parlo.server.http.UploadLimits;
import dev.parlo.server.transcription.JobFields;
import dev.parlo.server.transcription.TranscriptionAnswers;
import dev.parlo.server.transcription.TranscriptionAnswers.FormReader;
import dev.parlo.server.transcription.TranscriptionAnswers.Heard;
import dev.parlo.server.transcription.TranscriptionAnswers.Order;
import dev.parlo.server.transcription.UnnamedModel;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Fish Audio's {@code POST /v1/asr}: a recording in MessagePack or a form. Thread-safe. */
public final class RecognitionRoute {
    private static final String AUDIO = "audio";

    private record Piece(String text, double start, double end) {}

    private record Recognised(String text, double duration, List<Piece> segments) {}

    private final TranscriptionAnswers answers;
    private final UnnamedModel unnamed;

    public RecognitionRoute(TranscriptionAnswers answers, UnnamedModel unnamed) {
        this.answers = answers;
        this.unnamed = unnamed;
    }

    public void register(RoutesConfig routes) {
        routes.post("/v1/asr", this::recognise);
    }

    /** What comes beside the recording. One thread. */
    private static final class Wanted implements FormReader {
        private @Nullable Fields fields;
        private boolean timed = true;

        @Override
        public MultipartForm read(
                Context ctx, UploadLimits limits, MultipartForm.PartListener listener) {
            String type = String.valueOf(ctx.contentType()).toLowerCase(Locale.ROOT);
            if (!type.contains("msgpack")) {
                return FormReader.multipart(AUDIO).read(ctx, limits, listener);
            }
            byte[] body = RequestBody.bytes(ctx, RequestBody.Kind.WITH_AUDIO);
            // Once more as a tree, which has the recording of its own.
            RequestBody.share(ctx).take(body.length);
            ObjectNode map = MessagePackReader.map(body);
            RequestBody.share(ctx).take(Json.bytes(map));
            fields = Fields.of(map);
            listener.file(AUDIO);
            return MultipartForm.ofFile(ctx, AUDIO, bytes(map.path(AUDIO)), limits);
        }

        private static byte @Nullable [] bytes(JsonNode audio) {
            if (audio.isMissingNode() || audio.isNull()) {
                return null;
            }
            try {
                if (audio.isBinary()) {
                    return audio.binaryValue();
                }
            } catch (RuntimeException unreadable) {
                throw refused().withCause(unreadable);
            }
            throw refused();
        }

        private static ApiError refused() {
            return ApiError.of(400, "'audio' must be binary: the bytes of a recording.")
                    .withParam(AUDIO);
        }

        Order order(MultipartForm form, String model) {
            Fields given = fields == null ? form.fields() : fields;
            JobFields job = new JobFields();
            String language = given.text("language");
            if (language != null) {
                job.set("language", language);
            }
            timed = !given.bool("ignore_timestamps", false);
            given.check();
            return new Order(model, null, job.job());
        }

        void write(Context ctx, Heard heard) {
            StringBuilder text = new StringBuilder();
            heard.segments().forEach(segment -> text.append(segment.text()));
            Json.respond(
                    ctx,
                    new Recognised(
                            text.toString().strip(),
                            // Milliseconds, although the segments are in seconds.
                            Math.round(heard.result().transcript().durationSeconds() * 1000),
                            timed
                                    ? heard.segments().stream().map(Wanted::piece).toList()
                                    : List.of()));
        }

        private static Piece piece(Segment segment) {
            return new Piece(segment.text().strip(), segment.start(), segment.end());
        }
    }

    private void recognise(Context ctx) {
        Wanted wanted = new Wanted();
        String model = unnamed.id();
        answers.transcribe(
                ctx,
                wanted.withModel(model),
                AUDIO,
                form -> wanted.order(form, model),
                wanted::write);
    }
}
