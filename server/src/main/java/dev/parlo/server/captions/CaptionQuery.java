package dev.parlo.server.captions;

import dev.parlo.engine.TranscribeOptions;
import dev.parlo.engine.audio.StreamedPcm;
import dev.parlo.server.http.Fields;
import dev.parlo.server.listening.TurnSettings;
import dev.parlo.server.transcription.SpokenText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the address of a stream says about it.
 *
 * @param model as the client names it; null for any
 * @param rate samples per second and channel
 * @param detection null where turns end by the client's word alone
 * @param partials whether words are told while somebody speaks
 */
record CaptionQuery(
        @Nullable String model,
        StreamedPcm.Encoding encoding,
        int rate,
        int channels,
        TranscribeOptions options,
        TurnSettings.@Nullable Detection detection,
        boolean partials) {
    private static final int LEAST_RATE = 8_000;
    private static final int MOST_RATE = 192_000;
    private static final int MOST_CHANNELS = 8;
    private static final int LEAST_SILENCE_MS = 100;
    private static final int MOST_SILENCE_MS = 60_000;
    private static final TurnSettings.Detection USUAL = new TurnSettings.Detection(0.5, 300, 500);

    /**
     * Reads Parlo's own parameters.
     *
     * @throws dev.parlo.server.http.ApiError 422 naming everything that is wrong
     */
    static CaptionQuery read(Fields fields) {
        String encoding = fields.choice("encoding", "pcm16", List.of("pcm16", "mulaw", "alaw"));
        boolean detected = fields.bool("vad", true);
        TurnSettings.Detection detection =
                new TurnSettings.Detection(
                        fields.number("threshold", USUAL.threshold(), 0, 1),
                        fields.integerBetween("prefix_padding_ms", 0, 5_000)
                                .orElse(USUAL.prefixPaddingMs()),
                        fields.integerBetween(
                                        "silence_duration_ms", LEAST_SILENCE_MS, MOST_SILENCE_MS)
                                .orElse(USUAL.silenceMs()));
        CaptionQuery query =
                new CaptionQuery(
                        fields.text("model"),
                        encoding(encoding),
                        fields.integerBetween("sample_rate", LEAST_RATE, MOST_RATE).orElse(16_000),
                        fields.integerBetween("channels", 1, MOST_CHANNELS).orElse(1),
                        options(fields, fields.bool("words", false)),
                        detected ? detection : null,
                        fields.bool("interim_results", true));
        fields.check();
        return query;
    }

    /**
     * Reads Deepgram's parameters; those that mean nothing here are passed over.
     *
     * @throws dev.parlo.server.http.ApiError 422 naming everything that is wrong
     */
    static CaptionQuery deepgram(Fields fields) {
        String encoding = fields.choice("encoding", "", List.of("linear16", "mulaw", "alaw"));
        if (encoding.isEmpty()) {
            fields.reject(
                    "encoding",
                    "audio in containers is not taken piece by piece; send encoding=linear16 (or"
                            + " mulaw, alaw) and sample_rate");
        }
        String endpointing = fields.text("endpointing");
        int silence = USUAL.silenceMs();
        if (endpointing != null && endpointing.matches("\\d{1,5}")) {
            silence = Math.clamp(Integer.parseInt(endpointing), LEAST_SILENCE_MS, MOST_SILENCE_MS);
        }
        CaptionQuery query =
                new CaptionQuery(
                        fields.text("model"),
                        encoding(encoding),
                        fields.integerBetween("sample_rate", LEAST_RATE, MOST_RATE).orElse(16_000),
                        fields.integerBetween("channels", 1, MOST_CHANNELS).orElse(1),
                        options(fields, true),
                        new TurnSettings.Detection(
                                USUAL.threshold(), USUAL.prefixPaddingMs(), silence),
                        fields.bool("interim_results", false));
        fields.check();
        return query;
    }

    private static StreamedPcm.Encoding encoding(String name) {
        return switch (name) {
            case "mulaw" -> StreamedPcm.Encoding.MULAW;
            case "alaw" -> StreamedPcm.Encoding.ALAW;
            default -> StreamedPcm.Encoding.PCM16;
        };
    }

    /** The usual ones of a transcription; a language that is not known is detected. */
    private static TranscribeOptions options(Fields fields, boolean words) {
        return SpokenText.job(fields.text("language")).options().toBuilder()
                .initialPrompt(fields.text("prompt"))
                .wordTimestamps(words)
                .build();
    }

    StreamedPcm decoder() {
        return new StreamedPcm(encoding, rate, channels);
    }

    /**
     * @param chosen the installed model
     */
    TurnSettings settings(String chosen) {
        return new TurnSettings(chosen, options, detection, partials, TurnSettings.LONGEST);
    }
}
