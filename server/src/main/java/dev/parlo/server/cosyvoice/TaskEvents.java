package dev.parlo.server.cosyvoice;

import dev.parlo.engine.Cancellation;
import dev.parlo.engine.Segment;
import dev.parlo.engine.SpokenWord;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.socket.SocketPeer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the messages of one task as DashScope does; every one has {@code header.event} and {@code
 * header.task_id}, without which EchoKit fails. Thread-safe as its client is.
 */
final class TaskEvents {
    private record Word(String text, int beginIndex, int endIndex, long beginTime, long endTime) {}

    private record HeardWord(long beginTime, long endTime, String text, String punctuation) {}

    private final SocketPeer peer;
    private final String taskId;

    TaskEvents(SocketPeer peer, String taskId) {
        this.peer = peer;
        this.taskId = taskId;
    }

    /**
     * @param attributes what differs from what was asked for
     */
    void started(Map<String, String> attributes) {
        send("task-started", Map.copyOf(attributes), Map.of());
    }

    void sentenceBegin(int index, String text, Cancellation speech) {
        Map<String, String> output = Map.of("type", "sentence-begin", "original_text", text);
        result(index, List.of(), output, Map.of(), speech);
    }

    /** Announces the one binary message that follows. */
    void sound(int index, Cancellation speech) {
        result(index, List.of(), Map.of("type", "sentence-synthesis"), Map.of(), speech);
    }

    /**
     * @param words timed from the start of the text
     * @param origin when the text began, in seconds from the start of the task's audio
     */
    void sentenceEnd(
            int index,
            String text,
            List<SpokenWord> words,
            double origin,
            long characters,
            Cancellation speech) {
        result(
                index,
                times(text, words, origin),
                Map.of("type", "sentence-end", "original_text", text),
                Map.of("usage", usage(characters)),
                speech);
    }

    void finished(long characters) {
        send(
                "task-finished",
                Map.of(),
                Map.of(
                        "output",
                        Map.of("sentence", Map.of("words", List.of())),
                        "usage",
                        usage(characters)));
    }

    /**
     * Words of a sentence that goes on.
     *
     * @param begin in milliseconds of the audio
     */
    void hearing(long begin, String text) {
        sentence(begin, null, text, List.of());
    }

    /** A sentence that is over. */
    void heard(long begin, long end, String text, List<Segment> segments) {
        List<HeardWord> words =
                segments.stream()
                        .flatMap(segment -> spoken(segment).stream())
                        .map(word ->
                                new HeardWord(
                                        Math.round(word.start() * 1000),
                                        Math.round(word.end() * 1000),
                                        word.text(),
                                        ""))
                        .toList();
        sentence(begin, end, text, words);
    }

    private static List<dev.parlo.engine.Word> spoken(Segment segment) {
        List<dev.parlo.engine.Word> words = segment.words();
        return words == null ? List.of() : words;
    }

    private void sentence(long begin, @Nullable Long end, String text, List<HeardWord> words) {
        Map<String, Object> sentence = new LinkedHashMap<>();
        sentence.put("begin_time", begin);
        sentence.put("end_time", end); // null while it goes on, by which DashScope's client tells
        sentence.put("text", text);
        sentence.put("words", words);
        sentence.put("sentence_end", end != null);
        sentence.put("heartbeat", false);
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("output", Map.of("sentence", sentence));
        payload.put("usage", null);
        send("result-generated", Map.of(), payload);
    }

    /**
     * All was heard.
     *
     * @param seconds of audio
     */
    void listened(double seconds) {
        send(
                "task-finished",
                Map.of(),
                Map.of("output", Map.of(), "usage", Map.of("duration", Math.ceil(seconds))));
    }

    void failed(ApiError error) {
        Object code = error.error().get("code");
        Map<String, Object> header = header("task-failed", Map.of());
        header.put("error_code", code == null ? "InvalidParameter" : code);
        header.put("error_message", error.message());
        peer.send(Map.of("header", header, "payload", Map.of()));
    }

    private static Map<String, Object> usage(long characters) {
        return Map.of("characters", characters);
    }

    private void result(
            int index,
            List<Word> words,
            Map<String, String> output,
            Map<String, Object> more,
            Cancellation speech) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("sentence", Map.of("index", index, "words", words));
        all.putAll(output);
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("output", all);
        payload.putAll(more);
        peer.stream(message("result-generated", Map.of(), payload), speech);
    }

    private void send(String event, Map<String, String> attributes, Map<String, Object> payload) {
        peer.send(message(event, attributes, payload));
    }

    private Map<String, Object> message(
            String event, Map<String, String> attributes, Map<String, Object> payload) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("header", header(event, attributes));
        message.put("payload", payload);
        return message;
    }

    private Map<String, Object> header(String event, Map<String, String> attributes) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("task_id", taskId);
        header.put("event", event);
        header.put("attributes", attributes);
        return header;
    }

    private static List<Word> times(String text, List<SpokenWord> spoken, double origin) {
        List<Word> words = new ArrayList<>();
        int cursor = 0;
        for (SpokenWord word : spoken) {
            int at = text.indexOf(word.text(), cursor);
            if (at >= 0) {
                cursor = at + word.text().length();
                words.add(
                        new Word(
                                word.text(),
                                at,
                                cursor,
                                Math.round((origin + word.start()) * 1000),
                                Math.round((origin + word.end()) * 1000)));
            }
        }
        return words;
    }
}
