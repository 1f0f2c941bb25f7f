package dev.parlo.engine.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A protobuf message as its fields, whose contents are views of the same bytes. */
record ProtobufMessage(ByteBuffer bytes) {
    /** Takes a field: {@code value} for those with a length, else {@code number}. */
    interface Visitor {
        void field(int field, @Nullable ByteBuffer value, long number);
    }

    void forEach(Visitor visitor) {
        try {
            CodedInputStream in = reader(bytes);
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                int field = WireFormat.getTagFieldNumber(tag);
                switch (WireFormat.getTagWireType(tag)) {
                    case WireFormat.WIRETYPE_VARINT ->
                            visitor.field(field, null, in.readRawVarint64());
                    case WireFormat.WIRETYPE_LENGTH_DELIMITED ->
                            visitor.field(field, in.readByteBuffer(), 0);
                    default -> {
                        if (!in.skipField(tag)) {
                            throw new IllegalArgumentException("it has a group without start");
                        }
                    }
                }
            }
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }

    /** Numbers that follow each other without keys; at most so many are read. */
    static List<Long> numbers(ByteBuffer packed, int most) {
        List<Long> numbers = new ArrayList<>();
        try {
            CodedInputStream in = reader(packed);
            while (!in.isAtEnd() && numbers.size() < most) {
                numbers.add(in.readRawVarint64());
            }
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
        return numbers;
    }

    private static CodedInputStream reader(ByteBuffer bytes) {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        in.enableAliasing(true); // views: a copy of each tensor would be a copy of the model
        return in;
    }

    /** A protobuf field of bytes, its number below 16. */
    static byte[] field(int number, byte[] content) {
        ByteBuffer out = ByteBuffer.allocate(content.length + 10);
        out.put((byte) (number << 3 | 2));
        int length = content.length;
        while (length >= 0x80) {
            out.put((byte) (length | 0x80));
            length >>>= 7;
        }
        out.put((byte) length).put(content);
        byte[] result = new byte[out.position()];
        out.flip().get(result);
        return result;
    }
}
