package dev.parlo.engine.device;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes files that have the tables of a shared library, and nothing that could be run. */
final class ElfWriter {
    private static final int HEADER = 64;
    private static final int SECTION_HEADER = 64;

    private record Section(String name, int type, byte[] bytes, int link) {}

    private final List<Section> sections = new ArrayList<>();

    ElfWriter() {
        sections.add(new Section("", 0, new byte[0], 0));
    }

    /** Links it to libraries. */
    ElfWriter needs(String... libraries) {
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        names.write(0);
        ByteBuffer entries = buffer(16 * (libraries.length + 1));
        for (String library : libraries) {
            entries.putLong(1).putLong(names.size());
            names.writeBytes(library.getBytes(StandardCharsets.UTF_8));
            names.write(0);
        }
        sections.add(new Section(".dynstr", 3, names.toByteArray(), 0));
        sections.add(new Section(".dynamic", 6, entries.array(), sections.size() - 1));
        return this;
    }

    /** Gives it code for GPUs of these architectures, in two modules. */
    ElfWriter codeFor(int... architectures) {
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        for (int module = 0; module < 2; module++) {
            ByteArrayOutputStream entries = new ByteArrayOutputStream();
            for (int architecture : architectures) {
                ByteBuffer entry = buffer(64 + 16);
                entry.putShort((short) 2).putShort((short) 0x101).putInt(64).putLong(16);
                entry.putInt(28, architecture);
                entries.writeBytes(entry.array());
            }
            ByteBuffer head = buffer(16);
            head.putInt(0xba55ed50)
                    .putShort((short) 1)
                    .putShort((short) 16)
                    .putLong(entries.size());
            code.writeBytes(head.array());
            code.writeBytes(entries.toByteArray());
        }
        sections.add(new Section(".nv_fatbin", 1, code.toByteArray(), 0));
        return this;
    }

    Path write(Path file) throws IOException {
        return Files.write(file, bytes());
    }

    byte[] bytes() {
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        List<Integer> nameOffsets = new ArrayList<>();
        List<Section> all = new ArrayList<>(sections);
        all.add(new Section(".shstrtab", 3, new byte[0], 0));
        for (Section section : all) {
            nameOffsets.add(names.size());
            names.writeBytes(section.name().getBytes(StandardCharsets.UTF_8));
            names.write(0);
        }
        all.set(all.size() - 1, new Section(".shstrtab", 3, names.toByteArray(), 0));
        int data = all.stream().mapToInt(section -> (section.bytes().length + 7) / 8 * 8).sum();
        ByteBuffer file = buffer(HEADER + data + all.size() * SECTION_HEADER);
        file.putInt(0x464c457f).put((byte) 2).put((byte) 1);
        file.putLong(40, HEADER + data);
        file.putShort(58, (short) SECTION_HEADER);
        file.putShort(60, (short) all.size());
        file.putShort(62, (short) (all.size() - 1));
        int at = HEADER;
        for (int i = 0; i < all.size(); i++) {
            Section section = all.get(i);
            file.put(at, section.bytes());
            int header = HEADER + data + i * SECTION_HEADER;
            file.putInt(header, nameOffsets.get(i)).putInt(header + 4, section.type());
            file.putLong(header + 24, at).putLong(header + 32, section.bytes().length);
            file.putInt(header + 40, section.link());
            at += (section.bytes().length + 7) / 8 * 8;
        }
        return file.array();
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
