package dev.parlo.server.transcription;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Builds a multipart body as clients write it. */
public final class FormBody {
    private static final String BOUNDARY = "----boundary7MA4YWxk";
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    public FormBody text(String name, String value) {
        return part(
                "form-data; name=\"" + name + "\"", null, value.getBytes(StandardCharsets.UTF_8));
    }

    public FormBody file(String name, String fileName, String contentType, byte[] bytes) {
        return part(
                "form-data; name=\"" + name + "\"; filename=\"" + fileName + "\"",
                contentType,
                bytes);
    }

    public FormBody part(String disposition, @Nullable String contentType, byte[] bytes) {
        line("--" + BOUNDARY);
        line("Content-Disposition: " + disposition);
        if (contentType != null) {
            line("Content-Type: " + contentType);
        }
        line("");
        body.writeBytes(bytes);
        line("");
        return this;
    }

    public String contentType() {
        return "multipart/form-data; boundary=" + BOUNDARY;
    }

    public byte[] bytes() {
        return (body.toString(StandardCharsets.ISO_8859_1) + "--" + BOUNDARY + "--\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private void line(String text) {
        body.writeBytes((text + "\r\n").getBytes(StandardCharsets.UTF_8));
    }
}
