package dev.parlo.engine.whisper.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes {@code pytorch_model.bin} as {@code torch.save} does, for tests. */
final class PytorchWriter {
    private final ByteArrayOutputStream pickle = new ByteArrayOutputStream();
    private final Map<String, byte[]> storages = new LinkedHashMap<>();
    private final String type;

    /**
     * @param type F32, F16 or BF16
     */
    PytorchWriter(String type) {
        this.type = type;
        code(0x80, 2).global("collections", "OrderedDict").code(')', 'R', 'q', 0, '(');
    }

    void add(String name, long[] shape, byte[] content) {
        String key = Integer.toString(storages.size());
        storages.put(key, content);
        text(name).global("torch._utils", "_rebuild_tensor_v2").code('(').storage(key, content);
        number(0);
        tuple(shape);
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= shape[i];
        }
        tuple(strides);
        code(0x89).global("collections", "OrderedDict").code(')', 'R', 't', 'R');
    }

    private void storage(String key, byte[] content) {
        String kind =
                switch (type) {
                    case "F32" -> "FloatStorage";
                    case "F16" -> "HalfStorage";
                    default -> "BFloat16Storage";
                };
        code('(').text("storage").global("torch", kind).text(key).text("cpu");
        number(content.length / (type.equals("F32") ? 4 : 2));
        code('t', 'Q');
    }

    private void tuple(long[] values) {
        code('(');
        for (long value : values) {
            number(value);
        }
        code('t');
    }

    PytorchWriter code(int... codes) {
        for (int code : codes) {
            pickle.write(code);
        }
        return this;
    }

    PytorchWriter global(String module, String name) {
        code('c');
        pickle.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    PytorchWriter text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        code('X').number32(bytes.length);
        pickle.writeBytes(bytes);
        return this;
    }

    void number(long value) {
        code('J').number32((int) value);
    }

    private void number32(int value) {
        pickle.writeBytes(
                ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    }

    /** The whole file. */
    byte[] toBytes() throws IOException {
        code('u', '.');
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(file)) {
            entry(zip, "archive/data.pkl", pickle.toByteArray());
            entry(zip, "archive/byteorder", "little".getBytes(StandardCharsets.UTF_8));
            for (Map.Entry<String, byte[]> storage : storages.entrySet()) {
                entry(zip, "archive/data/" + storage.getKey(), storage.getValue());
            }
        }
        return file.toByteArray();
    }

    private static void entry(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
