package dev.parlo.registry;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files in which an ONNX graph keeps weights outside of itself, read from the graph without its
 * weights: a graph whose weights are missing cannot be loaded, however whole it is itself.
 *
 * <p>Field numbers are those of onnx.proto: ModelProto.graph 7; GraphProto.node 1, initializer 5;
 * NodeProto.attribute 5; AttributeProto.t 5, g 6, tensors 10, graphs 11; TensorProto.external_data
 * 13; StringStringEntryProto.key 1, value 2.
 */
public final class ExternalWeights {
    private static final int DEEPEST_GRAPH = 16;
    private static final int MOST_FILES = 1_000;
    private static final int LONGEST_TEXT = 4_096;
    private static final Pattern SAFE =
            Pattern.compile("[^/\\\\:\\p{Cntrl}]+(?:/[^/\\\\:\\p{Cntrl}]+)*");

    private final Set<String> locations = new LinkedHashSet<>();

    private ExternalWeights() {}

    /**
     * The files a graph names, as paths beside it.
     *
     * @return empty for a file that is not a graph; without names that lead out of the folder: the
     *     engine refuses such a graph and says why
     */
    public static List<String> of(Path graph) throws IOException {
        ExternalWeights weights = new ExternalWeights();
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(graph))) {
            CodedInputStream in = CodedInputStream.newInstance(bytes);
            in.setSizeLimit(Integer.MAX_VALUE);
            weights.model(in);
        } catch (InvalidProtocolBufferException noGraph) {
            return List.of();
        }
        return weights.locations.stream()
                .filter(location -> SAFE.matcher(location).matches())
                .filter(location -> !List.of(location.split("/", -1)).contains(".."))
                .toList();
    }

    private void model(CodedInputStream in) throws IOException {
        fields(in, field -> field == 7 ? () -> graph(in, 0) : null);
    }

    private void graph(CodedInputStream in, int depth) throws IOException {
        if (depth > DEEPEST_GRAPH) {
            return;
        }
        fields(
                in,
                field ->
                        switch (field) {
                            case 1 -> () -> node(in, depth);
                            case 5 -> () -> tensor(in);
                            default -> null;
                        });
    }

    private void node(CodedInputStream in, int depth) throws IOException {
        fields(in, field -> field == 5 ? () -> attribute(in, depth) : null);
    }

    private void attribute(CodedInputStream in, int depth) throws IOException {
        fields(
                in,
                field ->
                        switch (field) {
                            case 5, 10 -> () -> tensor(in);
                            case 6, 11 -> () -> graph(in, depth + 1);
                            default -> null;
                        });
    }

    private void tensor(CodedInputStream in) throws IOException {
        fields(in, field -> field == 13 ? () -> entry(in) : null);
    }

    private void entry(CodedInputStream in) throws IOException {
        String[] pair = {"", ""};
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int field = WireFormat.getTagFieldNumber(tag);
            boolean text = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
            if (text && (field == 1 || field == 2)) {
                int length = in.readRawVarint32();
                if (length < 0 || length > LONGEST_TEXT) {
                    in.skipRawBytes(length);
                } else {
                    pair[field - 1] = new String(in.readRawBytes(length), StandardCharsets.UTF_8);
                }
            } else if (!in.skipField(tag)) {
                return;
            }
        }
        if (pair[0].equals("location") && locations.size() < MOST_FILES) {
            locations.add(pair[1].startsWith("./") ? pair[1].substring(2) : pair[1]);
        }
    }

    /** Reads a message inside another. */
    private interface Inner {
        void read() throws IOException;
    }

    private interface Chooser {
        @Nullable Inner reader(int field);
    }

    /** Goes through the fields of the message that ends at the limit; weights are skipped over. */
    private static void fields(CodedInputStream in, Chooser chooser) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            Inner inner =
                    WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED
                            ? chooser.reader(WireFormat.getTagFieldNumber(tag))
                            : null;
            if (inner == null) {
                if (!in.skipField(tag)) {
                    return;
                }
            } else {
                int outer = in.pushLimit(in.readRawVarint32());
                inner.read();
                in.skipRawBytes(in.getBytesUntilLimit());
                in.popLimit(outer);
            }
        }
    }
}
