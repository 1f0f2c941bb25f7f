package dev.parlo.server.realtime;

import dev.parlo.server.http.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Something in a conversation. Immutable.
 *
 * @param role system, user or assistant; empty for other kinds than messages
 * @param parts of a message
 * @param call of a function, or what came of one; null for a message
 */
record Item(
        String id,
        Kind kind,
        Status status,
        String role,
        List<Part> parts,
        @Nullable FunctionCall call) {
    enum Kind {
        MESSAGE,
        FUNCTION_CALL,
        FUNCTION_CALL_OUTPUT
    }

    enum Status {
        IN_PROGRESS,
        COMPLETED,
        INCOMPLETE
    }

    /**
     * @param name empty for an output
     * @param arguments JSON as text; of an output what came of the call
     */
    record FunctionCall(String callId, String name, String arguments) {}

    /**
     * A part of a message.
     *
     * @param text what was written, or is said; null while a transcript is awaited
     * @param sound what was said; null where it is not kept
     * @param image of {@link Type#IMAGE}, as it came
     */
    record Part(Type type, @Nullable String text, @Nullable Sound sound, @Nullable JsonNode image) {
        enum Type {
            TEXT,
            AUDIO,
            IMAGE
        }

        static Part text(String text) {
            return new Part(Type.TEXT, text, null, null);
        }

        static Part audio(@Nullable String transcript, @Nullable Sound sound) {
            return new Part(Type.AUDIO, transcript, sound, null);
        }
    }

    /**
     * Encoded audio.
     *
     * @param words what is said in it, in order
     */
    record Sound(WireFormat format, byte[] bytes, List<Spoken> words) {
        Sound {
            words = List.copyOf(words);
        }
    }

    /**
     * A word of an answer with what is between it and the one before; a whole text where its words
     * have no times.
     *
     * @param start of its sound in milliseconds
     */
    record Spoken(String text, double start) {}

    Item {
        parts = List.copyOf(parts);
    }

    static Item message(String id, String role, Status status, List<Part> parts) {
        return new Item(id, Kind.MESSAGE, status, role, parts, null);
    }

    static Item call(String id, Status status, FunctionCall call) {
        return new Item(id, Kind.FUNCTION_CALL, status, "", List.of(), call);
    }

    Item with(Part first) {
        List<Part> changed = new ArrayList<>(parts);
        changed.set(0, first);
        return new Item(id, kind, status, role, changed, call);
    }

    /** The same without what was said, which takes memory. */
    Item silent() {
        return new Item(
                id,
                kind,
                status,
                role,
                parts.stream()
                        .map(part -> new Part(part.type(), part.text(), null, part.image()))
                        .toList(),
                call);
    }

    /** Bytes of sound that it holds. */
    long soundBytes() {
        long bytes = 0;
        for (Part part : parts) {
            bytes += part.sound() == null ? 0 : part.sound().bytes().length;
        }
        return bytes;
    }

    /** Characters and sound, as memory. */
    long bytes() {
        long bytes = soundBytes();
        for (Part part : parts) {
            String text = part.text();
            bytes += text == null ? 0 : 2L * text.length();
            JsonNode image = part.image();
            bytes += image == null ? 0 : Json.bytes(image);
        }
        if (call != null) {
            bytes +=
                    2L
                            * (call.callId().length()
                                    + call.name().length()
                                    + call.arguments().length());
        }
        return bytes;
    }
}
