package dev.parlo.server.speech;

import dev.parlo.engine.SpeechOptions;
import dev.parlo.engine.audio.AudioFormat;
import dev.parlo.engine.kokoro.KokoroLanguage;
import dev.parlo.engine.pool.KeepAlive;
import dev.parlo.engine.text.Lexicon;
import dev.parlo.engine.text.Normalization;
import dev.parlo.engine.text.Reading;
import dev.parlo.engine.text.TextMarkup;
import dev.parlo.engine.text.VoiceStyle;
import dev.parlo.server.http.Fields;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link SpeechFields} of a request have set so far. What several of them say together is
 * decided in {@link #request}, when all have been read. One thread.
 */
final class SpeechDraft {
    @Nullable String model;
    String input = "";
    @Nullable String voice;
    @Nullable String speaker;
    @Nullable AudioFormat format;
    String streamFormat = "";
    @Nullable Boolean stream;
    double speed = 1;
    double volume = 1;
    String language = "";
    boolean timestamps;
    OptionalInt sampleRate = OptionalInt.empty();
    Normalization normalization = Normalization.DEFAULT;
    boolean ssml;
    boolean voiceTags;
    Map<String, VoiceStyle> voiceAliases = Map.of();
    Lexicon pronunciations = Lexicon.EMPTY;
    boolean instructed;
    @Nullable KeepAlive keepAlive;

    /**
     * @param modelNeeded whether a request without {@code speaker} has to name its model
     */
    SpeechRequest request(Fields fields, boolean modelNeeded) {
        // GPT-SoVITS' name of the voice: its clients name no model and expect a complete WAV.
        boolean echoKit = fields.given("speaker") && !fields.given("voice");
        boolean modelGiven = fields.given("model");
        if (!modelGiven && modelNeeded && !echoKit) {
            fields.rejectMissing("model");
        }
        String spoken = KokoroLanguage.tagOf(language);
        String named = echoKit ? speaker : voice;
        TextMarkup markup =
                ssml ? TextMarkup.SSML : voiceTags ? TextMarkup.VOICE_TAGS : TextMarkup.PLAIN;
        SpeechOptions options =
                new SpeechOptions(
                        named == null ? SpeechRequest.DEFAULT_VOICE : named,
                        speed,
                        spoken.isEmpty() ? null : spoken,
                        volume,
                        timestamps,
                        normalization,
                        new Reading(markup, voiceAliases, pronunciations),
                        false);
        AudioFormat usual = echoKit ? AudioFormat.WAV : AudioFormat.MP3;
        SpeechOrder order =
                new SpeechOrder(
                        model != null ? model : echoKit ? null : SpeechRequest.DEFAULT_MODEL,
                        options,
                        format == null ? usual : format,
                        sampleRate,
                        OptionalInt.empty(),
                        // EchoKit's speakers are whatever its user has written down
                        echoKit ? SpeechOrder.Unknown.VOICE_REPLACED : SpeechOrder.Unknown.REFUSED,
                        keepAlive);
        return new SpeechRequest(
                input,
                order,
                format != null,
                streamFormat.equals("sse"),
                stream == null ? !echoKit : stream,
                instructed);
    }
}
