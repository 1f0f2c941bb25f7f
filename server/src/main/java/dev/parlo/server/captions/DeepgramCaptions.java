package dev.parlo.server.captions;

import dev.parlo.engine.Segment;
import dev.parlo.engine.Word;
import dev.parlo.server.http.ApiError;
import dev.parlo.server.http.Json;
import dev.parlo.server.listening.Turn;
import dev.parlo.server.listening.TurnListener;
import dev.parlo.server.listening.TurnTranscript;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The messages of Deepgram's live transcription, of one channel. */
final class DeepgramCaptions implements CaptionEvents {
    private final String requestId = UUID.randomUUID().toString();
    private final Instant created = Instant.now();
    private volatile String model = "";

    private static ObjectNode message(String type) {
        return Json.mapper().createObjectNode().put("type", type);
    }

    @Override
    public Object ready(String chosen, CaptionQuery query) {
        model = chosen;
        return metadata(0);
    }

    @Override
    public Object started(Turn turn) {
        ObjectNode started = message("SpeechStarted");
        started.putArray("channel").add(0).add(1);
        return started.put("timestamp", turn.startMs() / 1000.0);
    }

    @Override
    public Object stopped(Turn turn) {
        ObjectNode stopped = message("UtteranceEnd");
        stopped.putArray("channel").add(0).add(1);
        return stopped.put("last_word_end", turn.endMs() / 1000.0);
    }

    @Override
    public Object partial(Turn turn, TurnListener.Partial text) {
        return results(turn, text.stable() + text.unstable(), List.of(), false);
    }

    @Override
    public Object completed(Turn turn, TurnTranscript transcript) {
        return results(turn, transcript.text().strip(), transcript.segments(), true);
    }

    private ObjectNode results(Turn turn, String text, List<Segment> segments, boolean last) {
        double start = turn.startMs() / 1000.0;
        ObjectNode results = message("Results");
        results.putArray("channel_index").add(0).add(1);
        results.put("start", start);
        results.put("duration", turn.endMs() < 0 ? 0 : turn.endMs() / 1000.0 - start);
        results.put("is_final", last).put("speech_final", last).put("from_finalize", false);
        ObjectNode alternative = results.putObject("channel").putArray("alternatives").addObject();
        alternative.put("transcript", text).put("confidence", confidence(segments));
        ArrayNode words = alternative.putArray("words");
        segments.forEach(segment -> add(words, segment));
        ObjectNode metadata = results.putObject("metadata");
        metadata.put("request_id", requestId).put("model_uuid", model);
        metadata.putObject("model_info").put("name", model).put("version", "").put("arch", "");
        return results;
    }

    private static void add(ArrayNode list, Segment segment) {
        List<Word> words = segment.words();
        if (words == null) {
            return;
        }
        for (Word word : words) {
            String written = word.text().strip();
            String plain = written.replaceAll("^\\p{Punct}+|\\p{Punct}+$", "");
            list.addObject()
                    .put("word", plain.toLowerCase(Locale.ROOT))
                    .put("start", ParloCaptions.rounded(word.start()))
                    .put("end", ParloCaptions.rounded(word.end()))
                    .put("confidence", ParloCaptions.rounded(word.probability()))
                    .put("punctuated_word", written);
        }
    }

    private static double confidence(List<Segment> segments) {
        return segments.stream()
                .mapToDouble(segment -> Math.exp(segment.averageLogProbability()))
                .map(ParloCaptions::rounded)
                .average()
                .orElse(0);
    }

    @Override
    public Object failed(ApiError error) {
        return message("Error")
                .put("description", error.message())
                .put("message", error.message())
                .put("variant", String.valueOf(error.error().get("code")));
    }

    @Override
    public Object done(double seconds) {
        return metadata(seconds);
    }

    private ObjectNode metadata(double seconds) {
        return message("Metadata")
                .put("transaction_key", "")
                .put("request_id", requestId)
                .put("sha256", "")
                .put("created", created.toString())
                .put("duration", ParloCaptions.rounded(seconds))
                .put("channels", 1);
    }
}
