package dev.parlo.server.http;

import dev.parlo.server.http.MultipartForm.PartListener;
import io.javalin.http.Context;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A form in JSON, as Open WebUI can send it: {@code {"model": …, "input_audio": {"data": BASE64,
 * "format": "webm"}}}, with the fields of the form beside them.
 */
public final class JsonForm {
    private static final String RECORDING = "input_audio";

    private JsonForm() {}

    /** Whether a body is announced as JSON. */
    public static boolean isJson(Context ctx) {
        String type = ctx.contentType();
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("application/json");
    }

    /**
     * Reads the request's body.
     *
     * @param file the name that the recording has in the form
     * @param listener can refuse the request before the recording is decoded
     * @throws ApiError 400 for a body that is not a JSON object, or audio that is not base64; 413
     *     for a large one
     */
    public static MultipartForm read(
            Context ctx, String file, UploadLimits limits, PartListener listener) {
        byte[] body = RequestBody.bytes(ctx, RequestBody.Kind.WITH_AUDIO);
        MemoryBudget.Share memory = RequestBody.share(ctx);
        memory.take(2L * body.length); // the tree has it once more, and then the bytes of its audio
        JsonNode root = Fields.json(body).root();
        Map<String, List<String>> texts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            List<String> values = texts(field.getValue());
            if (!field.getKey().equals(RECORDING) && !values.isEmpty()) {
                texts.put(field.getKey(), values);
                values.forEach(value -> listener.text(field.getKey(), value));
            }
        }
        JsonNode recording = root.path(RECORDING);
        if (FieldSource.absent(recording)) {
            return MultipartForm.of(memory, texts, file, null, limits);
        }
        listener.file(file);
        byte[] audio = Base64Text.recording(recording.path("data").asString(""), JsonForm::refused);
        return MultipartForm.of(memory, texts, file, new ByteArrayInputStream(audio), limits);
    }

    /** What a form has for a value: each item of a list, an object as JSON. */
    private static List<String> texts(JsonNode value) {
        List<String> texts = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(item -> texts.addAll(texts(item)));
        } else if (!FieldSource.absent(value)) {
            String text = value.isContainer() ? value.toString() : value.asString();
            if (!text.isEmpty()) {
                texts.add(text);
            }
        }
        return texts;
    }

    private static ApiError refused(String reason) {
        return ApiError.of(
                        400,
                        "'input_audio' needs 'data', a recording in base64, such as {\"data\":"
                                + " \"UklGR…\", \"format\": \"wav\"}; the data cannot be read: "
                                + reason
                                + ".",
                        "invalid_audio")
                .withParam(RECORDING);
    }
}
