package dev.parlo.registry;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** ONNX graphs as far as a downloader reads them. */
public final class GraphBytes {
    private GraphBytes() {}

    /** A graph of one tensor whose bytes lie in another file. */
    public static byte[] withWeightsIn(String file) throws IOException {
        byte[] entry = message(1, text("location"), 2, text(file));
        byte[] tensor = message(8, text("weight"), 13, entry);
        return message(2, text("someone"), 7, message(2, text(""), 5, tensor));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] message(int first, byte[] one, int second, byte[] two)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeBytes(first, ByteString.copyFrom(one));
        out.writeBytes(second, ByteString.copyFrom(two));
        out.flush();
        return bytes.toByteArray();
    }
}
